"""Correction of measured fidelities for depolarising noise."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import SignalLostError

Array = NDArray[np.float64]

_DISTINGUISHABLE = 3.0
"""Standard errors that a survival must be away from 0."""


def survivals(fidelities: Array, errors: Array, qubits: int) -> tuple[Array, Array]:
    r"""Probabilities that the noise leaves states alone, from the fidelities with themselves.

    Noise that replaces the state by the maximally mixed one with probability
    :math:`1 - \lambda_i` in a preparation, and likewise in its inverse, leaves
    :math:`M_{ii} = \lambda_i^2 + (1 - \lambda_i^2) / 2^n`.

    Parameters
    ----------
    fidelities, errors
        The measured :math:`M_{ii}` and their standard errors; shape ``(N,)``.
    qubits
        Number n.

    Returns
    -------
    ndarray, ndarray
        :math:`\lambda_i` and their relative standard errors, to first order.

    Raises
    ------
    SignalLostError
        If a fidelity is less than three standard errors above :math:`2^{-n}`.
    """
    floor = 2.0**-qubits
    excess = fidelities - floor
    lost = np.flatnonzero(excess < _DISTINGUISHABLE * errors)
    if lost.size:
        first = int(lost[0])
        raise SignalLostError(
            f"correction = 'depolarising': the fidelity of state {first} with itself was measured "
            f"as {fidelities[first]:.3g} +- {errors[first]:.2g}, which noise alone makes "
            f"{floor:.3g} ({lost.size} of {len(fidelities)} states): more shots are needed, or a "
            "shallower circuit"
        )
    return np.sqrt(excess / (1 - floor)), errors / excess / 2


def corrected(
    fidelities: Array, errors: Array, survival: tuple[Array, Array], relative: tuple[Array, Array],
    qubits: int,
) -> tuple[Array, Array]:  # fmt: skip
    r"""Fidelities without depolarising noise.

    Solves :math:`M_{ij} = \lambda_i \lambda_j K_{ij} + (1 - \lambda_i \lambda_j) / 2^n` for
    :math:`K_{ij}`. Standard errors are to first order, those of the survivals included.

    Parameters
    ----------
    fidelities, errors
        Measured, for pairs of states; shape ``(pairs,)``.
    survival, relative
        Of the first and of the second state of each pair; see `survivals`.
    qubits
        Number n.

    References
    ----------
    T. Hubregtsen, D. Wierichs, E. Gil-Fuster, P.-J. H. S. Derks, P. K. Faehrmann and J. J. Meyer,
    Physical Review A 106, 042431 (2022), section on mitigation; arXiv:2105.02276.
    """
    floor = 2.0**-qubits
    both = survival[0] * survival[1]
    excess = (fidelities - floor) / both
    spread = np.hypot(relative[0], relative[1])
    return floor + excess, np.hypot(errors / both, excess * spread)
