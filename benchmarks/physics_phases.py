"""Phases of the classical Ising model in two dimensions: what is found, how it scatters, its cost.

Run: OMP_NUM_THREADS=1 python benchmarks/physics_phases.py [--parts energies supervised ...]
Seconds are those of the processor, as other programs may share it; one thread is the fair setting.
Each part is kept in results/physics_phases.json under its name.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linear_report import keep, now, versions
from qml_algos.physics.hamiltonians.onsager import ONSAGER_TEMPERATURE, onsager_energy
from qml_algos.physics.ising import IsingConfigurations, make_ising_configurations
from qml_algos.physics.phases import (
    ConfusionScan,
    PhaseBoundaryClassifier,
    PhaseClusters,
    PhaseCurve,
    SpinAugmenter,
    SpinNetworkClassifier,
    finite_size_scaling,
    linear_baseline,
)

RESULTS = Path(__file__).with_name("results") / "physics_phases.json"
SIZES = (12, 16, 24, 32, 48)
GRID = np.arange(1.62, 2.925, 0.02)
SEEDS = (0, 1, 2, 3)
APART = (2.0, 2.55)
"""Between these temperatures a classifier that knows no transition learns nothing."""


def configurations(length: int, grid: NDArray[np.float64], count: int, seed: int) -> Any:
    """Draw configurations, each size and seed with random numbers of its own."""
    return make_ising_configurations(
        length, grid, count, replicas=4, random_state=1000 * seed + length
    )


def network(length: int, networks: int = 2) -> SpinNetworkClassifier:
    """Make the classifier of all parts."""
    return SpinNetworkClassifier(networks=networks, augmenter=SpinAugmenter((length, length)))


def energies() -> dict[str, Any]:
    """Compare energies at length 48 with Onsager's."""
    found = make_ising_configurations(48, [2.0, 2.2, 2.6], 300, random_state=0)
    exact = onsager_energy(found.grid)
    return {
        "temperatures": found.grid.tolist(),
        "energies": found.mean_energies.tolist(),
        "errors": found.energy_errors.tolist(),
        "onsager": exact.tolist(),
        "deviations_in_sigma": ((found.mean_energies - exact) / found.energy_errors).tolist(),
        "autocorrelation_times": found.autocorrelation_times.tolist(),
    }


def sampling() -> list[dict[str, Any]]:
    """Time 7,800 configurations at 26 temperatures for each size."""
    rows = []
    for length in SIZES:
        start = time.process_time()
        found = make_ising_configurations(length, np.linspace(1.6, 2.9, 26), 300, random_state=0)
        rows.append(
            {
                "length": length,
                "cpu_seconds": time.process_time() - start,
                "slowest_autocorrelation_time": float(found.autocorrelation_times.max()),
            }
        )
    return rows


def supervised() -> list[dict[str, Any]]:
    """Find the critical point and the exponent, for several seeds of data and training."""
    return [told(one_scaling(seed)) for seed in SEEDS]


def one_scaling(seed: int) -> dict[str, Any]:
    """Learn with labels cut at the exact point, as the paper, and from both ends alone."""
    start = time.process_time()
    data = {length: configurations(length, GRID, 120, seed) for length in SIZES}
    drawn = time.process_time()
    row: dict[str, Any] = {"seed": seed, "data_cpu_seconds": drawn - start}
    for name, transition in (("labels_cut", ONSAGER_TEMPERATURE), ("learnt_apart", APART)):
        row[name] = scaling_of(data, transition, seed)
    return row


def scaling_of(data: dict[int, IsingConfigurations], transition: Any, seed: int) -> dict[str, Any]:
    """Train for each size, and collapse."""
    start = time.process_time()
    fitted = {
        length: PhaseBoundaryClassifier(
            network(length), transition=transition, random_state=seed
        ).fit(found.bits, found.temperatures)
        for length, found in data.items()
    }
    curves = [curve for model in fitted.values() for curve in model.fold_curves_]
    scaling = finite_size_scaling(curves, [*np.repeat(SIZES, 2)], random_state=seed)
    return {
        "tc": scaling.tc,
        "tc_interval": scaling.tc_interval,
        "nu": scaling.nu,
        "nu_interval": scaling.nu_interval,
        "chi2": scaling.chi2,
        "points": scaling.points,
        "boundaries": {length: model.boundary_ for length, model in fitted.items()},
        "boundary_errors": {length: model.boundary_error_ for length, model in fitted.items()},
        "accuracies": {length: model.accuracy_ for length, model in fitted.items()},
        "cpu_seconds": time.process_time() - start,
    }


