"""Basis changes before a measurement."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit.quantum_info import Operator, Pauli, Statevector

from circuits.measurement import pair_interference, pauli_basis_change

LABELS = ["".join(letters) for n in (1, 2, 3) for letters in itertools.product("IXYZ", repeat=n)]


@pytest.mark.parametrize("label", LABELS)
def test_z_string_after_the_change_is_the_pauli_before_it(label):
    change = Operator(pauli_basis_change(label)).data
    z_string = Pauli("".join("I" if letter == "I" else "Z" for letter in label)).to_matrix()
    measured = change.conj().T @ z_string @ change
    np.testing.assert_allclose(measured, Pauli(label).to_matrix(), atol=1e-12)


@pytest.mark.parametrize(
    ("label", "counts"),
    [("I", {}), ("Z", {}), ("X", {"rz": 1, "sx": 1}), ("Y", {"sx": 1})],
)
def test_gates_are_those_that_the_docstring_names(label, counts):
    assert dict(pauli_basis_change(label).count_ops()) == counts


@pytest.mark.parametrize("label", ["A", "x", "ZZ+", "X Y"])
def test_other_letters_are_refused(label):
    with pytest.raises(ValueError, match="label"):
        pauli_basis_change(label)


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 4), st.integers(0, 1000), st.booleans(), st.data())
def test_pair_interference_shows_products_of_amplitudes(qubits, seed, imaginary, data):
    mask = data.draw(st.integers(1, 2**qubits - 1))
    generator = np.random.default_rng(seed)
    a = generator.normal(size=2**qubits) + 1j * generator.normal(size=2**qubits)
    a /= np.linalg.norm(a)
    circuit = pair_interference(qubits, mask, imaginary=imaginary)
    probabilities = Statevector(a).evolve(circuit).probabilities()
    pivot = mask & -mask
    for i in range(2**qubits):
        if not i & pivot:
            j = i ^ mask
            turned = -1j * a[j] if imaginary else a[j]
            assert probabilities[i] == pytest.approx(abs(a[i] + turned) ** 2 / 2)
            assert probabilities[i | pivot] == pytest.approx(abs(a[i] - turned) ** 2 / 2)
    assert circuit.count_ops().get("cx", 0) == mask.bit_count() - 1


@pytest.mark.parametrize("mask", [0, -1, 4])
def test_mask_that_does_not_fit_is_refused(mask):
    with pytest.raises(ValueError, match="mask"):
        pair_interference(2, mask)
