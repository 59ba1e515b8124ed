"""Exact expectation values and gradients, against Qiskit's statevector and differences."""

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.circuit import Parameter, ParameterVector
from qiskit.quantum_info import Statevector

from qml_algos.backends.gradients import AdjointGradient, ProbabilityGradient
from qml_algos.errors import UnsupportedCircuitError


def circuit():
    # Parameters stand in another order in the circuit than in ``circuit.parameters``.
    a, b, c, d = ParameterVector("a", 4)
    made = QuantumCircuit(3)
    made.h(0)
    made.ry(c, 1)
    made.cx(0, 2)
    made.rz(a, 2)
    made.x(1)
    made.cz(2, 1)
    made.rx(d, 0)
    made.cx(2, 0)
    made.ry(b, 2)
    return made


def hermitian(seed):
    generator = np.random.default_rng(seed)
    matrix = generator.normal(size=(8, 8)) + 1j * generator.normal(size=(8, 8))
    return matrix + matrix.conj().T


def test_values_and_gradients_are_those_of_the_statevector():
    operators = [hermitian(0), hermitian(1)]
    angles = np.random.default_rng(2).uniform(-np.pi, np.pi, 4)

    def expected(parameters):
        state = Statevector(circuit().assign_parameters(parameters)).data
        return np.array([np.vdot(state, operator @ state).real for operator in operators])

    values, gradients = AdjointGradient(circuit(), operators)(angles)
    assert values == pytest.approx(expected(angles), abs=1e-12)
    shifts = np.pi / 2 * np.eye(4)
    differences = [(expected(angles + s) - expected(angles - s)) / 2 for s in shifts]
    assert gradients == pytest.approx(np.array(differences).T, abs=1e-12)


def test_one_operator_and_one_parameter_keep_their_shapes():
    single = QuantumCircuit(1)
    single.ry(Parameter("a"), 0)
    values, gradients = AdjointGradient(single, [np.diag([1.0, -1.0])])([0.3])
    assert values == pytest.approx([np.cos(0.3)])
    assert gradients == pytest.approx(np.array([[-np.sin(0.3)]]))


def test_probabilities_and_gradients_of_their_functions_are_those_of_the_statevector():
    angles = np.random.default_rng(3).uniform(-np.pi, np.pi, 4)
    target = np.random.default_rng(4).dirichlet(np.ones(8))

    def distance(p):
        return float(np.sum((p - target) ** 2)), 2 * (p - target)

    def expected(parameters):
        return Statevector(circuit().assign_parameters(parameters)).probabilities()

    gradient = ProbabilityGradient(circuit())
    assert gradient.probabilities(angles) == pytest.approx(expected(angles), abs=1e-12)
    value, slope = gradient(angles, distance)
    assert value == pytest.approx(distance(expected(angles))[0])
    steps = 1e-6 * np.eye(4)
    differences = [
        (distance(expected(angles + s))[0] - distance(expected(angles - s))[0]) / 2e-6
        for s in steps
    ]
    assert slope == pytest.approx(np.array(differences), abs=1e-8)


def test_what_cannot_be_differentiated_is_refused_by_name():
    angle = Parameter("a")
    twice = QuantumCircuit(2)
    twice.ry(angle, 0)
    twice.ry(angle, 1)
    other = QuantumCircuit(2)
    other.swap(0, 1)
    bound = QuantumCircuit(1)
    bound.ry(0.5, 0)
    for refused, message in ((twice, "a twice"), (other, "'swap'"), (bound, "'ry'")):
        with pytest.raises(UnsupportedCircuitError, match=message):
            AdjointGradient(refused, [])
