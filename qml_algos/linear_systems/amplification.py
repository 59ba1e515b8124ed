"""Amplitude amplification of any solver's program."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from circuits.amplitude_amplification import (
    AmplificationSchedule,
    amplify,
    exact_schedule,
    fixed_point_schedule,
    grover_schedule,
)
from qml_algos.errors import NothingAcceptedError
from qml_algos.linear_systems.program import Program
from qml_algos.results import Estimate

AmplificationMethod = Literal["grover", "exact", "fixed_point"]
"""``"grover"`` for the least cost, ``"exact"`` for certainty, ``"fixed_point"`` for any p."""

# The fixed point's bound lies this many standard errors below the estimate ...
_CONFIDENCE = 3.0
# ... but not below this part of it.
_LEAST = 0.25


def amplified(
    program: Program,
    success_probability: Estimate | float,
    method: AmplificationMethod = "grover",
    *,
    failure: float = 0.1,
    workspace: Sequence[int] | None = None,
) -> Program:
    r"""Amplify the amplitudes of the solution.

    They are multiplied by a gain that the success probability p determines, so the factor is
    divided by it: x and its norm stay what they were.

    Parameters
    ----------
    program
        Of any solver.
    success_probability
        p, known or estimated (by `qml_algos.linear_systems.pilot.acceptance_probability`, say).
    method
        ``"grover"`` brings p above 0.5 at the least cost per accepted shot, if it is not there.
        ``"exact"`` brings p to 1, and an estimate of it near 1: a deviation of d standard errors s
        costs about ``(pi d s / (4 p))**2``. ``"fixed_point"`` allows ``failure``, whatever p above
        3 standard errors below its estimate is.
    failure
        Probability, for the fixed point.
    workspace
        Qubits that the program takes from 0 to 0 whatever the others do (accepted in 0): they are
        lent to the phases, which do not depend on them. By default those of the registers called
        ``workspace`` or ``more_workspace``, as block encodings name them.

    Returns
    -------
    Program
        Of the same layout; one qubit above the others if there is no workspace. For a small p
        about ``1.2 / sqrt(p)`` uses of the program ("grover"), ``1.6 / sqrt(p)`` ("exact"), or
        ``log(2 / sqrt(failure)) / sqrt(p)`` ("fixed_point"), and phases:
        see `circuits.amplitude_amplification.amplify`.

        Where p was estimated, the relative error that the norm of x inherits from it, about half
        that of p, is its ``factor_error``: an amplified probability hardly depends on p.

    Raises
    ------
    ValueError
        If an argument is out of range.
    NothingAcceptedError
        If the estimate of p is 0.
    """
    start = time.perf_counter()
    p, error = _estimate(success_probability)
    schedule = _schedule(method, p, error, failure)
    data = program.data_qubits
    workspace = _named_workspace(program) if workspace is None else workspace
    looked_at = [q for q in range(data, program.circuit.num_qubits) if q not in set(workspace)]
    wrong = [q for q in workspace if q < data or program.accepted >> (q - data) & 1]
    if wrong:
        raise ValueError(f"workspace = {list(workspace)}: qubits {wrong} do not return to 0")
    value = sum((program.accepted >> (q - data) & 1) << bit for bit, q in enumerate(looked_at))
    circuit = amplify(program.circuit, schedule, looked_at, value, workspace=workspace)
    gain = schedule.gain(p)
    # The gain's phase goes into the circuit: real amplitudes stay real.
    circuit.global_phase -= float(np.angle(gain))
    circuit.metadata = program.circuit.metadata
    details = {
        "success probability before amplification": p,
        "rounds of amplification": schedule.rounds,
    }
    return replace(
        program,
        circuit=circuit,
        factor=program.factor / abs(gain),
        build_seconds=program.build_seconds + time.perf_counter() - start,
        factor_error=_factor_error(schedule, p, error),
        details={**program.details, **details},
    )


def _named_workspace(program: Program) -> list[int]:
    circuit = program.circuit
    registers = [r for r in circuit.qregs if r.name in ("workspace", "more_workspace")]
    return sorted(circuit.find_bit(qubit).index for register in registers for qubit in register)


def _estimate(given: Estimate | float) -> tuple[float, float]:
    estimate = given if isinstance(given, Estimate) else Estimate(given, 0.0)
    if estimate.value == 0:
        raise NothingAcceptedError(
            "success_probability = 0: nothing can be amplified; estimate it from more shots"
        )
    if not 0 < estimate.value <= 1 + 1e-9:
        raise ValueError(
            f"success_probability = {estimate.value}: a probability above 0 and at most 1 is needed"
        )
    return min(1.0, estimate.value), estimate.standard_error


def _schedule(
    method: AmplificationMethod, p: float, error: float, failure: float
) -> AmplificationSchedule:
    if method == "grover":
        return grover_schedule(p)
    if method == "exact":
        return exact_schedule(p)
    if method == "fixed_point":
        return fixed_point_schedule(max(p - _CONFIDENCE * error, _LEAST * p), failure)
    raise ValueError(f"method = {method!r}: 'grover', 'exact' or 'fixed_point'")


def _factor_error(schedule: AmplificationSchedule, p: float, error: float) -> float:
    """Half the relative difference of the gains one standard error above and below."""
    ends = np.clip([p - error, p + error], _LEAST * p, 1.0)
    low, high = (abs(schedule.gain(float(end))) for end in ends)
    return float(abs(np.log(high / low)) / 2)
