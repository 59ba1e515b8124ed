"""Ground states as matrix-product states: error and time against closed forms and quimb's DMRG2.

Run: OMP_NUM_THREADS=1 python benchmarks/physics_dmrg.py [--quimb PYTHON] [--models NAME ..]
PYTHON is that of an environment with ``peers/requirements-quimb.txt``. Both get the same sum of
Pauli operators, bond dimensions of the sweeps, discarded weight and relative change of the energy
at which to end. Seconds are those of the processor, without imports, without what quimb compiles
(a first run that is not counted) and without our variance. Kept in results/physics_dmrg.json.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from linear_report import keep, kept, now, table, versions
from qml_algos.physics.ground_states.mps import MPSGroundState
from qml_algos.physics.hamiltonians import (
    SpinHamiltonian,
    haldane_shastry,
    heisenberg,
    square,
    transverse_field_ising,
)

RESULTS = Path(__file__).with_name("results") / "physics_dmrg.json"
PEER = Path(__file__).parent / "peers" / "quimb_dmrg.py"
MODELS: dict[str, tuple[SpinHamiltonian, int]] = {
    "Ising open 40": (transverse_field_ising(40, boundary="open"), 64),
    "Ising open 80": (transverse_field_ising(80, boundary="open"), 64),
    "Ising open 100": (transverse_field_ising(100, boundary="open"), 64),
    "Ising ring 32": (transverse_field_ising(32), 64),
    "Heisenberg open 40": (heisenberg(40, "open"), 64),
    "Heisenberg ring 40": (heisenberg(40), 64),
    "Heisenberg ring 40, D = 128": (heisenberg(40), 128),
    "Haldane-Shastry 16": (haldane_shastry(16), 64),
    "Heisenberg torus 6x6": (heisenberg(square(6)), 64),
}
TORUS = -97.757589597236
"""Of the 6 x 6 torus, by exact diagonalisation, from the varbench repository."""
BY_PEER = 6
"""Models, of the first ones, that quimb is given too: the others take it many minutes."""


def exact(hamiltonian: SpinHamiltonian) -> float:
    """Ground energy known by other means."""
    return TORUS if hamiltonian.reference is None else hamiltonian.reference.energy


def ours(hamiltonian: SpinHamiltonian, bond_dimension: int) -> dict[str, Any]:
    """Solve by this library."""
    found = MPSGroundState(bond_dimension, random_state=0).fit(hamiltonian)
    energy = exact(hamiltonian)
    return {
        "relative_error": (found.energy_ - energy) / abs(energy),
        "v_score": found.v_score_,
        "seconds": found.seconds_,
        "sweeps": len(found.energies_),
        "bond_dimension": max(found.state_.bond_dimensions),
        "discarded_weight": found.truncation_weight_,
    }


def problem(hamiltonian: SpinHamiltonian, bond_dimension: int) -> dict[str, Any]:
    """Describe a problem to the peer; its tolerance is absolute."""
    settings = MPSGroundState(bond_dimension).get_params()
    listed = hamiltonian.operator.simplify().to_sparse_list()
    return {
        "terms": [
            [weight.real, list(zip(letters, sites, strict=True))]
            for letters, sites, weight in listed
        ],
        "bonds": [min(8 * 2**k, bond_dimension) for k in range(5)],
        "truncation": settings["truncation"],
        "tolerance": settings["tolerance"] * abs(exact(hamiltonian)),
        "sweeps": settings["max_sweeps"],
    }


def by_quimb(python: str, names: Sequence[str]) -> dict[str, Any]:
    """Solve some of the models in the peer's environment."""
    with tempfile.TemporaryDirectory() as folder:
        problems, report = Path(folder, "problems.json"), Path(folder, "report.json")
        problems.write_text(json.dumps([problem(*MODELS[name]) for name in names]))
        command = [python, "-W", "ignore", *map(str, (PEER, problems, report))]
        subprocess.run(command, check=True)
        told: dict[str, Any] = json.loads(report.read_text())
    for name, found in zip(names, told["found"], strict=True):
        energy = exact(MODELS[name][0])
        found["relative_error"] = (found.pop("energy") - energy) / abs(energy)
    return told


def row(name: str, found: dict[str, Any]) -> list[str]:
    """Lay out a model: ours, and the peer's if it was run."""
    mine, peer = found["ours"], found.get("quimb")
    cells = [name, *(f"{mine['relative_error']:.1e}", f"{mine['v_score']:.1e}")]
    cells += [str(mine["bond_dimension"]), f"{mine['seconds']:.2f}"]
    if peer is None:
        return [*cells, "", "", ""]
    ratio = peer["seconds"] / mine["seconds"]
    return [*cells, f"{peer['relative_error']:.1e}", f"{peer['seconds']:.2f}", f"{ratio:.1f}"]


def main() -> None:
    """Measure, keep and show."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quimb", metavar="PYTHON", help="interpreter of the peer's environment")
    parser.add_argument("--models", nargs="+", choices=MODELS, default=list(MODELS))
    given = parser.parse_args()
    about = {"when": now(), "threads": os.environ.get("OMP_NUM_THREADS", "all")}
    about |= versions("numpy", "scipy")
    for name in given.models:
        keep(RESULTS, name, {"ours": ours(*MODELS[name]), "about": about})
    names = [name for name in list(MODELS)[:BY_PEER] if name in given.models]
    if given.quimb and names:
        told = by_quimb(given.quimb, names)
        peer_about = {key: told[key] for key in ("warm_up_seconds", "versions")}
        for name, found in zip(names, told["found"], strict=True):
            keep(RESULTS, name, kept(RESULTS)[name] | {"quimb": found, "quimb_about": peer_about})
    header = ["model", "error", "V-score", "D", "CPU s", "quimb: error", "CPU s", "times ours"]
    results = kept(RESULTS)
    print(table(header, [row(name, results[name]) for name in given.models], 1))


if __name__ == "__main__":
    main()
