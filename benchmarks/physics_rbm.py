"""Ground states as restricted Boltzmann machines: error and processor seconds, and NetKet's.

The peer needs an environment of its own:

    python3.11 -m venv .venv-netket
    .venv-netket/bin/python -m pip install -r benchmarks/peers/requirements-netket.txt

Run: OMP_NUM_THREADS=1 python benchmarks/physics_rbm.py [--netket .venv-netket/bin/python]
[--parts peer figures square]. Each part is kept in results/physics_rbm.json under its name. "peer"
takes some minutes, "square" (10 by 10 spins) six minutes of the processor.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from linear_report import keep, now, table, versions
from qml_algos.physics.hamiltonians import (
    SpinHamiltonian,
    exact_ground_state,
    haldane_shastry,
    heisenberg,
    square,
    transverse_field_ising,
)
from qml_algos.physics.neural.ground_state import RBMGroundState
from qml_algos.physics.states.fidelities import fidelity

RESULTS = Path(__file__).with_name("results") / "physics_rbm.json"
PEER = Path(__file__).parent / "peers" / "netket_rbm.py"
ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "JAX_PLATFORMS": "cpu",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
}
MODELS: dict[str, Callable[[int], SpinHamiltonian]] = {
    "ising": transverse_field_ising,
    "heisenberg": heisenberg,
}
ITERATIONS = {20: 80, 40: 120}
"""Of both programs, by the number of sites."""
PEER_RATES = {"ising": 0.1, "heisenberg": 0.05}
"""Largest learning rates of NetKet, the best of those tried: with twice the rate it diverges."""
SQUARES = {4: -44.9139328, 6: -97.757589597236}
"""Exact energies of square Heisenberg lattices, from varbench (Science 386, 296 (2024))."""
LARGEST_EXACT = 16
"""Spins up to which the ground state itself is compared."""
SQUARE_OPTIONS: dict[str, Any] = {"alpha": 4, "iterations": 600, "final_learning_rate": 0.02}
SQUARE_10 = {"RBM, alpha 1": -265.7726, "best": -268.560}
"""Energies of other programs on 10 by 10 spins, from there too."""
STAGES = ((1000, 0.3, 0.1, 20_000), (800, 0.1, 0.03, 100_000))
"""Of 10 by 10 spins: iterations, first and last learning rate, final samples."""


def ours(
    hamiltonian: SpinHamiltonian, energy: float, *, seed: int = 0, **options: Any
) -> dict[str, Any]:
    """Fit once; ``energy`` is exact."""
    model = RBMGroundState(random_state=seed, **options).fit(hamiltonian)
    row: dict[str, Any] = {
        "model": hamiltonian.name,
        "program": "qml-algos",
        "alpha": model.alpha,
        "seed": seed,
        "iterations": model.iterations,
        "relative_error": (model.energy_ - energy) / abs(energy),
        "standard_error": model.energy_error_ / abs(energy),
        "v_score": model.v_score_,
        "parameters": model.parameters_,
        "seconds": model.seconds_,
    }
    if hamiltonian.qubits <= LARGEST_EXACT:
        exact = exact_ground_state(hamiltonian).states[0]
        row["fidelity"] = fidelity(model.state_, exact)
    return row


def theirs(python: str, name: str, hamiltonian: SpinHamiltonian, iterations: int) -> dict[str, Any]:
    """Fit once with NetKet's symmetric machine of the same size."""
    exact = energy_of(hamiltonian)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        command = [python, "-W", "ignore", str(PEER), str(report)]
        command += ["--model", name, "--rate", str(PEER_RATES[name])]
        command += ["--sites", str(hamiltonian.qubits), "--iterations", str(iterations)]
        # NetKet is faster with a hundred chains than with a thousand.
        command += ["--chains", "100"]
        subprocess.run(command, check=True, env=os.environ | ONE_THREAD, capture_output=True)
        found = json.loads(report.read_text())
    return {
        "model": hamiltonian.name,
        "program": "NetKet",
        "alpha": 2,
        "seed": 0,
        "iterations": iterations,
        "relative_error": (found["energy"] - exact) / abs(exact),
        "standard_error": found["error"] / abs(exact),
        "v_score": hamiltonian.qubits * found["variance"] / found["energy"] ** 2,
        "parameters": found["parameters"],
        "seconds": found["seconds"],
        "seconds_compiled": found["seconds_compiled"],
        "versions": found["versions"],
    }


