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
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit

import linear_growth
import linear_kappa
import linear_phases
import linear_promise
from hhl import TRANSPILER, compile_circuit, final_positions, relative_error, simulate
from linear_cases import Case, make_cases
from linear_report import keep, kept, now, versions
from linear_rows import EPSILON, OURS, Row, check_targets, show
from peer_methods import METHODS, Method, Setting

# Our solvers: their class in qml_algos.linear_systems, its arguments beside epsilon, and how
# success is amplified.
SOLVERS: dict[str, tuple[str, dict[str, Any], Any]] = {
    "HHL": ("HHL", {}, None),
    "QSVTInversion": ("QSVTInversion", {}, None),
    "QSVTInversion, amplified": ("QSVTInversion", {}, "grover"),
    "ChebyshevLCU": ("ChebyshevLCU", {}, None),
    "KernelReflection": ("KernelReflection", {}, None),
    "SpectralInversion": ("SpectralInversion", {}, None),
    "SpectralInversion, amplified": ("SpectralInversion", {}, "grover"),
}
ADAPTIVE = ("KernelReflection",)
_SMALL = ("QSVTInversion", "QSVTInversion, amplified", "ChebyshevLCU", "KernelReflection", "HHL")
_MODERATE = ("QSVTInversion", "QSVTInversion, amplified", "ChebyshevLCU", "HHL")
_TRANSFORM = ("SpectralInversion",)
_AMPLIFIED = ("SpectralInversion", "SpectralInversion, amplified")
# Which of them are measured on each system.
OUR_ROWS: dict[str, tuple[str, ...]] = {
    "tri 4": _SMALL,
    "tri 8": _SMALL,
    "tri 16": _SMALL,
    "tri 32": _MODERATE,
    "tri 1024, b = 1": ("QSVTInversion",),
    "tri 1024, smooth b": ("QSVTInversion",),
    "Dirichlet 16": _AMPLIFIED,
    "Dirichlet 1024, smooth b": _TRANSFORM,
    "periodic 16": _AMPLIFIED,
    "periodic 1024, smooth b": _TRANSFORM,
    "Dirichlet 16x16": _AMPLIFIED,
    "spd 4": _SMALL,
    "spd 16": ("QSVTInversion", "QSVTInversion, amplified", "HHL"),
}

PARTS: dict[str, Callable[[argparse.Namespace], None]] = {
    "growth": linear_growth.run,
    "kappa": linear_kappa.run,
    "promise": linear_promise.run,
    "phases": linear_phases.run,
}


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
        versions=versions("qiskit", "qiskit-aer")
        | {f"{name}, of the peer": found for name, found in built.versions.items()},
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
    """Have our circuit built, and do with it what is done with those of the peers."""
    import qml_algos
    from qml_algos import linear_systems
    from qml_algos.linear_systems.amplification import amplified

    name, arguments, amplification = SOLVERS[solver]
    method = getattr(linear_systems, name)(epsilon=EPSILON, **arguments)
    problem = case.linear_system()
    adaptive = (qml_algos.backend("aer"), 0) if name in ADAPTIVE else ()
    program = method.build(problem, *adaptive)
    if amplification:
        plain = np.linalg.norm(_accepted(program, compile_circuit(program.circuit)[0])) ** 2
        program = amplified(program, float(plain), amplification)
    compiled, compile_seconds = compile_circuit(program.circuit)
    found = _accepted(program, compiled)
    return Row(
        system=case.name,
        method=f"{OURS}, {solver}",
        measured=now(),
        versions=versions(OURS, "qiskit", "qiskit-aer"),
        qubits=len({q for instruction in compiled.data for q in instruction.qubits}),
        cx=int(compiled.count_ops().get("cx", 0)),
        two_qubit_depth=compiled.depth(lambda item: item.operation.name == "cx"),
        depth=compiled.depth(),
        relative_error=relative_error(program.layout.gather(found), case.solution),
        success_probability=float(np.linalg.norm(found) ** 2),
        build_seconds=program.classical_seconds + program.build_seconds,
        compile_seconds=compile_seconds,
        classically_diagonalised=program.circuit.metadata["classically_diagonalised"],
        details={**program.details, "access": program.access, "promised": program.budget.total},
    )


def _accepted(program: Any, compiled: QuantumCircuit) -> NDArray[np.complex128]:
    """Amplitudes of the data qubits where the others have the value that is accepted."""
    state = simulate(compiled, final_positions(compiled))
    return state.reshape(-1, 2**program.data_qubits)[program.accepted]


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
            for solver in OUR_ROWS[case.name]:
                name = f"{OURS}, {solver}"
                todo.append((case.name, name, lambda c=case, s=solver: measure_ours(c, s)))
        for method in METHODS:
            suits = method.cases + (method.slow if options.slow else ())
            if method.group in options.groups and case.name in suits:
                todo.append(
                    (case.name, method.name, lambda c=case, m=method: measure_peer(c, m, setting))
                )
    return todo


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
