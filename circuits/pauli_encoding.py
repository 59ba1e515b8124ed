"""Block encodings of sums of Pauli operators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit, QuantumRegister
from qiskit.circuit import Qubit
from qiskit.quantum_info import Pauli, SparsePauliOp

from circuits.arithmetic import temporary_and
from circuits.block_encoding import BlockEncoding
from circuits.multiplexed import diagonal
from circuits.multiplexed_state import index_state

_MOST_GENERATORS = 12


def pauli_block_encoding(operator: SparsePauliOp) -> BlockEncoding:
    r"""Encode a sum of Pauli operators, :math:`A = \sum_l c_l P_l`, by PREPARE and SELECT.

    There are two ways to SELECT, and the one that takes fewer CX is used. *Linear*: the terms, up
    to phases, are products of g generators, and each qubit of the index controls one of them; cheap
    where the sum holds most products of its generators. *Unary iteration*: a tree of ANDs
    over the binary index has one leaf for each term.

    Parameters
    ----------
    operator
        Complex coefficients are accepted; terms that occur twice are summed first.

    Returns
    -------
    BlockEncoding
        ``alpha`` is the sum of the absolute values of the coefficients.

    Notes
    -----
    *Registers*: the operator's n qubits; signal: the index, of g qubits or of
    r = ceil(log2 L) for L terms; workspace: none, or r for unary iteration, one of which only the
    controlled circuit uses.

    *Cost*, with w the sum of the weights of the Paulis: linear, at most ``2 (2**g - g - 1)`` CX,
    the weights of the generators, and ``2**g - 2`` for phases; unary, at most ``2 (2**r - r - 1) +
    7 (L - 2) + w`` for L > 1, whatever the phases, and 7 more if controlled.

    Raises
    ------
    ValueError
        If a coefficient is not finite or the sum is zero.

    References
    ----------
    R. Babbush et al., Phys. Rev. X 8, 041015 (2018), Sec. III.A, arXiv:1805.03662 (unary
    iteration). The linear form is that of symplectic labels.
    """
    if not np.all(np.isfinite(operator.coeffs)):
        raise ValueError("operator: a coefficient is NaN or infinite; all must be finite")
    # A sum that vanishes comes back from simplify as one zero.
    terms = operator.simplify(atol=0)
    if not np.any(terms.coeffs):
        raise ValueError("operator is zero: at least one coefficient must not be")
    linear, unary = _Linear.of(terms), _Unary.of(terms)
    chosen = linear if linear.cost <= unary.cost else unary
    circuits = [chosen.circuit(controlled=controlled) for controlled in (False, True)]
    description = f"{len(terms)} Pauli operators, {chosen.name}"
    alpha = float(np.abs(terms.coeffs).sum())
    return BlockEncoding(
        circuits[0], alpha, terms.num_qubits, chosen.index_qubits, description, circuits[1]
    )


@dataclass(frozen=True, eq=False)
class _Linear:
    """Labels are the exponents of generators; ``coefficients`` by label."""

    generators: list[Pauli]
    coefficients: NDArray[np.complex128] | None
    system_qubits: int

    name = "products of generators"

    @classmethod
    def of(cls, terms: SparsePauliOp) -> _Linear:
        paulis = sorted(terms.paulis, key=_weight)
        generators: list[Pauli] = []
        reduced: list[tuple[int, int]] = []
        labels = {}
        for pauli in paulis:
            rest, label = _reduce(_bits(pauli), reduced)
            if rest:
                label = 1 << len(generators)
                reduced.append((rest, _reduce(_bits(pauli), reduced)[1] ^ label))
                generators.append(pauli)
            labels[pauli.to_label()] = label
        if len(generators) > _MOST_GENERATORS:
            return cls(generators, None, terms.num_qubits)
        coefficients = np.zeros(2 ** len(generators), dtype=complex)
        for pauli, coefficient in zip(terms.paulis, terms.coeffs, strict=True):
            label = labels[pauli.to_label()]
            product = Pauli("I" * terms.num_qubits)
            for k, generator in enumerate(generators):
                if label >> k & 1:
                    product = generator @ product
            coefficients[label] = coefficient * 1j**product.phase
        return cls(generators, coefficients, terms.num_qubits)

    @property
    def index_qubits(self) -> int:
        return len(self.generators)

    @property
    def cost(self) -> float:
        if self.coefficients is None:
            return np.inf
        states = self.coefficients.size
        phases = states - 2 if np.any(np.angle(self.coefficients)) else 0
        weights = sum(_weight(generator) for generator in self.generators)
        return 2 * (states - self.index_qubits - 1) + phases + weights

    def circuit(self, *, controlled: bool) -> QuantumCircuit:
        assert self.coefficients is not None
        system = QuantumRegister(self.system_qubits, "system")
        index = QuantumRegister(self.index_qubits, "index")
        control = QuantumRegister(controlled, "control")
        circuit = QuantumCircuit(system, index, control, name="pauli_block_encoding")
        prepared = index_state(np.sqrt(np.abs(self.coefficients)), controlled=controlled)
        phases = np.angle(self.coefficients)
        turned = diagonal(np.concatenate([0 * phases, phases]) if controlled else phases)
        circuit.compose(prepared, [*index, *control], inplace=True)
        circuit.compose(turned, [*index, *control], inplace=True)
        for generator, qubit in zip(self.generators, index, strict=True):
            _controlled_pauli(circuit, generator, qubit, system)
        circuit.compose(prepared.inverse(), [*index, *control], inplace=True)
        return circuit


@dataclass(frozen=True, eq=False)
class _Unary:
    """Leaves of the tree in order; the identity comes last, where it costs least."""

    paulis: list[Pauli]
    coefficients: list[complex]
    system_qubits: int

    name = "unary iteration"

    @classmethod
    def of(cls, terms: SparsePauliOp) -> _Unary:
        pairs = list(zip(terms.paulis, terms.coeffs, strict=True))
        pairs.sort(key=lambda pair: _weight(pair[0]) == 0)
        paulis, coefficients = zip(*pairs, strict=True)
        return cls(list(paulis), [complex(value) for value in coefficients], terms.num_qubits)

    @property
    def index_qubits(self) -> int:
        return (len(self.paulis) - 1).bit_length()

    @property
    def cost(self) -> float:
        if len(self.paulis) == 1:
            return 0
        states = 2 * (2**self.index_qubits - self.index_qubits - 1)
        weights = sum(_weight(pauli) for pauli in self.paulis)
        return states + 7 * (len(self.paulis) - 2) + weights

    def circuit(self, *, controlled: bool) -> QuantumCircuit:
        system = QuantumRegister(self.system_qubits, "system")
        index = QuantumRegister(self.index_qubits, "index")
        workspace = QuantumRegister(self.index_qubits, "workspace")
        control = QuantumRegister(controlled, "control")
        circuit = QuantumCircuit(system, index, workspace, control, name="pauli_block_encoding")
        amplitudes = np.zeros(2**self.index_qubits)
        amplitudes[: len(self.paulis)] = np.sqrt(np.abs(self.coefficients))
        prepared = index_state(amplitudes)
        circuit.compose(prepared, index, inplace=True)
        self._walk(circuit, control[0] if controlled else None, self.index_qubits - 1, 0)
        circuit.compose(prepared.inverse(), index, inplace=True)
        return circuit

    def _walk(self, circuit: QuantumCircuit, parent: Qubit | None, level: int, first: int) -> None:
        """Apply the terms from ``first`` on that the index's bits up to ``level`` tell apart."""
        _, index, workspace = circuit.qregs[:3]
        middle = first + 2**level if level >= 0 else first
        if level < 0:
            self._leaf(circuit, parent, first)
        elif middle >= len(self.paulis):
            self._walk(circuit, parent, level - 1, first)
        elif parent is None:
            circuit.x(index[level])
            self._walk(circuit, index[level], level - 1, first)
            circuit.x(index[level])
            self._walk(circuit, index[level], level - 1, middle)
        else:
            node = workspace[level]
            circuit.x(index[level])
            temporary_and(circuit, parent, index[level], node)
            self._walk(circuit, node, level - 1, first)
            circuit.x(index[level])
            circuit.cx(parent, node)
            self._walk(circuit, node, level - 1, middle)
            temporary_and(circuit, parent, index[level], node)

    def _leaf(self, circuit: QuantumCircuit, parent: Qubit | None, place: int) -> None:
        phase = float(np.angle(self.coefficients[place]))
        pauli = self.paulis[place]
        system = circuit.qregs[0]
        if parent is not None:
            circuit.p(phase, parent)
            _controlled_pauli(circuit, pauli, parent, system)
            return
        circuit.global_phase += phase
        circuit.append(pauli.to_instruction(), system)


def _controlled_pauli(
    circuit: QuantumCircuit, pauli: Pauli, control: Qubit, system: Sequence[Qubit]
) -> None:
    gates = {"X": circuit.cx, "Y": circuit.cy, "Z": circuit.cz}
    for letter, qubit in zip(reversed(pauli.to_label()), system, strict=True):
        if letter != "I":
            gates[letter](control, qubit)


def _weight(pauli: Pauli) -> int:
    return int(np.count_nonzero(pauli.x | pauli.z))


def _bits(pauli: Pauli) -> int:
    """Return the symplectic vector of a Pauli, its phase left out, as a number."""
    return sum(1 << place for place in np.flatnonzero(np.concatenate([pauli.x, pauli.z])).tolist())


def _reduce(bits: int, reduced: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Subtract reduced vectors as long as leading bits go; return the rest and the label."""
    label = 0
    for vector, combination in reduced:
        if bits ^ vector < bits:
            bits, label = bits ^ vector, label ^ combination
    return bits, label
