"""Modular sums and products: exhaustive for small moduli, random for larger ones."""

import numpy as np
import pytest
from basis_branches import Branches, counted
from qiskit import QuantumCircuit
from qiskit.quantum_info import Statevector

from circuits.arithmetic import adder, at_least
from circuits.feature_maps.discrete_log.modular import (
    modular_adder,
    modular_product,
    modular_product_ands,
    modular_product_cx,
)
from circuits.fourier import qft

MODULI = [5, 7, 9, 13, 15, 31, 251]


def places(circuit, name):
    register = next(register for register in circuit.qregs if register.name == name)
    return [circuit.find_bit(qubit).index for qubit in register]


def run(circuit, **inputs):
    """Run on basis states, one a branch, and return what registers hold then."""
    size = len(next(iter(inputs.values())))
    bits = np.zeros((circuit.num_qubits, size), dtype=bool)
    for name, numbers in inputs.items():
        for digit, place in enumerate(places(circuit, name)):
            bits[place] = numbers >> digit & 1
    branches = Branches(bits, np.ones(size)).run(circuit)
    return {r.name: branches.values(places(circuit, r.name)) for r in circuit.qregs}


def pairs(modulus):
    if modulus < 40:
        return np.indices((modulus, modulus)).reshape(2, -1)
    return np.random.default_rng(0).integers(modulus, size=(2, 400))


@pytest.mark.parametrize("modulus", MODULI)
def test_adder_adds_modulo_and_returns_the_workspace(modulus):
    a, b = pairs(modulus)
    found = run(modular_adder(modulus), addend=a, register=b)
    np.testing.assert_array_equal(found["addend"], a)
    np.testing.assert_array_equal(found["register"], (a + b) % modulus)
    assert not np.any(found["overflow"] | found["workspace"])


@pytest.mark.parametrize("modulus", [*MODULI, 4093])
def test_product_multiplies_modulo_and_returns_the_workspace(modulus):
    a, b = pairs(modulus)
    found = run(modular_product(modulus), first=a, second=b)
    np.testing.assert_array_equal(found["first"], a)
    np.testing.assert_array_equal(found["second"], b)
    np.testing.assert_array_equal(found["product"], a * b % modulus)
    assert not np.any(found["workspace"])


@pytest.mark.parametrize("modulus", MODULI)
def test_square_multiplies_by_itself(modulus):
    a = np.arange(modulus)
    found = run(modular_product(modulus, square=True), first=a)
    np.testing.assert_array_equal(found["first"], a)
    np.testing.assert_array_equal(found["product"], a * a % modulus)
    assert not np.any(found["workspace"])


@pytest.mark.parametrize("modulus", MODULI)
def test_costs_are_as_stated(modulus):
    n, ones = modulus.bit_length(), modulus.bit_count()
    addition = modular_adder(modulus)
    assert tuple(counted(addition)) == (37 * n + 7 * ones - 18, 8 * n - 2)
    assert addition.num_qubits == 3 * n + ones + 2
    for square in (False, True):
        product = modular_product(modulus, square=square)
        stated = (modular_product_cx(modulus, square=square),)
        stated += (modular_product_ands(modulus, square=square),)
        assert tuple(counted(product)) == stated
        assert product.num_qubits == (4 - square) * n + n + ones + 2
    steps = (n - 1) * (56 * n + 14 * ones - 21)
    assert modular_product_cx(modulus) == 3 * n + steps


def test_the_simulation_of_branches_agrees_with_a_state_vector():
    circuit = QuantumCircuit(5)
    circuit.h(range(3))
    circuit.rx(0.7, 3)
    circuit.append(at_least(3, 3).to_gate(), [0, 1, 2, 3, 4])
    circuit.append(adder(2, [0, 1]).inverse().to_gate(), [0, 1, 2, 3, 4])
    circuit.compose(qft(3), [3, 1, 0], inplace=True)
    circuit.rz(0.3, 2)
    circuit.cp(0.9, 0, 3)
    branches = Branches(np.zeros((5, 1)), [1]).run(circuit)
    state = np.zeros(2**5, dtype=complex)
    state[branches.values(range(5))] = branches.amplitudes
    np.testing.assert_allclose(state, Statevector(circuit).data, atol=1e-12)
    addition = adder(4, [0, 2], carry_out=True)
    assert counted(addition)[0] == addition.num_nonlocal_gates()


@pytest.mark.parametrize("modulus", [3, 4, 12, -5])
def test_other_moduli_are_refused(modulus):
    for build in (modular_adder, modular_product):
        with pytest.raises(ValueError, match=f"modulus = {modulus}: an odd number"):
            build(modulus)
