"""Linear systems on the command line."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

from qml_algos.cli.arguments import positive
from qml_algos.linear_systems import SOLVERS, LinearSystem, Solution
from qml_algos.linear_systems.amplification import AmplificationMethod
from qml_algos.linear_systems.families import FAMILIES, WHAT_A_SIZE_IS
from qml_algos.speedup.contest import Contest
from qml_algos.speedup.linear_outputs import LOCAL_SOLVERS, OUTPUTS
from qml_algos.speedup.linear_systems import DEFAULT_SOLVERS, LinearSystemsContest
from qml_algos.tasks import InputFile
from qml_algos.tasks.linear_systems import LinearSystemsTask

NAME = LinearSystemsTask.name
HELP = "solve A x = b"
COMPARISON = (
    "Solve the same linear systems with quantum and classical solvers at the same target error. "
    "Without --matrix, systems of a family are drawn; with it, sizes are drawn only if given."
)
SOLVERS_HELP = (
    f"{', '.join(SOLVERS)}; of one output only "
    f"{', '.join(f'{name} ({output})' for output, name in LOCAL_SOLVERS.items())}; "
    f"by default those of {', '.join(DEFAULT_SOLVERS)} that suit"
)
SIZES_HELP = WHAT_A_SIZE_IS
EPSILON_HELP = "target relative error"

_SHOWN = 32
_DOUBTFUL = 1e-3
"""Probability of a wrong sign above which it is shown."""


def add_problem(parser: argparse.ArgumentParser) -> None:
    """Where linear systems come from."""
    parser.add_argument(
        "--family",
        choices=sorted(FAMILIES),
        default="tridiagonal",
        help="of drawn systems (tridiagonal)",
    )
    parser.add_argument("--matrix", metavar="FILE.mtx", help="Matrix Market file with A")
    parser.add_argument("--rhs", metavar="FILE.mtx", help="Matrix Market file with b")


def add_run(parser: argparse.ArgumentParser) -> None:
    """Options of a single solver."""
    parser.add_argument(
        "--size", type=positive, default=4, metavar="N", help=f"{WHAT_A_SIZE_IS} (4)"
    )
    parser.add_argument("--solver", default="hhl", help=f"{', '.join(SOLVERS)} (hhl)")
    parser.add_argument(
        "--amplification",
        choices=get_args(AmplificationMethod),
        help="amplify the success probability, which is measured first",
    )
    parser.add_argument(
        "--signs", action="store_true", help="measure signs by shots: a circuit for each qubit of x"
    )
    parser.add_argument(
        "--mitigation",
        action="store_true",
        help="correct counts for read-out errors: two calibration circuits",
    )


def add_comparison(parser: argparse.ArgumentParser) -> None:
    """Option that says what is asked of all solvers."""
    parser.add_argument(
        "--output",
        choices=OUTPUTS,
        default="vector",
        help="all of x; its middle entry, relative to the largest; or the share of the first half "
        "of the unknowns in its squared norm (vector)",
    )


def contest(options: argparse.Namespace) -> Contest:
    """Make a contest for that output."""
    return LinearSystemsContest(options.output)


def problems(options: argparse.Namespace) -> dict[str, Any]:
    """Read the system from files, if they are given."""
    if (options.matrix is None) != (options.rhs is None):
        raise ValueError("--matrix and --rhs: give both or neither")
    if options.matrix is None:
        return {}
    name = Path(options.matrix).name
    return {name: LinearSystem.from_matrix_market(options.matrix, options.rhs)}


def task(options: argparse.Namespace) -> LinearSystemsTask:
    """Make the task."""
    files = [name and InputFile.of(name) for name in (options.matrix, options.rhs)]
    drawn = files == [None, None]
    return LinearSystemsTask(
        solver=options.solver,
        epsilon=options.epsilon,
        shots=options.shots,
        seed=options.seed,
        matrix=files[0],
        rhs=files[1],
        family=options.family if drawn else None,
        size=options.size if drawn else None,
        amplification=options.amplification,
        mitigation=options.mitigation,
        signs=options.signs,
    )


def describe(backend: str, solution: Solution) -> str:
    """Text of a solution: the same whenever it is printed."""
    lines = [f"{NAME}: {solution.x.size:,} unknowns, solver {solution.solver}"]
    if solution.circuit is not None:
        lines[0] += f" on {backend}"
        lines += _of_circuit(solution)
    lines += _of_error(solution)
    lines += _of_vector(solution)
    lines += [f"Note: {caveat}" for caveat in solution.caveats]
    return "\n".join(lines)


def _of_circuit(solution: Solution) -> Iterator[str]:
    resources, gates = solution.resources, solution.gates_per_accepted_shot
    shots = "exact" if resources.shots is None else f"{resources.shots:,} shots"
    yield (
        f"{resources.qubits} qubits, {resources.two_qubit_gates:,} two-qubit gates, {shots}, "
        f"success probability {solution.success_probability:.4g}"
        + ("" if gates is None else f", {gates:,.0f} two-qubit gates per accepted shot")
    )
    yield f"access to A: {solution.access}"
    if solution.details:
        yield ", ".join(f"{name} {value:.6g}" for name, value in solution.details.items())


def _of_error(solution: Solution) -> Iterator[str]:
    """Error promised, and what is known of the one achieved."""
    budget, known = solution.budget, []
    if budget is not None:
        parts = ", ".join(f"{name} {value:.1e}" for name, value in vars(budget).items() if value)
        promised = f"relative error promised: {budget.total:.1e}"
        known.append(f"{promised} ({parts})" if parts else promised)
    if solution.error is not None:
        signs = "" if solution.signs_known else " of |x|"
        known.append(f"achieved{signs}, against a classical solution: {solution.error:.1e}")
    if solution.residual is not None:
        known.append(f"residual {solution.residual:.1e}")
    if known:
        yield "; ".join(known)


def _of_vector(solution: Solution) -> Iterator[str]:
    yield _heading(solution)
    wrong, corrected = solution.sign_error_probabilities, solution.mitigated
    for index, value in enumerate(solution.x[:_SHOWN]):
        line = f"  {index:>4}  {value:.6g}"
        if solution.standard_errors is not None:
            line += f" +- {solution.standard_errors[index]:.2g}"
        if corrected is not None:
            line += f"  {corrected.x[index]:.6g} +- {corrected.standard_errors[index]:.2g}"
        if wrong is not None and wrong[index] > _DOUBTFUL:
            line += f"  sign wrong with probability {wrong[index]:.1g}"
        yield line
    if solution.x.size > _SHOWN:
        yield f"  ... and {solution.x.size - _SHOWN:,} more"


def _heading(solution: Solution) -> str:
    heading = "x" if solution.signs_known else "|x| (signs are not measured)"
    if solution.sign_error_probabilities is not None:
        heading += f" (signs are wrong with probabilities below {_DOUBTFUL:g} unless said)"
    if solution.mitigated is not None:
        heading += (
            "; |x| corrected for read-out errors (success probability "
            f"{solution.mitigated.success_probability:.4g})"
        )
    return heading
