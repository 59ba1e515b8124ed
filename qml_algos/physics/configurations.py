"""Configurations of spins: rows of bits, column j for qubit j.

A bit 0 is a spin that points up, of eigenvalue +1 of Z. Row k of `every_configuration` is the basis
state k of a statevector, qubit 0 the least significant bit.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError

Bits = NDArray[np.int8]
"""Shape ``(samples, qubits)``, entries 0 and 1."""


def every_configuration(qubits: int) -> Bits:
    """List all configurations in the order of a statevector; shape ``(2**qubits, qubits)``."""
    return bits_of(np.arange(2**qubits), qubits)


def bits_of(numbers: NDArray[np.int64], qubits: int) -> Bits:
    """Return the configurations of basis states; shape ``(numbers, qubits)``, as `numbers_of`."""
    return (numbers[:, None] >> np.arange(qubits) & 1).astype(np.int8)


def numbers_of(bits: Bits | NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the number of the basis state of each row; at most 62 qubits."""
    found: NDArray[np.int64] = bits.astype(np.int64) @ (1 << np.arange(bits.shape[1]))
    return found


def spins(bits: Bits) -> NDArray[np.float64]:
    """Eigenvalues of Z: +1 for bit 0, -1 for bit 1."""
    found: NDArray[np.float64] = 1.0 - 2.0 * bits.astype(float)
    return found


def require_bits(name: str, given: Any, qubits: int | None = None) -> Bits:
    """Return configurations as bits, or refuse what is none.

    Raises
    ------
    InvalidProblemError
        If it is no nonempty matrix of zeros and ones with a column for each qubit.
    """
    array = np.asarray(given)
    if array.ndim != 2 or not array.size:
        raise InvalidProblemError(
            f"{name} has shape {array.shape}: a row for each sample and a column for each qubit "
            "are needed, at least one of both"
        )
    if array.dtype.kind not in "buif" or not np.all((array == 0) | (array == 1)):
        raise InvalidProblemError(f"{name} must hold zeros and ones only")
    if qubits is not None and array.shape[1] != qubits:
        raise InvalidProblemError(
            f"{name} has {array.shape[1]} columns: {qubits} are needed, one for each qubit"
        )
    return array.astype(np.int8)
