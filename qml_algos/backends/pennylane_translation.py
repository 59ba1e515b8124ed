"""Qiskit circuits as straight-line programs: gates under a condition, measurements, resets.

This is the half of the way to PennyLane that needs no PennyLane. Whatever has no counterpart is
refused here, by name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from qiskit import QuantumCircuit
from qiskit.circuit import (
    CASE_DEFAULT,
    Barrier,
    BoxOp,
    ClassicalRegister,
    Clbit,
    ControlFlowOp,
    ControlledGate,
    Delay,
    ForLoopOp,
    Gate,
    IfElseOp,
    Instruction,
    Measure,
    Parameter,
    Reset,
    SwitchCaseOp,
)
from qiskit.circuit.classical import expr, types
from qiskit.circuit.library import (
    CUGate,
    CXGate,
    ECRGate,
    HGate,
    IGate,
    PhaseGate,
    RXGate,
    RXXGate,
    RYGate,
    RYYGate,
    RZGate,
    RZZGate,
    SdgGate,
    SGate,
    SwapGate,
    SXdgGate,
    SXGate,
    TdgGate,
    TGate,
    U1Gate,
    U2Gate,
    U3Gate,
    UGate,
    UnitaryGate,
    XGate,
    YGate,
    ZGate,
    iSwapGate,
)

from qml_algos.backends.pennylane_logic import (
    FALSE,
    TRUE,
    Logic,
    Signal,
    constant,
    widened,
)
from qml_algos.errors import UnsupportedCircuitError

# Keyed by class: a name says nothing about a user's own gate. Phases agree too, or controlled
# gates would be wrong.
GATES: dict[type, str] = {
    ECRGate: "ECR",
    HGate: "Hadamard",
    IGate: "Identity",
    PhaseGate: "PhaseShift",
    RXGate: "RX",
    RXXGate: "IsingXX",
    RYGate: "RY",
    RYYGate: "IsingYY",
    RZGate: "RZ",
    RZZGate: "IsingZZ",
    SGate: "S",
    SXGate: "SX",
    SwapGate: "SWAP",
    TGate: "T",
    U1Gate: "PhaseShift",
    U2Gate: "U2",
    U3Gate: "U3",
    UGate: "U3",
    XGate: "PauliX",
    YGate: "PauliY",
    ZGate: "PauliZ",
    iSwapGate: "ISWAP",
}
"""Gates and the names of PennyLane's operators with the same matrix."""

INVERSES: dict[type, str] = {SXdgGate: "SX", SdgGate: "S", TdgGate: "T"}
"""Gates whose inverse has a name in PennyLane."""


@dataclass(frozen=True)
class Apply:
    """A gate in those shots in which a condition holds.

    Attributes
    ----------
    gate
        One of `GATES`, `INVERSES`, a unitary, or a controlled one of these.
    wires
        What it acts on, in Qiskit's order: controls first, then least significant first.
    condition
        A signal of the program's logic; `TRUE` if always.
    """

    gate: Instruction
    wires: tuple[int, ...]
    condition: Signal


@dataclass(frozen=True)
class Sense:
    """A measurement in every shot.

    Attributes
    ----------
    outcome
        Its number.
    wire
        What is measured.
    reset
        Whether the wire is set to 0 afterwards.
    """

    outcome: int
    wire: int
    reset: bool


Step = Apply | Sense


@dataclass(frozen=True)
class Program:
    """A circuit without control flow.

    Attributes
    ----------
    wires
        How many there are; qubits that nothing happens to have none.
    steps
        What happens before the final measurements.
    finals
        Wire of each final measurement: nothing happens to it later, and no condition depends on
        the outcome.
    bits
        Each classical bit at the end, as a signal of ``logic``.
    logic
        What conditions and bits are, as functions of the outcomes.
    """

    wires: int
    steps: tuple[Step, ...]
    finals: dict[int, int]
    bits: tuple[Signal, ...]
    logic: Logic


