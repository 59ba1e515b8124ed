"""Layers of gates on single qubits: one matrix for each qubit, for groups of qubits at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, reduce
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qml_algos.kernels.states.gates import PAULIS, Constant, Rotation
from qml_algos.kernels.states.linear_forms import LinearForms
from qml_algos.kernels.states.scratch import Scratch
from qml_algos.kernels.states.tensor import apply, cross, multiply

_GROUP = 4
"""Qubits to a matrix product: fewer passes over the states, and matrices that BLAS does well."""

_HADAMARD = np.array([[1.0, 1.0], [1.0, -1.0]])

_GENERATORS = [np.array(factors)[:, None, None] for factors in ([-1j, -1j], [-1.0, 1.0], [-1j, 1j])]
"""``-i P``: factors of the rows of a matrix, which X and Y also exchange."""

Chain = Sequence[Rotation | Constant]


class LocalLayer:
    """Gates on single qubits, those on the same qubit fused into one matrix a row.

    Parameters
    ----------
    chains
        Gates of each qubit, first to last.
    qubits, parameters
        Of the circuit.
    """

    def __init__(self, chains: Mapping[int, Chain], qubits: int, parameters: int) -> None:
        self._qubits = qubits
        self._chains = {q: _fused(chain) for q, chain in sorted(chains.items()) if chain}
        self._turned = [q for q, chain in self._chains.items() if _rotations(chain)]
        rotations = [gate for q in self._turned for gate in _rotations(self._chains[q])]
        self._forms = LinearForms([gate.angle for gate in rotations], parameters)

    @property
    def parameterised(self) -> bool:
        """Whether any gate depends on a parameter."""
        return bool(self._turned)

    def bind(self, angles: NDArray[np.float64], dtype: Any, scratch: Scratch) -> BoundLocal:
        """Compute the matrices for rows of angles."""
        values = iter(self._forms(angles).T)
        matrices = {
            qubit: np.ascontiguousarray(np.moveaxis(_product(chain, values), 2, 0))
            for qubit, chain in self._chains.items()
        }
        return BoundLocal(matrices, self._qubits, np.dtype(dtype), scratch)

    def raw_derivatives(
        self, left: NDArray[Any], states: NDArray[Any], scratch: Scratch
    ) -> NDArray[np.float64]:
        """``Im <left|P|state>`` after the layer, ``(R, qubits that turn, 3 Paulis P)``."""
        conjugate = scratch.conj(left)
        densities: dict[int, NDArray[Any]] = {}
        for group in _groups(self._qubits):
            chosen = [q for q in group if q in self._turned]
            if chosen:
                both = cross(conjugate, states, group[0], 2 ** len(group))
                densities |= {q: _reduced(both, q - group[0]) for q in chosen}
        stacked = np.stack([densities[q] for q in self._turned], axis=1)
        return np.einsum("pab,rqab->rqp", PAULIS, stacked).imag

    def pullback(
        self, angles: NDArray[np.float64], raw: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return derivatives by the circuit's parameters, ``(N, P)``."""
        values = self._forms(angles)
        derivatives = np.empty_like(values)
        place = values.shape[1]
        for number in reversed(range(len(self._turned))):
            vector = raw[:, number].T
            for gate in reversed(self._chains[self._turned[number]]):
                if isinstance(gate, Constant):
                    vector = _bloch_matrix(gate.matrix).T @ vector
                    continue
                place -= 1
                derivatives[:, place] = vector[gate.axis] / 2
                vector = _turned_back(vector, gate.axis, values[:, place])
        return self._forms.pullback(derivatives)


def _fused(chain: Chain) -> list[Rotation | Constant]:
    """Multiply neighbours without parameters."""
    fused: list[Rotation | Constant] = []
    for gate in chain:
        if isinstance(gate, Constant) and fused and isinstance(fused[-1], Constant):
            fused[-1] = Constant(gate.qubits, gate.matrix @ fused[-1].matrix)
        else:
            fused.append(gate)
    return fused


def _rotations(chain: Chain) -> list[Rotation]:
    return [gate for gate in chain if isinstance(gate, Rotation)]


def _product(chain: Chain, values: Iterator[NDArray[np.float64]]) -> NDArray[Any]:
    """Product of gates, ``(2, 2, N)`` or ``(2, 2, 1)``, real where it can be."""
    product: NDArray[Any] = np.eye(2)[:, :, None]
    for gate in chain:
        if isinstance(gate, Rotation):
            half = next(values) / 2
            partner = product if gate.axis == 2 else product[::-1]
            product = np.cos(half) * product + np.sin(half) * (_GENERATORS[gate.axis] * partner)
        else:
            matrix = gate.matrix if np.any(gate.matrix.imag) else gate.matrix.real
            product = np.einsum("ab,bcr->acr", matrix, product)
    return product


