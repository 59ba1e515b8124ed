"""Who draws from a trained model sooner? Its circuit, or a classical sampler.

Run: ``python examples/crossover_samples.py``. A matrix product state learns which rows of bits have
as many ones as zeros; its circuit is simulated, and the same state is sampled classically, which is
the rival: both draw the same 400 rows.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from textwrap import fill

from qml_algos.speedup import compare
from qml_algos.speedup.generative import SAMPLING, GenerativeContest
from qml_algos.speedup.projection import project

SIMULATED, TIMED = (4, 6, 8), (6, 8, 10, 12, 14)
DRAWN = 400
WIDTH = 100


def main() -> None:
    """Train, time, project, and say what comes out."""
    contest = GenerativeContest(samples=1000, bond_dimension=8)
    ask = partial(compare, contest, family="cardinality", epsilon=0.5, shots=DRAWN, random_state=0)
    circuits = ask(sizes=SIMULATED, solvers=("mps",))
    rivals = ask(sizes=TIMED, solvers=(SAMPLING,))
    for row in (*circuits.rows, *rivals.rows):
        print(f"{row.solver:<13}{row.size:>3} bits  {row.error:.2f} nats above the entropy")
    print()
    found = project(replace(circuits, rows=circuits.rows + rivals.rows))
    for sentence in found.verdict:
        print(fill(sentence, WIDTH), end="\n\n")
    for line in found.fine_print:
        if line.check.tone != "neutral":
            print(fill(f"- {line.check.sentence}", WIDTH, subsequent_indent="  "))


if __name__ == "__main__":
    main()
