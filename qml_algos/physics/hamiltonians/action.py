"""A Hamiltonian applied to state vectors without writing down its matrix."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import TooLargeError
from qml_algos.physics.configurations import Bits, every_configuration, numbers_of
from qml_algos.physics.hamiltonians.connections import Connections
from qml_algos.physics.hamiltonians.hamiltonian import MAX_SPARSE_QUBITS, SpinHamiltonian

Vector = NDArray[Any]
Part = Callable[[Vector, Vector], None]
"""Adds its share of H v to the first vector, given v as the second."""

_MOST_LOCAL = 6
"""Qubits that a group of terms touches at most to be applied block by block."""


def action_of(hamiltonian: SpinHamiltonian) -> Callable[[Vector], Vector]:
    """Return the function that applies a Hamiltonian to a state vector.

    Returns
    -------
    Callable
        From shape ``(2**n,)`` to the same. A group of terms that flips the same spins takes O(2^n)
        for each call, and no memory unless it touches more than 6 qubits; the terms of Z alone are
        one vector.

    Raises
    ------
    TooLargeError
        Above 24 qubits.
    """
    require_enumerable(hamiltonian)
    qubits = hamiltonian.qubits
    parts = [_part(group) for group in groups_of(hamiltonian.connections)]
    real = np.isrealobj(hamiltonian.connections.coefficients)

    def apply(vector: Vector) -> Vector:
        vector = np.asarray(vector).reshape(2**qubits)
        found = np.zeros(2**qubits, dtype=vector.dtype if real else complex)
        for part in parts:
            part(found, vector)
        return found

    return apply


def require_enumerable(hamiltonian: SpinHamiltonian) -> None:
    """Refuse a Hamiltonian whose basis states are too many to hold a number for each.

    Raises
    ------
    TooLargeError
        Above 24 qubits.
    """
    if hamiltonian.qubits > MAX_SPARSE_QUBITS:
        raise TooLargeError(
            f"{hamiltonian.qubits} qubits: exact states are held for at most {MAX_SPARSE_QUBITS}"
        )


def groups_of(connections: Connections) -> list[Connections]:
    """Split the connections of a Hamiltonian into those of each group that flips the same spins."""
    ends = [*connections.starts[1:], len(connections.coefficients)]
    return [
        Connections(
            connections.flips[f : f + 1],
            connections.phases[start:end],
            connections.coefficients[start:end],
            np.zeros(1, dtype=np.int64),
        )
        for f, (start, end) in enumerate(zip(connections.starts, ends, strict=True))
    ]


def _part(group: Connections) -> Part:
    touched = np.flatnonzero(group.flips[0] | np.any(group.phases, axis=0))
    if not group.flips.any():
        diagonal = group.elements(every_configuration(group.flips.shape[1]))[0]
        return lambda found, vector: _add(found, diagonal * vector)
    if len(touched) > _MOST_LOCAL:
        return _gathered(group)
    return _blocks(group, touched)


def _add(found: Vector, share: Vector) -> None:
    found += share


def _gathered(group: Connections) -> Part:
    every = every_configuration(group.flips.shape[1])
    elements = group.elements(every)[0]
    places = numbers_of(every ^ group.flips.astype(np.int8))
    return lambda found, vector: _add(found, elements * vector[places])


def _blocks(group: Connections, touched: NDArray[np.int64]) -> Part:
    """Apply a group of terms on few qubits: blocks of the vector by the values of those bits."""
    qubits = group.flips.shape[1]
    local = np.array(list(product((0, 1), repeat=len(touched))), dtype=np.int8)
    bits: Bits = np.zeros((len(local), qubits), dtype=np.int8)
    bits[:, touched] = local
    elements = group.elements(bits)[0]
    flipped = local ^ group.flips[0, touched].astype(np.int8)
    shape = _shape(touched, qubits)
    pairs = [
        (element, _block(to), _block(start))
        for element, to, start in zip(elements, local, flipped, strict=True)
        if element
    ]

    def part(found: Vector, vector: Vector) -> None:
        found, vector = found.reshape(shape), vector.reshape(shape)
        for element, to, start in pairs:
            found[to] += element * vector[start]

    return part


def _shape(touched: NDArray[np.int64], qubits: int) -> tuple[int, ...]:
    """Axes of a vector, highest bits first: each touched bit is an axis of its own."""
    shape = []
    above = qubits
    for bit in touched[::-1]:
        shape += [2 ** int(above - 1 - bit), 2]
        above = bit
    return (*shape, 2 ** int(above))


def _block(values: NDArray[np.int8]) -> tuple[Any, ...]:
    place: list[Any] = []
    for value in values[::-1]:
        place += [slice(None), int(value)]
    return tuple(place)
