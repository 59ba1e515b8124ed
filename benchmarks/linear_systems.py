"""Benchmark of the linear solvers against their peers: one script, one run, one transpiler.

``python benchmarks/linear_systems.py --help``; what is measured, and how, is in the README of
this folder.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from qiskit import QuantumCircuit

import linear_growth
import linear_kappa
import linear_phases
import linear_promise
from hhl import TRANSPILER, compile_circuit, final_positions, relative_error, simulate
from linear_cases import Case, make_cases
from linear_report import keep, kept, now, table, versions
from peer_methods import METHODS, Method, Setting

EPSILON = 1e-2
OURS = "qml-algos"

_TOEPLITZ = ("HHL", "QSVTInversion")
_FOURIER = ("SpectralInversion", "QSVTInversion")
# Our solvers, by their names in qml_algos.linear_systems, for each system.
SOLVERS: dict[str, tuple[str, ...]] = {
    "tri 4": _TOEPLITZ,
    "tri 8": _TOEPLITZ,
    "tri 16": _TOEPLITZ,
    "tri 32": _TOEPLITZ,
    "tri 1024, b = 1": ("QSVTInversion",),
    "tri 1024, smooth b": ("QSVTInversion",),
    "Dirichlet 16": _FOURIER,
    "Dirichlet 1024, smooth b": ("SpectralInversion",),
    "periodic 16": _FOURIER,
    "periodic 1024, smooth b": ("SpectralInversion",),
    "Dirichlet 16x16": ("SpectralInversion",),
    "spd 4": _TOEPLITZ,
    "spd 16": _TOEPLITZ,
}

TARGET_CX = {
    "tri 4": 400,
    "tri 8": 650,
    "tri 16": 850,
    "tri 32": 1_000,
    "tri 1024, b = 1": 2_500,
    "tri 1024, smooth b": 2_500,
    "Dirichlet 16": 300,
    "Dirichlet 1024, smooth b": 4_000,
    "periodic 16": 120,
    "periodic 1024, smooth b": 2_500,
    "Dirichlet 16x16": 1_500,
    "spd 4": 700,
    "spd 16": 9_000,
}
TARGET_COST = {"tri 8": 2_500, "tri 16": 6_000, "spd 4": 10_000}
TARGET_SECONDS = {"tri 32": 5.0, "tri 1024, b = 1": 60.0, "tri 1024, smooth b": 60.0}

PARTS: dict[str, Callable[[argparse.Namespace], None]] = {
    "growth": linear_growth.run,
    "kappa": linear_kappa.run,
    "promise": linear_promise.run,
    "phases": linear_phases.run,
}


@dataclass(frozen=True)
class Row:
    """What was measured for one method on one system, when, and with which versions.

    Where a method failed, ``failure`` says how and there are no figures.
    """

    system: str
    method: str
    measured: str
    versions: dict[str, str]
    qubits: int | None = None
    cx: int | None = None
    two_qubit_depth: int | None = None
    depth: int | None = None
    relative_error: float | None = None
    success_probability: float | None = None
    build_seconds: float | None = None
    compile_seconds: float | None = None
    classically_diagonalised: bool | None = None
    failure: str | None = None
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def cost(self) -> float | None:
        """Two-qubit gates spent for each accepted shot."""
        return self.cx / self.success_probability if self.cx and self.success_probability else None

    @property
    def ours(self) -> bool:
        """Whether it is a row of qml-algos."""
        return self.method.startswith(OURS)


def measure_peer(case: Case, method: Method, setting: Setting) -> Row:
    """Have a peer's circuit built, compile it, and simulate what was compiled."""
    built = method.build(case, setting)
    compiled, compile_seconds = compile_circuit(built.circuit)
    positions = final_positions(compiled)
    others = [q for q in range(len(positions)) if q not in built.data]
    state = simulate(compiled, [positions[q] for q in [*built.data, *others]])
    accepted = sum(1 << others.index(q) for q in built.ones)
    found = state.reshape(-1, case.size)[accepted]
    return Row(
        system=case.name,
        method=method.name,
        measured=now(),
        versions=versions("qiskit", "qiskit-aer") | built.versions,
        qubits=compiled.num_qubits,
        cx=int(compiled.count_ops().get("cx", 0)),
        two_qubit_depth=compiled.depth(lambda item: item.operation.name == "cx"),
        depth=compiled.depth(),
        relative_error=relative_error(found, case.solution),
        success_probability=float(np.linalg.norm(found) ** 2),
        build_seconds=built.build_seconds,
        compile_seconds=compile_seconds,
        classically_diagonalised=method.diagonalises,
    )


