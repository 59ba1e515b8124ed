"""Is a tumour malignant? Whether more measurements would favour a quantum kernel.

Run: ``python examples/crossover_kernel.py``. Of the 30 measurements of scikit-learn's breast cancer
data the leading principal components are the features, one to a qubit. Sixty patients are trained
on and labelled in three folds; the share of wrong labels is to be at most 0.2.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from textwrap import fill

from qml_algos.speedup import compare
from qml_algos.speedup.projection import project
from qml_algos.speedup.svm import SVMContest

SIMULATED, TIMED = (2, 4), (4, 8, 16, 30)
QUANTUM, CLASSICAL = ("fidelity", "projected"), ("rbf-svc", "linear-svc")
WIDTH = 100


def main() -> None:
    """Show who labels how well, and what it would take."""
    contest = SVMContest(samples=60, folds=3, feature_map="iqp", bandwidth=0.3)
    ask = partial(compare, contest, family="breast-cancer", epsilon=0.2, random_state=0)
    circuits = ask(sizes=SIMULATED, solvers=QUANTUM)
    rivals = ask(sizes=TIMED, solvers=CLASSICAL)
    for row in (*circuits.rows, *rivals.rows):
        print(f"{row.solver:<12}{row.size:>3} features  {row.error:.0%} wrong labels")
    print()
    found = project(replace(circuits, rows=circuits.rows + rivals.rows))
    for sentence in found.verdict:
        print(fill(sentence, WIDTH), end="\n\n")
    for curve in found.quantum:
        bill = curve.bills[0]
        print(
            f"{curve.solver}: {bill.circuits:,.0f} circuits of {bill.shots:,.0f} shots each at "
            f"{bill.size} features."
        )
        for sentence in bill.assumptions:
            print(fill(f"- {sentence}", WIDTH, subsequent_indent="  "))


if __name__ == "__main__":
    main()
