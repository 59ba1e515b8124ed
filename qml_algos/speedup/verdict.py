"""What the figures of a comparison show, and what they do not, in plain sentences."""

from __future__ import annotations

from qml_algos.linear_systems.access import is_dense
from qml_algos.speedup.record import Record, Row
from qml_algos.speedup.wording import (
    number,
    preparation_seconds,
    reached,
    seconds,
    solver_label,
    target,
)
from qml_algos.speedup.words import Words

_DENSE = (
    "a dense unitary, which reads all N^2 entries and takes of order N^3 classical operations, as "
    "much as solving the system"
)
_TRAINED = (
    "parameters found by simulating them, which takes a classical computer as much work as the "
    "answer"
)
_WHOLE = (None, "vector", "density")
"""Outputs that all others follow from."""
_UNITS = (
    "the quantum figures count gates, the classical ones seconds, and only a projection on a "
    "device, with its assumptions, turns the one into the other"
)


def verdict(comparison: Record) -> list[str]:
    """Say in plain sentences what the figures show, and what they do not.

    Simulator run times are never set against classical run times: they measure the simulator.

    Parameters
    ----------
    comparison
        Any comparison, also an empty one.

    Returns
    -------
    list of str
        Whole sentences, the most important one first.
    """
    if not comparison.rows:
        return ["Nothing was compared: there are no rows."]
    quantum = [row for row in comparison.rows if row.kind == "quantum"]
    classical = [row for row in comparison.rows if row.kind == "classical"]
    return [
        _claim(quantum, comparison.words),
        *_accuracy("quantum", quantum, target(comparison)),
        *_broken_promises(quantum),
        *_accuracy("classical", classical, target(comparison)),
        *_cheapest_quantum(quantum),
        *_best_classical(comparison, classical),
        *_loading(quantum, comparison.words),
        *_before_the_first_gate(quantum, classical, comparison.words),
    ]


def _claim(quantum: list[Row], words: Words) -> str:
    if not quantum:
        return "No quantum solver was asked for."
    results = [row for row in quantum if row.failure is None]
    reasons = [
        f"{_circuits_of(bad, results)} were built from {work}"
        for bad, work in (
            ([row for row in results if row.classically_diagonalised], words.eigenvectors),
            ([row for row in results if _is_dense(row)], _DENSE),
            ([row for row in results if row.classically_trained], _TRAINED),
        )
        if bad
    ]
    if any(
        not (row.classically_diagonalised or row.classically_trained or _is_dense(row))
        for row in results
    ):
        reasons.append(_UNITS)
    return f"No speedup is claimed: {'; '.join(reasons or [_UNITS])}."


def _is_dense(row: Row) -> bool:
    return not row.classically_diagonalised and is_dense(row.access or "")


def _circuits_of(bad: list[Row], results: list[Row]) -> str:
    """Say whose circuits these are: all, those of some solvers, or some of a solver's."""
    if len(bad) == len(results):
        return "the circuits"
    names = [
        solver
        if all(row in bad for row in results if row.solver == solver)
        else f"{solver} for {_listed([row.problem for row in bad if row.solver == solver])}"
        for solver in dict.fromkeys(row.solver for row in bad)
    ]
    return f"the circuits of {_listed(names)}"


