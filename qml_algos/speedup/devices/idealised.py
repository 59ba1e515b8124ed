"""Idealised devices: no errors, every pair of qubits connected, gates at a given rate.

With the fields of the counts and the constants of the device::

    layers  = two_qubit_depth + rotation_depth + min(t_gates, two_qubit_depth + 1)
              + ceil(measurements / qubits) + ceil(resets / qubits)
    seconds = runs max(1, layers) / gates.rate

A Toffoli gate and a rotation each take one layer. T gates have no depth of their own in the
counts: they fill at most the gaps between the layers of two-qubit gates, all qubits at once. A
circuit of more than ``limits.logical_qubits`` qubits does not fit.

Source: the assumptions of T. Hoefler, T. Haener, M. Troyer, CACM 66(5), 82 (2023),
arXiv:2307.00523, who give a quantum computer 10,000 logical qubits and 10 us a gate.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from circuits.costs import GateCounts
from qml_algos.speedup.devices.counts import infeasible, require_runs, rounds, too_large
from qml_algos.speedup.devices.descriptions import IdealisedDescription, constants, sources
from qml_algos.speedup.devices.model import Execution, Kind


@dataclass(frozen=True)
class IdealisedDevice:
    """A device without errors.

    Attributes
    ----------
    constants
        As its file has them.
    """

    constants: IdealisedDescription

    @property
    def name(self) -> str:
        """As the command line takes it."""
        return self.constants.name

    @property
    def kind(self) -> Kind:
        """``"idealised"``."""
        return "idealised"

    @property
    def description(self) -> str:
        """One line."""
        return self.constants.description

    def execution(self, run: GateCounts, runs: float) -> Execution:
        """Project so many runs of a circuit. Cost: constant."""
        require_runs(runs)
        if excess := too_large(run):
            return infeasible(excess)
        layers = {
            "two-qubit gates": run.two_qubit_depth,
            "rotations": run.rotation_depth,
            "T gates": min(run.t_gates, run.two_qubit_depth + 1),
            "measurements": rounds(run.measurements, run.qubits),
            "resets": rounds(run.resets, run.qubits),
        }
        rate, most = self.constants.gates.rate, self.constants.limits.logical_qubits
        seconds = max(1, sum(layers.values())) / rate
        fits = run.qubits <= most
        reason = f"It needs {run.qubits:,} logical qubits; {self.name} has {most:,}."
        return Execution(
            seconds_per_run=seconds,
            seconds=seconds * runs,
            fidelity=1.0,
            runs=runs,
            qubits=float(run.qubits),
            feasible=fits,
            reason=None if fits else reason,
            seconds_by_part={part: number / rate for part, number in layers.items()},
        )

    def to_json(self) -> dict[str, Any]:
        """All constants and their sources."""
        return {
            "name": self.name,
            "kind": self.kind,
            "description": self.description,
            **constants(self.constants),
            "sources": sources(self.constants),
        }
