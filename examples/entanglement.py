"""How much entanglement do Boltzmann machines hold? Area law, volume law, and matrix products.

Run: ``python examples/entanglement.py --out entanglement.png``; takes about ten seconds.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from qml_algos.physics.neural.entanglement import entanglement_figure, entanglement_profiles


def main() -> None:
    """Compute the profiles, list them at the middle cut, and draw them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("entanglement.png"), help="PNG to write")
    parser.add_argument("--qubits", type=int, default=16, help="a multiple of 4, 8 to 20")
    arguments = parser.parse_args()
    profiles = entanglement_profiles(arguments.qubits, random_state=0)
    half = arguments.qubits // 2
    print(f"Entropy of {half} of {arguments.qubits} qubits, in bits")
    for profile in profiles:
        weights = "" if profile.weights is None else f"  {profile.weights} weights"
        print(f"{profile.entropies[half - 1]:6.3f}  {profile.name}{weights}")
    entanglement_figure(profiles).savefig(arguments.out)
    print(f"Drawn to {arguments.out}")


if __name__ == "__main__":
    main()
