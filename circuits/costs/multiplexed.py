"""Costs of multiplexed rotations, of diagonals, and of states chosen by a control register."""

from __future__ import annotations

from collections.abc import Iterable

from circuits.costs.counts import GateCounts
from circuits.parity_rotations import parity_path, path_length


def multiplexed_rotation_cost(controls: int) -> GateCounts:
    """Count `circuits.multiplexed.multiplexed_rotation`.

    Parameters
    ----------
    controls
        Number n of controls that the angles depend on, by Walsh coefficients none of which is zero:
        angles in general.

    Returns
    -------
    GateCounts
        Exact, depths included: ``2**n`` rotations and, with a control, as many CX.

    Raises
    ------
    ValueError
        If the number is negative.
    """
    require_count(controls, "controls", 0)
    gates = 2**controls
    return _on_one_target(controls, gates if controls else 0, gates)


def rotation_from_zero_cost(controls: int) -> GateCounts:
    """Count `circuits.multiplexed_state.rotation_from_zero`: one CX fewer than in general.

    Parameters
    ----------
    controls
        As of `multiplexed_rotation_cost`.

    Returns
    -------
    GateCounts
        Exact, depths included.

    Raises
    ------
    ValueError
        If the number is negative.
    """
    require_count(controls, "controls", 0)
    return _on_one_target(controls, 2**controls - 1, 2**controls)


def parity_rotations_cost(masks: Iterable[int], controls: int) -> GateCounts:
    """Count `circuits.parity_rotations.parity_rotations`.

    Parameters
    ----------
    masks
        Parities with an angle that is not zero.
    controls
        Number of controls.

    Returns
    -------
    GateCounts
        Exact, depths included. Cost: that of `circuits.parity_rotations.parity_path`.
    """
    path = parity_path(masks)
    return _on_one_target(controls, path_length(path), len(path))


def diagonal_cost(qubits: int) -> GateCounts:
    """Count `circuits.multiplexed.diagonal`.

    Parameters
    ----------
    qubits
        Number n of qubits that the phases depend on, none of whose Walsh coefficients is zero.

    Returns
    -------
    GateCounts
        Exact, depths included: ``2**n - 1`` rotations and ``2**n - 2`` CX.

    Raises
    ------
    ValueError
        If the number is negative.
    """
    require_count(qubits, "qubits", 0)
    gates = max(0, 2**qubits - 2)
    return GateCounts(
        qubits=qubits,
        two_qubit_gates=gates,
        rotations=2**qubits - 1,
        two_qubit_depth=gates,
        rotation_depth=2**qubits - 1,
    )


def multiplexed_state_cost(control_qubits: int, qubits: int, *, real: bool = True) -> GateCounts:
    """Count `circuits.multiplexed_state.multiplexed_state`.

    Parameters
    ----------
    control_qubits
        Number k of controls; 0 for a single state.
    qubits
        Number n of qubits of each state.
    real
        Whether all amplitudes are. They are to be general otherwise: what factorises takes fewer
        gates. Some may be zero, those of rows and columns that fill up to powers of two included.

    Returns
    -------
    GateCounts
        Gates exact, and for real states depths: ``2**k (2**n - 1) - n`` CX and ``2**k (2**n - 1)``
        rotations; for complex states, or n = 0, those of a diagonal on all qubits besides.

    Raises
    ------
    ValueError
        If a number is negative.
    """
    require_count(control_qubits, "control_qubits", 0)
    require_count(qubits, "qubits", 0)
    rotations = 2**control_qubits * (2**qubits - 1)
    magnitudes = GateCounts(
        qubits=control_qubits + qubits,
        two_qubit_gates=rotations - qubits,
        rotations=rotations,
        two_qubit_depth=rotations - qubits,
        # The first rotation of each qubit needs to wait for nothing.
        rotation_depth=rotations - max(0, qubits - 1),
    )
    if real and qubits:
        return magnitudes
    return magnitudes + diagonal_cost(control_qubits + qubits)


def multiplexed_amplitude_cost(controls: int, *, real: bool = True) -> GateCounts:
    """Count `circuits.multiplexed_state.multiplexed_amplitude`, of values in general.

    Parameters
    ----------
    controls
        Number n of controls that the values depend on.
    real
        Whether the values are.

    Returns
    -------
    GateCounts
        Gates exact: ``2**n - 1`` CX, for complex values ``2**n`` more.

    Raises
    ------
    ValueError
        If the number is negative.
    """
    magnitudes = rotation_from_zero_cost(controls)
    return magnitudes if real else magnitudes + multiplexed_rotation_cost(controls)


def require_count(number: int, name: str, least: int) -> None:
    """Refuse a number of things that is too small.

    Raises
    ------
    ValueError
        If it is.
    """
    if number < least:
        raise ValueError(f"{name} = {number}: at least {least} is needed")


def _on_one_target(controls: int, entangling: int, rotations: int) -> GateCounts:
    """Gates one after another on a target, each two-qubit gate with one of the controls."""
    return GateCounts(
        qubits=controls + 1,
        two_qubit_gates=entangling,
        rotations=rotations,
        two_qubit_depth=entangling,
        rotation_depth=rotations,
    )
