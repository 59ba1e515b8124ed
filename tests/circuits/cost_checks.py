"""What every closed form of a cost is tested for."""

from dataclasses import replace

from circuits.costs import count_gates


def check_closed_form(cost, circuit):
    """Gates are those that are counted, in integers, and depths at least those."""
    counted = count_gates(circuit)
    assert counted.two_qubit_depth <= cost.two_qubit_depth
    assert counted.rotation_depth <= cost.rotation_depth
    depths = {
        "two_qubit_depth": counted.two_qubit_depth,
        "rotation_depth": counted.rotation_depth,
    }
    assert replace(cost, **depths) == counted
    assert all(isinstance(number, int) for number in vars(cost).values())


def check_bound(cost, circuit, *, within):
    """No count is above the bound, and CX and rotations are at least so much of it."""
    counted = count_gates(circuit)
    assert counted.qubits == cost.qubits
    for name, number in vars(counted).items():
        assert number <= getattr(cost, name), name
    assert counted.cx_gates >= within * cost.cx_gates
    assert counted.rotations >= within * cost.rotations
