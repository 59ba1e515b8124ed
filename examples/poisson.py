"""Poisson's equation on a square, by quantum sine transforms and by classical ones.

A source of heat off the centre of a plate whose edges are kept cold, on 16 x 16 cells: 225
unknowns on 8 qubits. Run: ``python examples/poisson.py``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qml_algos.linear_systems import FastTransform, LinearSystem, SpectralInversion, solve


def source(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Heat supplied, at coordinates from 0 to 1."""
    values: NDArray[np.float64] = np.exp(-((x - 0.4) ** 2 + (y - 0.6) ** 2) / 0.02)
    return values


def main() -> None:
    """Solve twice."""
    system = LinearSystem.poisson(2, 16, b=source)
    classical = solve(system, FastTransform())
    quantum = solve(system, SpectralInversion(epsilon=1e-2), reference=classical.x)
    print(system)
    print(f"FFT       {1e3 * classical.resources.classical_seconds:.2f} ms; {classical}")
    print(f"spectral  {quantum.resources.qubits} qubits; {quantum}")
    for name, solution in (("FFT", classical), ("spectral", quantum)):
        row, column = np.unravel_index(np.argmax(np.abs(solution.x)), (15, 15))
        print(f"{name:<9} hottest at ({(row + 1) / 16:.3f}, {(column + 1) / 16:.3f})")
    print("\nBefore anyone calls the circuit fast:")
    for caveat in quantum.caveats:
        print(f"- {caveat}")


if __name__ == "__main__":
    main()