def linear() -> list[dict[str, Any]]:
    """Compare a linear model with the network, on the same samples."""
    rows = []
    for length in (10, 20, 24, 30):
        found = configurations(length, np.linspace(1.6, 2.9, 26), 120, 0)
        baseline = linear_baseline(
            found.bits, found.temperatures, ONSAGER_TEMPERATURE, random_state=0
        )
        model = PhaseBoundaryClassifier(
            network(length), transition=ONSAGER_TEMPERATURE, random_state=0
        ).fit(found.bits, found.temperatures)
        rows.append(
            {
                "length": length,
                "linear": baseline.accuracy,
                "majority": baseline.majority,
                "network": model.accuracy_,
            }
        )
    return rows


def components() -> list[dict[str, Any]]:
    """Find principal components and clusters for several sizes."""
    rows = []
    for length in (10, 20, 40):
        found = configurations(length, np.linspace(1.6, 2.9, 27), 100, 0)
        start = time.process_time()
        model = PhaseClusters(random_state=0).fit(found.bits, found.temperatures)
        rows.append(
            {
                "length": length,
                "overlap": model.uniform_overlap_,
                "explained": model.explained_variance_ratio_.tolist(),
                "boundary": model.boundary_,
                "susceptibility_peak": model.susceptibility_peak_,
                "cpu_seconds": time.process_time() - start,
            }
        )
    return rows


def confusion() -> list[dict[str, Any]]:
    """Scan 14 trial transitions at length 20, for several seeds."""
    rows = []
    for seed in SEEDS:
        found = configurations(20, np.linspace(1.6, 2.9, 27), 100, seed)
        start = time.process_time()
        scan = ConfusionScan(network(20, 1), trials=np.arange(1.625, 2.9, 0.1), random_state=seed)
        scan.fit(found.bits, found.temperatures)
        rows.append(
            {
                "seed": seed,
                "transition": scan.transition_,
                "prominence": scan.prominence_,
                "trials": scan.accuracy_curve_.parameters.tolist(),
                "accuracies": scan.accuracy_curve_.values.tolist(),
                "cpu_seconds": time.process_time() - start,
            }
        )
    return rows


def triangular() -> dict[str, Any]:
    """Let networks trained on the square lattice judge the triangular one, of the same length."""
    square = configurations(24, GRID, 120, 0)
    model = PhaseBoundaryClassifier(
        network(24), transition=ONSAGER_TEMPERATURE, random_state=0
    ).fit(square.bits, square.temperatures)
    other = make_ising_configurations(
        24, np.arange(3.2, 4.1, 0.02), 120, lattice="triangular", random_state=0
    )
    above = model.predict_proba(other.bits)[:, 1].reshape(len(other.grid), -1)
    errors = above.std(axis=1) / np.sqrt(other.independent_samples)
    curve = PhaseCurve(other.grid, above.mean(axis=1), errors)
    return {
        "boundary": curve.crossing(),
        "error": curve.crossing_error(np.random.default_rng(0)),
        "exact": other.lattice.critical_temperature,
    }


def told(row: dict[str, Any]) -> dict[str, Any]:
    """Print a row that took long, and return it."""
    print(row, file=sys.stderr, flush=True)
    return row


PARTS: dict[str, Callable[[], Any]] = {
    "energies": energies,
    "sampling": sampling,
    "linear": linear,
    "components": components,
    "confusion": confusion,
    "triangular": triangular,
    "supervised": supervised,
}


def main() -> None:
    """Measure the parts asked for, and keep each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=[*PARTS])
    for part in parser.parse_args().parts:
        start = time.process_time()
        rows = PARTS[part]()
        seconds = time.process_time() - start
        found = {"measured": now(), "versions": versions("numpy", "scipy", "scikit-learn")}
        keep(RESULTS, part, found | {"cpu_seconds": seconds, "found": rows})
        told({part: rows, "cpu_seconds": seconds})


if __name__ == "__main__":
    main()
