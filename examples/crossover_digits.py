"""What are digits made of? Whether larger pictures would favour a quantum computer.

Run: ``python examples/crossover_digits.py``. The pictures are the 1,797 digits of scikit-learn, of
which the first 8 to 64 pixels are taken; of larger ones the number is held. Asked are two
components, within an angle of 0.1 rad.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from textwrap import fill

from qml_algos.speedup import compare
from qml_algos.speedup.pca import PCAContest
from qml_algos.speedup.projection import project

SIMULATED, TIMED = (8, 16), (16, 24, 32, 40, 48, 56, 64)
CLASSICAL = ("covariance", "randomised")
WIDTH = 100


def main() -> None:
    """Compare, project, and list what a run would take for pictures of a million pixels."""
    contest = PCAContest(components=2)
    ask = partial(compare, contest, family="digits", epsilon=0.1, random_state=0)
    circuits = ask(sizes=SIMULATED, solvers=("phase-estimation",))
    rivals = ask(sizes=TIMED, solvers=CLASSICAL)
    found = project(replace(circuits, rows=circuits.rows + rivals.rows))
    for sentence in found.verdict:
        print(fill(sentence, WIDTH), end="\n\n")
    [curve] = found.quantum
    bill = curve.bills[curve.sizes.index(2**20)]
    runs = (
        f"For pictures of {bill.size:,} pixels a run takes {bill.preparation.rotations:.1e} "
        f"rotations that load the data. {bill.shots:.1e} runs have to show the second component, "
        f"which takes {bill.shots / bill.success_probability:.1e} in all."
    )
    print(fill(runs, WIDTH))
    for sentence in bill.assumptions:
        print(fill(f"- {sentence}", WIDTH, subsequent_indent="  "))


if __name__ == "__main__":
    main()
