"""Which tones are the strongest? From which length a quantum computer would tell sooner.

Run: ``python examples/crossover_spectrum.py``. Asked are the frequencies of the three strongest
tones, to a twentieth of a bin: of a recording, whose N samples are loaded one by one in every run,
and of a signal given by a formula, which takes a few gates. The rivals are timed on up to two
million samples.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from textwrap import fill

from qml_algos.fourier import DominantFrequencies
from qml_algos.speedup import compare
from qml_algos.speedup.fourier import FourierContest
from qml_algos.speedup.projection import project

SIMULATED, TIMED = (64, 256), tuple(2**power for power in range(17, 22))
SIGNALS = {"off-grid": "Recorded, sample by sample", "formula": "Given by a formula"}
CLASSICAL = ("fft", "sparse-fft")
WIDTH = 100


def main() -> None:
    """Ask of both kinds of signals."""
    contest = FourierContest(DominantFrequencies(3))
    for family, kind in SIGNALS.items():
        ask = partial(compare, contest, family=family, epsilon=5e-2, random_state=0)
        circuits = ask(sizes=SIMULATED, solvers=("qft",))
        rivals = ask(sizes=TIMED, solvers=CLASSICAL)
        found = project(replace(circuits, rows=circuits.rows + rivals.rows))
        print(f"{kind}:\n")
        for sentence in found.verdict:
            print(fill(sentence, WIDTH), end="\n\n")
        for line in found.fine_print:
            if line.check.check == "sampled data":
                print(fill(line.check.sentence, WIDTH), end="\n\n")


if __name__ == "__main__":
    main()
