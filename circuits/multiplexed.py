"""Uniformly controlled (multiplexed) rotations and diagonal unitaries."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit

ANGLE_TOLERANCE = 1e-12
"""Rotations smaller than this (radians) are left out."""


def multiplexed_rotation(angles: ArrayLike, axis: Literal["y", "z"]) -> QuantumCircuit:
    r"""Rotate one target qubit by an angle chosen by the basis state of the controls.

    Parameters
    ----------
    angles
        Shape ``(2**n,)``: angle in radians for each value of the ``n`` controls.
    axis
        ``"y"`` or ``"z"``: the rotation is ``exp(-i angle Y / 2)`` or ``exp(-i angle Z / 2)``.

    Returns
    -------
    QuantumCircuit
        On ``n + 1`` qubits: the controls are qubits 0 to n-1, the target is qubit n.

    Raises
    ------
    ValueError
        If the number of angles is not a power of two or an angle is not finite.

    Notes
    -----
    A rotation flanked by CX gates from a set s of controls turns by (-1)^(parity of s), so the
    angles needed are the Walsh-Hadamard transform of ``angles``; the sets are walked in Gray
    code, one CX from each to the next. Costs at most ``2**n`` rotations and ``2**n`` CX, and less
    where the transform has zeros: angles that do not depend on a control never touch it.

    References
    ----------
    M. Mottonen, J. Vartiainen, V. Bergholm, M. Salomaa, Phys. Rev. Lett. 93, 130502 (2004), Eq. 3.
    """
    values = _power_of_two_vector(angles, "angles")
    n = int(values.size).bit_length() - 1
    weights = walsh_hadamard(values) / values.size
    circuit = QuantumCircuit(n + 1, name=f"multiplexed_r{axis}")
    rotate = circuit.ry if axis == "y" else circuit.rz
    reached = 0
    for step in range(values.size):
        wanted = step ^ (step >> 1)
        if abs(weights[wanted]) > ANGLE_TOLERANCE:
            _flip_parity(circuit, reached ^ wanted, n)
            rotate(float(weights[wanted]), n)
            reached = wanted
    _flip_parity(circuit, reached, n)
    return circuit


def diagonal(phases: ArrayLike) -> QuantumCircuit:
    r"""Build the diagonal unitary ``diag(exp(i phases))`` on ``n`` qubits, global phase included.

    Parameters
    ----------
    phases
        Shape ``(2**n,)``, radians.

    Returns
    -------
    QuantumCircuit
        At most ``2**n - 2`` CX and ``2**n - 1`` rotations; no CX if the unitary is a product of
        rotations of single qubits.

    Raises
    ------
    ValueError
        If the number of phases is not a power of two or a phase is not finite.

    References
    ----------
    S. Bullock, I. Markov, Quantum Inf. Comput. 4, 27 (2004), arXiv:quant-ph/0303039.
    """
    values = _power_of_two_vector(phases, "phases")
    n = int(values.size).bit_length() - 1
    circuit = QuantumCircuit(n, name="diagonal")
    # Peel off the top qubit: its two halves differ by a multiplexed Rz, the means stay below it.
    for target in reversed(range(n)):
        low, high = values[: 2**target], values[2**target :]
        difference = _principal(high - low)
        multiplexer = multiplexed_rotation(difference, "z")
        circuit.compose(multiplexer, range(target + 1), inplace=True)
        values = low + difference / 2
    circuit.global_phase += float(values[0])
    return circuit


def walsh_hadamard(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the unnormalised Walsh-Hadamard transform, in natural order."""
    transformed = values.astype(float).reshape(-1, 1)
    while transformed.shape[0] > 1:
        low, high = transformed[0::2], transformed[1::2]
        transformed = np.hstack([low + high, low - high])
    return transformed[0]


def _principal(angles: NDArray[np.float64]) -> NDArray[np.float64]:
    """Angles modulo a full turn, between minus and plus half a turn.

    Those that agree up to rounding stay together, at half a turn too: differences that are equal
    must not look different to the Walsh-Hadamard transform.
    """
    return angles - 2 * np.pi * np.round(angles / (2 * np.pi) - 1e-9)


def _flip_parity(circuit: QuantumCircuit, controls: int, target: int) -> None:
    for control in range(target):
        if controls >> control & 1:
            circuit.cx(control, target)


def _power_of_two_vector(values: ArrayLike, name: str) -> NDArray[np.float64]:
    array = np.asarray(values, dtype=float)
    if array.ndim != 1 or array.size == 0 or array.size & (array.size - 1):
        raise ValueError(f"{name} has shape {array.shape}: a vector of length 2**n is needed")
    if not np.all(np.isfinite(array)):
        raise ValueError(f"{name} contains NaN or infinity: all entries must be finite")
    return array
