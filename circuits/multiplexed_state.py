"""States prepared from 0, one for each basis state of a control register."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit

from circuits.multiplexed import diagonal, multiplexed_rotation
from circuits.state_preparation import state_preparation


def multiplexed_state(states: ArrayLike) -> QuantumCircuit:
    r"""Prepare the state ``states[i]`` from 0 when the controls are in ``|i>``.

    Parameters
    ----------
    states
        Shape ``(2**k, 2**n)``, real or complex; each row is normalised here, and rows of zeros
        leave the target in 0.

    Returns
    -------
    QuantumCircuit
        On ``n + k`` qubits, target first; its action is as stated for a target in 0 only.

    Raises
    ------
    ValueError
        If the shape does not fit or an entry is not finite.

    Notes
    -----
    *Cost* for real states: ``2**k (2**n - 1) - n`` CX, for complex ones ``2**(n+k) - 2`` more;
    fewer where the states factorise. (Without controls ``2**n - n - 1``.)

    References
    ----------
    M. Mottonen, J. Vartiainen, V. Bergholm, M. Salomaa, Quantum Inf. Comput. 5, 467 (2005),
    arXiv:quant-ph/0407010; the first CX of each multiplexed rotation is left out.
    """
    table = np.asarray(states) * 1.0
    if table.ndim != 2 or 0 in table.shape or any(side & (side - 1) for side in table.shape):
        raise ValueError(f"states has shape {table.shape}: (2**k, 2**n) is needed")
    if not np.all(np.isfinite(table)):
        raise ValueError("states contains NaN or infinity: all entries must be finite")
    rows, columns = table.shape
    k, n = rows.bit_length() - 1, columns.bit_length() - 1
    circuit = QuantumCircuit(n + k, name="multiplexed_state")
    with_phases = np.any(np.imag(table)) or n == 0
    amplitudes = np.abs(table) if with_phases else np.real(table)
    levels = _signed_norms(amplitudes)
    for qubit in reversed(range(n)):
        pairs = levels[qubit].reshape(-1, 2)
        if qubit < n - 1:
            pairs = pairs * np.where(levels[qubit + 1] < 0, -1, 1).reshape(-1, 1)
        rotation = rotation_from_zero(2 * np.arctan2(pairs[:, 1], pairs[:, 0]))
        circuit.compose(rotation, [*range(qubit + 1, n + k), qubit], inplace=True)
    if with_phases:
        circuit.compose(diagonal(np.where(table == 0, 0, np.angle(table)).ravel()), inplace=True)
    return circuit


def rotation_from_zero(angles: ArrayLike) -> QuantumCircuit:
    """Multiplexed Ry of a target that is known to be in 0: one CX fewer than in general.

    Parameters
    ----------
    angles
        Shape ``(2**n,)``, radians.

    Returns
    -------
    QuantumCircuit
        On ``n + 1`` qubits, controls first: at most ``2**n - 1`` CZ.
    """
    turned = multiplexed_rotation(-np.asarray(angles, dtype=float), "y").inverse()
    circuit = QuantumCircuit(turned.num_qubits, name="rotation_from_zero")
    # Sign changes of a rotation about y may come from Z as well as from X, and Z leaves 0 alone.
    started = False
    for item in turned.data:
        qubits = [turned.find_bit(qubit).index for qubit in item.qubits]
        if item.operation.name == "ry":
            started = True
            circuit.append(item.operation, qubits)
        elif started:
            circuit.cz(*qubits)
    return circuit


def index_state(amplitudes: ArrayLike, *, controlled: bool = False) -> QuantumCircuit:
    """PREPARE of a linear combination of unitaries, for an index register in 0.

    Parameters
    ----------
    amplitudes
        Shape ``(2**n,)``, as for ``multiplexed_state``.
    controlled
        Whether only where one more qubit, the last, is in 1. A SELECT that does nothing at index 0
        then needs no control.

    Notes
    -----
    An encoding controlled in this way leaves signals in 0 alone where the control is in 0, and has
    its block where it is in 1. On signals that are not in 0 it is not the controlled form of the
    uncontrolled circuit: the two must not be mixed in one sequence.
    """
    vector = np.asarray(amplitudes) * 1.0
    if not controlled:
        ways = [multiplexed_state(vector[None]), state_preparation(vector)]
        return min(ways, key=lambda way: way.num_nonlocal_gates())
    idle = np.zeros_like(vector)
    idle[0] = 1
    return multiplexed_state(np.vstack([idle, vector]))


def multiplexed_amplitude(values: ArrayLike) -> QuantumCircuit:
    r"""Give a target in 0 the amplitude ``values[k]`` in 0 when the controls are in ``|k>``.

    Parameters
    ----------
    values
        Shape ``(2**n,)``, real or complex, of absolute value at most 1 (rounding is cut off).

    Returns
    -------
    QuantumCircuit
        On ``n + 1`` qubits, controls first, ``2**n - 1`` CX at most, for complex values ``2**n``
        more; what the target has in 1 is not specified.
    """
    table = np.asarray(values)
    if not np.any(np.imag(table)):
        return rotation_from_zero(2 * np.arccos(np.clip(np.real(table), -1, 1)))
    circuit = rotation_from_zero(2 * np.arccos(np.clip(np.abs(table), 0, 1)))
    circuit.compose(multiplexed_rotation(-2 * np.angle(table), "z"), inplace=True)
    return circuit


def _signed_norms(amplitudes: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Norms of blocks of 1, 2, 4, ... columns, with the sign of each block's first nonzero one."""
    levels = [amplitudes]
    while levels[-1].shape[1] > 1:
        left, right = levels[-1][:, 0::2], levels[-1][:, 1::2]
        levels.append(np.hypot(left, right) * np.sign(np.where(left == 0, right, left)))
    return levels
