"""The projected kernel: reduced density matrices, outer kernels, errors."""

import math
from itertools import combinations

import numpy as np
import pytest
from qiskit.quantum_info import Pauli, Statevector, partial_trace
from sklearn.gaussian_process.kernels import RBF, DotProduct
from sklearn.metrics.pairwise import laplacian_kernel, polynomial_kernel

from circuits.feature_maps import AngleMap, ZZMap
from qml_algos.errors import InvalidProblemError, UnknownNameError
from qml_algos.kernels import OUTER_KERNELS, ProjectedKernel, projected
from qml_algos.kernels.paulis import frobenius_weights, local_paulis, pauli_vectors
from qml_algos.kernels.sampled import sampled_pauli_vectors
from qml_algos.kernels.state_cache import STATES, program_of
from qml_algos.kernels.states import StateProgram

QUBITS = 3


def data(samples: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).uniform(0, 2 * np.pi, (samples, QUBITS))


def states(X: np.ndarray) -> np.ndarray:
    return program_of(ZZMap(), QUBITS).states(ZZMap().angles(X))


def reduced(X: np.ndarray, locality: int) -> np.ndarray:
    """Density matrices of all sets of qubits, from Qiskit; shape (N, sets, d, d)."""
    sets = [set(range(QUBITS)) - set(s) for s in combinations(range(QUBITS), locality)]
    return np.array(
        [[partial_trace(Statevector(s), [*out]).data for out in sets] for s in states(X)]
    )


def vectors(X: np.ndarray, locality: int) -> np.ndarray:
    return pauli_vectors(states(X), locality) * frobenius_weights(QUBITS, locality)


@pytest.mark.parametrize("locality", [1, 2])
def test_pauli_vectors_are_expectation_values_in_the_order_listed(locality: int) -> None:
    X = data(4)
    found, paulis = pauli_vectors(states(X), locality), local_paulis(QUBITS, locality)
    assert found.shape == (4, len(paulis))
    for column, pauli in enumerate(paulis):
        label = ["I"] * QUBITS
        for qubit, letter in pauli:
            label[QUBITS - 1 - qubit] = letter
        operator = Pauli("".join(label))
        expected = [Statevector(state).expectation_value(operator) for state in states(X)]
        np.testing.assert_allclose(found[:, column], expected, atol=1e-13)


@pytest.mark.parametrize("locality", [1, 2])
def test_the_values_are_those_of_huangs_definitions(locality: int) -> None:
    X, Y = data(6), data(4, 1)
    first, second = reduced(X, locality), reduced(Y, locality)
    distances = np.sum(np.abs(first[:, None] - second[None]) ** 2, axis=(2, 3, 4))
    traces = np.einsum("asij,bsji->ab", first, second).real
    rbf = ProjectedKernel(locality=locality, gamma=0.7)
    np.testing.assert_allclose(rbf(X, Y), np.exp(-0.7 * distances), atol=1e-13)
    linear = ProjectedKernel(locality=locality, outer="linear")
    np.testing.assert_allclose(linear(X, Y), traces, atol=1e-13)
    np.testing.assert_allclose(linear.diag(X), np.diag(linear(X)), atol=1e-13)


@pytest.mark.parametrize("locality", [1, 2])
def test_other_outer_kernels_take_the_vectors(locality: int) -> None:
    X, Y = data(6), data(4, 1)
    v, w = vectors(X, locality), vectors(Y, locality)
    options = {"degree": 2, "gamma": 0.5, "coef0": 0.3}
    cases = [
        ("polynomial", options, polynomial_kernel(v, w, **options)),
        ("laplacian", {"gamma": 0.5}, laplacian_kernel(v, w, gamma=0.5)),
        (RBF(0.7), {}, RBF(0.7)(v, w)),
        (DotProduct(), {}, DotProduct()(v, w)),
    ]
    for outer, chosen, expected in cases:
        kernel = ProjectedKernel(outer=outer, locality=locality, **chosen)
        np.testing.assert_allclose(kernel(X, Y), expected, atol=1e-13)
        np.testing.assert_allclose(kernel.diag(X), np.diag(kernel(X)), atol=1e-13)


def test_gamma_by_default_is_the_scale_of_the_second_argument() -> None:
    X, Y = data(6), data(4, 1)
    w = vectors(Y, 1)
    scaled = ProjectedKernel().scaled_to(Y)
    assert scaled.gamma == pytest.approx(1 / (w.shape[1] * w.var()))
    np.testing.assert_array_equal(ProjectedKernel()(X, Y), scaled(X, Y))
    np.testing.assert_array_equal(ProjectedKernel()(Y), scaled(Y))
    assert scaled.scaled_to(X).gamma == scaled.gamma
    assert ProjectedKernel(outer="linear").scaled_to(X).gamma is None
    np.testing.assert_array_equal(ProjectedKernel()(X[:1]), np.ones((1, 1)))


