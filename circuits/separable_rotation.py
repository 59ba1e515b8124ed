"""The reciprocal of a sum of eigenvalues as an amplitude: a linear combination of products."""

from __future__ import annotations

import functools
import itertools
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit, QuantumRegister
from qiskit.circuit import Qubit

from circuits.arithmetic import temporary_and
from circuits.fourier_diagonal import Axis
from circuits.parity_rotations import parity_rotations
from circuits.separable_reciprocal import SeparableReciprocal
from circuits.trigonometric import negation_up_to_phases


@dataclass(frozen=True, eq=False)
class SeparableRotation:
    r"""Circuit of a `SeparableReciprocal`.

    A register is prepared in :math:`\sum_j \sqrt{p_j} |j\rangle` in unary, a qubit for each
    statement :math:`j \ge 1, j \ge 2, \dots`; for each axis a flag is turned, in the sign of its
    mode folded away, by an angle for j and the magnitude; and the register is prepared backwards.
    In unary an angle that is the same for many neighbours j takes two terms.

    Attributes
    ----------
    axes
        The first in the highest qubits of the index.
    fitted
        Angles.
    smallest
        Unit of the scale.
    """

    axes: tuple[Axis, ...]
    fitted: SeparableReciprocal = field(repr=False)
    smallest: float
    method: str = "sum of exponentials"

    @property
    def scale(self) -> float:
        """Amplitudes are this times the smallest eigenvalue over the eigenvalue."""
        return self.fitted.deviation.scale * self.fitted.smallest / self.smallest

    @property
    def terms(self) -> int:
        """Number of exponentials."""
        return self.fitted.probabilities.size

    @property
    def signal_qubits(self) -> int:
        """The terms' register, and flags of all axes but the last."""
        return self.terms - 1 + len(self.axes) - 1

    @property
    def workspace_qubits(self) -> int:
        """Chain that tells mode 0 of all axes before, and folding and octaves of one axis."""
        return self._chain_qubits + max(self._own_workspace(axis) for axis in self.axes)

    @property
    def two_qubit_gates(self) -> int:
        """Number of CX."""
        return self._built.num_nonlocal_gates()

    def circuit(self) -> QuantumCircuit:
        """Build on index, flag, signal and workspace; all but index and flag read in 0."""
        return self._built

    @functools.cached_property
    def _built(self) -> QuantumCircuit:
        index = QuantumRegister(sum(axis.ring_qubits for axis in self.axes), "index")
        flag = QuantumRegister(1, "flag")
        signal = QuantumRegister(self.signal_qubits, "signal")
        workspace = QuantumRegister(self.workspace_qubits, "workspace")
        circuit = QuantumCircuit(index, flag, signal, workspace, name="separable_rotation")
        select, flags = signal[: self.terms - 1], [*signal[self.terms - 1 :], *flag]
        chain, work = workspace[: self._chain_qubits], workspace[self._chain_qubits :]
        rings = self._rings(list(index))
        frame = circuit.copy_empty_like()
        frame.compose(unary_state(self.fitted.probabilities), select, inplace=True)
        all_zero = self._chain(frame, rings, chain)
        circuit.compose(frame, inplace=True)
        for place, ring in enumerate(rings):
            before = [all_zero[place - 1]] if all_zero and place else []
            self._rotate(circuit, place, ring, work, [*before, *select], flags[place])
        circuit.compose(frame.inverse(), inplace=True)
        circuit.x(flags[:-1])
        if self.fitted.sign < 0:
            circuit.global_phase += np.pi
        return circuit

    def _rotate(
        self,
        circuit: QuantumCircuit,
        place: int,
        ring: list[Qubit],
        work: list[Qubit],
        selecting: list[Qubit],
        flag: Qubit,
    ) -> None:
        """Turn an axis's flag."""
        axis = self.axes[place]
        fold = _fold(axis)
        extra = fold.num_qubits - len(ring)
        bits, ladder = ring[:-1], work[extra : extra + len(ring) - 2]
        around = circuit.copy_empty_like()
        around.compose(fold, [*ring, *work[:extra]], inplace=True)
        _tell_octaves(around, bits, ladder)
        magnitude = bits if axis.mirrored else [*bits, work[extra - 1]]
        controls = [*magnitude, *ladder, *selecting]
        above = len(magnitude) + len(ladder)
        terms = self.fitted.axes[place].terms()
        if len(terms) > self.terms:
            terms = _either(terms[: self.terms], terms[self.terms :], 1 << above)
            above += 1
        rotations = parity_rotations(_unary(terms, above), len(controls))
        circuit.compose(around, inplace=True)
        circuit.compose(rotations, [*controls, flag], inplace=True)
        circuit.compose(around.inverse(), inplace=True)

    def _rings(self, index: list[Qubit]) -> list[list[Qubit]]:
        rings = []
        for axis in reversed(self.axes):
            ring, index = index[: axis.ring_qubits], index[axis.ring_qubits :]
            rings.append(ring)
        return rings[::-1]

    def _chain(
        self, circuit: QuantumCircuit, rings: list[list[Qubit]], chain: list[Qubit]
    ) -> list[Qubit]:
        """Tell whether each axis but the last, and all before it, are in mode 0."""
        if not self.fitted.null:
            return []
        bits = [qubit for ring in rings[:-1] for qubit in ring]
        circuit.x(bits)
        reached = [bits[0], *chain]
        for bit, above, below in zip(bits[1:], reached, reached[1:], strict=False):
            temporary_and(circuit, above, bit, below)
        circuit.x(bits)
        ends = np.cumsum([len(ring) for ring in rings[:-1]])
        return [reached[end - 1] for end in ends]

    @property
    def _chain_qubits(self) -> int:
        if not self.fitted.null:
            return 0
        return sum(axis.ring_qubits for axis in self.axes[:-1]) - 1

    @staticmethod
    def _own_workspace(axis: Axis) -> int:
        # What folding takes beside the ring, and its qubits but two that tell octaves apart.
        return _fold(axis).num_qubits - 2


