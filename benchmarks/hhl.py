"""Benchmark of the HHL solver against its peers: one script, one run, one transpiler.

``python benchmarks/hhl.py --help``; what is measured, and how, is in the README of this folder.
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit, qasm2, transpile
from qiskit_aer import AerSimulator

from stock_hhl import stock_hhl
from systems import right_hand_side, spd, tri

EPSILON = 1e-2
KAPPA = 10.0
STOCK_CLOCK_QUBITS = 5
TRANSPILER: dict[str, Any] = {
    "basis_gates": ["cx", "rz", "sx", "x"],
    "optimization_level": 2,
    "seed_transpiler": 0,
}

OURS = "qml-algos"
STOCK = f"stock Qiskit, {STOCK_CLOCK_QUBITS} clock qubits"
PEER = "quantum-linear-solvers"
PEER_UNSIGNED = "quantum-linear-solvers, unsigned"
AER_SAVES = {"save_state", "save_statevector"}
PEER_SCRIPT = Path(__file__).parent / "peers" / "quantum_linear_solvers_hhl.py"

TARGET_CX = {"spd 4": 140, "spd 8": 300, "spd 16": 700}
TARGET_ERROR = 1e-2
TARGET_SOLVE_SECONDS = {"spd 16": 5.0}
# Published two-qubit gate counts on such systems, for comparison only.
PUBLISHED_CX = {
    (PEER, "spd 4"): 1_777,
    (PEER, "spd 8"): 10_150,
    (PEER, "spd 16"): 99_949,
    (STOCK, "spd 4"): 134,
    (STOCK, "spd 8"): 567,
    (STOCK, "spd 16"): 2_398,
}


@dataclass(frozen=True)
class System:
    """A dense linear system with its exact solution."""

    name: str
    a: NDArray[np.float64]
    b: NDArray[np.float64]

    @property
    def size(self) -> int:
        """Number of unknowns."""
        return len(self.b)

    @property
    def solution(self) -> NDArray[np.float64]:
        """The exact solution, with its norm."""
        return np.asarray(np.linalg.solve(self.a, self.b))


@dataclass(frozen=True)
class Row:
    """What was measured for one method on one system."""

    system: str
    method: str
    qubits: int
    cx: int
    two_qubit_depth: int
    depth: int
    relative_error: float
    success_probability: float
    cost: float
    build_seconds: float
    compile_seconds: float
    cx_ratio: float | None = None
    published_cx: int | None = None
    solve_seconds: float | None = None
    vector_error: float | None = None
    reported: dict[str, Any] | None = None


def make_systems(sizes: Sequence[int], seed: int) -> list[System]:
    """Make the benchmark systems, reproducibly and independently of which sizes are asked for."""
    systems = []
    for n in sizes:
        rng = np.random.default_rng([seed, n])
        systems.append(System(f"tri {n}", tri(n).toarray(), right_hand_side(n, rng)))
    for n in sizes:
        rng = np.random.default_rng([seed, n])
        systems.append(System(f"spd {n}", spd(n, KAPPA, rng).toarray(), right_hand_side(n, rng)))
    return systems


def compile_circuit(circuit: QuantumCircuit) -> tuple[QuantumCircuit, float]:
    """Transpile with the settings that all methods share; also return the seconds it took."""
    start = time.perf_counter()
    compiled = transpile(circuit, **TRANSPILER)
    return compiled, time.perf_counter() - start


def final_positions(circuit: QuantumCircuit) -> list[int]:
    """Where the last transpilation leaves each qubit of the circuit it was given."""
    if circuit.layout is None:
        return list(range(circuit.num_qubits))
    return list(circuit.layout.final_index_layout())


def simulate(circuit: QuantumCircuit, positions: Sequence[int]) -> NDArray[np.complex128]:
    """Exact final state, with qubit ``positions[q]`` of the circuit as qubit q of the state."""
    recorded = circuit.copy()
    recorded.save_statevector()
    result = AerSimulator(method="statevector").run(recorded).result()
    state = np.asarray(result.get_statevector(recorded))
    qubits = len(positions)
    # Axis 0 of the tensor is the most significant qubit.
    axes = [qubits - 1 - positions[q] for q in reversed(range(qubits))]
    return state.reshape([2] * qubits).transpose(axes).reshape(-1)


def postselect(state: NDArray[np.complex128], size: int) -> NDArray[np.complex128]:
    """Part of the state with flag 1 and clock 0, the solution being lowest and the flag highest."""
    return np.asarray(state.reshape(2, -1, size)[1, 0])


def relative_error(found: NDArray[Any], exact: NDArray[np.float64]) -> float:
    """Distance of the two vectors after normalising both and removing the phase."""
    found, exact = found / np.linalg.norm(found), exact / np.linalg.norm(exact)
    overlap = np.vdot(exact, found)
    return float(np.linalg.norm(found * np.conj(overlap) / abs(overlap) - exact))


def measure(
    system: System,
    method: str,
    circuit: QuantumCircuit,
    build_seconds: float,
    order: Sequence[int] | None = None,
) -> Row:
    """Compile an HHL circuit, count its gates, and simulate what was compiled.

    The qubits are those of the solution, the clock and the flag, from the lowest to the highest;
    ``order`` says where they are in the circuit, if elsewhere.
    """
    compiled, compile_seconds = compile_circuit(circuit)
    positions = final_positions(compiled)
    if order is not None:
        positions = [positions[k] for k in order]
    found = postselect(simulate(compiled, positions), system.size)
    success = float(np.linalg.norm(found) ** 2)
    cx = int(compiled.count_ops().get("cx", 0))
    return Row(
        system=system.name,
        method=method,
        qubits=compiled.num_qubits,
        cx=cx,
        two_qubit_depth=compiled.depth(lambda item: item.operation.name == "cx"),
        depth=compiled.depth(),
        relative_error=relative_error(found, system.solution),
        success_probability=success,
        cost=cx / success,
        build_seconds=build_seconds,
        compile_seconds=compile_seconds,
        published_cx=PUBLISHED_CX.get((method, system.name)),
    )


def run_stock(system: System) -> Row:
    """Measure the textbook circuit made of stock Qiskit parts."""
    start = time.perf_counter()
    circuit = stock_hhl(system.a, system.b, STOCK_CLOCK_QUBITS)
    return measure(system, STOCK, circuit, time.perf_counter() - start)


def run_peer(system: System, python: str, *, unsigned: bool) -> Row:
    """Measure quantum-linear-solvers, its circuit being built by its own environment."""
    with tempfile.TemporaryDirectory() as folder:
        problem, qasm, report = (Path(folder, name) for name in ("in.npz", "out.qasm", "out.json"))
        np.savez(problem, A=system.a, b=system.b)
        command = [python, "-W", "ignore", *map(str, (PEER_SCRIPT, problem, qasm, report))]
        command += ["--epsilon", str(EPSILON), *(["--unsigned"] if unsigned else [])]
        subprocess.run(command, check=True)
        circuit = qasm2.load(qasm)
        facts = json.loads(report.read_text())
    if (
        system.size != 2 ** facts["solution_qubits"]
        or facts["flag_qubit"] != len(circuit.qubits) - 1
    ):
        raise RuntimeError(f"unexpected qubit order of {PEER}: {facts}")
    method = PEER_UNSIGNED if unsigned else PEER
    row = measure(system, method, circuit, facts["build_seconds"])
    return replace(row, reported=facts["versions"])


def unitary_part(circuit: QuantumCircuit) -> QuantumCircuit:
    """Leave out measurements and instructions of the simulator."""
    bare = circuit.copy_empty_like()
    for item in circuit.data:
        if item.operation.name not in {"barrier", "measure"} | AER_SAVES:
            bare.append(item)
    return bare


def run_ours(system: System) -> Row:
    """Measure qml-algos, from the circuit that ``solve`` has compiled and run.

    It is compiled once more, so that all counts come from the same transpiler settings; what
    ``solve`` itself reported is kept in the row for comparison.
    """
    from qml_algos.linear_systems import HHL, LinearSystem, solve

    start = time.perf_counter()
    solution = solve(LinearSystem(system.a, system.b), HHL(epsilon=EPSILON), backend="aer")
    solve_seconds = time.perf_counter() - start
    resources, exact = solution.resources, system.solution
    build_seconds, compile_seconds = resources.build_seconds, resources.compile_seconds
    if solution.circuit is None or build_seconds is None or compile_seconds is None:
        raise RuntimeError("a quantum solution comes with its circuit and what it took")
    row = measure(
        system,
        OURS,
        unitary_part(solution.circuit),
        build_seconds,
        order=final_positions(solution.circuit),
    )
    names = ("qubits", "two_qubit_gates", "two_qubit_depth", "depth", "run_seconds")
    return replace(
        row,
        # Compiling what is compiled already would take less.
        compile_seconds=compile_seconds,
        solve_seconds=solve_seconds,
        vector_error=float(np.linalg.norm(solution.x - exact) / np.linalg.norm(exact)),
        reported={
            "relative_error": relative_error(solution.x, exact),
            "success_probability": solution.success_probability,
            **{name: getattr(resources, name) for name in names},
            **(solution.circuit.metadata or {}),
        },
    )


def with_ratios(rows: Sequence[Row]) -> list[Row]:
    """Add to each row its number of cx relative to that of qml-algos on the same system."""
    ours = {row.system: row.cx for row in rows if row.method == OURS}
    return [
        replace(row, cx_ratio=row.cx / ours[row.system]) if row.system in ours else row
        for row in rows
    ]


def markdown_table(rows: Sequence[Row]) -> str:
    """Lay the rows out as an aligned table, readable as it is and as Markdown."""
    columns: dict[str, Callable[[Row], str]] = {
        "system": lambda row: row.system,
        "method": lambda row: row.method,
        "qubits": lambda row: str(row.qubits),
        "cx": lambda row: f"{row.cx:,}",
        "cx / ours": lambda row: "-" if row.cx_ratio is None else f"{row.cx_ratio:.1f}",
        "2q depth": lambda row: f"{row.two_qubit_depth:,}",
        "depth": lambda row: f"{row.depth:,}",
        "rel. error": lambda row: f"{row.relative_error:.1e}",
        "success": lambda row: f"{row.success_probability:.3f}",
        "cx / success": lambda row: f"{row.cost:,.0f}",
        "build s": lambda row: f"{row.build_seconds:.2f}",
        "compile s": lambda row: f"{row.compile_seconds:.2f}",
    }
    cells = [list(columns), *([show(row) for show in columns.values()] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    text_columns = 2

    def line(values: Sequence[str]) -> str:
        padded = (
            value.ljust(width) if k < text_columns else value.rjust(width)
            for k, (value, width) in enumerate(zip(values, widths, strict=True))
        )
        return f"| {' | '.join(padded)} |"

    rule = [
        "-" * width if k < text_columns else "-" * (width - 1) + ":"
        for k, width in enumerate(widths)
    ]
    return "\n".join([line(cells[0]), line(rule), *map(line, cells[1:])])


def check_targets(rows: Sequence[Row]) -> list[tuple[str, bool]]:
    """List the targets for the systems that were run, and whether they were reached."""
    ours = {row.system: row for row in rows if row.method == OURS}
    checked = []
    for name, limit in TARGET_CX.items():
        if (row := ours.get(name)) is not None:
            count = f"{name}: {row.cx} cx (at most {limit})"
            error = f"relative error {row.relative_error:.1e} (at most {TARGET_ERROR:g})"
            reached = row.cx <= limit and row.relative_error <= TARGET_ERROR
            checked.append((f"{count}, {error}", reached))
    for name, seconds in TARGET_SOLVE_SECONDS.items():
        if (row := ours.get(name)) is not None and row.solve_seconds is not None:
            text = f"{name}: solve() in {row.solve_seconds:.2f} s (at most {seconds:g} s)"
            checked.append((text, row.solve_seconds <= seconds))
    return checked


def run_all(systems: Sequence[System], peers: str | None, *, ours: bool) -> Iterator[Row]:
    """Run every method on every system, one after the other."""
    for system in systems:
        if ours:
            yield run_ours(system)
        yield run_stock(system)
        if peers is not None:
            yield run_peer(system, peers, unsigned=False)
            yield run_peer(system, peers, unsigned=True)


def ours_is_there() -> bool:
    """Whether qml-algos can be imported."""
    try:
        import qml_algos.linear_systems  # noqa: F401
    except ImportError as error:
        print(f"The rows of {OURS} are left out: {error}.", file=sys.stderr)
        return False
    return True


def versions() -> dict[str, str]:
    """Versions of what the measurements depend on."""
    found = {"python": platform.python_version()}
    for name in ("qml-algos", "qiskit", "qiskit-aer", "numpy", "scipy"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def parse_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", metavar="PYTHON", help="python of the peer environment")
    parser.add_argument("--sizes", type=int, nargs="+", default=[4, 8, 16], metavar="N")
    parser.add_argument("--seed", type=int, default=0, help="of the random systems")
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parent / "results" / "hhl.json", metavar="JSON"
    )
    options = parser.parse_args()
    if any(n < 2 or n & (n - 1) for n in options.sizes):
        parser.error("sizes must be powers of two")
    return options


def main() -> None:
    """Run the benchmark, print the table and the targets, and write the JSON."""
    options = parse_options()
    if options.peers is None:
        print(f"The rows of {PEER} are left out: no --peers given.", file=sys.stderr)
    # The first transpilation and simulation of a process also load plugins: not to be timed.
    warm_up = System("warm-up", np.diag([1.0, 0.5]), np.array([0.6, 0.8]))
    run_stock(warm_up)

    rows = []
    systems = make_systems(options.sizes, options.seed)
    for row in run_all(systems, options.peers, ours=ours_is_there()):
        rows.append(row)
        print(f"{row.system}, {row.method}: {row.cx:,} cx", file=sys.stderr, flush=True)
    rows = with_ratios(rows)
    targets = check_targets(rows)

    print(markdown_table(rows))
    for row in rows:
        if row.solve_seconds is not None:
            print(
                f"{row.system}: solve() took {row.solve_seconds:.2f} s; error of x with its norm "
                f"and sign {row.vector_error:.1e}"
            )
    for text, reached in targets:
        print(f"{'reached' if reached else 'MISSED '}  {text}")

    report = {
        "versions": versions(),
        "transpiler": TRANSPILER,
        "epsilon": EPSILON,
        "kappa": KAPPA,
        "seed": options.seed,
        "rows": [asdict(row) for row in rows],
        "targets": [{"target": text, "reached": reached} for text, reached in targets],
    }
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(report, indent=2) + "\n")


if __name__ == "__main__":
    main()
