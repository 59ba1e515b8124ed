"""Structures: the matrix they stand for, and bounds on its spectrum that hold and are tight."""

import functools

import numpy as np
import pytest
import scipy.linalg
import scipy.sparse as sp
from qiskit import QuantumCircuit
from qiskit.quantum_info import SparsePauliOp

from circuits.block_encoding import BlockEncoding
from qml_algos.errors import (
    InvalidProblemError,
    SingularMatrixError,
    TooLargeError,
    UnsuitableSolverError,
)
from qml_algos.linear_systems.layout import Layout
from qml_algos.linear_systems.structures import (
    Circulant,
    Dense,
    Encoded,
    KroneckerSum,
    LowRank,
    PauliSum,
    Poisson,
    Sparse,
    Toeplitz,
    is_structure,
)

TRI = {-1: -1 / 3, 0: 1, 1: -1 / 3}


def stencil(size, boundary):
    """Second difference, written out entry by entry."""
    matrix = np.zeros((size, size))
    for i in range(size):
        for j in (i - 1, i + 1):
            if 0 <= j < size:
                matrix[i, j] -= 1
                matrix[i, i] += 1
            elif boundary == "dirichlet":
                matrix[i, i] += 1
            elif boundary == "periodic":
                matrix[i, j % size] -= 1
                matrix[i, i] += 1
    return matrix


def kronecker_sum(parts):
    sizes = [len(part) for part in parts]
    return sum(
        functools.reduce(np.kron, [part if i == k else np.eye(n) for k, n in enumerate(sizes)])
        for i, part in enumerate(parts)
    )


def written(structure):
    matrix = structure.matrix()
    return matrix.toarray() if sp.issparse(matrix) else matrix


generator = np.random.default_rng(0)
RANDOM = generator.normal(size=(6, 6))
FACTORS = generator.normal(size=(2, 9, 2)) @ [[1, 0.5], [0, 1]]

STRUCTURES = [
    Dense(RANDOM),
    Dense(RANDOM + RANDOM.T),
    Sparse(sp.csr_array(np.diag([1.0, 2j, 3]))),
    Toeplitz(8, TRI),
    Toeplitz(7, {-1: -1, 0: 0.4, 1: -1}),
    Toeplitz(7, {-1: 1j, 0: 3, 1: 1j}),
    Toeplitz(7, {-1: -1j, 0: 3, 1: 1j}),
    Toeplitz(6, {-1: -2, 0: 3, 1: -0.5}),
    Toeplitz(9, {-2: 1, -1: -4, 0: 7, 1: -4, 2: 1}),
    Toeplitz(5, {0: 2, 3: 1j}),
    Circulant(8, {-1: -1, 0: 3, 1: -1}),
    Circulant(6, {0: 3, 1: 1, 3: 0.5}),
    Circulant(7, {0: 3, 2: 1j, -2: -1j}),
    Circulant(4, {-1: -1, 0: 2, 1: -1}),
    *[
        Poisson(cells, boundary, shift, scale)
        for cells in [(2,), (8,), (4, 8), (2, 4, 4)]
        for boundary in ("dirichlet", "neumann", "periodic")
        for shift, scale in [(0.0, 1.0), (0.3, -2.0), (-1.7, 1.0)]
    ],
    KroneckerSum((Toeplitz(4, TRI), Circulant(3, {0: 2, 1: 1j}))),
    KroneckerSum((Poisson((8,)), Poisson((4,), scale=7), Toeplitz(2, {0: 3.0}))),
    KroneckerSum((Poisson((4,), "periodic"), Poisson((4,), "neumann", 0.5))),
    PauliSum(SparsePauliOp(["II", "XZ", "YY"], [2, 0.5, 0.25])),
    PauliSum(SparsePauliOp(["IZI", "XYI"], [2, 1j])),
    LowRank(FACTORS[0], FACTORS[1]),
    LowRank(FACTORS[0], FACTORS[0]),
]


