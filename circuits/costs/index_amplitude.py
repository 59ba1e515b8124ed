"""Costs of functions of an index as amplitudes of a flag."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from circuits.costs.arithmetic import AND
from circuits.costs.counts import GateCounts
from circuits.costs.gates import CX, ROTATION, layer
from circuits.costs.multiplexed import require_count
from circuits.index_amplitude import DyadicAmplitude
from circuits.multiplexed import ANGLE_TOLERANCE


def dyadic_amplitude_cost(
    bits: int, *, depth: int, terms: int, path_length: int, erased: int = 0
) -> GateCounts:
    """Count the circuit of a `circuits.index_amplitude.DyadicAmplitude` from its structure.

    What a fit finds grows linearly with the number of bits once the octaves are alike, so that its
    structure at a few sizes gives that at any.

    Parameters
    ----------
    bits
        Of the index, at least 2.
    depth
        Number of octaves; 0 for none, where the sign is a bit like the others.
    terms
        Number of parities with an angle.
    path_length
        Bits that change on the way through them, see `circuits.parity_rotations.path_length`.
    erased
        Number of qubits that are erased, not uncomputed, from 0 to ``depth - 1``.

    Returns
    -------
    GateCounts
        Gates exact: the path's CX; ``2 (bits - 1)`` more where there are octaves, and two ANDs of
        3 CX for each of them but one, or one AND where the qubit is erased.

    Raises
    ------
    ValueError
        If a number is too small, or too many qubits are erased.
    """
    require_count(bits, "bits", 2)
    require_count(depth, "depth", 0)
    workspace = max(0, depth - 1)
    if not 0 <= erased <= workspace:
        raise ValueError(f"erased = {erased}: from 0 to {workspace} is needed")
    parities = path_length * CX + terms * ROTATION
    fold = (2 * (bits - 1) if depth else 0) * CX
    ands = (2 * workspace - erased) * AND + layer(ROTATION, erased)
    return replace(parities + fold + ands, qubits=bits + 1 + workspace)


def fitted_amplitude_cost(amplitude: DyadicAmplitude) -> GateCounts:
    """Count the circuit of a `circuits.index_amplitude.DyadicAmplitude` that has been fitted.

    Returns
    -------
    GateCounts
        Gates exact, without building the circuit.
    """
    erased = sum(factor < 1 for factor in amplitude.factors)
    angles = np.array(list(amplitude.terms.values()))
    others = dyadic_amplitude_cost(
        amplitude.bits, depth=amplitude.depth, terms=0, path_length=0, erased=erased
    )
    return dyadic_amplitude_cost(
        amplitude.bits,
        depth=amplitude.depth,
        terms=int(np.count_nonzero(np.abs(angles) > ANGLE_TOLERANCE)),
        path_length=int(amplitude.two_qubit_gates - others.two_qubit_gates),
        erased=erased,
    )
