"""Gates gathered into layers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from operator import xor

import numpy as np

from qml_algos.kernels.states.gates import PAULIS, Constant, Elementary, Flip, Phases, Rotation
from qml_algos.kernels.states.linear_forms import LinearForm

OneQubit = Rotation | Constant

_HADAMARD = np.array([[1, 1], [1, -1]]) / np.sqrt(2)


class LocalBlock:
    """Chains of gates on single qubits, first to last."""

    def __init__(self) -> None:
        self.chains: dict[int, list[OneQubit]] = {}

    def take_diagonal_end(self, qubit: int) -> list[Phases]:
        """Take the diagonal gates off the end of a chain, if what is left has no parameter.

        A phase more in a phase polynomial costs next to nothing, and the chain that is left has
        one matrix for all rows.
        """
        chain = self.chains[qubit]
        end = len(chain)
        while end and _as_monomial(chain[end - 1]) is not None:
            end -= 1
        if any(isinstance(gate, Rotation) for gate in chain[:end]):
            return []
        self.chains[qubit], taken = chain[:end], chain[end:]
        return [phases for gate in taken if isinstance(phases := _as_monomial(gate), Phases)]

    def is_hadamard(self, qubits: int) -> bool:
        """Whether every qubit gets one Hadamard gate and nothing else."""
        chains = [chain for chain in self.chains.values() if chain]
        return len(chains) == qubits and all(
            len(chain) == 1
            and isinstance(chain[0], Constant)
            and np.allclose(chain[0].matrix, _HADAMARD, atol=1e-15)
            for chain in chains
        )


class PhaseBlock:
    """A phase polynomial, then an affine map of the basis states over GF(2)."""

    def __init__(self, qubits: int) -> None:
        self.terms: dict[int, LinearForm] = {}
        self.rows = [1 << q for q in range(qubits)]
        """Bit q of the image is the parity of ``rows[q] & z``, plus ``flips[q]``."""
        self.flips = [0] * qubits

    def add(self, gate: Phases | Flip) -> None:
        """Append a gate."""
        if isinstance(gate, Phases):
            for mask, angle in gate.terms:
                self._add_term(mask, angle)
            return
        self.flips[gate.target] ^= 1 if gate.control is None else self.flips[gate.control]
        if gate.control is not None:
            self.rows[gate.target] ^= self.rows[gate.control]

    def phases_last(self) -> dict[int, LinearForm]:
        """Terms of the polynomial that has the same effect after the affine map, not before it."""
        inverse = _inverse(self.rows)
        last = {}
        for mask, angle in self.terms.items():
            after = reduce(xor, (inverse[q] for q in bits(mask)), 0)
            sign = (-1) ** sum(self.flips[q] for q in bits(after))
            last[after] = angle * sign
        return last

    def _add_term(self, mask: int, angle: LinearForm) -> None:
        before, sign = 0, 1
        for q in bits(mask):
            before ^= self.rows[q]
            sign *= 1 - 2 * self.flips[q]
        self.terms[before] = self.terms.get(before, LinearForm()) + angle * sign


Block = LocalBlock | PhaseBlock | Constant


class Schedule:
    """Blocks in their order, as few as the order of the gates on each qubit allows.

    A gate goes into the earliest block of its kind that is not before the last one on its qubits:
    what lies between acts on other qubits.
    """

    def __init__(self, gates: Iterable[Elementary], qubits: int) -> None:
        self.blocks: list[Block] = []
        self._qubits = qubits
        self._last = [-1] * qubits
        for gate in gates:
            self._place(gate, list(_touched(gate)))
        self._drop_first_map()

    def _drop_first_map(self) -> None:
        """Leave out an affine map of the uniform superposition, which it does not change."""
        if len(self.blocks) < 2:
            return
        first, second = self.blocks[:2]
        uniform = isinstance(first, LocalBlock) and first.is_hadamard(self._qubits)
        if uniform and isinstance(second, PhaseBlock):
            second.terms, unmoved = second.phases_last(), PhaseBlock(self._qubits)
            second.rows, second.flips = unmoved.rows, unmoved.flips

    def _place(self, gate: Elementary, touched: list[int]) -> None:
        start = max((self._last[q] for q in touched), default=-1)
        after_phases = start >= 0 and isinstance(self.blocks[start], PhaseBlock)
        monomial = _as_monomial(gate)
        if isinstance(gate, Constant) and len(touched) > 1:
            place = len(self.blocks)
            self.blocks.append(gate)
        elif monomial is not None and (len(touched) > 1 or after_phases):
            place = self._into_phases(monomial, touched, start)
        else:
            place = self._into_chain(_as_one_qubit(gate, touched[0]), touched[0], start)
        for q in touched:
            self._last[q] = place

    def _into_chain(self, gate: OneQubit, qubit: int, start: int) -> int:
        for place in range(max(start, 0), len(self.blocks)):
            if isinstance(self.blocks[place], LocalBlock):
                break
        else:
            place = len(self.blocks)
            self.blocks.append(LocalBlock())
        block = self.blocks[place]
        assert isinstance(block, LocalBlock)
        block.chains.setdefault(qubit, []).append(gate)
        return place

    def _into_phases(self, gate: Phases | Flip, touched: list[int], start: int) -> int:
        for place in range(max(start, 0), len(self.blocks)):
            if isinstance(self.blocks[place], PhaseBlock):
                break
        else:
            place = len(self.blocks)
            self.blocks.append(PhaseBlock(self._qubits))
        block = self.blocks[place]
        assert isinstance(block, PhaseBlock)
        for q in touched:
            before = self.blocks[self._last[q]] if self._last[q] >= 0 else None
            if isinstance(before, LocalBlock):
                for phases in before.take_diagonal_end(q):
                    block.add(phases)
        block.add(gate)
        return place


def _inverse(rows: Sequence[int]) -> list[int]:
    """For each bit, which rows of an invertible matrix over GF(2) add up to it."""
    left, combined = list(rows), [1 << q for q in range(len(rows))]
    for bit in range(len(rows)):
        pivot = next(k for k in range(bit, len(rows)) if left[k] >> bit & 1)
        for array in (left, combined):
            array[bit], array[pivot] = array[pivot], array[bit]
        for k in range(len(rows)):
            if k != bit and left[k] >> bit & 1:
                left[k] ^= left[bit]
                combined[k] ^= combined[bit]
    return combined


def _touched(gate: Elementary) -> Iterator[int]:
    match gate:
        case Rotation():
            yield gate.qubit
        case Constant():
            yield from gate.qubits
        case Flip():
            yield gate.target
            if gate.control is not None:
                yield gate.control
        case Phases():
            union = 0
            for mask, _ in gate.terms:
                union |= mask
            yield from bits(union)


def bits(mask: int) -> Iterator[int]:
    """Places of the ones."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def _as_monomial(gate: Elementary) -> Phases | Flip | None:
    """Write a gate as phases or a flip, if it is one; up to a global phase."""
    match gate:
        case Phases() | Flip():
            return gate
        case Rotation(qubit=qubit, axis=2, angle=angle):
            return Phases(((1 << qubit, angle * -0.5),))
        case Constant(qubits=(qubit,), matrix=matrix) if not matrix[0, 1] and not matrix[1, 0]:
            half = np.angle(matrix[0, 0] / matrix[1, 1]) / 2
            return Phases(((1 << qubit, LinearForm(half)),))
    return None


def _as_one_qubit(gate: Elementary, qubit: int) -> OneQubit:
    match gate:
        case Rotation() | Constant():
            return gate
        case Flip():
            return Constant((qubit,), PAULIS[0])
        case Phases():
            total = sum((angle for _, angle in gate.terms), LinearForm())
            if total.slopes:
                return Rotation(qubit, 2, total * -2)
            phase = np.exp(1j * total.constant)
            return Constant((qubit,), np.diag([phase, phase.conj()]))
