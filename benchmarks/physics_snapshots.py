"""The Ising transition from snapshots of circuits, on simulators and under noise.

Run: OMP_NUM_THREADS=1 python benchmarks/physics_snapshots.py [--qubits 8] [--shots 1000]

For 19 fields from 0.2 to 2 a Hamiltonian-variational circuit is trained and measured in Z. A
classifier learns from fields up to 0.5 and from 1.6 on; its boundary is where its mean output
crosses one half. Sources of snapshots: no noise; depolarising noise on every two-qubit gate with
readout errors, at three strengths; the noisy model heron_r3. Confusion and principal components
take the same snapshots. On heron_r3 also circuits with half as many layers, which have less noise
and no exact ground states. Seconds are those of the processor. Kept in
results/physics_snapshots.json; --figure PATH draws curves.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from qiskit.primitives import BaseSamplerV2
from qiskit_aer.noise import NoiseModel, ReadoutError, depolarizing_error
from qiskit_aer.primitives import SamplerV2

from linear_report import keep, now, table, versions
from qml_algos.backends import backend
from qml_algos.backends.aer import AerBackend
from qml_algos.backends.config import AerConfig, load_config
from qml_algos.physics.hamiltonians import free_fermion_energy, transverse_field_ising
from qml_algos.physics.phases import (
    ConfusionScan,
    PhaseBoundaryClassifier,
    PhaseClusters,
    SpinAugmenter,
    SpinNetworkClassifier,
)
from qml_algos.physics.phases.boundary_plot import boundary_figure
from qml_algos.physics.phases.circuits import circuit_sweep
from qml_algos.physics.snapshots import Snapshots

RESULTS = Path(__file__).with_name("results") / "physics_snapshots.json"
FIELDS = np.linspace(0.2, 2.0, 19)
LEARNT = (0.5, 1.6)
SEEDS = range(3)
NOISE = {
    "gates 0.3 %, readout 1 %": (0.003, 0.01),
    "gates 1 %, readout 2 %": (0.01, 0.02),
    "gates 3 %, readout 5 %": (0.03, 0.05),
}
"""Depolarising errors of two-qubit gates and of readout."""


@dataclass(frozen=True, repr=False)
class DepolarisedBackend(AerBackend):
    """Aer with depolarising two-qubit gates and symmetric readout errors."""

    gate_error: float = 0.0
    readout_error: float = 0.0

    def sampler(self, seed: int | None = None) -> BaseSamplerV2:
        """Open a sampler of density matrices."""
        model = NoiseModel()
        model.add_all_qubit_quantum_error(depolarizing_error(self.gate_error, 2), ["cx"])
        wrong = self.readout_error
        model.add_all_qubit_readout_error(ReadoutError([[1 - wrong, wrong], [wrong, 1 - wrong]]))
        options = {"method": "density_matrix", "noise_model": model}
        return SamplerV2(seed=seed, options={"backend_options": options})


def judged(snapshots: Snapshots) -> tuple[dict[str, Any], dict[str, Any]]:
    """Apply the three methods; return figures, and curves to draw."""
    X, y = snapshots.bits, snapshots.labels
    assert y is not None
    network = SpinNetworkClassifier(augmenter=SpinAugmenter())
    start = time.process_time()
    bounds = [
        PhaseBoundaryClassifier(network, transition=LEARNT, random_state=seed).fit(X, y)
        for seed in SEEDS
    ]
    boundary_seconds = time.process_time() - start
    start = time.process_time()
    scan = ConfusionScan(random_state=0).fit(X, y)
    confusion_seconds = time.process_time() - start
    parts = PhaseClusters(random_state=0).fit(X, y)
    values = bounds[0].curve_.values
    found = {
        "boundaries": [known(bound.boundary_) for bound in bounds],
        "boundary_errors": [known(bound.boundary_error_) for bound in bounds],
        "accuracies": [bound.accuracy_ for bound in bounds],
        "ends": [values[0], values[-1]],
        "boundary_seconds": boundary_seconds,
        "confusion_transition": known(scan.transition_),
        "confusion_prominence": scan.prominence_,
        "confusion_curve": scan.accuracy_curve_.values.tolist(),
        "confusion_seconds": confusion_seconds,
        "pca_overlap": parts.uniform_overlap_,
        "pca_variance": parts.explained_variance_ratio_.tolist(),
    }
    return found, {"curve": bounds[0].curve_, "accuracy": scan.accuracy_curve_}


def known(value: float) -> float | None:
    """Return a number; nothing for NaN, which JSON does not have."""
    return float(value) if np.isfinite(value) else None


def shown(value: float | None, digits: int = 3) -> str:
    """Write a number, or that there is none."""
    return "none" if value is None else f"{value:.{digits}f}"


def main() -> None:
    """Measure, print, keep, draw."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--qubits", type=int, default=8)
    parser.add_argument("--shots", type=int, default=1000)
    parser.add_argument("--figure", type=Path, help="where to draw the curves")
    arguments = parser.parse_args()
    qubits, shots = arguments.qubits, arguments.shots
    fewer = f"heron_r3, {qubits // 4} layers"
    start = time.process_time()
    sweep = circuit_sweep(partial(transverse_field_ising, qubits), FIELDS, random_state=0)
    training = time.process_time() - start
    short = circuit_sweep(
        partial(transverse_field_ising, qubits), FIELDS, layers=qubits // 4, random_state=0
    )
    exact = [free_fermion_energy(qubits, h) for h in FIELDS]
    worst = float(np.max(np.abs(sweep.energies / exact - 1)))
    print(f"{sweep}: relative error at most {worst:.1e}, {training:.1f} s")
    aer = load_config("aer")
    assert isinstance(aer, AerConfig)
    sources = {"no noise": (sweep, backend("aer"))}
    for name, (gate, readout) in NOISE.items():
        sources[name] = (sweep, DepolarisedBackend(aer, gate_error=gate, readout_error=readout))
    sources["heron_r3"] = (sweep, backend("heron_r3"))
    sources[fewer] = (short, backend("heron_r3"))
    rows, drawn, kept = [], {}, {}
    for name, (circuits, device) in sources.items():
        start = time.process_time()
        snapshots = circuits.snapshots(device, shots, random_state=0)
        seconds = time.process_time() - start
        kept[name], drawn[name] = judged(snapshots)
        kept[name]["snapshot_seconds"] = seconds
        found = kept[name]
        rows.append(
            [
                name,
                " ".join(map(shown, found["boundaries"])),
                f"{found['ends'][0]:.2f} {found['ends'][1]:.2f}",
                f"{shown(found['confusion_transition'], 2)} ({found['confusion_prominence']:.3f})",
                f"{found['pca_overlap']:.4f}",
                f"{seconds:.1f}",
                f"{found['boundary_seconds'] + found['confusion_seconds']:.1f}",
            ]
        )
    header = ["snapshots", "boundaries", "ends", "confusion", "overlap", "s", "learning s"]
    print(table(header, rows, 1))
    figures = {"relative_error": worst, "training_seconds": training, "sources": kept}
    part = f"{qubits} qubits, {shots} shots"
    keep(RESULTS, part, {**figures, "date": now(), "versions": versions("qiskit", "qiskit-aer")})
    if arguments.figure is None:
        return
    del drawn[fewer]
    figure = boundary_figure(
        {name: one["curve"] for name, one in drawn.items()},
        {name: one["accuracy"] for name, one in drawn.items()},
        learnt=LEARNT,
        exact=1.0,
        title=f"Ising ring of {qubits} spins from {shots:,} snapshots of circuits at each field",
    )
    figure.savefig(arguments.figure, dpi=150)


if __name__ == "__main__":
    main()