@pytest.mark.parametrize("structure", STRUCTURES, ids=repr)
def test_properties_and_spectrum_are_those_of_the_matrix(structure):
    matrix = written(structure)
    assert is_structure(structure)
    assert matrix.shape == (structure.size, structure.size)
    assert structure.layout.unknowns == structure.size
    assert structure.real == (not np.any(np.imag(matrix)))
    assert structure.hermitian == np.allclose(matrix, matrix.conj().T)
    spectrum = structure.spectrum
    values = scipy.linalg.svdvals(matrix)
    counted = values[values > 1e-10]
    assert spectrum.null_space == (counted.size < values.size)
    assert spectrum.smallest == pytest.approx(counted[-1], rel=1e-9)
    assert spectrum.largest == pytest.approx(counted[0], rel=1e-9)
    if structure.hermitian and spectrum.lowest is not None:
        eigenvalues = scipy.linalg.eigvalsh(matrix)
        eigenvalues = eigenvalues[abs(eigenvalues) > 1e-10]
        assert spectrum.lowest == pytest.approx(eigenvalues[0], rel=1e-9)
        assert spectrum.highest == pytest.approx(eigenvalues[-1], rel=1e-9)


@pytest.mark.parametrize("boundary", ["dirichlet", "neumann", "periodic"])
@pytest.mark.parametrize("cells", [(2,), (8,), (4, 8), (2, 8, 4)])
def test_poisson_is_the_sum_of_second_differences_in_c_order(cells, boundary):
    sizes = [c - (boundary == "dirichlet") for c in cells]
    expected = kronecker_sum([stencil(n, boundary) for n in sizes])
    expected = 3 * (expected + 0.25 * np.eye(len(expected)))
    np.testing.assert_allclose(written(Poisson(cells, boundary, 0.25, 3)), expected, atol=1e-14)


def test_toeplitz_and_circulant_are_those_of_scipy():
    row, column = [1, 2, 3, 0, 0], [1, 4, 0, 0, 0]
    found = written(Toeplitz(5, {0: 1, 1: 2, 2: 3, -1: 4}))
    np.testing.assert_array_equal(found, scipy.linalg.toeplitz(column, row))
    found = written(Circulant(5, {0: 1, 1: 2, 2: 3, 4: 4}))
    np.testing.assert_array_equal(found, scipy.linalg.circulant([1, 2, 3, 0, 4]).T)


def test_kronecker_sum_has_its_first_term_on_the_slowest_axis():
    parts = [generator.normal(size=(n, n)) for n in (2, 3, 4)]
    found = written(KroneckerSum(tuple(Dense(part) for part in parts)))
    np.testing.assert_allclose(found, kronecker_sum(parts))


def test_circulant_takes_its_keys_modulo_the_size():
    assert Circulant(8, {7: 1, 0: 3}) == Circulant(8, {-1: 1, 8: 3})
    assert Circulant(8, {4: 1, -4: 1}).coefficients == {4: 2}


@pytest.mark.parametrize("size", [1, 2, 5, 8])
def test_eigenvalues_of_a_circulant_belong_to_fourier_modes(size):
    circulant = Circulant(size, {0: 3, 1: 1j, -2: 0.5})
    modes = np.exp(2j * np.pi * np.outer(np.arange(size), np.arange(size)) / size)
    values = circulant.eigenvalues()
    np.testing.assert_allclose(written(circulant) @ modes, modes * values, atol=1e-12)
    np.testing.assert_allclose(circulant.eigenvalues(np.arange(size)), values, atol=1e-12)


@pytest.mark.parametrize(
    "structure",
    [
        Poisson((2**30,)),
        Poisson((2**30,) * 3, "periodic"),
        Poisson((2**30, 8), "neumann", 1e-3),
        Poisson((2**30,), shift=-1.5),
        Toeplitz(2**30, TRI),
        Toeplitz(2**30, {-2: -0.1, 0: 1, 1: 0.3j}),
        Circulant(2**30, {-1: -1, 0: 2.5, 1: -1}),
        KroneckerSum((Toeplitz(2**30, TRI), Toeplitz(2**30, TRI))),
        PauliSum(SparsePauliOp(["I" * 30, "Z" * 30], [2, 0.5])),
    ],
    ids=lambda s: s.description,
)
def test_a_billion_unknowns_are_a_legal_description(structure):
    assert structure.size >= 2**29
    assert 1 <= structure.spectrum.condition_number < 1e19
    with pytest.raises(TooLargeError, match="written down"):
        structure.matrix()