def measure_ours(case: Case, solver: str) -> Row:
    """Solve with qml-algos on its exact simulator, which compiles as the peers are compiled."""
    from qml_algos import linear_systems

    method = getattr(linear_systems, solver)(epsilon=EPSILON)
    problem = case.linear_system()
    solution = linear_systems.solve(problem, method, backend="aer", reference=case.solution)
    used, circuit = solution.resources, solution.circuit
    return Row(
        system=case.name,
        method=f"{OURS}, {solver}",
        measured=now(),
        versions=versions(OURS, "qiskit", "qiskit-aer"),
        qubits=used.qubits,
        cx=used.two_qubit_gates,
        two_qubit_depth=used.two_qubit_depth,
        depth=used.depth,
        relative_error=solution.error,
        success_probability=solution.success_probability,
        build_seconds=used.classical_seconds + (used.build_seconds or 0.0),
        compile_seconds=used.compile_seconds,
        classically_diagonalised=used.classically_diagonalised,
        details=dict(circuit.metadata or {}) if circuit is not None else {},
    )


def attempt(system: str, method: str, measure: Callable[[], Row]) -> Row:
    """Measure, or make a row that says why there is none."""
    try:
        return measure()
    except subprocess.TimeoutExpired as error:
        failure = f"not built within {error.timeout:g} s"
    except subprocess.CalledProcessError as error:
        failure = (error.stderr or "").strip().rpartition("\n")[2] or str(error)
    except Exception as error:
        failure = f"{type(error).__name__}: {error}"
    return Row(system, method, now(), {}, failure=failure)


def plan(cases: Sequence[Case], options: argparse.Namespace) -> list[tuple[str, str, Any]]:
    """List what to measure: system, method, and the function that measures it."""
    setting = Setting(options.pythons, options.timeout)
    todo: list[tuple[str, str, Any]] = []
    for case in cases:
        if OURS in options.groups:
            for solver in SOLVERS[case.name]:
                name = f"{OURS}, {solver}"
                todo.append((case.name, name, lambda c=case, s=solver: measure_ours(c, s)))
        for method in METHODS:
            suits = method.cases + (method.slow if options.slow else ())
            if method.group in options.groups and case.name in suits:
                todo.append(
                    (case.name, method.name, lambda c=case, m=method: measure_peer(c, m, setting))
                )
    return todo


def show(rows: Sequence[Row]) -> str:
    """Lay the rows out as a table."""
    columns: dict[str, Callable[[Row], Any]] = {
        "qubits": lambda row: f"{row.qubits}",
        "cx": lambda row: f"{row.cx:,}",
        "2q depth": lambda row: f"{row.two_qubit_depth:,}",
        "rel. error": lambda row: f"{row.relative_error:.1e}",
        "success": lambda row: f"{row.success_probability:.3f}",
        "cx / success": lambda row: f"{row.cost:,.0f}",
        "build s": lambda row: f"{row.build_seconds:.2f}",
        "compile s": lambda row: f"{row.compile_seconds:.2f}",
    }
    cells = [
        [
            row.system,
            row.method + (" (diagonalised)" if row.classically_diagonalised else ""),
            *("-" if row.failure is not None else figure(row) for figure in columns.values()),
        ]
        for row in rows
    ]
    return table(["system", "method", *columns], cells, 2)


def check_targets(rows: Sequence[Row]) -> list[tuple[str, bool]]:
    """List the targets of the systems that were run, and whether they were reached.

    Rows count whose error is met and whose circuit was built without diagonalising A.
    """
    checked = []
    for system in dict.fromkeys(row.system for row in rows):
        here = [row for row in rows if row.system == system and row.cx is not None]
        good = [
            row
            for row in here
            if (row.relative_error or 0.0) <= EPSILON and not row.classically_diagonalised
        ]
        ours = [row for row in good if row.ours]
        peers = [row.cost for row in good if not row.ours and row.cost is not None]
        if not any(row.ours for row in rows if row.system == system):
            continue
        checks = [
            ("cx", min((r.cx for r in ours if r.cx), default=None), TARGET_CX.get(system)),
            (
                "cx / success",
                min((r.cost for r in ours if r.cost), default=None),
                min(
                    [*([TARGET_COST[system]] if system in TARGET_COST else []), *peers],
                    default=None,
                ),
            ),
            (
                "s of building and compiling",
                min(
                    ((r.build_seconds or 0.0) + (r.compile_seconds or 0.0) for r in ours),
                    default=None,
                ),
                TARGET_SECONDS.get(system),
            ),
        ]
        for what, best, limit in checks:
            if limit is not None:
                figure = "no row" if best is None else f"{best:,.6g} {what}"
                reached = best is not None and best <= limit
                checked.append((f"{system}: {figure} (at most {limit:,.6g})", reached))
    return checked


