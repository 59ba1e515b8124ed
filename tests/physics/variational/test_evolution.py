"""States and gradients of layered evolutions are those of the circuits."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit.quantum_info import Statevector

from circuits.hamiltonian_variational import hamiltonian_variational
from qml_algos.physics.hamiltonians import heisenberg, toric_code, transverse_field_ising
from qml_algos.physics.hamiltonians.action import action_of
from qml_algos.physics.variational.evolution import LayeredEvolution
from qml_algos.physics.variational.reference import stabilizer_reference

MODELS = [transverse_field_ising(7, 0.7), heisenberg(6), toric_code(2)]


@settings(max_examples=9, deadline=None)
@given(model=st.sampled_from(MODELS), repetitions=st.integers(1, 2), seed=st.integers(0, 99))
def test_states_are_those_of_the_circuit_and_gradients_those_of_differences(
    model, repetitions, seed
):
    reference = stabilizer_reference(model.layers[-1])
    circuit = hamiltonian_variational(model.layers, repetitions, reference)
    angles = np.random.default_rng(seed).normal(size=circuit.num_parameters)
    evolution = LayeredEvolution(model.layers, Statevector(reference).data, action_of(model))
    built = Statevector(circuit.assign_parameters(angles))
    found = evolution.state(angles)
    assert abs(np.vdot(found, built.data)) == pytest.approx(1, abs=1e-10)
    energy, gradient = evolution.energy_and_gradient(angles)
    assert energy == pytest.approx(built.expectation_value(model.operator).real, abs=1e-9)
    step = 1e-5 * np.eye(len(angles))
    differences = [
        evolution.energy_and_gradient(angles + row)[0]
        - evolution.energy_and_gradient(angles - row)[0]
        for row in step
    ]
    np.testing.assert_allclose(gradient, np.array(differences) / 2e-5, atol=1e-6)


@pytest.mark.parametrize("model", [*MODELS, transverse_field_ising(5, -2.0)])
def test_reference_states_minimise_every_term_of_the_last_layer(model):
    layer = model.layers[-1]
    state = Statevector(stabilizer_reference(layer))
    least = min(np.linalg.eigvalsh(layer.to_matrix())) if layer.num_qubits < 8 else None
    found = state.expectation_value(layer).real
    assert found == pytest.approx(-np.abs(layer.coeffs).sum() if least is None else least)
