"""Today's devices: no error correction, so that errors take the signal away.

With the fields of the counts and the constants of the device; ``timing`` and ``errors`` are those
of its backend description::

    cx      = two_qubit_gates + 6 toffolis
    layers  = two_qubit_depth + 5 min(two_qubit_depth, toffolis)
    pulses  = rotations + 2 cx
    gates   = layers (timing.two_qubit_gate + 2 timing.one_qubit_gate)
              + rotation_depth timing.one_qubit_gate
    seconds of a run = gates + ceil(measurements / qubits) timing.measure
                       + ceil(resets / qubits) timing.reset + timing.repetition_delay
    idle    = max(0, qubits gates - 2 cx timing.two_qubit_gate - pulses timing.one_qubit_gate)
    ln F    = cx ln(1 - errors.two_qubit_gate) + pulses ln(1 - errors.one_qubit_gate)
              + measurements ln(1 - errors.readout)
              - idle (1 / (4 errors.t1) + 1 / (2 errors.t2))
    runs done = runs / F^2
    seconds = runs done * seconds of a run + timing.per_job ceil(runs done / limits.max_executions)

A Toffoli gate is six CX gates, one layer is then six; a CX gate has a pulse on the target before
and after it; T gates and other rotations about Z take no time. F is the probability that a run has
no error at all. What errors leave of an expectation value is taken as F times it, the rest as
noise of mean zero; undoing the factor multiplies the variance by 1 / F^2 and so the runs for the
same standard error. That is the optimistic end: no mitigation does better in general than a number
of runs that is exponential in the errors (R. Takagi et al., npj Quantum Inf. 8, 114 (2022)). The
idle term is the error of a Pauli-twirled channel of amplitude and phase damping, to first order in
time (M. R. Geller, Z. Zhou, Phys. Rev. A 88, 012314 (2013), unverified). Routing between qubits
that are not neighbours is not counted, which favours the device.

A device is called unfit where the circuit has more qubits or needs a reset that it does not have,
or where all runs take longer than ``longest_seconds``, a century.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from circuits.costs import GateCounts
from qml_algos.backends.config import ErrorRates, Timing
from qml_algos.speedup.devices.counts import infeasible, require_runs, rounds, too_large
from qml_algos.speedup.devices.model import Execution, Kind

LONGEST_SECONDS = 3.15576e9
"""A century: what takes longer is not called feasible."""

_LARGEST_EXPONENT = 700.0


@dataclass(frozen=True)
class TodayDevice:
    """A device of today, as a backend description has it.

    Attributes
    ----------
    name, description
        Of the backend.
    qubits
        Of the device.
    max_executions
        Largest number of runs of one job.
    timing, errors
        Of the backend.
    """

    name: str
    description: str
    qubits: int
    max_executions: int
    timing: Timing
    errors: ErrorRates

    @property
    def kind(self) -> Kind:
        """``"today"``."""
        return "today"

    def execution(self, run: GateCounts, runs: float) -> Execution:
        """Project so many runs of a circuit. Cost: constant."""
        require_runs(runs)
        if excess := too_large(run):
            return infeasible(excess)
        parts = self._seconds(run)
        per_run = sum(parts.values())
        exponent = self._log_fidelity(run, parts["gates"])
        hopeless = -2 * exponent > _LARGEST_EXPONENT
        done = math.inf if hopeless else runs * math.exp(-2 * exponent)
        jobs = math.inf if math.isinf(done) else math.ceil(done / self.max_executions)
        seconds = done * per_run + jobs * self.timing.per_job
        reason = self._reason(run, exponent, done, seconds)
        return Execution(
            seconds_per_run=per_run,
            seconds=seconds,
            fidelity=math.exp(exponent),
            runs=done,
            qubits=float(run.qubits),
            feasible=reason is None,
            reason=reason,
            seconds_by_part=parts,
        )

    def to_json(self) -> dict[str, Any]:
        """All constants and their sources."""
        tables: dict[str, Timing | ErrorRates] = {"timing": self.timing, "errors": self.errors}
        return {
            "name": self.name,
            "kind": self.kind,
            "description": self.description,
            "limits": {"qubits": self.qubits, "max_executions": self.max_executions},
            "longest_seconds": LONGEST_SECONDS,
            **{name: _values(table) for name, table in tables.items()},
            "sources": {
                name: {"source": table.source, "as_of": table.as_of.isoformat()}
                for name, table in tables.items()
            },
        }

    def _seconds(self, counts: GateCounts) -> dict[str, float]:
        timing = self.timing
        layers = counts.two_qubit_depth + 5 * min(counts.two_qubit_depth, counts.toffolis)
        return {
            "gates": layers * (timing.two_qubit_gate + 2 * timing.one_qubit_gate)
            + counts.rotation_depth * timing.one_qubit_gate,
            "measurements": rounds(counts.measurements, counts.qubits) * timing.measure,
            "resets": rounds(counts.resets, counts.qubits) * (timing.reset or 0.0),
            "repetition delay": timing.repetition_delay,
        }

    def _log_fidelity(self, counts: GateCounts, seconds: float) -> float:
        """Return the natural logarithm of the probability that a run has no error."""
        timing, errors = self.timing, self.errors
        pulses = counts.rotations + 2 * counts.cx_gates
        exponent = (
            _times_log(counts.cx_gates, errors.two_qubit_gate)
            + _times_log(pulses, errors.one_qubit_gate)
            + _times_log(counts.measurements, errors.readout)
        )
        busy = 2 * counts.cx_gates * timing.two_qubit_gate + pulses * timing.one_qubit_gate
        idle = max(0.0, counts.qubits * seconds - busy)
        decay = (0.25 / errors.t1 if errors.t1 else 0.0) + (0.5 / errors.t2 if errors.t2 else 0.0)
        return float(exponent - idle * decay)

    def _reason(
        self, counts: GateCounts, exponent: float, runs: float, seconds: float
    ) -> str | None:
        if counts.qubits > self.qubits:
            return f"It needs {counts.qubits:,} qubits; {self.name} has {self.qubits}."
        if counts.resets > 0 and self.timing.reset is None:
            return f"It needs a reset, which {self.name} does not have."
        if seconds > LONGEST_SECONDS:
            number = f"the {runs:.2g} runs" if math.isfinite(runs) else "the number of runs"
            return (
                f"On {self.name} a run has no error with probability "
                f"10^{exponent / math.log(10):.3g}; {number} that this takes would last more than "
                "a century."
            )
        return None


def _times_log(number: float, error: float) -> float:
    """Return the logarithm of the probability that none of so many operations errs."""
    if number == 0:
        return 0.0
    return -math.inf if error == 1 else number * math.log1p(-error)


def _values(table: Timing | ErrorRates) -> dict[str, float | None]:
    return {
        key: value
        for key, value in table.model_dump(mode="json").items()
        if key not in ("source", "as_of")
    }
