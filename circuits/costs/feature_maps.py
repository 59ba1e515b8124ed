"""Costs of feature maps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from circuits.costs.counts import GateCounts
from circuits.costs.gates import CX, ROTATION, layer
from circuits.feature_maps.pair_phases import Connectivity, Entanglement, layer_gates
from circuits.feature_maps.validation import require_features


def angle_map_cost(features: int) -> GateCounts:
    """Count the circuit of `circuits.AngleMap`: a rotation on each of ``features`` qubits.

    Raises
    ------
    ValueError
        If there is no feature.
    """
    return layer(ROTATION, require_features(features))


def z_map_cost(features: int, repetitions: int = 2) -> GateCounts:
    """Count the circuit of `circuits.ZMap`: ``repetitions`` rotations on each qubit.

    Raises
    ------
    ValueError
        If there is no feature.
    """
    return repetitions * layer(ROTATION, require_features(features))


def amplitude_map_cost(features: int) -> GateCounts:
    """Count the circuit of `circuits.AmplitudeMap` for any data.

    Parameters
    ----------
    features
        Number d, at least 2.

    Returns
    -------
    GateCounts
        ``2**n - 1`` rotations and ``2**n - n - 1`` CZ on ``n = ceil(log2(d))`` qubits, nearly all
        of them one after another.

    Raises
    ------
    ValueError
        If there are fewer than two features.
    """
    n = (require_features(features, 2) - 1).bit_length()
    return replace(ROTATION * (2**n - 1) + CX * (2**n - n - 1), qubits=n)


def discrete_log_map_cost(digits: int) -> GateCounts:
    """Count the circuit of `circuits.DiscreteLogMap`, which lists amplitudes.

    Parameters
    ----------
    digits
        Number of binary digits of the prime. What arithmetic takes instead is
        `circuits.costs.discrete_log.arithmetic_circuit_cost`.

    Returns
    -------
    GateCounts
        That of `amplitude_map_cost` for ``2**digits`` features.

    Raises
    ------
    ValueError
        If there is no digit.
    """
    return amplitude_map_cost(2**digits)


def pair_map_cost(
    features: int,
    repetitions: int,
    *,
    entanglement: Entanglement = "full",
    connectivity: Connectivity = "all",
) -> GateCounts:
    """Count the circuits of `circuits.ZZMap` and `circuits.IQPMap`.

    Parameters
    ----------
    features
        Number n, at least 1.
    repetitions
        Number R, at least 1.
    entanglement, connectivity
        As for `circuits.ZZMap`.

    Returns
    -------
    GateCounts
        ``R (n**2 + n - 2) / 2 - (n - 1)`` CX for all pairs; other cases as `layer_gates` of
        `circuits.feature_maps.pair_phases` has it; a rotation for each qubit and pair. Neighbours
        follow one another. All pairs take ``(R + 1) n + 2 R - 5`` layers of CX for n > 3 and, on a
        line, ``(4 R - 1) n - (6 R - 1)``, R fewer for an odd n: exact for all n up to 24 and R up
        to 3, which were tried.

    Raises
    ------
    ValueError
        If there is no feature.
    """
    n = require_features(features)
    first, later = layer_gates(n, entanglement, connectivity)
    entangling = first + (repetitions - 1) * later
    pairs = n * (n - 1) // 2 if entanglement == "full" else n - 1
    if entanglement == "circular" and n > 2:
        pairs += 1
    rotations = repetitions * (n + pairs)
    depth, rotation_depth = _pair_depths(n, repetitions, entanglement, connectivity)
    return GateCounts(
        qubits=n,
        two_qubit_gates=entangling,
        rotations=rotations,
        two_qubit_depth=min(entangling, max(0, depth)) if n > 3 else entangling,
        rotation_depth=min(rotations, rotation_depth),
    )


def pauli_map_cost(
    features: int, strings: Sequence[int], repetitions: int, entanglement: Entanglement = "full"
) -> GateCounts:
    """Count the circuit of `circuits.PauliMap`.

    Parameters
    ----------
    features
        Number n, at least as many as the longest string has letters.
    strings
        Number of letters of each Pauli string.
    repetitions
        R, at least 1.
    entanglement
        As for `circuits.PauliMap`.

    Returns
    -------
    GateCounts
        ``2 (k - 1)`` CX and a rotation for each set of k qubits. Of all pairs those that share no
        qubit with earlier ones are done beside them: ``2 (2 n - 3)`` layers; other sets are taken
        one after another.

    Raises
    ------
    ValueError
        If there are fewer features than letters of a string.
    """
    n = require_features(features, max(strings))
    once = GateCounts()
    for k in strings:
        sets = _sets(n, k, entanglement)
        steps = sets
        if k == 1:
            steps = 1
        elif k == 2 and entanglement == "full":
            steps = 2 * n - 3
        once += GateCounts(
            qubits=n,
            two_qubit_gates=2 * (k - 1) * sets,
            rotations=sets,
            two_qubit_depth=2 * (k - 1) * steps,
            rotation_depth=steps,
        )
    return repetitions * once


def reuploading_map_cost(features: int, layers: int = 2, width: int | None = None) -> GateCounts:
    """Count the circuit of `circuits.ReuploadingMap`.

    Parameters
    ----------
    features
        Number d, at least 1.
    layers
        L, at least 1.
    width
        Number of qubits n; None for one for every three features.

    Returns
    -------
    GateCounts
        Exact, depths included: ``L n k`` rotations in depth ``L k``, with ``k = max(3, ceil(d /
        n))``, and ``(L - 1) (n - 1)`` CZ in a depth of ``2 (L - 1)``, for two qubits half of that.

    Raises
    ------
    ValueError
        If there is no feature.
    """
    require_features(features)
    n = width or -(-features // 3)
    turns = max(3, -(-features // n))
    pairs = layer(CX, n // 2) + layer(CX, (n - 1) // 2)
    cost = layers * turns * layer(ROTATION, n) + (layers - 1) * pairs
    return replace(cost, qubits=n)


def covariant_map_cost(features: int, edges: int | None = None) -> GateCounts:
    """Count the circuit of `circuits.CovariantMap`.

    Parameters
    ----------
    features
        Number of features, two for each qubit.
    edges
        Number of edges of the graph; None for neighbours on a line.

    Returns
    -------
    GateCounts
        A CZ an edge, taken one after another, and three rotations on each qubit.

    Raises
    ------
    ValueError
        If the number of features is odd or less than 2.
    """
    if require_features(features, 2) % 2:
        raise ValueError(f"features = {features}: this map takes two for each qubit")
    n = features // 2
    cost = 3 * layer(ROTATION, n) + CX * (n - 1 if edges is None else edges)
    return replace(cost, qubits=n)


def _pair_depths(
    n: int, repetitions: int, entanglement: Entanglement, connectivity: Connectivity
) -> tuple[int, int]:
    """Layers of CX for n > 3, and bounds on those of rotations."""
    r = repetitions
    if entanglement == "full" and connectivity == "all":
        return (r + 1) * n + 2 * r - 5, r * n
    if entanglement == "full":
        layers = (4 * r - 1) * n - (6 * r - 1) - r * (n % 2)
        return layers, (2 * r + 1) * n // 2 + r - 1
    first, later = layer_gates(n, entanglement, connectivity)
    ring = entanglement == "circular"
    return first + (r - 1) * later, n + ring + (2 + ring) * (r - 1)


def _sets(n: int, k: int, entanglement: Entanglement) -> int:
    """Count the sets of k qubits that are entangled."""
    if k == 1 or entanglement == "full":
        return math.comb(n, k)
    return n if entanglement == "circular" and n > k else n - k + 1
