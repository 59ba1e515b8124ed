"""How much two states have in common."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from qml_algos.errors import InvalidProblemError
from qml_algos.physics.states.statevector import statevector_of
from qml_algos.physics.states.wave_function import WaveFunction


def fidelity(a: WaveFunction | ArrayLike, b: WaveFunction | ArrayLike) -> float:
    """Squared modulus of the overlap of two pure states, from 0 to 1.

    Parameters
    ----------
    a, b
        Wave functions of any representation, or statevectors of any norm.

    Raises
    ------
    InvalidProblemError
        If they differ in the number of qubits, or one is no state.
    TooLargeError
        If there are too many qubits for statevectors.

    Notes
    -----
    Cost: O(2^n), and what the amplitudes cost.
    """
    first, second = statevector_of("a", a), statevector_of("b", b)
    if first.shape != second.shape:
        raise InvalidProblemError(
            f"a has {len(first).bit_length() - 1} qubits, b has {len(second).bit_length() - 1}: "
            "fidelity is of states of the same qubits"
        )
    return min(float(np.abs(np.vdot(first, second)) ** 2), 1.0)
