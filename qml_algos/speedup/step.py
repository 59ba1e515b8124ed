"""One step of a comparison: one solver on one problem, within what the machine has."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from qiskit import QuantumCircuit
from threadpoolctl import threadpool_limits

from circuits.costs import GateCounts, count_gates
from qml_algos.errors import QmlAlgosError, TooLargeError
from qml_algos.results import circuit_costs
from qml_algos.speedup.bills import amplification_rounds
from qml_algos.speedup.contest import Contest, Demand, Setting
from qml_algos.speedup.record import Row
from qml_algos.speedup.watch import Limits, WatchedBackend

_BUILDABLE = 2**15
"""Gates, at least, of a circuit that is built: with more, compiling takes minutes."""
_COUNTABLE = 2**6
"""Dimension of a unitary matrix whose gates are counted: taking larger ones apart is no less work
than compiling them."""
_TOLD_BY = ("qubits", "two_qubit_gates", "two_qubit_depth")
"""Figures by which a circuit is known again; its depth may have been taken without measurements."""


def run_step(
    contest: Contest,
    problem: Any,
    solver: str,
    reference: Any,
    setting: Setting,
    limits: Limits | None,
    threads: int,
) -> Row:
    """Run one solver on one problem.

    Parameters
    ----------
    contest, problem, solver, reference, setting
        What is to be done; the reference may be why it cannot be.
    limits
        Of simulations; ``None`` for devices.
    threads
        That numerical libraries may take.

    Returns
    -------
    Row
        Measured; or, of what is too large for the backend, for memory or for the limits, projected:
        with the costs of the circuit, if one was built. Or failed, if the solver does not apply.
    """
    watched = WatchedBackend(setting.backend, limits)
    bare = contest.failed(problem, solver, setting)
    try:
        if isinstance(reference, QmlAlgosError):
            raise reference
        if limits is not None:
            _require_possible(contest.demand(problem, solver), bare, limits)
        with threadpool_limits(limits=threads):
            row = contest.row(problem, solver, reference, replace(setting, backend=watched))
    except TooLargeError as error:
        return replace(bare, status="projected", failure=str(error), **_known(watched))
    except QmlAlgosError as error:
        return replace(bare, status="failed", failure=str(error))
    return _with_rounds(_with_gates(row, watched))


def _with_rounds(row: Row) -> Row:
    """Add the rounds that would amplify the success probability."""
    if row.kind == "classical" or not row.success_probability:
        return row
    # Rounding may leave a probability above 1.
    rounds = amplification_rounds(min(1.0, row.success_probability))
    return replace(row, amplification_rounds=rounds)


def _require_possible(demand: Demand, bare: Row, limits: Limits) -> None:
    what = f"{bare.solver} on N = {bare.size:,}"
    limits.require_memory(demand.memory, what)
    if demand.gates > _BUILDABLE:
        raise TooLargeError(
            f"{what} takes a circuit of at least {demand.gates:,} gates; at most {_BUILDABLE:,} "
            "are built and compiled here"
        )


def _known(watched: WatchedBackend) -> dict[str, Any]:
    """Return what is known of a circuit that was not run: of the widest one that was seen."""
    if not watched.seen:
        return {}
    built, compiled = max(watched.seen, key=lambda pair: pair[0].num_qubits)
    costs = {"qubits": built.num_qubits} if compiled is None else circuit_costs(compiled)
    return {**costs, "gates_as_built": _counted(built)}


def _with_gates(row: Row, watched: WatchedBackend) -> Row:
    """Add the gates of the circuit that a row's figures are of, as it was built."""
    if row.gates_as_built is not None:
        return row
    found = next((built for built, compiled in watched.seen if _is_of(row, compiled)), None)
    gates = None if found is None else _counted(found)
    if gates is None:
        return row
    measured = int(gates.measurements) or None
    return replace(row, gates_as_built=gates, measurements=row.measurements or measured)


def _is_of(row: Row, compiled: QuantumCircuit | None) -> bool:
    if compiled is None:
        return False
    costs = circuit_costs(compiled)
    return all(getattr(row, name) == costs[name] for name in _TOLD_BY)


def _counted(circuit: QuantumCircuit) -> GateCounts | None:
    """Count gates; ``None`` where that takes long, or a gate has no definition."""
    largest = max(
        (item.operation.num_qubits for item in circuit.data if item.operation.name == "unitary"),
        default=0,
    )
    if 2**largest > _COUNTABLE:
        return None
    try:
        return count_gates(circuit)
    except ValueError:
        return None