def warm_up() -> None:
    """Compile and simulate once: the first time in a process also loads plugins."""
    circuit = QuantumCircuit(3)
    circuit.ccx(0, 1, 2)
    compiled, _ = compile_circuit(circuit)
    simulate(compiled, final_positions(compiled))


def run_table(options: argparse.Namespace) -> None:
    """Measure every row asked for, writing each at once, and print all rows kept."""
    cases = [
        c for c in make_cases(options.seed) if not options.systems or c.name in options.systems
    ]
    warm_up()
    for system, method, measure in plan(cases, options):
        start = time.perf_counter()
        row = attempt(system, method, measure)
        rows = {(r["system"], r["method"]): r for r in kept(options.out).get("rows", [])}
        rows[system, method] = asdict(row)
        keep(options.out, "rows", list(rows.values()))
        outcome = row.failure or f"{row.cx:,} cx, error {row.relative_error:.1e}"
        seconds = time.perf_counter() - start
        print(f"{system}, {method}: {outcome} ({seconds:.0f} s)", file=sys.stderr, flush=True)

    names = [case.name for case in make_cases(options.seed)]
    everything = [Row(**row) for row in kept(options.out).get("rows", [])]
    everything.sort(key=lambda row: (names.index(row.system), not row.ours))
    targets = check_targets(everything)
    keep(options.out, "rows", [asdict(row) for row in everything])
    keep(options.out, "targets", [{"target": t, "reached": reached} for t, reached in targets])
    keep(
        options.out, "setting", {"transpiler": TRANSPILER, "epsilon": EPSILON, "seed": options.seed}
    )
    print(show(everything))
    for row in everything:
        if row.failure is not None:
            print(f"{row.system}, {row.method}: {row.failure}")
    for text, reached in targets:
        print(f"{'reached' if reached else 'MISSED '}  {text}")


def parse_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "parts",
        nargs="*",
        metavar="PART",
        default=["table"],
        help=f"table (the default), {', '.join(PARTS)}",
    )
    parser.add_argument("--systems", nargs="+", metavar="NAME", help="rows of these systems only")
    parser.add_argument(
        "--only",
        nargs="+",
        metavar="GROUP",
        help="of qml-algos, stock, pennylane, "
        "quantum-linear-solvers, qrisp: the last two need the python of their environment",
    )
    parser.add_argument("--qls", metavar="PYTHON", help="python with quantum-linear-solvers")
    parser.add_argument("--qrisp", metavar="PYTHON", help="python with Qrisp")
    parser.add_argument("--slow", action="store_true", help="peers' rows of minutes to hours too")
    parser.add_argument(
        "--timeout", type=float, default=1800.0, help="of a peer's row, in s (1800)"
    )
    parser.add_argument("--seed", type=int, default=0, help="of the random systems")
    parser.add_argument(
        "--out",
        type=Path,
        metavar="JSON",
        help="where rows are kept",
        default=Path(__file__).parent / "results" / "linear_systems.json",
    )
    options = parser.parse_args()
    if unknown := set(options.parts) - {"table", *PARTS}:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    pythons = {"quantum-linear-solvers": options.qls, "qrisp": options.qrisp}
    options.pythons = {name: python for name, python in pythons.items() if python is not None}
    here = [OURS, "stock", "pennylane", *options.pythons]
    options.groups = [group for group in here if not options.only or group in options.only]
    if missing := [name for name in pythons if name not in options.pythons]:
        print(f"Not measured anew: {', '.join(missing)}.", file=sys.stderr)
    return options


def main() -> None:
    """Run what was asked for."""
    options = parse_options()
    for part in options.parts:
        if part == "table":
            run_table(options)
        else:
            PARTS[part](options)


if __name__ == "__main__":
    main()
