"""The discrete-logarithm kernel: accuracies, beside radial ones, and what its circuits take.

Run: python benchmarks/discrete_log.py [--primes 251 1021 4093] [--circuit-seeds 5] [--out ...]
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from circuits.feature_maps.discrete_log import (
    DiscreteLogMap,
    arithmetic_costs,
    erasure_infidelity,
)
from circuits.feature_maps.discrete_log.clock import default_clock
from qml_algos.kernels import FidelityKernel
from qml_algos.svm.data.discrete_log import discrete_logarithm_kernel, make_discrete_logarithm

Array = NDArray[Any]

SIZES = {251: (166, 84), 1021: (240, 400), 4093: (240, 400)}
"""Training and test samples; all residues modulo 251."""
SEEDS = 5
MORE_SEEDS = 100
ARITHMETIC = [5, 7, 13, 31, 251, 1021, 4093]
GRID = {"svc__C": [0.1, 1.0, 10.0, 100.0], "svc__gamma": [0.01, 0.1, 1.0, 10.0, 100.0]}
MOST_ITERATIONS = 1_000_000


def main() -> None:
    """Measure each prime and write the rows down."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--primes", type=int, nargs="+", choices=SIZES, default=[*SIZES])
    parser.add_argument(
        "--circuit-seeds", type=int, default=SEEDS, help="seeds whose states are simulated (5)"
    )
    default = Path(__file__).parent / "results" / "discrete_log.json"
    parser.add_argument("--out", type=Path, default=default)
    arguments = parser.parse_args()
    rows = json.loads(arguments.out.read_text()) if arguments.out.exists() else {}
    rows["arithmetic circuits"] = {str(prime): arithmetic(prime) for prime in ARITHMETIC}
    for prime in arguments.primes:
        rows[f"p = {prime}"] = accuracies(prime, arguments.circuit_seeds)
        print(prime, json.dumps(rows[f"p = {prime}"]), flush=True)
        arguments.out.write_text(json.dumps(rows, indent=1) + "\n")


def accuracies(prime: int, circuit_seeds: int) -> dict[str, Any]:
    """Test accuracies by seed: from circuits, from the closed form, and from radial kernels."""
    train, test = SIZES[prime]
    problems = [
        make_discrete_logarithm(train + test, prime=prime, random_state=seed)
        for seed in range(MORE_SEEDS)
    ]
    feature_map = DiscreteLogMap(prime)
    gram, circuit_row = from_circuit(feature_map, [X for X, _ in problems[:circuit_seeds]])
    by_circuit = [
        accuracy(gram[np.ix_(X[:, 0].astype(int), X[:, 0].astype(int))], y, train, seed)
        for seed, (X, y) in enumerate(problems[:circuit_seeds])
    ]
    n = prime.bit_length()
    by_length = {}
    for k in (n - 4, n - 3, n - 2):
        found = [
            accuracy(discrete_logarithm_kernel(X, prime=prime, k=k), y, train, seed)
            for seed, (X, y) in enumerate(problems)
        ]
        by_length[f"k = n - {n - k}"] = summary(found)
    radial = {
        "radial kernel of x": summary([tuned(X, y, train) for X, y in problems[:SEEDS]]),
        "radial kernel of bits": summary(
            [tuned(bits(X, n), y, train) for X, y in problems[:SEEDS]]
        ),
    }
    return {
        "samples": {"train": train, "test": test},
        "circuit": circuit_row,
        f"quantum kernel from circuits, k = {feature_map.orbit.k}": summary(by_circuit),
        "closed form, the first seeds": summary(
            [
                accuracy(discrete_logarithm_kernel(X, prime=prime), y, train, seed)
                for seed, (X, y) in enumerate(problems[:SEEDS])
            ]
        ),
        "closed form": by_length,
        **radial,
    }


def from_circuit(feature_map: DiscreteLogMap, sets: list[Array]) -> tuple[Array, dict[str, Any]]:
    """Gram matrix by residue of all residues that occur, through the kernel's public path."""
    X = np.unique(np.vstack(sets), axis=0)
    start = time.process_time()
    values = FidelityKernel(feature_map)(X)
    seconds = time.process_time() - start
    deviation = np.abs(values - discrete_logarithm_kernel(X, prime=feature_map.prime)).max()
    gram = np.full((feature_map.prime, feature_map.prime), np.nan)
    residues = X[:, 0].astype(int)
    gram[np.ix_(residues, residues)] = values
    return gram, {
        "qubits": feature_map.qubits(1),
        "two-qubit gates": feature_map.two_qubit_gates(1),
        "states": len(X),
        "CPU seconds": round(seconds, 2),
        "largest deviation from the closed form": float(deviation),
    }


def accuracy(gram: Array, y: Array, train: int, seed: int) -> float:
    """Test accuracy of a support vector machine with C = 1."""
    first, second = train_test_split(
        np.arange(len(y)), train_size=train, stratify=y, random_state=seed
    )
    machine = SVC(kernel="precomputed", max_iter=MOST_ITERATIONS)
    machine.fit(gram[np.ix_(first, first)], y[first])
    return float(machine.score(gram[np.ix_(second, first)], y[second]))


def tuned(X: Array, y: Array, train: int) -> float:
    """Test accuracy of a radial kernel, C and width chosen on five folds of the training set."""
    X_train, X_test, y_train, y_test = train_test_split(
        X, y, train_size=train, stratify=y, random_state=0
    )
    machine = make_pipeline(StandardScaler(), SVC(max_iter=MOST_ITERATIONS))
    search = GridSearchCV(machine, GRID, cv=5).fit(X_train, y_train)
    return float(search.score(X_test, y_test))


def bits(X: Array, digits: int) -> Array:
    """Binary digits of a column of numbers."""
    return (X.astype(int) >> np.arange(digits) & 1).astype(float)


def arithmetic(prime: int) -> dict[str, Any]:
    """Size and error of the circuit that knows no logarithm."""
    orbit = DiscreteLogMap(prime).orbit
    costs = arithmetic_costs(orbit)
    return {
        "k": orbit.k,
        "clock qubits": default_clock(orbit),
        "qubits": costs.qubits,
        "CX": costs.cx,
        "ANDs": costs.ands,
        "modular products": costs.products,
        "infidelity": erasure_infidelity(orbit, default_clock(orbit)),
    }


def summary(found: list[float]) -> dict[str, Any]:
    """Mean, its standard error, the extremes and the number of seeds."""
    return {
        "mean": float(np.mean(found)),
        "standard error": float(np.std(found, ddof=1) / np.sqrt(len(found)))
        if len(found) > 1
        else None,
        "min": min(found),
        "max": max(found),
        "seeds": len(found),
    }


if __name__ == "__main__":
    main()
