"""How often all bits are zero, counted on packed bits."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray
from qiskit.primitives.containers import BitArray

from qml_algos.backends.readout_mitigation import ReadoutCalibration

Read = Callable[[Mapping[str, BitArray]], NDArray[np.float64]]


def count_zeros(register: str) -> Read:
    """Count the shots of all zeros: reads the sum of an indicator, and of its square."""

    def read(data: Mapping[str, BitArray]) -> NDArray[np.float64]:
        zeros = np.count_nonzero(~data[register].array.any(axis=-1), axis=-1)
        return np.stack([zeros, zeros], axis=-1).astype(float)

    return read


def weigh_zeros(register: str, calibration: ReadoutCalibration) -> tuple[Read, float]:
    r"""Count the shots of all zeros, corrected for readout errors.

    With misreading matrices :math:`A_q` of the qubits, independent of each other, the probability
    of all zeros is the mean over shots of :math:`\prod_q (A_q^{-1})_{0 b_q}`, b being the bits:
    the row of the inverse that is needed, for each shot in time linear in the qubits.

    Returns
    -------
    Read, float
        Reads the sum of these weights and of their squares; and the weight of all zeros.
    """
    rows = np.array([np.linalg.inv(matrix)[0] for matrix in calibration.matrices])
    # The first byte holds the highest bits.
    tables = [_table(rows[low : low + 8]) for low in range(0, len(rows), 8)][::-1]

    def read(data: Mapping[str, BitArray]) -> NDArray[np.float64]:
        packed = data[register].array
        found = np.empty((len(packed), 2))
        for index, shots in enumerate(packed):
            weights = np.ones(len(shots))
            for place, table in enumerate(tables):
                weights *= table[shots[:, place]]
            found[index] = weights.sum(), weights @ weights
        return found

    return read, float(np.prod(rows[:, 0]))


def _table(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Products of weights for all values of a byte, bit 0 first; shape ``(256,)``."""
    table = np.ones(1)
    for row in rows:
        table = np.concatenate([table * row[0], table * row[1]])
    return np.tile(table, 256 // len(table))