def test_condition_number_of_a_fine_dirichlet_grid_does_not_cancel():
    """kappa = cot^2(pi / 2c), beyond what 2 - 2 cos can tell."""
    expected = 1 / np.tan(np.pi / 2**31) ** 2
    assert Poisson((2**30,)).spectrum.condition_number == pytest.approx(expected, rel=1e-9)
    same = Toeplitz(2**30 - 1, {-1: -1, 0: 2, 1: -1})
    assert same.spectrum.condition_number == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    "coefficients",
    [{-2: -0.1, 0: 1, 1: 0.3j}, {-2: 0.2, -1: -0.3, 0: 1.4, 1: -0.3, 2: 0.2}, {0: 2, -1: 1}],
)
def test_bounds_from_the_symbol_hold_and_are_tight(coefficients):
    small = Toeplitz(200, coefficients).spectrum
    bounds = Toeplitz(2000, coefficients).spectrum
    assert bounds.smallest <= small.smallest * (1 + 1e-12)
    assert bounds.largest >= small.largest * (1 - 1e-12)
    assert bounds.condition_number == pytest.approx(small.condition_number, rel=0.05)


@pytest.mark.parametrize("sign", [1, -1])
def test_lanczos_bounds_are_outside_the_spectrum_and_see_that_it_is_definite(sign):
    size = 1500
    values = sign * np.geomspace(0.01, 2, size)
    spectrum = Sparse(sp.diags_array(values).tocsr()).spectrum
    assert spectrum.definite
    assert 0.01 * 0.995 < spectrum.smallest < 0.01
    assert 2 < spectrum.largest < 2 * 1.005


def test_lanczos_sees_that_a_large_matrix_is_indefinite():
    values = np.geomspace(0.01, 2, 1500) * np.where(np.arange(1500) % 3, 1, -1)
    spectrum = Sparse(sp.diags_array(values).tocsr()).spectrum
    assert not spectrum.definite
    assert spectrum.lowest is not None
    assert spectrum.condition_number == pytest.approx(200, rel=0.01)


def test_zero_on_the_diagonal_of_a_large_matrix_is_not_taken_for_definite():
    block = sp.csr_array(np.array([[0, 1], [1, 0]]))
    matrix = sp.kron(sp.eye_array(800), block, format="csr")
    assert not Sparse(matrix).spectrum.definite


def test_pauli_sum_of_13_qubits_has_bounds_by_lanczos():
    """Fields along X and Z: eigenvalues known, and the coefficients do not prove it definite."""
    fields = [f"{'I' * i}{letter}{'I' * (12 - i)}" for i in range(13) for letter in "XZ"]
    operator = SparsePauliOp([*fields, "I" * 13], [1.0] * 26 + [20.0])
    spectrum = PauliSum(operator).spectrum
    reach = 13 * np.sqrt(2)
    assert 20 + reach <= spectrum.highest <= (20 + reach) * 1.003
    assert (20 - reach) * 0.99 <= spectrum.lowest <= (20 - reach) * 1.0001


@pytest.mark.parametrize(
    ("structure", "match"),
    [
        (Poisson((4,), shift=-2.0), "singular"),
        (Poisson((4,), "periodic", -2.0), "singular"),
        (Poisson((8, 8), shift=-4.0), "singular"),
        (Toeplitz(3, {-1: 1, 1: 1}), "singular"),
        (Toeplitz(2, {1: 1}), "singular"),
        (LowRank(np.ones((4, 2)), np.ones((4, 2))), "singular"),
    ],
)
def test_singular_matrix_without_a_known_null_space_is_refused(structure, match):
    with pytest.raises(SingularMatrixError, match=match):
        structure.spectrum  # noqa: B018


@pytest.mark.parametrize(
    "structure",
    [
        Circulant(2**30, {-1: -1, 0: 2, 1: -1}),
        Toeplitz(2**30, {-2: 1, -1: -4, 0: 6, 1: -4, 2: 1}),
        Poisson((2**20, 2**20), shift=-1.0),
        KroneckerSum((Poisson((2**20,), shift=-1.0), Poisson((2**20,)))),
        PauliSum(SparsePauliOp(["I" * 30, "Z" * 30], [0.5, 2])),
        Encoded(BlockEncoding(QuantumCircuit(2), 1.0, 1, 1, "nothing")),
    ],
    ids=lambda s: s.description,
)
def test_where_no_bound_is_known_kappa_is_asked_for(structure):
    with pytest.raises(UnsuitableSolverError, match="give kappa"):
        structure.spectrum  # noqa: B018


