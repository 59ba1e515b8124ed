"""Instantaneous quantum polynomial-time (IQP) circuits: phases on parities between two layers of H.

Bit k of a mask stands for qubit k.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from qiskit import QuantumCircuit

from circuits.feature_maps.pair_phases import (
    Connectivity,
    Entanglement,
    entangled_pairs,
    repeated_pair_phases,
)
from circuits.parity_rotations import parity_path


def iqp_circuit(
    qubits: int, masks: Sequence[int], angles: Sequence[float], connectivity: Connectivity = "all"
) -> QuantumCircuit:
    r"""Build :math:`H^{\otimes n} \prod_j \exp(i \theta_j Z_{S_j}) H^{\otimes n}`.

    Parameters
    ----------
    qubits
        Number of qubits n, at least 1.
    masks
        The set :math:`S_j` of qubits that each parity is of; none empty, none twice.
    angles
        :math:`\theta_j` for each, radians.
    connectivity
        Which qubits CX gates may join: ``"all"``, or neighbours on a ``"line"``, for masks of at
        most two qubits only.

    Returns
    -------
    QuantumCircuit
        Up to a global phase, from ``|0...0>``. The cheaper of two: the walk through the parities
        of pairs of `repeated_pair_phases`, all ``n (n - 1) / 2`` of them with as many CX, or
        neighbours only; or for every qubit the parities of which it is the highest one, in an
        order in which few bits change (`parity_path`), with a CX for each change.

    Raises
    ------
    ValueError
        If there is no qubit, a mask is empty, given twice or names a qubit that there is not, the
        numbers of masks and angles differ, an angle is not finite, or masks of more than two
        qubits are to be had on a line.

    References
    ----------
    M. J. Bremner, R. Jozsa, D. J. Shepherd, Proc. R. Soc. A 467, 459 (2011), arXiv:1005.1407.
    """
    _require(qubits, masks, angles, connectivity)
    # exp(i theta Z) is a phase of -2 theta where the parity is 1.
    phases = {mask: -2 * float(angle) for mask, angle in zip(masks, angles, strict=True)}
    candidates = []
    if all(mask.bit_count() <= 2 for mask in phases):
        candidates.append(_by_pairs(qubits, phases, connectivity))
    if connectivity == "all":
        candidates.append(_by_targets(qubits, phases))
    circuit: QuantumCircuit = min(candidates, key=lambda found: found.num_nonlocal_gates())
    circuit.h(range(qubits))
    circuit.name = "iqp"
    return circuit


def _by_pairs(qubits: int, phases: dict[int, float], connectivity: Connectivity) -> QuantumCircuit:
    """Walk through neighbours if there are no other pairs, else through all pairs."""
    line = {1 << i | 1 << j for i, j in entangled_pairs(qubits, "linear")}
    neighbours = all(mask in line for mask in phases if mask.bit_count() == 2)
    entanglement: Entanglement = "linear" if neighbours else "full"
    pairs = [1 << i | 1 << j for i, j in entangled_pairs(qubits, entanglement)]
    single = [phases.get(1 << qubit, 0.0) for qubit in range(qubits)]
    pair = [phases.get(mask, 0.0) for mask in pairs]
    return repeated_pair_phases(single, pair, 1, entanglement, connectivity)


def _by_targets(qubits: int, phases: dict[int, float]) -> QuantumCircuit:
    """Collect each parity on its highest qubit, and give that its own bit back at the end."""
    circuit = QuantumCircuit(qubits)
    circuit.h(range(qubits))
    others: dict[int, list[int]] = defaultdict(list)
    for mask in phases:
        target = mask.bit_length() - 1
        others[target].append(mask ^ 1 << target)
    wanted = dict(phases)
    for target, collected in others.items():
        for before, after in pairwise([0, *parity_path(collected), 0]):
            changed = before ^ after
            while changed:
                circuit.cx(changed.bit_length() - 1, target)
                changed ^= 1 << changed.bit_length() - 1
            parity = after | 1 << target
            if parity in wanted:
                circuit.p(wanted.pop(parity), target)
    return circuit


def _require(
    qubits: int, masks: Sequence[int], angles: Sequence[float], connectivity: Connectivity
) -> None:
    if qubits < 1:
        raise ValueError(f"qubits = {qubits}: at least 1 is needed")
    if len(masks) != len(angles):
        raise ValueError(f"there are {len(masks)} masks and {len(angles)} angles: as many needed")
    if len(set(masks)) < len(masks):
        raise ValueError("masks: one of them is given twice")
    for mask in masks:
        if not 0 < mask < 2**qubits:
            raise ValueError(f"masks: {mask} names no set of the qubits 0 to {qubits - 1}")
        if connectivity == "line" and mask.bit_count() > 2:
            raise ValueError(f"masks: {mask} has more than two qubits, which a line does not take")
    if not np.all(np.isfinite(np.asarray(angles, dtype=float))):
        raise ValueError("angles contains NaN or infinity: all must be finite")
