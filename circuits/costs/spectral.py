"""Costs of inversions of matrices that a Fourier, sine or cosine transform diagonalises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from circuits.costs.arithmetic import AND
from circuits.costs.counts import GateCounts
from circuits.costs.fourier import truncated_qft_cost
from circuits.costs.gates import CX, ROTATION
from circuits.costs.multiplexed import diagonal_cost, require_count, rotation_from_zero_cost
from circuits.costs.trigonometric import controlled_negation_cost, negation_up_to_phases_cost
from circuits.fourier_diagonal import Axis, FourierDiagonal


@dataclass(frozen=True)
class RotationCost:
    """What a `circuits.spectral_rotations.ReciprocalRotation` costs.

    Attributes
    ----------
    gates
        Of its circuit.
    signal_qubits, workspace_qubits
        As there.
    """

    gates: GateCounts
    signal_qubits: int = 0
    workspace_qubits: int = 0


def spectral_inverse_cost(
    matrix: FourierDiagonal,
    rotation: RotationCost,
    tolerances: tuple[float, float] = (0.0, 0.0),
    *,
    complex_eigenvalues: bool = False,
) -> GateCounts:
    """Count `circuits.spectral.spectral_inverse`.

    Parameters
    ----------
    matrix
        A; only the size and the boundary of its axes matter.
    rotation
        How the eigenvalues' reciprocals are found: `table_rotation_cost`,
        `folded_table_rotation_cost`, `octave_rotation_cost` or `separable_rotation_cost`.
    tolerances
        As for the builder.
    complex_eigenvalues
        Whether there are any, of phases in general.

    Returns
    -------
    GateCounts
        Gates exact: the transform and the one back, the rotation, and a diagonal for phases.
    """
    total = rotation.gates
    for tolerance in tolerances:
        for axis in matrix.axes:
            total += _extension_cost(axis)
            total += truncated_qft_cost(axis.ring_qubits, tolerance / len(matrix.axes))
    modes = sum(axis.ring_qubits for axis in matrix.axes)
    if complex_eigenvalues:
        total += diagonal_cost(modes)
    extending = [axis.qubits - 2 for axis in matrix.axes if axis.boundary == "dirichlet"]
    workspace = max([rotation.workspace_qubits, *extending])
    return replace(total, qubits=modes + workspace + rotation.signal_qubits + 1)


def table_rotation_cost(qubits: int, flag: GateCounts | None = None) -> RotationCost:
    """Count a rotation by a table over all modes.

    Parameters
    ----------
    qubits
        m of all modes together.
    flag
        Turning the flag, `circuits.costs.multiplexed.parity_rotations_cost` of the parities that
        are kept; by default that of all of them.

    Returns
    -------
    RotationCost
        Exact: ``2**m - 1`` CX and ``2**m`` rotations if all parities are kept.
    """
    return RotationCost(rotation_from_zero_cost(qubits) if flag is None else flag)


def folded_table_rotation_cost(
    axes: Sequence[Axis], flag: GateCounts | None = None
) -> RotationCost:
    """Count a rotation by a table over the modes up to their sign.

    Parameters
    ----------
    axes
        Even ones, of rings of 2 and more qubits; only size and boundary matter.
    flag
        As for `table_rotation_cost`.

    Returns
    -------
    RotationCost
        Gates exact: folding each axis and back, and the flag.
    """
    folds = [_fold_cost(axis) for axis in axes]
    controls = sum(axis.qubits for axis in axes)
    total = rotation_from_zero_cost(controls) if flag is None else flag
    workspace = 0
    for axis, fold in zip(axes, folds, strict=True):
        total += 2 * fold
        workspace += int(fold.qubits) - axis.ring_qubits
    qubits = sum(axis.ring_qubits for axis in axes) + 1 + workspace
    return RotationCost(replace(total, qubits=qubits), 0, workspace)


def octave_rotation_cost(amplitude: GateCounts, depth: int, *, erased: int = 0) -> RotationCost:
    """Count a rotation octave by octave, for one even axis.

    Parameters
    ----------
    amplitude
        `circuits.costs.index_amplitude.dyadic_amplitude_cost`, or ``fitted_amplitude_cost`` there,
        which takes time that grows with the number of bits only.
    depth
        Number of octaves, ``DyadicAmplitude.depth``.
    erased
        How many of the qubits that tell them apart are rotated and read, not uncomputed.

    Returns
    -------
    RotationCost
        As exact as the amplitude's.

    Raises
    ------
    ValueError
        If more qubits are erased than there are.
    """
    told = max(0, depth - 1)
    require_count(told - erased, "depth - 1 - erased", 0)
    return RotationCost(amplitude, erased, told - erased)


def separable_rotation_cost(
    axes: Sequence[Axis], flags: Sequence[GateCounts], terms: int, *, null: bool = False
) -> RotationCost:
    """Count a sum of exponentials: `circuits.separable_rotation.SeparableRotation`.

    Parameters
    ----------
    axes
        Even ones, of rings of 2 and more qubits; only size and boundary matter.
    flags
        For each axis, turning its flag: `circuits.costs.multiplexed.parity_rotations_cost` of what
        pruning leaves.
    terms
        J, at least 2; at most about ``log(8 kappa) log(16 / deviation) / pi**2``.
    null
        Whether mode 0 of all axes is left out.

    Returns
    -------
    RotationCost
        Gates exact: the unary register there and back (``2 (J - 2)`` CZ), for each axis folding and
        a chain of ANDs there and back, and the flags.

    Raises
    ------
    ValueError
        If there are fewer than 2 terms.
    """
    require_count(terms, "terms", 2)
    unary = CX * (terms - 2) + ROTATION * (2 * terms - 3)
    chain = sum(axis.ring_qubits for axis in axes[:-1]) - 1 if null else 0
    total = 2 * (unary + AND * chain)
    own = []
    for axis, flag in zip(axes, flags, strict=True):
        fold = _fold_cost(axis)
        total += 2 * (fold + AND * (axis.ring_qubits - 2)) + flag
        own.append(int(fold.qubits) - 2)
    signal, workspace = terms - 1 + len(axes) - 1, chain + max(own)
    qubits = sum(axis.ring_qubits for axis in axes) + 1 + signal + workspace
    return RotationCost(replace(total, qubits=qubits), signal, workspace)


def _extension_cost(axis: Axis) -> GateCounts:
    match axis.boundary:
        case "dirichlet":
            return controlled_negation_cost(axis.qubits)
        case "neumann":
            return CX * axis.qubits
        case _:
            return GateCounts()


def _fold_cost(axis: Axis) -> GateCounts:
    return negation_up_to_phases_cost(axis.ring_qubits - 1, tell_zero=not axis.mirrored)
