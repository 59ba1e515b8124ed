"""Cost of evolutions under matrices that a Fourier, sine or cosine transform diagonalises."""

from __future__ import annotations

from dataclasses import replace

from circuits.costs.counts import GateCounts
from circuits.costs.evolution import EvolutionCost
from circuits.costs.fourier import truncated_qft_cost
from circuits.costs.multiplexed import multiplexed_rotation_cost, require_count
from circuits.costs.trigonometric import cosine_transform_cost, sine_transform_cost
from circuits.fourier_diagonal import Axis, FourierDiagonal


def fourier_evolution_cost(
    matrix: FourierDiagonal, time_qubits: int, power: GateCounts | None = None
) -> EvolutionCost:
    """Count `circuits.fourier_evolution.FourierEvolution`.

    Parameters
    ----------
    matrix
        H; only the size and the boundary of its axes matter.
    time_qubits
        Bits of time.
    power
        Cost of one power, on the modes and one bit of time, where that is less than what general
        eigenvalues take: `laplacian_power_cost`.

    Returns
    -------
    EvolutionCost
        Gates exact: one transform for each axis before and after, and for each bit of time
        ``2**n`` rotations and CX for general eigenvalues of n qubits.

    Raises
    ------
    ValueError
        If there is no bit of time.
    """
    require_count(time_qubits, "time_qubits", 1)
    frames = [_frame_cost(axis) for axis in matrix.axes]
    workspace = max(
        int(frame.qubits) - axis.ring_qubits
        for frame, axis in zip(frames, matrix.axes, strict=True)
    )
    qubits = matrix.system_qubits + matrix.mirrors + workspace
    enter = replace(sum(frames, GateCounts()), qubits=qubits)
    if power is None:
        power = multiplexed_rotation_cost(matrix.system_qubits)
    powers = replace(power * time_qubits, qubits=qubits + time_qubits)
    return EvolutionCost(qubits, powers, enter, enter)


def laplacian_power_cost(matrix: FourierDiagonal) -> GateCounts:
    """Count one power under a sum of second differences, one for each axis.

    Parameters
    ----------
    matrix
        H; only the size and the boundary of its axes matter.

    Returns
    -------
    GateCounts
        Gates exact. With a Dirichlet axis, as in general; otherwise parities never join bits of two
        axes, and on a periodic one they all hold its top bit: ``2**n`` or ``2**(n-1) + 2`` CX for
        each axis. (Among several axes, Dirichlet ones of fewer than 3 qubits may take less.)
    """
    if any(axis.boundary == "dirichlet" for axis in matrix.axes):
        return multiplexed_rotation_cost(matrix.system_qubits)
    entangling = rotations = 0
    for axis in matrix.axes:
        half = 2 ** (axis.qubits - 1)
        if axis.boundary == "periodic":
            entangling += half + 2 if axis.qubits > 1 else 2
            rotations += half
        else:
            entangling += 2 * half
            rotations += 2 * half - 1
    return GateCounts(
        qubits=matrix.system_qubits + 1,
        two_qubit_gates=entangling,
        # One more that depends on no mode.
        rotations=rotations + 1,
        two_qubit_depth=entangling,
        rotation_depth=rotations + 1,
    )


def _frame_cost(axis: Axis) -> GateCounts:
    match axis.boundary:
        case "dirichlet":
            return sine_transform_cost(axis.qubits, swaps=False)
        case "neumann":
            return cosine_transform_cost(axis.qubits, swaps=False)
        case _:
            return truncated_qft_cost(axis.qubits, 0.0)
