"""A Hamiltonian within the states of one magnetisation."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError
from qml_algos.physics.configurations import bits_of, numbers_of
from qml_algos.physics.hamiltonians.action import groups_of, require_enumerable
from qml_algos.physics.hamiltonians.hamiltonian import SpinHamiltonian


def sector_states(qubits: int, magnetisation: int) -> NDArray[np.int64]:
    """Numbers of the basis states whose sum of Z is given, in ascending order.

    Raises
    ------
    InvalidProblemError
        If there is none.
    """
    down, odd = divmod(qubits - magnetisation, 2)
    if odd or not 0 <= down <= qubits:
        raise InvalidProblemError(
            f"magnetisation = {magnetisation}: {qubits} spins have {-qubits}, {-qubits + 2} .. "
            f"{qubits}"
        )
    numbers = np.arange(2**qubits)
    return numbers[np.bitwise_count(numbers) == down]


def sector_matrix(
    hamiltonian: SpinHamiltonian, states: NDArray[np.int64]
) -> scipy.sparse.csr_array:
    """Write a Hamiltonian down on some of the basis states.

    Parameters
    ----------
    hamiltonian
        At most 24 qubits.
    states
        Numbers of basis states, ascending, that the Hamiltonian does not lead out of.

    Raises
    ------
    InvalidProblemError
        If it leads out of them.
    TooLargeError
        Above 24 qubits.
    """
    require_enumerable(hamiltonian)
    qubits = hamiltonian.qubits
    bits = bits_of(states, qubits)
    rows, columns, values = [], [], []
    for group in groups_of(hamiltonian.connections):
        elements = group.elements(bits)[0]
        here = np.flatnonzero(elements)
        mask = int(numbers_of(group.flips)[0])
        wanted = states[here] ^ mask
        there = np.searchsorted(states, wanted)
        if np.any(states[np.minimum(there, len(states) - 1)] != wanted):
            raise InvalidProblemError(
                f"{hamiltonian.name}: magnetisation is not conserved, so that it must be None"
            )
        rows.append(here)
        columns.append(there)
        values.append(elements[here])
    entries: Any = (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns)))
    return scipy.sparse.csr_array(entries, shape=(len(states), len(states)))
