"""Least-squares support vector machines by solvers of linear systems: labels, costs, formulations.

Run: python benchmarks/least_squares_svm.py [--parts ...] [--out FILE]
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_digits, make_moons
from sklearn.gaussian_process.kernels import RBF
from sklearn.model_selection import train_test_split

from qml_algos.backends import backend
from qml_algos.kernels.fidelity import FidelityKernel
from qml_algos.linear_systems import HHL, Direct, LinearSystem, QSVTInversion, solve
from qml_algos.results import circuit_costs
from qml_algos.svm.centred_system import centred_system
from qml_algos.svm.data.ad_hoc import make_ad_hoc
from qml_algos.svm.least_squares import QuantumLeastSquaresSVC

Array = NDArray[np.float64]
Draw = Callable[[int], tuple[Array, NDArray[Any]]]

EPSILON = 1e-2
NEW_POINTS = 200
DATA: dict[str, tuple[Any, Draw]] = {
    "moons, RBF": (RBF(0.5), lambda n: make_moons(n, noise=0.1, random_state=0)),
    "ad hoc, ZZ": (FidelityKernel(), lambda n: make_ad_hoc(n, random_state=0)),
}
# The kernel reflection of 16 unknowns has a hundred thousand gates, and training an ansatz for a
# matrix without structure takes minutes.
LARGEST = {"kernel-reflection": 8, "variational": 8}


def main() -> None:
    """Measure the parts asked for and write them down beside the others."""
    parts: dict[str, Callable[[], list[dict[str, Any]]]] = {
        "formulations": formulations,
        "solvers": solvers,
        "shots": from_shots,
        "counted": counted,
        "direct": direct,
    }
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--parts", nargs="+", choices=parts, default=[*parts])
    default = Path(__file__).parent / "results" / "least_squares_svm.json"
    parser.add_argument("--out", type=Path, default=default)
    arguments = parser.parse_args()
    found = json.loads(arguments.out.read_text()) if arguments.out.exists() else {}
    for name in arguments.parts:
        found[name] = parts[name]()
        for row in found[name]:
            print(name, json.dumps(row), flush=True)
        arguments.out.write_text(json.dumps(found, indent=1) + "\n")


def formulations() -> list[dict[str, Any]]:
    """HHL on the published system, with the bias eliminated by two solutions, and centred."""
    rows = []
    for data, (kernel, draw) in DATA.items():
        for samples in (4, 8, 16):
            X, y = draw(samples)
            K, targets = kernel(X), np.where(y > 0, 1.0, -1.0)
            for gamma in (1.0, 10.0):
                for name, systems in _systems(K, targets, gamma).items():
                    solutions = [solve(system, HHL(EPSILON)) for system in systems]
                    costs = [solution.gates_per_accepted_shot or 0.0 for solution in solutions]
                    rows.append(
                        {
                            "data": data,
                            "samples": samples,
                            "gamma": gamma,
                            "formulation": name,
                            "condition number": max(s.condition_number for s in systems),
                            "qubits": max(s.resources.qubits or 0 for s in solutions),
                            "cx": [s.resources.two_qubit_gates for s in solutions],
                            "success": [s.success_probability for s in solutions],
                            "cx per accepted shot, all solutions": sum(costs),
                        }
                    )
    return rows


def _systems(K: Array, targets: Array, gamma: float) -> dict[str, list[LinearSystem]]:
    samples = len(K)
    ridge, ones = K + np.eye(samples) / gamma, np.ones((samples, 1))
    bordered = np.block([[np.zeros((1, 1)), ones.T], [ones, ridge]])
    centred = centred_system(K, np.ones(samples), gamma)
    return {
        "bordered": [LinearSystem(bordered, np.append(0.0, targets))],
        "eliminated": [LinearSystem(ridge, ones[:, 0]), LinearSystem(ridge, targets)],
        "centred": [LinearSystem(centred.matrix, centred.right_hand_side(targets))],
    }


def solvers() -> list[dict[str, Any]]:
    """Every solver: labels of 200 new points beside those of the direct solution, and the cost."""
    names = ("hhl", "qsvt", "chebyshev", "kernel-reflection", "variational", "cg", "minres")
    rows = []
    for data, (kernel, draw) in DATA.items():
        for samples in (4, 8, 16):
            for name in names:
                if samples <= LARGEST.get(name, samples):
                    machine = QuantumLeastSquaresSVC(kernel, solver=name, epsilon=EPSILON)
                    machine.set_params(random_state=0)
                    rows.append({"data": data, **_measured(machine, samples, draw)})
    return rows


def from_shots() -> list[dict[str, Any]]:
    """HHL read by shots, signs included: as many as epsilon takes."""
    kernel, draw = DATA["moons, RBF"]
    machine = QuantumLeastSquaresSVC(
        kernel, solver="hhl", epsilon=0.05, backend="aer_shots", random_state=0
    )
    return [_measured(machine, samples, draw) for samples in (4, 8, 16)]


def _measured(machine: QuantumLeastSquaresSVC, samples: int, draw: Draw) -> dict[str, Any]:
    points, labels = draw(samples + NEW_POINTS)
    X, new, y, truth = train_test_split(
        points, labels, train_size=samples, stratify=labels, random_state=0
    )
    exact = QuantumLeastSquaresSVC(machine.kernel, gamma=machine.gamma).fit(X, y)
    start = time.process_time()
    machine.fit(X, y)
    seconds = time.process_time() - start
    [solution] = machine.solutions_
    differences = np.abs(machine.decision_function(new) - exact.decision_function(new))
    bounds, certain = machine.decision_errors(new), machine.labels_certain(new)
    same = machine.predict(new) == exact.predict(new)
    return {
        "solver": solution.solver,
        "samples": samples,
        "qubits": machine.resources_.qubits,
        "cx": machine.resources_.two_qubit_gates,
        "success": solution.success_probability,
        "shots": machine.resources_.shots,
        "promised error": solution.promised_error,
        "error": float(np.linalg.norm(solution.x - exact.solutions_[0].x) / solution.norm),
        "same labels, training": float(np.mean(machine.predict(X) == exact.predict(X))),
        "same labels, new": float(np.mean(same)),
        "labels certain, new": float(np.mean(certain)),
        "certain ones are the same": bool(np.all(same[certain])),
        "largest decision error": float(differences.max()),
        "its bound": float(bounds[differences.argmax()]),
        "bounds hold": bool(np.all(differences <= bounds + 1e-12)),
        "median margin": float(np.median(np.abs(exact.decision_function(new)))),
        "median shots to classify a point": float(np.median(machine.classification_shots(new))),
        "accuracy": float(np.mean(machine.predict(new) == truth)),
        "seconds": seconds,
    }


def counted() -> list[dict[str, Any]]:
    """Circuits that are compiled and not run."""
    kernel, draw = DATA["moons, RBF"]
    simulator, rows = backend("aer"), []
    for solver, sizes in ((HHL(EPSILON), (32, 64, 128)), (QSVTInversion(EPSILON), (32,))):
        for samples in sizes:
            X, y = draw(samples)
            system = centred_system(kernel(X), np.ones(samples), 1.0)
            targets = system.right_hand_side(np.where(y > 0, 1.0, -1.0))
            problem = LinearSystem(system.matrix, targets)
            start = time.process_time()
            [compiled] = simulator.compile([solver.build(problem).circuit])
            rows.append(
                {
                    "solver": solver.name,
                    "samples": samples,
                    "condition number": problem.condition_number,
                    **circuit_costs(compiled),
                    "seconds": time.process_time() - start,
                }
            )
    return rows


def direct() -> list[dict[str, Any]]:
    """Ten classes of 1,797 digits: one factorisation beside one for each class."""
    X, y = load_digits(return_X_y=True)
    K = RBF(30.0)(X)
    machine = QuantumLeastSquaresSVC("precomputed")
    start = time.process_time()
    machine.fit(K, y)
    shared = time.process_time() - start
    system = centred_system(K, np.ones(len(K)), 1.0)
    start = time.process_time()
    for digit in range(10):
        targets = system.right_hand_side(np.where(y == digit, 1.0, -1.0))
        solve(LinearSystem(system.matrix, targets), Direct())
    separate = time.process_time() - start
    return [
        {
            "samples": len(K),
            "fit, seconds": shared,
            "ten direct solutions, seconds": separate,
            "accuracy on the training points": float(machine.score(K, y)),
        }
    ]


if __name__ == "__main__":
    main()
