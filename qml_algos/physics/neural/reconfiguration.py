"""Stochastic reconfiguration: natural gradients of the energy, from samples."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.linalg
from numpy.typing import NDArray

_LEAST_SCALE = 1e-4
"""Far below the variance of a logarithmic derivative that matters."""


def natural_gradient(
    derivatives: NDArray[Any], local_energies: NDArray[Any], shift: float
) -> tuple[NDArray[Any], float]:
    r"""Solve ``(S + shift mean(diag S)) d = F`` for the covariances of samples.

    ``S_kl = <O_k* O_l> - <O_k*><O_l>`` and ``F_k = <O_k* E> - <O_k*><E>``. A step along ``-d`` is
    one of imaginary time. Where there are more parameters than samples, the same solution is found
    from the matrix between samples.

    Parameters
    ----------
    derivatives
        O, of ``log psi`` by the parameters; shape ``(parameters, samples)``.
    local_energies
        E; shape ``(samples,)``.
    shift
        Relative to the mean diagonal element, above 0.

    Returns
    -------
    direction
        d, in double precision; shape ``(parameters,)``.
    length
        ``sqrt(d' S d)``: by how much a step changes the state, to first order and in radians.

    Notes
    -----
    Cost: O(m^2 M + m^3) for the smaller m and the larger M of both numbers. S. Sorella, Phys. Rev.
    Lett. 80, 4558 (1998); the matrix between samples: A. Chen and M. Heyl, Nature Physics 20, 1476
    (2024).
    """
    parameters, samples = derivatives.shape
    # In double precision: rounding in S must stay far below the shift.
    wide = np.complex128 if np.iscomplexobj(derivatives) else np.float64
    centred = derivatives.astype(wide)
    centred -= centred.mean(axis=1, keepdims=True)
    centred /= np.sqrt(samples)
    energies = ((local_energies - local_energies.mean()) / np.sqrt(samples)).astype(wide)
    if parameters <= samples:
        S = centred.conj() @ centred.T
        shift = shift * _scale(np.trace(S).real, parameters)
        direction = _solved(S, shift, centred.conj() @ energies)
        return direction, float(np.sqrt(np.vdot(direction, S @ direction).real))
    T = centred.T @ centred.conj()
    shift = shift * _scale(np.trace(T).real, parameters)
    weights = _solved(T, shift, energies)
    return centred.conj() @ weights, float(np.linalg.norm(T @ weights))


def _scale(trace: float, parameters: int) -> float:
    """Mean diagonal element, or more: where all samples are alike, S is but rounding."""
    return max(trace / parameters, _LEAST_SCALE)


def _solved(matrix: NDArray[Any], shift: float, right: NDArray[Any]) -> NDArray[Any]:
    shifted = matrix + shift * np.eye(len(matrix))
    return np.asarray(scipy.linalg.solve(shifted, right, assume_a="pos"))
