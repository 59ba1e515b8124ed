"""How HHL's circuits grow with the number of unknowns, to the largest size this machine bears.

Run: python benchmarks/growth.py [--largest 512]
"""

from __future__ import annotations

import argparse

import numpy as np

from qml_algos.linear_systems import HHL, Direct, solve
from qml_algos.linear_systems.families import make_system

EPSILON = 1e-2


def main() -> None:
    """Print a row for each size, doubling from 2."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--largest", type=int, default=256, help="number of unknowns (256)")
    largest = parser.parse_args().largest
    print(
        "| N | qubits | cx | relative error | success | classical s | build s | compile s | run s |"
    )
    print("|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
    size = 2
    while size <= largest:
        problem = make_system("spd", size, np.random.default_rng(0))
        reference = solve(problem, Direct()).x
        solution = solve(problem, HHL(EPSILON), reference=reference)
        used = solution.resources
        print(
            f"| {size} | {used.qubits} | {used.two_qubit_gates:,} | {solution.error:.1e} "
            f"| {solution.success_probability:.3f} | {used.classical_seconds:.2f} "
            f"| {used.build_seconds:.2f} | {used.compile_seconds:.2f} | {used.run_seconds:.2f} |",
            flush=True,
        )
        size *= 2


if __name__ == "__main__":
    main()
