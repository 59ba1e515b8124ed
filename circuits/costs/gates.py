"""What single gates cost by their definitions, and how costs add up where gates share no qubit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

from circuits.costs.counts import Count, GateCounts

CLIFFORD = GateCounts(qubits=1)
"""A Clifford gate on one qubit, which is free."""

T = GateCounts(qubits=1, t_gates=1)
ROTATION = GateCounts(qubits=1, rotations=1, rotation_depth=1)
"""A turn of one qubit about a fixed axis: ``p``, ``rx``, ``ry`` or ``rz``."""

TURN = GateCounts(qubits=1, rotations=3, rotation_depth=3)
"""A general gate on one qubit: ``u``, or a ``unitary``."""

MEASUREMENT = GateCounts(qubits=1, measurements=1)
RESET = GateCounts(qubits=1, resets=1)

CX = GateCounts(qubits=2, two_qubit_gates=1, two_qubit_depth=1)
"""A controlled X, Y or Z."""

SWAP = GateCounts(qubits=2, two_qubit_gates=3, two_qubit_depth=3)
CH = CX + 2 * T
CP = 2 * CX + 3 * ROTATION
"""A controlled phase."""

CRY = 2 * CX + 2 * ROTATION
"""A controlled turn about a fixed axis: ``crx``, ``cry`` or ``crz``."""

RZZ = 2 * CX + ROTATION
"""A turn about a product of two Paulis: ``rxx``, ``ryy``, ``rzz`` or ``rzx``."""

CU = GateCounts(qubits=2, two_qubit_gates=2, rotations=9, two_qubit_depth=2, rotation_depth=8)
"""A controlled general gate with a phase of its own."""

CCX = GateCounts(qubits=3, toffolis=1, two_qubit_depth=1)
"""A Toffoli gate: ``ccx`` or ``ccz``."""

RCCX = GateCounts(qubits=3, two_qubit_gates=3, t_gates=4, two_qubit_depth=3)
"""A Toffoli gate up to relative phases."""

CSWAP = CCX + 2 * CX

# Below this number of controls Qiskit has a construction of its own for each.
_GENERAL_CONTROLS = 5
_SMALL_X = {
    1: CX,
    2: CCX,
    3: GateCounts(4, 14, rotations=15, two_qubit_depth=14, rotation_depth=12),
    4: GateCounts(5, 36, t_gates=16, rotations=27, two_qubit_depth=35, rotation_depth=19),
}
_SMALL_PHASE = {
    0: ROTATION,
    1: CP,
    2: GateCounts(3, 6, rotations=7, two_qubit_depth=6, rotation_depth=6),
    3: GateCounts(4, 20, t_gates=14, rotations=11, two_qubit_depth=18, rotation_depth=9),
    4: GateCounts(5, 44, t_gates=42, rotations=15, two_qubit_depth=36, rotation_depth=12),
}

# What a gate inside a composite one becomes when that gets a control.
_CONTROLLED = {
    **dict.fromkeys(("x", "y", "z"), CX),
    "h": CH,
    **dict.fromkeys(("s", "sdg", "sx", "sxdg", "t", "tdg", "p"), CP),
    **dict.fromkeys(("rx", "ry", "u"), CU),
    "rz": CRY,
    **dict.fromkeys(("cx", "cz"), CCX),
    "swap": 3 * CCX,
}


def multi_controlled_x_cost(controls: int) -> GateCounts:
    """Count an X with many controls and no workspace, as Qiskit 2.6 defines ``mcx``.

    Parameters
    ----------
    controls
        Number k, at least 1.

    Returns
    -------
    GateCounts
        Exact, depths included: ``4 k**2 - 4 k + 2`` CX and ``4 k**2 - 2 k + 1`` rotations from
        k = 5 on.

    Raises
    ------
    ValueError
        If there is no control.
    """
    if controls < 1:
        raise ValueError(f"controls = {controls}: at least 1 is needed")
    return _SMALL_X[controls] if controls < _GENERAL_CONTROLS else _many_controls(controls)


def multi_controlled_phase_cost(controls: int) -> GateCounts:
    """Count a phase with many controls and no workspace, as Qiskit 2.6 defines ``mcp``.

    Parameters
    ----------
    controls
        Number k; without any it is a phase of one qubit.

    Returns
    -------
    GateCounts
        Exact, depths included. From k = 5 on that of `multi_controlled_x_cost`.

    Raises
    ------
    ValueError
        If the number is negative.
    """
    if controls < 0:
        raise ValueError(f"controls = {controls}: must not be negative")
    return _SMALL_PHASE[controls] if controls < _GENERAL_CONTROLS else _many_controls(controls)


def controlled_cost(
    gates: Mapping[str, Count], qubits: int, *, global_phase: bool = False
) -> GateCounts:
    """Count a circuit all of whose gates get one control, by Qiskit's ``to_gate().control(1)``.

    Parameters
    ----------
    gates
        Number of gates of the circuit by name: ``cx``, ``cz``, ``swap``, ``u``, ``p``, rotations,
        Clifford and T gates of one qubit.
    qubits
        Of the circuit, without the control.
    global_phase
        Whether the circuit has a global phase, which becomes one of the control.

    Returns
    -------
    GateCounts
        Gates exact; the depth is their sum, as all meet in the control.

    Raises
    ------
    ValueError
        If a gate is none of these.
    """
    unknown = sorted(set(gates) - set(_CONTROLLED))
    if unknown:
        raise ValueError(
            f"gates: {unknown[0]!r} is not known; accepted are {', '.join(sorted(_CONTROLLED))}"
        )
    total = GateCounts(qubits=qubits + 1)
    for name, number in gates.items():
        total += number * _CONTROLLED[name]
    return total + ROTATION if global_phase else total


def side_by_side(*parts: GateCounts) -> GateCounts:
    """Return the counts of circuits on qubits of their own, done at the same time."""
    totals: dict[str, Count] = {}
    for field in fields(GateCounts):
        values = [getattr(part, field.name) for part in parts]
        combine = max if field.name.endswith("depth") else sum
        totals[field.name] = combine([0, *values])
    return GateCounts(**totals)


def layer(part: GateCounts, number: Count) -> GateCounts:
    """Return the counts of so many copies of a circuit, each on qubits of its own."""
    if not number:
        return GateCounts()
    totals = {
        field.name: getattr(part, field.name) * (1 if field.name.endswith("depth") else number)
        for field in fields(GateCounts)
    }
    return GateCounts(**totals)


def _many_controls(k: int) -> GateCounts:
    return GateCounts(
        qubits=k + 1,
        two_qubit_gates=4 * k**2 - 4 * k + 2,
        rotations=4 * k**2 - 2 * k + 1,
        two_qubit_depth=16 * k - 24,
        rotation_depth=12 * k - 15,
    )