def _listed(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _broken_promises(quantum: list[Row]) -> list[str]:
    """Say how many errors are above those promised, if any is."""
    promised = [
        row
        for row in quantum
        if row.failure is None and row.error is not None and row.promised_error is not None
    ]
    broken = sum((row.error or 0) > (row.promised_error or 0) for row in promised)
    if not broken:
        return []
    return [
        f"In {broken} of {len(promised)} quantum results the error is above the one promised, "
        "which does not count noise, and sampling as a root mean square."
    ]


def _cheapest_quantum(quantum: list[Row]) -> list[str]:
    """Name the best of several quantum solvers on the largest problem that they solved."""
    hits = [row for row in quantum if reached(row) and row.gates_per_accepted_shot is not None]
    if not hits:
        return []
    largest = max(hits, key=lambda row: row.size)
    rivals = [row for row in hits if row.problem == largest.problem]
    if len(rivals) < 2:
        return []
    best = min(rivals, key=lambda row: row.gates_per_accepted_shot or 0)
    return [
        f"Of the quantum solvers that reached the target on {best.problem}, {best.solver} took the "
        f"fewest two-qubit gates per accepted shot: {number(best.gates_per_accepted_shot)}."
    ]


def _accuracy(kind: str, rows: list[Row], target_error: str) -> list[str]:
    if not rows:
        return []
    results = [row for row in rows if row.status == "measured"]
    hits = [row for row in results if reached(row)]
    sentences = [f"None of the {kind} runs gave a result."]
    if results:
        plural = "result" if len(results) == 1 else "results"
        sentences = [
            f"{len(hits)} of {len(results)} {kind} {plural} reached the target error of "
            f"{target_error}."
        ]
    unsigned = sum(row.error_of == "|x|" for row in hits)
    if unsigned:
        sentences.append(f"In {unsigned} of these {len(hits)} only |x| was compared.")
    failed = sum(row.status == "failed" for row in rows)
    if results and failed:
        plural = "run" if failed == 1 else "runs"
        sentences.append(f"{failed} {kind} {plural} gave no result.")
    return [*sentences, *_projected(kind, rows)]


def _projected(kind: str, rows: list[Row]) -> list[str]:
    """Say how many runs were too large to be tried, and from which size on."""
    projected = [row for row in rows if row.status == "projected"]
    if not projected:
        return []
    one = len(projected) == 1
    return [
        f"{len(projected)} {kind} {'run was' if one else 'runs were'} too large to be tried here, "
        f"from N = {min(row.size for row in projected):,}: "
        f"{'its row says' if one else 'their rows say'} what is known of the costs, and no error "
        "was measured."
    ]


def _best_classical(comparison: Record, classical: list[Row]) -> list[str]:
    rows = comparison.rows
    if not classical:
        return []
    largest = max(row.size for row in rows)
    sentences = []
    for problem in dict.fromkeys(row.problem for row in rows if row.size == largest):
        where = f"At the largest size, {largest:,} {comparison.words.size} ({problem}),"
        for rivals, which in _by_output(classical, problem):
            best = _quickest(rivals, problem)
            sentences.append(
                f"{where} {best.solver} took the least time of the classical solvers{which} that "
                f"reached the target: {seconds(best.classical_seconds)}."
                if best
                else f"{where} no classical solver{which} reached the target."
            )
    return sentences


def _by_output(classical: list[Row], problem: str) -> list[tuple[list[Row], str]]:
    """Tell solvers apart that answer different things, and say what these give."""
    outputs = dict.fromkeys(row.output for row in classical if row.problem == problem)
    if len(outputs) < 2:
        return [(classical, "")]
    return [
        (
            [row for row in classical if row.output == output],
            " of the whole solution" if output in _WHOLE[:2] else f" for one {output}",
        )
        for output in outputs
    ]


def _loading(quantum: list[Row], words: Words) -> list[str]:
    """Say which share of a circuit's gates only load the data."""
    rows = [row for row in quantum if row.preparation_gates and row.two_qubit_gates]
    if not rows:
        return []
    row = max(rows, key=lambda row: row.size)
    share = (row.preparation_gates or 0) / (row.two_qubit_gates or 1)
    return [
        f"Of the {row.two_qubit_gates:,} two-qubit gates of {solver_label(row)} on {row.problem} "
        f"({row.size:,} {words.size}), {row.preparation_gates:,} ({share:.0%}) load the data, "
        "anew for each shot."
    ]


def _before_the_first_gate(quantum: list[Row], classical: list[Row], words: Words) -> list[str]:
    prepared = [
        row for row in quantum if row.failure is None and preparation_seconds(row) is not None
    ]
    if not prepared:
        return []
    # The largest problem a quantum solver finished; the least preparation if several did.
    row = max(prepared, key=lambda row: (row.size, -(preparation_seconds(row) or 0)))
    sentence = (
        f"{row.problem} ({row.size:,} {words.size}) is the largest {words.problem} with a quantum "
        f"result; classical work before the first gate of {solver_label(row)} took "
        f"{seconds(preparation_seconds(row))}"
    )
    whole = [rival for rival in classical if rival.output in _WHOLE]
    best = _quickest(whole or classical, row.problem)
    if best is None:
        return [f"{sentence}."]
    return [
        f"{sentence}, and the whole solution by {best.solver} {seconds(best.classical_seconds)}."
    ]


def _quickest(classical: list[Row], problem: str) -> Row | None:
    timed = [
        (row.classical_seconds, row)
        for row in classical
        if row.problem == problem and reached(row) and row.classical_seconds is not None
    ]
    return min(timed, key=lambda pair: pair[0])[1] if timed else None
