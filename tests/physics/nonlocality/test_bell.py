"""Bell operators: their bounds, and how they are written as observables."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit.quantum_info import Operator, Pauli

from qml_algos.errors import InvalidProblemError, TooLargeError
from qml_algos.physics.nonlocality import (
    BellOperator,
    best_plane,
    chsh,
    in_plane,
    joint_settings,
    mermin,
    optimal_measurements,
    two_body_symmetric,
)
from qml_algos.physics.nonlocality.bell import extreme_eigenpair
from qml_algos.physics.nonlocality.deterministic import enumerated_values


def random_directions(parties: int, observables: int, seed: int) -> np.ndarray:
    drawn = np.random.default_rng(seed).normal(size=(parties, observables, 3))
    return drawn / np.linalg.norm(drawn, axis=2, keepdims=True)


def dense(bell: BellOperator, directions: np.ndarray) -> np.ndarray:
    """By Kronecker products, straight from the definition."""
    paulis = [Pauli(letter).to_matrix() for letter in "XYZ"]
    total = 0
    for row, coefficient in zip(bell.settings, bell.coefficients, strict=True):
        matrix = np.eye(1)
        for party, setting in enumerate(row):
            one = np.eye(2)
            if setting >= 0:
                one = sum(c * p for c, p in zip(directions[party, setting], paulis, strict=True))
            matrix = np.kron(one, matrix)
        total = total + coefficient * matrix
    return total


@pytest.mark.parametrize("bell", [chsh(), mermin(3), two_body_symmetric(3)], ids=repr)
def test_the_operator_in_any_directions_is_that_of_the_definition(bell: BellOperator) -> None:
    directions = random_directions(bell.parties, 2, 5)
    found = Operator(bell.operator(directions)).data
    np.testing.assert_allclose(found, dense(bell, directions), atol=1e-12)


def test_chsh_is_bounded_by_2_and_2_sqrt_2() -> None:
    assert chsh().classical_bound == 2
    assert chsh().quantum_maximum() == pytest.approx(2 * np.sqrt(2), abs=1e-12)


@pytest.mark.parametrize("n", [2, 3, 4, 5, 8])
def test_mermin_is_bounded_classically_by_2_to_half_of_the_parties(n: int) -> None:
    assert mermin(n).classical_bound == 2 ** (n // 2)
    assert mermin(n).quantum_maximum() == pytest.approx(2 ** (n - 1), abs=1e-9)


@pytest.mark.parametrize("n", [2, 3, 10, 40])
def test_the_two_body_inequality_is_bounded_classically_by_minus_2_n(n: int) -> None:
    assert two_body_symmetric(n, (0.3, 2)).classical_bound == -2 * n


def test_the_two_body_inequality_of_eight_parties_is_violated() -> None:
    bell = two_body_symmetric(8)
    exact = -extreme_eigenpair(-1 * bell.operator())[0]
    assert bell.quantum_maximum() == pytest.approx(exact, abs=1e-10)
    assert exact == pytest.approx(-16.64934, abs=1e-5)


@settings(max_examples=10, deadline=None)
@given(st.integers(2, 5), st.integers(0, 2**31), st.booleans())
def test_symmetric_bounds_agree_with_enumeration_and_diagonalisation(
    n: int, seed: int, below: bool
) -> None:
    generator = np.random.default_rng(seed)
    form = generator.integers(-3, 4, size=(n + 1, n + 1))
    rows = [row for row in product([-1, 0, 1], repeat=n) if any(s >= 0 for s in row)]
    weights = np.array([form[row.count(0), row.count(1)] for row in rows], float)
    directions = np.tile(random_directions(1, 2, seed), (n, 1, 1))
    bell = BellOperator("drawn", np.array(rows), weights, directions, violated_below=below)
    assert bell.collective
    values = enumerated_values(bell.settings, bell.coefficients, 2)
    assert bell.classical_bound == pytest.approx(values.min() if below else values.max())
    eigenvalues = np.linalg.eigvalsh(dense(bell, directions))
    extreme = eigenvalues[0] if below else eigenvalues[-1]
    assert bell.quantum_maximum() == pytest.approx(extreme, abs=1e-8)


def test_parties_that_are_not_alike_are_enumerated_one_by_one() -> None:
    tilted = BellOperator("tilted", chsh().settings, [1.0, 1.0, 1.0, -2.0], chsh().measurements)
    assert tilted.symmetric is not None
    biased = BellOperator(
        "biased", [*chsh().settings, [0, -1]], [1, 1, 1, -1, 0.5], chsh().measurements
    )
    assert biased.symmetric is None
    assert biased.classical_bound == 2.5


def test_three_settings_are_bounded_by_enumeration() -> None:
    rows = list(product(range(3), repeat=2))
    bell = BellOperator("sum", rows, np.ones(9), random_directions(2, 3, 0))
    assert bell.classical_bound == 9


def test_the_hamiltonian_has_the_violation_as_its_ground_energy_and_says_if_it_has_no_signs() -> (
    None
):
    bell = two_body_symmetric(4)
    hamiltonian = bell.hamiltonian()
    energies = np.linalg.eigvalsh(hamiltonian.to_sparse().toarray())
    assert energies[0] == pytest.approx(bell.quantum_maximum())
    assert hamiltonian.sign_qubits == ()
    assert hamiltonian.symmetries.shape == (4, 4)
    assert two_body_symmetric(4, (0.1, 2.0)).hamiltonian().sign_qubits is None
    assert mermin(4).hamiltonian().sign_qubits == ()


def test_the_best_directions_of_parties_alike_are_a_maximum() -> None:
    bell = two_body_symmetric(6)
    first = np.arccos(bell.measurements[0, :, 2])
    for turn in (-0.01, 0.01):
        directions = in_plane([first[0], first[1] + turn], 6)
        assert bell.quantum_maximum(directions) > bell.quantum_maximum()
    with pytest.raises(InvalidProblemError, match="prefers some party"):
        best_plane(BellOperator("one", [[0, 1]], [1.0], chsh().measurements))


@pytest.mark.parametrize(("bell", "value"), [(chsh(), 2 * np.sqrt(2)), (mermin(3), 4.0)], ids=repr)
def test_the_see_saw_finds_the_best_measurements(bell: BellOperator, value: float) -> None:
    reports = []
    directions, found = optimal_measurements(
        bell, random_state=1, progress=lambda done, total: reports.append((done, total))
    )
    assert found == pytest.approx(value, abs=1e-6)
    assert found == pytest.approx(bell.quantum_maximum(directions))
    assert reports
    assert all(total == 200 for _, total in reports)


def test_joint_settings_measure_each_correlation() -> None:
    bell = two_body_symmetric(10, (0, 1))
    choices = joint_settings(bell)
    assert len(choices) <= 10
    for row in bell.settings:
        assert np.any(np.all((row < 0) | (row == choices), axis=1))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"settings": [[0, 2]]}, "from -1"),
        ({"settings": [[0.0, 1.0]]}, "from -1"),
        ({"coefficients": [1.0, 2.0]}, "coefficients"),
        ({"coefficients": [np.nan]}, "finite"),
        ({"measurements": np.ones((2, 2, 3))}, "unit vectors"),
        ({"measurements": np.eye(3)}, "measurements has shape"),
    ],
)
def test_a_malformed_operator_is_refused(changes: dict, message: str) -> None:
    good = {"settings": [[0, 1]], "coefficients": [1.0], "measurements": chsh().measurements}
    with pytest.raises(InvalidProblemError, match=message):
        BellOperator("bad", **(good | changes))


def test_bad_arguments_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qml_algos.physics.nonlocality.expansion.MOST_TERMS", 2**15)
    with pytest.raises(InvalidProblemError, match="n = 1"):
        mermin(1)
    with pytest.raises(InvalidProblemError, match="positive integer"):
        two_body_symmetric(2.5)
    with pytest.raises(TooLargeError, match="16 parties"):
        mermin(17)
    with pytest.raises(InvalidProblemError, match="angles"):
        two_body_symmetric(3, (0.1,))
    with pytest.raises(InvalidProblemError, match="measurements has shape"):
        chsh().operator(random_directions(2, 3, 0))
    lonely = np.full((1, 30), -1)
    lonely[0, 0] = 0
    large = BellOperator("large", lonely, [1.0], random_directions(30, 2, 0))
    with pytest.raises(TooLargeError, match="strategies"):
        _ = large.classical_bound
    with pytest.raises(TooLargeError, match="not alike"):
        large.quantum_maximum()
    with pytest.raises(TooLargeError, match="at most 12"):
        optimal_measurements(large)
    with pytest.raises(TooLargeError, match="Pauli operators"):
        mermin(16).operator(random_directions(16, 2, 0))