def test_encoded_matrix_is_the_block_of_the_circuit():
    circuit = QuantumCircuit(2)
    circuit.cry(1.2, 0, 1)
    encoding = BlockEncoding(circuit, 3.0, 1, 1, "a rotation")
    encoded = Encoded(encoding, smallest=2, hermitian=True, real=True, lowest=2, highest=3)
    np.testing.assert_allclose(written(encoded), 3 * np.diag([1, np.cos(0.6)]), atol=1e-12)
    assert encoded.spectrum.condition_number == 1.5
    assert encoded.description == "given by a rotation"


def test_layouts_of_a_kronecker_sum_are_joined_where_they_agree():
    joined = KroneckerSum((Poisson((8,)), Poisson((4,), scale=2))).layout
    assert joined == Layout((7, 3), (3, 2), 1)
    mixed = KroneckerSum((Poisson((8,)), Toeplitz(4, TRI))).layout
    assert mixed == Layout((7, 4), (3, 2), 0)


@pytest.mark.parametrize(
    ("make", "match"),
    [
        (lambda: Toeplitz(0, TRI), "size = 0"),
        (lambda: Toeplitz(True, TRI), "size = True"),
        (lambda: Toeplitz(4, {0: np.nan}), r"coefficients\[0\]"),
        (lambda: Toeplitz(4, {0.5: 1}), "key 0.5"),
        (lambda: Toeplitz(4, {4: 1}), "diagonal 4"),
        (lambda: Toeplitz(4, {0: 0}), "all zero"),
        (lambda: Circulant(4, {0: "a"}), r"coefficients\[0\] = 'a'"),
        (lambda: Circulant(4, {0: 1, 4: -1}), "all zero"),
        (lambda: Poisson((6,)), r"cells = \(6,\)"),
        (lambda: Poisson(()), "cells"),
        (lambda: Poisson((1,)), "cells"),
        (lambda: Poisson(8), "cells = 8"),
        (lambda: Poisson((8,), "open"), "boundary = 'open'"),
        (lambda: Poisson((8,), shift=np.inf), "shift = inf"),
        (lambda: Poisson((8,), scale=0), "scale = 0"),
        (lambda: Poisson((8,), shift=1j), "shift = 1j"),
        (lambda: KroneckerSum((Poisson((8,)),)), "there are 1"),
        (lambda: KroneckerSum((Poisson((8,)), np.eye(2))), "one is a ndarray"),
        (lambda: PauliSum("XX"), "SparsePauliOp"),
        (lambda: PauliSum(SparsePauliOp(["X"], [0])), "zero"),
        (lambda: PauliSum(SparsePauliOp(["X"], [np.nan])), "finite"),
        (lambda: LowRank(np.eye(3), np.eye(3)), "r < N"),
        (lambda: Dense(np.ones((2, 3))), r"shape \(2, 3\)"),
        (lambda: Sparse(sp.csr_array(np.ones((2, 3)))), r"shape \(2, 3\)"),
        (lambda: Encoded(BlockEncoding(QuantumCircuit(2), 1.0, 1, 1, ""), smallest=2), "smallest"),
        (lambda: Encoded(BlockEncoding(QuantumCircuit(2), 1.0, 1, 1, ""), lowest=1), "lowest"),
    ],
)
def test_bad_arguments_are_refused_by_name(make, match):
    with pytest.raises(InvalidProblemError, match=match):
        make()


def test_stored_arrays_are_copies_and_read_only():
    array = np.eye(2)
    dense = Dense(array)
    array[0, 0] = 7
    assert dense.array[0, 0] == 1
    with pytest.raises(ValueError, match="read-only"):
        dense.array[0, 0] = 2
    with pytest.raises(ValueError, match="read-only"):
        Sparse(sp.csr_array(np.eye(2))).csr.data[0] = 2
