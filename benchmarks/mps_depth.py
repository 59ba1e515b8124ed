"""Two-qubit depth of circuits that prepare chains of short correlations: growth with the sites.

``python benchmarks/mps_depth.py --help``. States: random ones of bond 2, the square roots of Markov
chains of order 2 (bond 4), and matrix product states of bond 4 trained on samples of such chains.
Beside the wall of least depth: the same fidelity site by site, by closed formulas, and up to
some sites the circuit of fewest gates. A second part compares gates for one complex state with
Qiskit's own preparation. Times are CPU seconds of one BLAS thread.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit, transpile
from qiskit.circuit.library import StatePreparation

from circuits.matrix_product_state import (
    Tensor,
    compress,
    mps_inner_product,
    mps_preparation,
    mps_vector,
    truncate,
)
from circuits.tensor_network.distances import distribution_distances
from circuits.tensor_network.preparation import prepare_mps
from linear_report import keep, now, table, versions
from qml_algos.generative import MPSBornMachine

SITES = (16, 32, 64, 128)
FIDELITY = 0.99
MOST_SITES_FOR_FEWEST_GATES = 32
SAMPLES = 20_000
COMPLEX_SITES = 12


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parent / "results/mps_depth.json"
    )
    parser.add_argument("--sites", type=int, nargs="+", default=SITES)
    options = parser.parse_args()
    states: dict[str, Callable[[int], list[Tensor]]] = {
        "random, bond 2": lambda sites: random_state(sites, 2, np.float64),
        "chain of order 2": lambda sites: chain_state(transitions(sites)),
        "trained on samples of it": trained_state,
    }
    found = {"measured": now(), "versions": versions("qml-algos", "numpy", "scipy", "qiskit")}
    rows: list[dict[str, Any]] = []
    for name, state in states.items():
        for sites in options.sites:
            rows.append(measure(name, state(sites)))
            print(rows[-1], flush=True)
            keep(options.out, "depth", found | {"fidelity": FIDELITY, "rows": rows})
    print_rows(rows)
    print_complex(options.out, found)


def print_complex(out: Path, found: dict[str, Any]) -> None:
    """Measure, print and write the second part."""
    rows = complex_rows()
    keep(out, "complex", found | {"sites": COMPLEX_SITES, "rows": rows})
    print_rows(rows)


def measure(name: str, state: list[Tensor]) -> dict[str, Any]:
    """Prepare one state; the fidelity is that of the tensors which the network is."""
    start = time.process_time()
    wall = prepare_mps(state, fidelity=FIDELITY, objective="depth")
    seconds = time.process_time() - start
    overlap = mps_inner_product(state, wall.tensors)
    distances = distribution_distances(wall, state)
    truncated, _ = compress(state, math.sqrt(2 - 2 * math.sqrt(FIDELITY)))
    row = {
        "state": name,
        "sites": len(state),
        "method": wall.method,
        "fidelity": round(abs(overlap) ** 2, 6),
        "depth": wall.two_qubit_depth,
        "gates": wall.two_qubit_gates,
        "kl": round(distances.kl_divergence, 5),
        "kl_error": round(distances.kl_error, 5),
        "total_variation": round(distances.total_variation, 4),
        "tv_error": round(distances.total_variation_error, 4),
        "site_by_site_depth": two_qubit_depth(mps_preparation(truncated)),
        "site_by_site_gates": mps_preparation(truncated).num_nonlocal_gates(),
        "fewest_gates": None,
        "its_depth": None,
        "cpu_seconds": round(seconds, 1),
    }
    if len(state) <= MOST_SITES_FOR_FEWEST_GATES:
        fewest = prepare_mps(state, fidelity=FIDELITY)
        row |= {"fewest_gates": fewest.two_qubit_gates, "its_depth": fewest.two_qubit_depth}
    return row


def complex_rows() -> list[dict[str, Any]]:
    """Count gates for one complex state of bond 4, by each way of preparing it."""
    state = random_state(COMPLEX_SITES, 4, np.complex128)
    stock = QuantumCircuit(COMPLEX_SITES)
    stock.append(StatePreparation(mps_vector(state)), range(COMPLEX_SITES))
    compiled = transpile(stock, basis_gates=["cx", "u"], optimization_level=2)
    rows = [
        {
            "circuit": "Qiskit StatePreparation",
            "fidelity": 1.0,
            "gates": compiled.num_nonlocal_gates(),
            "depth": two_qubit_depth(compiled),
        }
    ]
    for asked in ({}, {"fidelity": 0.99}, {"fidelity": 0.99, "objective": "depth"}):
        prepared = prepare_mps(state, **asked)
        rows.append(
            {
                "circuit": " ".join(f"{key}={value}" for key, value in asked.items()) or "exact",
                "fidelity": round(prepared.fidelity, 6),
                "gates": prepared.two_qubit_gates,
                "depth": prepared.two_qubit_depth,
            }
        )
    return rows


def random_state(sites: int, bond: int, dtype: type) -> list[Tensor]:
    """Draw normal entries."""
    generator = np.random.default_rng(0)
    bonds = [min(bond, 2 ** min(site, sites - site, 8)) for site in range(sites + 1)]
    tensors = []
    for site in range(sites):
        shape = (bonds[site], 2, bonds[site + 1])
        tensor: Tensor = generator.normal(size=shape).astype(dtype)
        if dtype is np.complex128:
            tensor = tensor + 1j * generator.normal(size=shape)
        tensors.append(tensor)
    return truncate(tensors, bond)


def transitions(sites: int) -> NDArray[np.float64]:
    """Draw probabilities of each site's value given the two before; shape ``(sites, 2, 2, 2)``."""
    logits = np.random.default_rng(0).normal(size=(sites, 2, 2))
    ones = 1 / (1 + np.exp(-logits))
    return np.stack([1 - ones, ones], axis=-1)


def chain_state(chain: NDArray[np.float64]) -> list[Tensor]:
    """Square root of a Markov chain of order 2, whose bond is the two last values."""
    tensors = []
    for shares in chain:
        tensor = np.zeros((2, 2, 2, 2, 2))
        before, last, value = np.indices((2, 2, 2))
        tensor[before, last, value, last, value] = np.sqrt(shares)
        tensors.append(tensor.reshape(4, 2, 4))
    tensors[0] = tensors[0][:1]
    tensors[-1] = tensors[-1].sum(axis=2, keepdims=True)
    return truncate(tensors, 4)


def trained_state(sites: int) -> list[Tensor]:
    """Train on samples of the chain, the bond at most 4."""
    chain, generator = transitions(sites), np.random.default_rng(1)
    samples = np.zeros((SAMPLES, sites), dtype=np.int64)
    for site in range(sites):
        before = samples[:, site - 2] if site > 1 else 0
        last = samples[:, site - 1] if site else 0
        samples[:, site] = generator.random(SAMPLES) < chain[site, before, last, 1]
    machine = MPSBornMachine(4, order="natural", shrinkage=0.0, max_sweeps=20, random_state=0)
    return list(machine.fit(samples).cores_)


def two_qubit_depth(circuit: QuantumCircuit) -> int:
    """Layers of two-qubit gates."""
    return int(circuit.depth(lambda item: item.operation.num_qubits > 1))


def print_rows(rows: list[dict[str, Any]]) -> None:
    """Print as a table."""
    print(table(list(rows[0]), [[str(value) for value in row.values()] for row in rows], 1))


if __name__ == "__main__":
    main()