def translate(circuit: QuantumCircuit, name: str | None = None) -> Program:
    """Unroll a circuit into a straight-line program.

    A measurement that only happens under a condition becomes a controlled not onto an auxiliary
    wire under that condition, and a measurement of that wire in every shot: where the condition
    fails, the wire is 0 and measuring it disturbs nothing.

    Parameters
    ----------
    circuit
        Parameters may be free.
    name
        What messages call it; its own name if not given.

    Returns
    -------
    Program

    Raises
    ------
    UnsupportedCircuitError
        Naming the instruction that has no counterpart: loops of unknown length, classical
        variables, gates without definition.

    Notes
    -----
    Cost: linear in the size of the circuit, loops unrolled.
    """
    walker = _Walker(circuit, name or circuit.name)
    walker.walk(
        circuit, list(range(circuit.num_qubits)), list(range(circuit.num_clbits)), condition=TRUE
    )
    return _finish(walker.steps, walker.bits, walker.logic)


def elementary(operation: Instruction) -> tuple[Instruction, int, int] | None:
    """Split an instruction into a gate that PennyLane has and its controls.

    Returns
    -------
    tuple or None
        The gate, the number of controls, and which controls must be 1, as bits, control 0 the
        least significant. ``None`` if PennyLane does not have it.
    """
    gate, controls, state = operation, 0, 0
    # CUGate has a phase that its base gate does not show.
    if isinstance(operation, ControlledGate) and not isinstance(operation, CUGate):
        gate, controls = operation.base_gate, operation.num_ctrl_qubits
        state = operation.ctrl_state
    if operation.num_qubits != controls + gate.num_qubits:
        return None  # ancillas
    if isinstance(gate, UnitaryGate) or gate.base_class in GATES or gate.base_class in INVERSES:
        return gate, controls, state
    return None


