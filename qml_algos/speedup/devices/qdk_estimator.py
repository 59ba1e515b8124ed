"""Azure's resource estimator (package ``qdk``), run on this machine in a process of its own."""

from __future__ import annotations

import importlib.util
import json
import math
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, get_args

from circuits.costs import GateCounts
from qml_algos.errors import MissingExtraError, NotConvergedError, TooLargeError
from qml_algos.speedup.devices.counts import too_large
from qml_algos.speedup.devices.descriptions import FaultTolerantDescription
from qml_algos.speedup.devices.surface_code import FaultTolerantEstimate, estimate_by_formulas

Estimator = Literal["auto", "qdk", "formulas"]

PATIENCE = 30.0
"""Seconds that an estimate may take."""

LARGEST_DISTANCE = 41
"""Beyond, qdk, whose largest code distance is 50, may search without end for T factories."""

LARGEST_COUNT = 10**17
"""Of logical cycles, T states and logical qubits: qdk's integers have 64 bits."""

LONGEST_SECONDS = 1e10
"""Of a run: qdk's nanoseconds start from 0 again after 584 years, without a word."""


def estimate_counts(
    counts: GateCounts, device: FaultTolerantDescription, estimator: Estimator
) -> FaultTolerantEstimate:
    """Estimate one run by qdk or by the formulas.

    See `qml_algos.speedup.devices.fault_tolerant.FaultTolerantDevice.estimate`.
    """
    if estimator not in get_args(Estimator):
        raise ValueError(f"estimator = {estimator!r}: must be one of {get_args(Estimator)}")
    if too_large(counts):
        raise TooLargeError(f"circuit: {too_large(counts)}")
    try:
        by_formulas = estimate_by_formulas(counts, device)
    except ValueError as error:
        raise TooLargeError(f"circuit: {error}") from None
    excess = _excess(by_formulas)
    if estimator == "formulas" or (estimator == "auto" and (excess or not installed())):
        return by_formulas
    if excess:
        raise TooLargeError(f"circuit: {excess}; use estimator='formulas'")
    try:
        return estimate_by_qdk([counts], device)[0]
    except NotConvergedError:
        if estimator == "qdk":
            raise
        return by_formulas


def _excess(estimate: FaultTolerantEstimate) -> str | None:
    """Say what of a circuit is beyond the range of qdk."""
    largest = max(estimate.cycles, estimate.t_states, estimate.logical_qubits)
    for what, value, most in (
        ("code distance", estimate.code_distance, LARGEST_DISTANCE),
        ("logical cycles, T states or qubits", largest, LARGEST_COUNT),
        ("seconds", estimate.seconds, LONGEST_SECONDS),
    ):
        if value > most:
            return f"{what} {float(value):.3g}, where qdk takes up to {float(most):.3g}"
    return None


def installed() -> bool:
    """Whether qdk can be imported."""
    return importlib.util.find_spec("qdk") is not None


def estimate_by_qdk(
    runs: Sequence[GateCounts], device: FaultTolerantDescription
) -> list[FaultTolerantEstimate]:
    """Estimate several circuits in one process.

    Parameters
    ----------
    runs
        Counts within the range of qdk.
    device
        Its timing, errors, code and budget; layout, synthesis and T factories are qdk's own.

    Returns
    -------
    list of FaultTolerantEstimate
        Cost: about 0.2 s for the process and 10 ms for each.

    Raises
    ------
    MissingExtraError
        If qdk is not installed; the message names the extra.
    NotConvergedError
        If qdk refuses a circuit, or has not finished after `PATIENCE` seconds: for some circuits
        of few qubits it never does.
    """
    if not installed():
        raise MissingExtraError(
            "estimator 'qdk' needs qdk: install qml-algos[estimator], or use 'formulas'"
        )
    jobs = json.dumps([(_logical(counts), _parameters(device)) for counts in runs])
    command = [sys.executable, str(Path(__file__).with_name("qdk_child.py"))]
    # Without the variable qdk would tell its makers of every estimate.
    environment = os.environ | {"QDK_PYTHON_TELEMETRY": "none"}
    try:
        done = subprocess.run(  # noqa: S603
            command,
            input=jobs,
            env=environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=True,
        )
    except subprocess.TimeoutExpired:
        raise NotConvergedError(
            f"qdk has not finished after {PATIENCE} s; use estimator='formulas'"
        ) from None
    except subprocess.CalledProcessError as error:
        raise NotConvergedError(f"qdk refuses the circuit: {error.stderr.strip()}") from None
    return [_read(result) for result in json.loads(done.stdout)]


def _logical(counts: GateCounts) -> dict[str, int]:
    logical = {
        "tCount": math.ceil(counts.t_gates),
        "rotationCount": math.ceil(counts.rotations),
        "rotationDepth": math.ceil(min(counts.rotation_depth, counts.rotations)),
        "cczCount": math.ceil(counts.toffolis),
        "measurementCount": math.ceil(counts.measurements),
    }
    if not any(logical.values()):
        # It refuses a circuit of Clifford gates alone; the shortest it takes has one cycle.
        logical["measurementCount"] = 1
    return logical | {"numQubits": math.ceil(counts.qubits)}


def _parameters(device: FaultTolerantDescription) -> dict[str, Any]:
    """Return the constants of a device under the names that qdk has for them."""
    code, timing, errors = device.code, device.timing, device.errors
    gate, measure = (f"{1e9 * value:.0f} ns" for value in (timing.two_qubit_gate, timing.measure))
    return {
        "errorBudget": device.budget.error,
        "qubitParams": {
            "name": device.name,
            "instructionSet": "GateBased",
            "oneQubitMeasurementTime": measure,
            "oneQubitGateTime": gate,
            "twoQubitGateTime": gate,
            "tGateTime": gate,
            "oneQubitMeasurementErrorRate": errors.clifford,
            "oneQubitGateErrorRate": errors.clifford,
            "twoQubitGateErrorRate": errors.clifford,
            "idleErrorRate": errors.clifford,
            "tGateErrorRate": errors.t_gate,
        },
        "qecScheme": {
            "errorCorrectionThreshold": code.threshold,
            "crossingPrefactor": code.prefactor,
            "logicalCycleTime": (
                f"({code.two_qubit_gates} * twoQubitGateTime + "
                f"{code.measurements} * oneQubitMeasurementTime) * codeDistance"
            ),
            "physicalQubitsPerLogicalQubit": f"{code.patch} * codeDistance * codeDistance",
        },
    }


def _read(result: Any) -> FaultTolerantEstimate:
    physical, patch = result["physicalCounts"], result["logicalQubit"]
    breakdown = physical["breakdown"]
    return FaultTolerantEstimate(
        qubits=physical["physicalQubits"],
        seconds=1e-9 * physical["runtime"],
        code_distance=patch["codeDistance"],
        logical_qubits=breakdown["algorithmicLogicalQubits"],
        cycles=breakdown["logicalDepth"],
        cycle_seconds=1e-9 * patch["logicalCycleTime"],
        t_states=breakdown["numTstates"],
        t_states_per_rotation=breakdown["numTsPerRotation"] or 0,
        factories=breakdown["numTfactories"],
        factory_qubits=breakdown["physicalQubitsForTfactories"],
        estimator="qdk",
    )
