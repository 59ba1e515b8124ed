"""Basis changes before a measurement."""

import itertools

import numpy as np
import pytest
from qiskit.quantum_info import Operator, Pauli

from circuits.measurement import pauli_basis_change

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
