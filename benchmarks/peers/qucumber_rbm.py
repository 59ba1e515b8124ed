"""Moduli of a state from outcomes in the Z basis by QuCumber's positive wave function.

Runs in the environment of ``requirements-qucumber.txt`` in this folder, and needs nothing else of
the project: ``python qucumber_rbm.py PROBLEM.json REPORT.json``. Epochs and the learning rate are
those of the problem, everything else as it is by default.
"""

from __future__ import annotations

import argparse
import json
import time
from importlib.metadata import version
from pathlib import Path

import torch  # type: ignore[import-not-found]
from qucumber.nn_states import PositiveWaveFunction  # type: ignore[import-not-found]


def main() -> None:
    """Train, and write all amplitudes and the seconds of the processor."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("problem", type=Path)
    parser.add_argument("report", type=Path)
    options = parser.parse_args()
    problem = json.loads(options.problem.read_text())
    torch.manual_seed(problem["seed"])
    torch.set_num_threads(1)
    # The first visible unit is the most significant bit there.
    data = torch.tensor(problem["bits"], dtype=torch.double).flip(1)
    qubits = data.shape[1]
    start = time.process_time()
    state = PositiveWaveFunction(num_visible=qubits, num_hidden=qubits, gpu=False)
    state.fit(data, epochs=problem["epochs"], lr=problem["learning_rate"])
    seconds = time.process_time() - start
    amplitudes = state.psi(state.generate_hilbert_space())[0]
    report = {
        "amplitudes": amplitudes.tolist(),
        "seconds": seconds,
        "version": version("qucumber"),
    }
    options.report.write_text(json.dumps(report) + "\n")


if __name__ == "__main__":
    main()
