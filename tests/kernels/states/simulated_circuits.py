"""Circuits that the tests simulate."""

import numpy as np
from qiskit import QuantumCircuit
from qiskit.circuit import Parameter
from qiskit.circuit.library import XXPlusYYGate


def random_circuit(qubits: int, gates: int, seed: int, parameters: int = 5) -> QuantumCircuit:
    """Gates of many kinds; angles are numbers, parameters and linear expressions of these."""
    rng = np.random.default_rng(seed)
    circuit = QuantumCircuit(qubits)
    given = [Parameter(f"t{k}") for k in range(parameters)]

    def angle():
        parameter = given[rng.integers(parameters)]
        return (parameter, 2 * parameter + 0.3, rng.normal())[rng.integers(3)]

    c = circuit
    one = [c.h, c.sx, c.x, c.y, c.t, c.sdg]
    turns = [c.rx, c.ry, c.rz, c.p]
    two = [c.cx, c.cz, c.swap, c.iswap, c.ecr, lambda a, b: c.cx(a, b, ctrl_state=0)]
    two_turns = [c.cp, c.crz, c.crx, c.cry, c.rzz, c.rxx, c.ryy]
    three = [c.ccx, c.ccz, c.cswap, lambda a, b, t: c.mcp(angle(), [a, b], t)]
    several = [
        lambda a, b: c.u(angle(), angle(), angle(), a),
        lambda a, b: c.r(angle(), angle(), b),
        lambda a, b: c.cu(angle(), angle(), angle(), angle(), a, b),
        lambda a, b: c.append(XXPlusYYGate(angle(), angle()), [a, b]),
    ]
    for _ in range(gates):
        q = [int(k) for k in rng.permutation(qubits)]
        kind = rng.integers(6) if qubits > 2 else rng.integers(2)
        if kind == 0:
            one[rng.integers(len(one))](q[0])
        elif kind == 1:
            turns[rng.integers(len(turns))](angle(), q[0])
        elif kind == 2:
            two[rng.integers(len(two))](*q[:2])
        elif kind == 3:
            two_turns[rng.integers(len(two_turns))](angle(), *q[:2])
        elif kind == 4:
            several[rng.integers(len(several))](*q[:2])
        else:
            three[rng.integers(len(three))](*q[:3])
    return circuit
