"""The Hamiltonian-variational ansatz: evolutions under parts of a Hamiltonian in turn."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from qiskit import QuantumCircuit
from qiskit.circuit import ParameterVector
from qiskit.quantum_info import SparsePauliOp

from circuits.product_formula import append_group

PARAMETER = "angle"
"""Name of the circuit's parameter vector."""


def hamiltonian_variational(
    layers: Sequence[SparsePauliOp], repetitions: int, reference: QuantumCircuit
) -> QuantumCircuit:
    r"""Evolve a state under the layers of a Hamiltonian in turn, by angles that are parameters.

    .. math:: |\theta\rangle = \prod_{k=p}^{1} \Bigl( \prod_{l=m}^{1} e^{-i \theta_{k,l} H_l}
              \Bigr) |\mathrm{reference}\rangle,
              \qquad H = \sum_l H_l

    Parameters
    ----------
    layers
        Real sums of Pauli strings on n qubits, those of a layer commuting with each other; m of
        them. The first one acts first. Identities are left out.
    repetitions
        p, at least 1.
    reference
        Prepares the state that the first layer acts on; on n qubits, without measurements and
        parameters. A ground state of the last layer makes the circuit one of annealing where the
        angles are small.

    Returns
    -------
    QuantumCircuit
        With ``p m`` parameters, ``angle[k m + l]`` of layer l in repetition k, both from 0 on.

    Raises
    ------
    ValueError
        If an argument is not as described, or a layer has no term besides the identity.

    Notes
    -----
    *Cost*: a rotation for each term and ``2 (weight - 1)`` CX, in rounds of terms that share no
    qubit; closed form: `hamiltonian_variational_cost`.

    References
    ----------
    D. Wecker, M. B. Hastings, M. Troyer, Phys. Rev. A 92, 042303 (2015), arXiv:1507.08969
    (cited from memory, unverified).
    """
    _require(layers, repetitions, reference)
    rounds = [rounds_of(layer) for layer in layers]
    circuit = QuantumCircuit(reference.num_qubits, name="hamiltonian_variational")
    circuit.compose(reference, inplace=True)
    angles = ParameterVector(PARAMETER, repetitions * len(layers))
    for place, angle in enumerate(angles):
        for apart in rounds[place % len(layers)]:
            append_group(circuit, (apart,), -1 * angle)
    return circuit


def rounds_of(layer: SparsePauliOp) -> list[SparsePauliOp]:
    """Share commuting terms out among rounds, in each of which no two act on the same qubit.

    Each term goes to the first round that has room for it; the identity to none. Commuting is
    checked.

    Raises
    ------
    ValueError
        If coefficients are not real, or terms do not commute.
    """
    simple = layer.simplify(atol=0, rtol=0)
    if np.any(simple.coeffs.imag):
        raise ValueError("layers: a coefficient is not real: a Hermitian sum is needed")
    acting = simple.paulis.x | simple.paulis.z
    terms = simple[acting.any(axis=1) & (simple.coeffs != 0)]
    if len(terms) and len(terms.paulis.group_commuting()) > 1:
        raise ValueError("layers: terms of a layer do not commute")
    rounds: list[list[int]] = []
    taken: list[set[int]] = []
    for place, (x, z) in enumerate(zip(terms.paulis.x, terms.paulis.z, strict=True)):
        support = set(np.flatnonzero(x | z).tolist())
        free = next((r for r, used in enumerate(taken) if not used & support), len(rounds))
        if free == len(rounds):
            rounds.append([])
            taken.append(set())
        rounds[free].append(place)
        taken[free] |= support
    return [terms[places] for places in rounds]


def _require(layers: Sequence[SparsePauliOp], repetitions: int, reference: QuantumCircuit) -> None:
    whole = isinstance(repetitions, int | np.integer) and not isinstance(repetitions, bool)
    if not whole or repetitions < 1:
        raise ValueError(f"repetitions = {repetitions!r}: must be a positive integer")
    if reference.num_clbits or reference.num_parameters:
        raise ValueError("reference: a circuit without classical bits and parameters is needed")
    if not layers:
        raise ValueError("layers is empty: at least one is needed")
    for place, layer in enumerate(layers):
        if layer.num_qubits != reference.num_qubits:
            raise ValueError(
                f"layers[{place}] has {layer.num_qubits} qubits and reference "
                f"{reference.num_qubits}"
            )
        if not rounds_of(layer):
            raise ValueError(f"layers[{place}] has no term besides the identity")