class _Walker:
    """Goes through a circuit and writes down what happens."""

    def __init__(self, circuit: QuantumCircuit, name: str) -> None:
        self._name = name
        # Number of the wire that conditional measurements share.
        self._auxiliary = circuit.num_qubits
        self._outcomes = 0
        self._touched: set[int] = set()
        self.logic = Logic()
        self.steps: list[Step] = []
        self.bits: list[Signal] = [FALSE] * circuit.num_clbits

    def walk(
        self,
        block: QuantumCircuit,
        qubits: Sequence[int],
        clbits: Sequence[int],
        condition: Signal,
    ) -> None:
        """Write down a block whose qubits and bits have these numbers in the whole circuit."""
        if condition == FALSE:
            # Refusals must not depend on it, but nothing happens.
            saved = self.steps, self.bits, self._touched
            self.steps, self.bits, self._touched = [], [*self.bits], set(self._touched)
            self._walk(block, qubits, clbits, TRUE)
            self.steps, self.bits, self._touched = saved
        else:
            self._walk(block, qubits, clbits, condition)

    def _walk(
        self,
        block: QuantumCircuit,
        qubits: Sequence[int],
        clbits: Sequence[int],
        condition: Signal,
    ) -> None:
        for instruction in block.data:
            wires = [qubits[block.find_bit(qubit).index] for qubit in instruction.qubits]
            places = [clbits[block.find_bit(clbit).index] for clbit in instruction.clbits]
            operation = instruction.operation
            if isinstance(operation, Barrier | Delay):
                continue
            if isinstance(operation, Measure):
                self._measure(wires[0], places[0], condition)
            elif isinstance(operation, Reset):
                self._reset(wires[0], condition)
            elif isinstance(operation, ControlFlowOp):
                for inner, holds in self._blocks(operation, block, clbits):
                    self.walk(inner, wires, places, self.logic.both(condition, holds))
            else:
                self._apply(operation, wires, places, condition)

    def _apply(
        self,
        operation: Instruction,
        wires: Sequence[int],
        places: Sequence[int],
        condition: Signal,
    ) -> None:
        if isinstance(operation, Instruction) and elementary(operation) is not None:
            self.steps.append(Apply(operation, tuple(wires), condition))
            self._touched.update(wires)
            return
        definition = getattr(operation, "definition", None)
        if definition is None:
            what = "gate" if isinstance(operation, Gate) else "instruction"
            self._refuse(
                f"{what} {operation.name!r}",
                "it has no counterpart and no definition; backend.compile([...]) may find one",
            )
        self._walk(definition, wires, places, condition)

    def _measure(self, wire: int, place: int, condition: Signal) -> None:
        if condition == TRUE:
            self.bits[place] = self._sense(wire, reset=False)
        else:
            outcome = self._sense_if(wire, condition)
            self.bits[place] = self.logic.choose(condition, outcome, self.bits[place])

    def _reset(self, wire: int, condition: Signal) -> None:
        if wire not in self._touched:
            return  # it is 0
        if condition == TRUE:
            self._sense(wire, reset=True)
        else:
            self.steps.append(Apply(XGate(), (wire,), self._sense_if(wire, condition)))

    def _sense(self, wire: int, *, reset: bool) -> Signal:
        number = self._outcomes
        self._outcomes += 1
        self._touched.add(wire)
        self.steps.append(Sense(number, wire, reset))
        return self.logic.outcome(number)

    def _sense_if(self, wire: int, condition: Signal) -> Signal:
        """Measure where a condition holds; 0 elsewhere."""
        self._touched.add(wire)
        self.steps.append(Apply(CXGate(), (wire, self._auxiliary), condition))
        return self._sense(self._auxiliary, reset=True)

    def _blocks(
        self, operation: ControlFlowOp, block: QuantumCircuit, clbits: Sequence[int]
    ) -> Iterator[tuple[QuantumCircuit, Signal]]:
        """Blocks in order, each with its condition, as bits are before the first of them."""
        if isinstance(operation, BoxOp):
            return iter([(operation.blocks[0], TRUE)])
        if isinstance(operation, ForLoopOp):
            return ((body, TRUE) for body in self._iterations(operation))
        scope = _Scope(self, block, clbits)
        if isinstance(operation, IfElseOp):
            holds = scope.condition(operation.condition)
            return zip(operation.blocks, [holds, self.logic.invert(holds)], strict=False)
        if isinstance(operation, SwitchCaseOp):
            return iter(self._cases(operation, scope))
        why = "only control flow whose length is known can be unrolled"
        return self._refuse(repr(operation.name), why)

    def _iterations(self, loop: ForLoopOp) -> Iterator[QuantumCircuit]:
        values, parameter, body = loop.params
        if parameter is None:
            return (body for _ in values)
        if not isinstance(parameter, Parameter):
            self._refuse("'for_loop'", "its loop variable is a classical variable")
        # Qiskit allows a loop parameter that the body does not hold.
        held = parameter in body.parameters
        return (body.assign_parameters({parameter: v}) if held else body for v in values)

    def _cases(self, operation: SwitchCaseOp, scope: _Scope) -> list[tuple[QuantumCircuit, Signal]]:
        target = scope.value(operation.target)
        cases, earlier = [], FALSE
        for labels, inner in operation.cases_specifier():
            matches = self.logic.any(
                [
                    TRUE
                    if label is CASE_DEFAULT
                    else self.logic.equal(target, _number(int(label), target))
                    for label in labels
                ]
            )
            cases.append((inner, self.logic.both(matches, self.logic.invert(earlier))))
            earlier = self.logic.either(earlier, matches)
        return cases

    def _refuse(self, what: str, why: str) -> NoReturn:
        raise UnsupportedCircuitError(
            f"circuit {self._name!r}: {what} cannot be run on a PennyLane device: {why}"
        )


