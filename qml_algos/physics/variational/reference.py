"""Reference states of variational circuits: ground states of sums of commuting Paulis."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.quantum_info import SparsePauliOp
from qiskit.synthesis import synth_circuit_from_stabilizers


def stabilizer_reference(layer: SparsePauliOp) -> QuantumCircuit:
    """Prepare a stabilizer state that minimises commuting terms, the largest ones first.

    Parameters
    ----------
    layer
        Real sum of commuting Paulis besides the identity.

    Returns
    -------
    QuantumCircuit
        Of Clifford gates. A ground state wherever no term competes with others: of a transverse
        field, of bonds that share no site, of a stabilizer code. What the terms leave open is
        chosen by the synthesis.
    """
    kept = _independent(layer[np.argsort(-np.abs(layer.coeffs.real), kind="stable")])
    signs = ["-" if coefficient > 0 else "+" for coefficient in kept.coeffs.real]
    labels = [sign + pauli for sign, pauli in zip(signs, kept.paulis.to_labels(), strict=True)]
    return synth_circuit_from_stabilizers(labels, allow_underconstrained=True)


def _independent(terms: SparsePauliOp) -> SparsePauliOp:
    """Keep the terms that are no products of terms before them."""
    rows = np.concatenate([terms.paulis.x, terms.paulis.z], axis=1)
    reduced: list[NDArray[np.bool_]] = []
    kept = []
    for place, row in enumerate(rows):
        left = row.copy()
        for other in reduced:
            if left[np.argmax(other)]:
                left ^= other
        if left.any():
            reduced.append(left)
            kept.append(place)
    return terms[kept]
