"""Circuits of CX, H and phases followed symbolically: which parity each qubit holds."""

from collections import defaultdict


def follow_parities(circuit):
    """Follow a Fourier transform at any number of qubits.

    A parity is a frozenset of ("x", t), the input of qubit t, and ("y", t), what the Hadamard
    gate on that input makes of it. The two ways of a Hadamard gate between CX that take one CX
    are read as what they stand for. Returns the parity on each qubit at the end and the sum of
    phases on each parity, and fails if a Hadamard gate meets anything but one input.
    """
    held = [frozenset({("x", qubit)}) for qubit in range(circuit.num_qubits)]
    phases = defaultdict(float)
    gates = [
        (item.operation.name, *(circuit.find_bit(qubit).index for qubit in item.qubits))
        for item in circuit.data
    ]
    angles = [item.operation.params for item in circuit.data]

    def cx(control, target):
        held[target] ^= held[control]

    def h(qubit):
        ((kind, t),) = held[qubit]
        assert kind == "x"
        held[qubit] = frozenset({("y", t)})

    step = 0
    while step < len(gates):
        name, *places = gates[step]
        if name == "sxdg":
            (other,), qubit = places, gates[step + 2][2]
            block = [("h", other), ("cy", other, qubit), ("h", other), ("h", qubit)]
            assert gates[step + 1 : step + 5] == block
            cx(qubit, other)
            h(qubit)
            cx(qubit, other)
            step += 5
            continue
        if name == "h" and gates[step + 1 : step + 2] and gates[step + 1][0] == "cy":
            (qubit,), other = places, gates[step + 1][2]
            assert gates[step + 1 : step + 3] == [("cy", qubit, other), ("sdg", qubit)]
            cx(other, qubit)
            h(qubit)
            cx(qubit, other)
            step += 3
            continue
        if name == "p":
            phases[held[places[0]]] += angles[step][0]
        elif name in ("cx", "h"):
            {"cx": cx, "h": h}[name](*places)
        else:
            raise AssertionError(f"{name} is not followed")
        step += 1
    return held, dict(phases)


def expected_phases(windows):
    """Phases of the transform that keeps the rotations of the windows, by parity."""
    n, half_turn = len(windows), 3.141592653589793
    phases = defaultdict(float)
    for t in range(n):
        for distance in range(1, t + 1):
            x, y = ("x", t - distance), ("y", t)
            angle = half_turn / 2 ** (distance + 1)
            phases[frozenset({x})] += angle
            phases[frozenset({y})] += angle
            if distance <= windows[t]:
                phases[frozenset({x, y})] -= angle
    return dict(phases)
