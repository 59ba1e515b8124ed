"""Where is a heated rod warm? From which size a quantum computer would tell sooner.

Run: ``python examples/crossover_heat_rod.py``. The rod is held at zero at both ends and heated by a
smooth source; asked is the share of its first half in the squared temperature, to 0.01. Circuits
are simulated for a few points, and classical solvers timed on up to a million.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from textwrap import fill

from qml_algos.speedup import compare
from qml_algos.speedup.linear_systems import LinearSystemsContest
from qml_algos.speedup.projection import project

SIMULATED, TIMED = (8, 16, 32), tuple(2**power for power in range(12, 21, 2))
QUANTUM, CLASSICAL = ("spectral",), ("direct", "fft")
WIDTH = 100


def main() -> None:
    """Measure what can be measured, project the rest, and say what comes out."""
    contest = LinearSystemsContest(output="observable")
    ask = partial(compare, contest, family="dirichlet", epsilon=1e-2, random_state=0)
    circuits = ask(sizes=SIMULATED, solvers=QUANTUM)
    rivals = ask(sizes=TIMED, solvers=CLASSICAL)
    found = project(replace(circuits, rows=circuits.rows + rivals.rows))
    for sentence in found.verdict:
        print(fill(sentence, WIDTH), end="\n\n")
    print("What speaks against the quantum computer:")
    for line in found.fine_print:
        if line.check.tone == "bad":
            print(fill(f"- {line.check.sentence}", WIDTH, subsequent_indent="  "))


if __name__ == "__main__":
    main()