class _Scope:
    """Classical values as they are now, by the names they have in a block."""

    def __init__(self, walker: _Walker, block: QuantumCircuit, clbits: Sequence[int]) -> None:
        self._walker = walker
        self._logic = walker.logic
        self._block = block
        self._clbits = clbits

    def condition(self, condition: Any) -> Signal:
        """Signal of a condition of either kind that Qiskit has: a pair or an expression."""
        if isinstance(condition, tuple):
            target, wanted = condition
            value = self.value(target)
            return self._logic.equal(value, _number(int(wanted), value))
        return self._logic.any(self.value(condition))

    def value(self, target: Any) -> list[Signal]:
        """Bits of a classical bit, register or expression, least significant first."""
        if isinstance(target, Clbit):
            place = self._clbits[self._block.find_bit(target).index]
            return [self._walker.bits[place]]
        if isinstance(target, ClassicalRegister):
            return [signal for bit in target for signal in self.value(bit)]
        if isinstance(target, expr.Var) and isinstance(target.var, Clbit | ClassicalRegister):
            return self.value(target.var)
        if isinstance(target, expr.Value) and isinstance(target.type, types.Bool | types.Uint):
            return constant(int(target.value), _width(target.type))
        if isinstance(target, expr.Cast) and isinstance(target.type, types.Bool | types.Uint):
            return self._cast(target)
        if isinstance(target, expr.Unary):
            return self._unary(target)
        if isinstance(target, expr.Binary):
            return self._binary(target)
        if isinstance(target, expr.Index) and isinstance(target.index, expr.Value):
            return [self.value(target.target)[target.index.value]]
        return self._refuse(target)

    def _cast(self, target: expr.Cast) -> list[Signal]:
        inner = self.value(target.operand)
        if isinstance(target.type, types.Bool):
            return [self._logic.any(inner)]
        return widened(inner, _width(target.type))

    def _unary(self, target: expr.Unary) -> list[Signal]:
        if target.op not in (expr.Unary.Op.BIT_NOT, expr.Unary.Op.LOGIC_NOT):
            self._refuse(target)
        return [self._logic.invert(bit) for bit in self.value(target.operand)]

    def _binary(self, target: expr.Binary) -> list[Signal]:
        logic, op = self._logic, target.op
        a, b = self.value(target.left), self.value(target.right)
        kinds = expr.Binary.Op
        bitwise = {
            kinds.BIT_AND: logic.both,
            kinds.LOGIC_AND: logic.both,
            kinds.BIT_OR: logic.either,
            kinds.LOGIC_OR: logic.either,
            kinds.BIT_XOR: logic.differ,
        }
        if op in bitwise:
            return [bitwise[op](left, right) for left, right in zip(a, b, strict=True)]
        compare = {
            kinds.EQUAL: lambda: logic.equal(a, b),
            kinds.NOT_EQUAL: lambda: logic.invert(logic.equal(a, b)),
            kinds.LESS: lambda: logic.less(a, b),
            kinds.GREATER_EQUAL: lambda: logic.invert(logic.less(a, b)),
            kinds.GREATER: lambda: logic.less(b, a),
            kinds.LESS_EQUAL: lambda: logic.invert(logic.less(b, a)),
        }
        if op in compare:
            return [compare[op]()]
        if op in (kinds.SHIFT_LEFT, kinds.SHIFT_RIGHT) and isinstance(target.right, expr.Value):
            places = int(target.right.value)
            moved = [FALSE] * places + a if op == kinds.SHIFT_LEFT else a[places:]
            return widened(moved, len(a))
        return self._refuse(target)

    def _refuse(self, target: Any) -> NoReturn:
        what = getattr(getattr(target, "op", None), "name", type(target).__name__)
        self._walker._refuse(
            f"classical expression {what}",
            "conditions may hold bits, registers, constants, comparisons, constant shifts and "
            "indices, and, or, exclusive or, and not",
        )


def _width(kind: types.Type) -> int:
    return kind.width if isinstance(kind, types.Uint) else 1


def _number(value: int, like: Sequence[Signal]) -> list[Signal]:
    """Bits of a number, as many as it or another has."""
    return constant(value, max(len(like), value.bit_length()))


def _finish(steps: Sequence[Step], bits: Sequence[Signal], logic: Logic) -> Program:
    """Set final measurements apart, and number the wires that are used from 0."""
    conditions = {step.condition for step in steps if isinstance(step, Apply)}
    conditioning = set(logic.outcomes(conditions))
    used: set[int] = set()
    kept: list[Step] = []
    finals: dict[int, int] = {}
    for step in reversed(steps):
        if isinstance(step, Apply):
            kept.append(step)
            used.update(step.wires)
            continue
        if step.reset or step.wire in used or step.outcome in conditioning:
            kept.append(step)
        else:
            finals[step.outcome] = step.wire
        used.add(step.wire)
    number = {wire: index for index, wire in enumerate(sorted(used))}
    return Program(
        wires=len(used),
        steps=tuple(_renumbered(step, number) for step in reversed(kept)),
        finals={outcome: number[wire] for outcome, wire in sorted(finals.items())},
        bits=tuple(bits),
        logic=logic,
    )


def _renumbered(step: Step, number: dict[int, int]) -> Step:
    if isinstance(step, Apply):
        return Apply(step.gate, tuple(number[wire] for wire in step.wires), step.condition)
    return Sense(step.outcome, number[step.wire], step.reset)