def _groups(qubits: int) -> list[range]:
    """Neighbouring qubits, about equally many in each group."""
    number = -(-qubits // _GROUP)
    edges = [qubits * k // number for k in range(number + 1)]
    return [range(low, high) for low, high in pairwise(edges)]


def _reduced(density: NDArray[Any], place: int) -> NDArray[Any]:
    """Part of one qubit in a matrix ``(R, K, K)`` of several, the others traced out."""
    below = 1 << place
    above = density.shape[-1] // (2 * below)
    parts = density.reshape(-1, above, 2, below, above, 2, below)
    return np.einsum("rhalhbl->rab", parts)


def _bloch_matrix(unitary: NDArray[np.complex128]) -> NDArray[np.float64]:
    """Rotation of Bloch vectors, ``R[P, Q] = tr(P U Q U^dagger) / 2``."""
    images = unitary @ PAULIS @ unitary.conj().T
    return np.einsum("pab,qba->pq", PAULIS, images).real / 2


def _turned_back(
    vector: NDArray[np.float64], axis: int, angle: NDArray[np.float64]
) -> NDArray[np.float64]:
    """``<left|P|state>`` before a rotation, from that after it."""
    cosine, sine = np.cos(angle), np.sin(angle)
    second, third = (axis + 1) % 3, (axis + 2) % 3
    turned = vector.copy()
    turned[second] = cosine * vector[second] + sine * vector[third]
    turned[third] = cosine * vector[third] - sine * vector[second]
    return turned


class BoundLocal:
    """The matrices of some rows of angles, by qubit; one row where all are the same."""

    def __init__(
        self,
        matrices: Mapping[int, NDArray[Any]],
        qubits: int,
        dtype: np.dtype[Any],
        scratch: Scratch,
    ) -> None:
        self._matrices = matrices
        self._qubits = qubits
        self._dtype = dtype
        self._scratch = scratch

    def rows(self, chosen: slice) -> BoundLocal:
        """Choose rows."""
        matrices = {q: m if len(m) == 1 else m[chosen] for q, m in self._matrices.items()}
        return BoundLocal(matrices, self._qubits, self._dtype, self._scratch)

    @cached_property
    def _products(self) -> list[tuple[int, NDArray[Any]]]:
        """Matrices of groups of qubits, with the first qubit of each."""
        products = []
        for group in _groups(self._qubits):
            touched = [q for q in group if q in self._matrices]
            if touched:
                # The lowest bits are neighbours in memory: all of the group, or rows get short.
                low = touched[0] if group[0] else 0
                products.append((low, self._product(range(low, touched[-1] + 1))))
        return products

    def _product(self, group: range) -> NDArray[Any]:
        identity = np.eye(2)[None]
        product = reduce(_kron, [self._matrices.get(q, identity) for q in reversed(group)])
        # Rounded at the end only, and real where all factors are.
        kind = self._dtype if np.iscomplexobj(product) else np.finfo(self._dtype).dtype
        return product.astype(kind, copy=False)

    def apply(self, states: NDArray[Any]) -> NDArray[Any]:
        """Apply the layer."""
        for low, product in self._products:
            states = apply(states, product, low, self._scratch)
        return states

    def adjoint(self, states: NDArray[Any]) -> NDArray[Any]:
        """Apply the inverse."""
        for low, product in self._products:
            states = apply(states, product.conj().swapaxes(1, 2), low, self._scratch)
        return states

    def product_state(self, dtype: Any) -> NDArray[Any]:
        """Apply the layer to the state with all qubits 0."""
        columns: list[tuple[NDArray[Any], tuple[int, int]]] = []
        for group in _groups(self._qubits):
            column = self._product(group)[:, :, 0].astype(dtype)
            columns.append((column, (group[0], group[-1] + 1)))
        state, bits = columns[0]
        for column, own in columns[1:]:
            whole = bits[0], own[1]
            rows = max(len(state), len(column))
            out = self._scratch.empty((rows, 2 ** own[1]), dtype)
            state, bits = multiply(state, bits, column, own, whole, out), whole
        return state


def _kron(upper: NDArray[Any], lower: NDArray[Any]) -> NDArray[Any]:
    """Kronecker products row by row."""
    size = upper.shape[-1] * lower.shape[-1]
    return (upper[:, :, None, :, None] * lower[:, None, :, None, :]).reshape(-1, size, size)


def walsh(values: NDArray[np.float64], qubits: int, scratch: Scratch) -> NDArray[np.float64]:
    """``sum_z (-1)^|m & z| values(z)`` for all m, of the same shape ``(R, 2**qubits)``."""
    for group in _groups(qubits):
        matrix = reduce(np.kron, [_HADAMARD] * len(group))
        values = apply(values, matrix[None], group[0], scratch)
    return values