def energy_of(hamiltonian: SpinHamiltonian) -> float:
    """Return the exact energy."""
    assert hamiltonian.reference is not None
    return hamiltonian.reference.energy


def peer(options: argparse.Namespace) -> list[dict[str, Any]]:
    """Compare with NetKet: rings, alpha 2, as many iterations of 1,000 samples for both.

    Iterations are about as few as take both to the error that their machines can reach.
    """
    rows = []
    for name, model in MODELS.items():
        for sites, iterations in ITERATIONS.items():
            hamiltonian = model(sites)
            energy = energy_of(hamiltonian)
            rows += [ours(hamiltonian, energy, seed=k, iterations=iterations) for k in range(3)]
            if options.netket is not None:
                rows.append(theirs(options.netket, name, hamiltonian, iterations))
            keep(RESULTS, "peer", {"measured": now(), "versions": stack(), "rows": rows})
    show(rows)
    return rows


def figures(options: argparse.Namespace) -> list[dict[str, Any]]:
    """Measure chains to 80 sites, small squares and the Haldane-Shastry ring."""
    del options
    todo: list[tuple[SpinHamiltonian, dict[str, Any]]] = [
        *((transverse_field_ising(20), {"alpha": alpha}) for alpha in (1, 2, 4)),
        *((transverse_field_ising(40, 0.5), {"seed": seed}) for seed in range(3)),
        *((transverse_field_ising(40, field), {}) for field in (1.0, 2.0)),
        (transverse_field_ising(80), {}),
        *((heisenberg(sites), {}) for sites in (20, 40, 80)),
        (heisenberg(40), {"alpha": 4}),
        *((haldane_shastry(sites), {}) for sites in (12, 16)),
    ]
    rows = [ours(model, energy_of(model), **chosen) for model, chosen in todo]
    for side, energy in SQUARES.items():
        rows.append(ours(heisenberg(square(side)), energy, **SQUARE_OPTIONS))
    show(rows)
    return rows


def ten_by_ten(options: argparse.Namespace) -> list[dict[str, Any]]:
    """Descend in stages on 10 by 10 spins; each is kept when it is done."""
    del options
    model, rows, seconds = RBMGroundState(4, random_state=0, warm_start=True), [], 0.0
    for iterations, first, last, samples in STAGES:
        model.set_params(iterations=iterations, learning_rate=first, final_learning_rate=last)
        model.set_params(final_samples=samples).fit(heisenberg(square(10)))
        seconds += model.seconds_
        rows.append(
            {
                "energy": model.energy_,
                "standard_error": model.energy_error_,
                "v_score": model.v_score_,
                "parameters": model.parameters_,
                "seconds": seconds,
            }
        )
        print(rows[-1], flush=True)
        kept = {"measured": now(), "versions": stack(), "others": SQUARE_10, "rows": rows}
        keep(RESULTS, "square", kept)
    return rows


def stack() -> dict[str, str]:
    """Versions of what is measured."""
    return versions("qml-algos", "numpy", "scipy")


def show(rows: list[dict[str, Any]]) -> None:
    """Print rows as a table."""
    header = [
        "model",
        "program",
        "alpha",
        "iterations",
        "rel. error",
        "+-",
        "V-score",
        "fidelity",
        "CPU s",
        "compiled",
    ]
    lines = [
        [
            row["model"],
            row["program"],
            str(row["alpha"]),
            str(row["iterations"]),
            f"{row['relative_error']:.1e}",
            f"{row['standard_error']:.1e}",
            f"{row['v_score']:.1e}",
            f"{row['fidelity']:.5f}" if "fidelity" in row else "",
            f"{row['seconds']:.1f}",
            f"{row['seconds_compiled']:.1f}" if "seconds_compiled" in row else "",
        ]
        for row in rows
    ]
    print(table(header, lines, 2), flush=True)


PARTS = {"peer": peer, "figures": figures, "square": ten_by_ten}


def main() -> None:
    """Measure the parts asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--netket", help="Python of the environment that has NetKet")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=["peer", "figures"])
    options = parser.parse_args()
    for part in options.parts:
        rows = PARTS[part](options)
        if part == "figures":
            keep(RESULTS, part, {"measured": now(), "versions": stack(), "rows": rows})


if __name__ == "__main__":
    main()