def test_vectors_of_training_data_are_not_computed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    original = StateProgram.states

    def counting(self: StateProgram, rows: np.ndarray, dtype: type) -> np.ndarray:
        made.append(len(rows))
        return original(self, rows, dtype)

    monkeypatch.setattr(StateProgram, "states", counting)
    STATES.clear()
    X, Y = data(6), data(4, 1)
    kernel = ProjectedKernel()
    kernel(X)
    kernel(Y, X)
    ProjectedKernel(outer="linear")(X)
    assert made == [6, 4]
    ProjectedKernel(locality=2)(X)
    assert made == [6, 4, 6]


def test_blocks_and_jobs_do_not_change_a_bit() -> None:
    X = np.random.default_rng(0).uniform(0, 6, (600, 3))
    alone = ProjectedKernel()(X)
    STATES.clear()
    np.testing.assert_array_equal(alone, ProjectedKernel(n_jobs=2)(X))
    STATES.clear()
    np.testing.assert_allclose(alone, ProjectedKernel(max_bytes=2**12)(X), rtol=0, atol=1e-14)


@pytest.mark.parametrize("outer", [*OUTER_KERNELS, RBF(0.7)], ids=str)
def test_sampled_values_are_within_their_errors_of_the_exact_ones(outer: object) -> None:
    """Root mean square deviation, of values of 10 states, within a factor of 1.6 of the error.

    The seed is fixed. Were it not: 90 vector entries, correlated in threes, have the effect of
    about 40 independent ones, so that this would fail once in 1,000 runs.
    """
    X, Y = data(6), data(4, 1)
    options = {"outer": outer, "gamma": 0.5}
    kernel = ProjectedKernel(**options, shots=4000, random_state=2)
    exact = ProjectedKernel(**options)
    for pair in ((X, None), (X, Y)):
        found = kernel.gram(*pair)
        assert found.standard_errors is not None
        measured = found.standard_errors > 1e-9
        deviations = (found.values - exact(*pair))[measured] / found.standard_errors[measured]
        assert 1 / 1.6 < np.sqrt(np.mean(deviations**2)) < 1.6
        rows = 6 if pair[1] is None else 10
        assert found.executions == found.resources.shots == 3 * rows * 4000
        assert not found.projected
    assert found.resources.two_qubit_gates == ZZMap().two_qubit_gates(QUBITS)


def test_training_data_are_measured_as_in_the_fit_so_that_a_device_need_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []

    def recorded(circuit: object, angles: np.ndarray, locality: int, **options: object) -> object:
        asked.append((angles.tobytes(), options["seed"]))
        return sampled_pauli_vectors(circuit, angles, locality, **options)

    monkeypatch.setattr(projected, "sampled_pauli_vectors", recorded)
    X, Y = data(2), data(1, 5)
    kernel = ProjectedKernel(shots=5, random_state=2)
    kernel(X)
    kernel(Y, X)
    fit, again, new = asked
    assert again == fit
    assert new[1] != fit[1]


@pytest.mark.parametrize(
    ("parameters", "error", "match"),
    [
        ({"outer": "cosine"}, UnknownNameError, "outer kernel 'cosine'"),
        ({"locality": 3}, InvalidProblemError, "locality = 3"),
        ({"locality": True}, InvalidProblemError, "locality = True"),
        ({"gamma": 0.0}, InvalidProblemError, "gamma = 0.0"),
        ({"gamma": "scale"}, InvalidProblemError, "gamma = 'scale'"),
        ({"degree": 1.5}, InvalidProblemError, "degree = 1.5"),
        ({"coef0": -1}, InvalidProblemError, "coef0 = -1"),
    ],
)
def test_bad_parameters_are_named(parameters: dict, error: type, match: str) -> None:
    with pytest.raises(error, match=match):
        ProjectedKernel(**parameters)(data(2))


def test_pairs_need_two_qubits() -> None:
    with pytest.raises(InvalidProblemError, match="locality = 2"):
        ProjectedKernel(AngleMap(), locality=2)([[1.0]])


def test_there_are_as_many_paulis_as_stated() -> None:
    for qubits in (1, 2, 5):
        assert len(local_paulis(qubits, 1)) == 3 * qubits
        assert len(local_paulis(qubits, 2)) == 3 * qubits + 9 * math.comb(qubits, 2)
