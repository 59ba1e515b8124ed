"""Principal components of data, and of a state that only a circuit knows.

Run: ``python examples/principal_components.py``.
"""

from __future__ import annotations

import numpy as np
from qiskit import QuantumCircuit
from sklearn.datasets import load_wine
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from qml_algos.pca import QuantumPCA


def of_data() -> None:
    """Reduce the wine data to two features, in a pipeline like any other transformer."""
    pipeline = make_pipeline(StandardScaler(), QuantumPCA(2))
    reduced = pipeline.fit_transform(load_wine().data)
    estimator = pipeline[-1]
    shares = ", ".join(f"{share:.1%}" for share in estimator.explained_variance_ratio_)
    print(f"wine: {reduced.shape[1]} components explain {shares} of the variance")
    used = estimator.resources_
    print(f"{used.qubits} qubits, {used.two_qubit_gates:,} two-qubit gates")
    if used.classically_diagonalised:
        print("The circuit was built from eigenvectors computed classically: no speed-up here.")


def of_a_state() -> None:
    """Find the state that noise has mixed with others, from pairs of copies."""
    circuit = QuantumCircuit(4)
    circuit.h(0)
    circuit.cx(0, 1)
    for qubit in range(2):
        circuit.ry(2 * np.arcsin(np.sqrt(0.05)), 2 + qubit)
        circuit.cz(2 + qubit, qubit)
    estimator = QuantumPCA(1, method="two-copy", shots=2_000, random_state=0)
    estimator.fit_circuit(circuit, system_qubits=2)
    share, error = (
        float(array[0])
        for array in (
            estimator.explained_variance_ratio_,
            estimator.explained_variance_standard_errors_,
        )
    )
    print(f"Bell pair: principal component {share:.3f} +- {error:.3f} of the state")
    print(f"amplitudes {np.round(np.abs(estimator.components_[0]), 2)}, {estimator.copies_} copies")


def main() -> None:
    """Show both."""
    of_data()
    of_a_state()


if __name__ == "__main__":
    main()