def unary_state(probabilities: NDArray[np.float64]) -> QuantumCircuit:
    r"""Prepare :math:`\sum_j \sqrt{p_j} |1^j 0^{J-1-j}\rangle`, the first j qubits in 1.

    Parameters
    ----------
    probabilities
        p, shape ``(J,)``, positive.

    Returns
    -------
    QuantumCircuit
        On J - 1 qubits; ``J - 2`` CZ.
    """
    tails = np.cumsum(probabilities[::-1])[::-1]
    circuit = QuantumCircuit(probabilities.size - 1, name="unary_state")
    for qubit, (before, tail) in enumerate(itertools.pairwise(tails)):
        half = np.arcsin(np.sqrt(tail / before))
        if qubit:
            circuit.ry(-half, qubit)
            circuit.cz(qubit - 1, qubit)
            circuit.ry(half, qubit)
        else:
            circuit.ry(2 * half, qubit)
    return circuit


def _fold(axis: Axis) -> QuantumCircuit:
    return negation_up_to_phases(axis.ring_qubits - 1, tell_zero=not axis.mirrored)


def _tell_octaves(circuit: QuantumCircuit, bits: list[Qubit], ladder: list[Qubit]) -> None:
    """Tell whether the topmost two bits are 0, three, and so on."""
    circuit.x(bits)
    reached = [bits[-1], *ladder]
    for bit, above, below in zip(bits[-2::-1], reached[:-1], ladder, strict=True):
        temporary_and(circuit, above, bit, below)
    circuit.x(bits)


def _either(
    first: list[dict[int, float]], second: list[dict[int, float]], mask: int
) -> list[dict[int, float]]:
    """Terms of the first where a qubit is 0, of the second where it is 1."""
    joined = []
    for zero, one in zip(first, second, strict=True):
        both = {key: ((zero.get(key, 0.0) + one.get(key, 0.0)) / 2) for key in {**zero, **one}}
        difference = {
            key | mask: (zero.get(key, 0.0) - one.get(key, 0.0)) / 2 for key in {**zero, **one}
        }
        joined.append({**both, **difference})
    return joined


def _unary(rows: list[dict[int, float]], above: int) -> dict[int, float]:
    """Terms of row j for j in unary in the qubits from ``above`` on."""
    combined = {}
    for mask in dict.fromkeys(key for row in rows for key in row):
        values = [row.get(mask, 0.0) for row in rows]
        combined[mask] = (values[0] + values[-1]) / 2
        for step, (before, after) in enumerate(itertools.pairwise(values)):
            if before != after:
                combined[mask | 1 << (above + step)] = (before - after) / 2
    return combined
