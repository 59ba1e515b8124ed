"""Descriptions of fault-tolerant and idealised devices: TOML in, validated values out."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from qml_algos.backends.config import PastDate, Text

Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
PhysicalSeconds = Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]
Whole = Annotated[int, Field(ge=1, le=1_000_000)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]


class Section(BaseModel):
    """A table of a description. Unknown keys are refused, and nothing is converted."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Sourced(Section):
    """A table of constants.

    Attributes
    ----------
    source, as_of
        Where they come from, and when they held.
    """

    source: Text
    as_of: PastDate


class PhysicalTiming(Sourced):
    """Durations of physical operations in seconds."""

    two_qubit_gate: PhysicalSeconds
    measure: PhysicalSeconds


class PhysicalErrors(Sourced):
    """Error probabilities of physical operations.

    Attributes
    ----------
    clifford
        The largest of gates on one qubit, gates on two, and idling.
    t_gate
        Of a T gate, or of the state that is injected for it.
    """

    clifford: Annotated[float, Field(gt=0, lt=1, allow_inf_nan=False)]
    t_gate: Annotated[float, Field(gt=0, lt=1, allow_inf_nan=False)]


class Code(Sourced):
    """An error-correcting code of distance d.

    Attributes
    ----------
    threshold, prefactor
        The logical error of a qubit in a cycle is
        ``prefactor (clifford / threshold)^((d + 1) / 2)``.
    two_qubit_gates, measurements
        Steps of a round of syndrome measurement; a logical cycle has d rounds.
    patch
        A logical qubit has ``patch d^2`` physical ones.
    """

    threshold: Annotated[float, Field(gt=0, lt=1, allow_inf_nan=False)]
    prefactor: Annotated[float, Field(gt=0, lt=1, allow_inf_nan=False)]
    two_qubit_gates: Whole
    measurements: Whole
    patch: Whole


class Layout(Sourced):
    """What a Toffoli gate takes where gates are done one by one by lattice surgery."""

    t_states_per_toffoli: Whole
    cycles_per_toffoli: Whole


class Synthesis(Sourced):
    """A rotation to error e takes ``ceil(slope log2(1 / e) + offset)`` T gates."""

    slope: Positive
    offset: Annotated[float, Field(ge=0, allow_inf_nan=False)]


def _as_tuple(given: object) -> object:
    # TOML knows lists only; a description must be hashable.
    return tuple(given) if isinstance(given, list) else given


class DistillationUnit(Section):
    """Makes one better T state from several.

    Attributes
    ----------
    name
        In reports.
    input_states
        T states that go in.
    logical_qubits, logical_cycles
        On encoded qubits.
    physical_qubits, physical_measurements
        On bare qubits, in a first round: qubits, and duration in measurements.
    """

    name: Text
    input_states: Whole
    logical_qubits: Whole
    logical_cycles: Whole
    physical_qubits: Whole
    physical_measurements: Whole


class Distillation(Sourced):
    """T factories: up to ``rounds`` rounds of one kind of unit each.

    Attributes
    ----------
    cube, clifford_weight
        A unit's output has error ``cube x^3 + clifford_weight p``, for an input error x and
        Clifford gates of error p.
    failure_input_weight, failure_clifford_weight
        It fails with probability ``failure_input_weight x + failure_clifford_weight p``.
    failure
        Probability that a factory's run may yield too few states.
    rounds
        At most.
    clifford_ratio
        Units are used if p is at most this times the error of a physical T gate.
    units
        To choose from.
    """

    cube: Positive
    clifford_weight: Positive
    failure_input_weight: Positive
    failure_clifford_weight: Positive
    failure: Annotated[float, Field(gt=0, lt=1, allow_inf_nan=False)]
    rounds: Annotated[int, Field(ge=1, le=3)]
    clifford_ratio: Positive
    units: Annotated[
        tuple[DistillationUnit, ...],
        Field(min_length=1, max_length=4),
        BeforeValidator(_as_tuple),
    ]


class Budget(Sourced):
    """Error probability of one run, all parts together."""

    error: Annotated[float, Field(gt=0, lt=0.5, allow_inf_nan=False)]


class FaultTolerantDescription(Section):
    """A fault-tolerant device, see `qml_algos.speedup.devices.fault_tolerant`."""

    name: Name
    description: Text
    kind: Literal["fault-tolerant"]
    timing: PhysicalTiming
    errors: PhysicalErrors
    code: Code
    layout: Layout
    synthesis: Synthesis
    distillation: Distillation
    budget: Budget

    @model_validator(mode="after")
    def _below_threshold(self) -> FaultTolerantDescription:
        if self.errors.clifford >= self.code.threshold:
            raise ValueError(
                f"errors.clifford = {self.errors.clifford}: must be below code.threshold = "
                f"{self.code.threshold}, or no distance corrects errors"
            )
        return self


class GateRate(Sourced):
    """Layers of logical gates a second."""

    rate: Positive


class LogicalLimits(Sourced):
    """Largest number of logical qubits."""

    logical_qubits: Annotated[int, Field(ge=1)]


class IdealisedDescription(Section):
    """A device without errors, see `qml_algos.speedup.devices.idealised`."""

    name: Name
    description: Text
    kind: Literal["idealised"]
    gates: GateRate
    limits: LogicalLimits


def constants(description: BaseModel) -> dict[str, Any]:
    """Return all tables of a description by name, without sources."""
    tables = description.model_dump(mode="json", exclude={"name", "description", "kind"})
    return {
        name: {key: value for key, value in table.items() if key not in ("source", "as_of")}
        for name, table in tables.items()
    }


def sources(description: BaseModel) -> dict[str, dict[str, str]]:
    """Return source and date of every table that has them, by its name."""
    tables = description.model_dump(mode="json", exclude={"name", "description", "kind"})
    return {
        name: {"source": table["source"], "as_of": table["as_of"]}
        for name, table in tables.items()
        if table is not None and "source" in table
    }
