"""Fault-tolerant devices.

Runs follow one another on one device. A run is right with probability ``1 - budget.error``, which
weakens a signal by that factor, so that

    runs done = runs / (1 - budget.error)^2
    seconds   = runs done * seconds of a run

and the seconds, qubits and distance of a run are those of
`qml_algos.speedup.devices.surface_code`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from qiskit import QuantumCircuit

from circuits.costs import GateCounts, count_gates
from qml_algos.speedup.devices.counts import infeasible, require_runs, too_large
from qml_algos.speedup.devices.descriptions import FaultTolerantDescription, constants, sources
from qml_algos.speedup.devices.distillation import factories
from qml_algos.speedup.devices.model import Execution, Kind
from qml_algos.speedup.devices.qdk_estimator import Estimator, estimate_counts
from qml_algos.speedup.devices.surface_code import FaultTolerantEstimate, estimate_by_formulas


@dataclass(frozen=True)
class FaultTolerantDevice:
    """A fault-tolerant device.

    Attributes
    ----------
    constants
        As its file has them.
    """

    constants: FaultTolerantDescription

    @property
    def name(self) -> str:
        """As the command line takes it."""
        return self.constants.name

    @property
    def kind(self) -> Kind:
        """``"fault-tolerant"``."""
        return "fault-tolerant"

    @property
    def description(self) -> str:
        """One line."""
        return self.constants.description

    def execution(self, run: GateCounts, runs: float) -> Execution:
        """Project so many runs of a circuit, by the formulas. Cost: constant."""
        require_runs(runs)
        if excess := too_large(run):
            return infeasible(excess)
        try:
            found = estimate_by_formulas(run, self.constants)
        except ValueError as error:
            return infeasible(f"The circuit is too long: {error}.")
        fidelity = 1 - self.constants.budget.error
        done = runs / fidelity**2
        return Execution(
            seconds_per_run=found.seconds,
            seconds=found.seconds * done,
            fidelity=fidelity,
            runs=done,
            qubits=float(found.qubits),
            code_distance=found.code_distance,
            seconds_by_part=_parts(run, found, self.constants),
        )

    def estimate(
        self, circuit: QuantumCircuit | GateCounts, *, estimator: Estimator = "auto"
    ) -> FaultTolerantEstimate:
        """Estimate the physical resources of one run.

        Parameters
        ----------
        circuit
            As built, or its counts. Rotations of a circuit by multiples of pi / 4 count as
            Clifford or T gates.
        estimator
            ``"qdk"``: Azure's resource estimator, on this machine, nothing sent; ``"formulas"``;
            or ``"auto"``: qdk where it is installed and gives an answer, else the formulas.

        Returns
        -------
        FaultTolerantEstimate

        Raises
        ------
        ValueError
            If ``circuit`` is neither, or ``estimator`` none of the three.
        MissingExtraError
            If qdk is asked for and not installed; the message names the extra.
        TooLargeError
            If the counts are not finite, beyond every T factory, or qdk is asked for and they are
            beyond its range.
        NotConvergedError
            If qdk is asked for and does not finish.
        """
        if isinstance(circuit, QuantumCircuit):
            circuit = count_gates(circuit, resolve_angles=True)
        if not isinstance(circuit, GateCounts):
            raise ValueError(
                f"circuit: {type(circuit).__name__} given, a QuantumCircuit or GateCounts is needed"
            )
        return estimate_counts(circuit, self.constants, estimator)

    def to_json(self) -> dict[str, Any]:
        """All constants, the list of T factories, and the sources."""
        return {
            "name": self.name,
            "kind": self.kind,
            "description": self.description,
            **constants(self.constants),
            "factories": [asdict(factory) for factory in factories(self.constants)],
            "sources": sources(self.constants),
        }


def _parts(
    counts: GateCounts, found: FaultTolerantEstimate, device: FaultTolerantDescription
) -> dict[str, float]:
    layers = min(counts.rotation_depth, counts.rotations)
    cycles = {
        "measurements": counts.measurements,
        "T gates": counts.t_gates,
        "Toffoli gates": device.layout.cycles_per_toffoli * counts.toffolis,
        "rotations": counts.rotations + found.t_states_per_rotation * layers,
    }
    cycles["waiting for T states"] = max(0, found.cycles - sum(cycles.values()))
    return {part: float(number * found.cycle_seconds) for part, number in cycles.items()}
