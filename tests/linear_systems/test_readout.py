"""Signs, overlaps, samples and the norm from shots of programs whose solution is known.

All random numbers are seeded; the error probabilities say how often an arbitrary seed would fail.
"""

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp
import scipy.stats
from qiskit import QuantumCircuit

import qml_algos.backends
from circuits.state_preparation import state_preparation
from qml_algos.errors import InvalidProblemError, NothingAcceptedError, TooLargeError
from qml_algos.linear_systems.layout import Layout
from qml_algos.linear_systems.program import ErrorBudget, Program
from qml_algos.linear_systems.readout import (
    as_observables,
    read_exact,
    read_shots,
)
from qml_algos.linear_systems.readout.observables import plan_paulis
from qml_algos.linear_systems.readout.signs import single_bits
from qml_algos.linear_systems.right_hand_side import ProductVector

SHOTS = 40_000
SUCCESS = 0.6


@pytest.fixture(scope="module")
def sampling():
    return qml_algos.backends.backend("aer_shots")


@pytest.fixture(scope="module")
def exact():
    return qml_algos.backends.backend("aer")


def program_for(x, layout=None, success=SUCCESS):
    """x where two qubits read 2, with a given probability; something else elsewhere."""
    x = np.asarray(x)
    layout = layout or Layout.plain(x.size)
    size = 2**layout.total_qubits
    norm = np.linalg.norm(x)
    state = np.zeros((4, size), dtype=x.dtype)
    state[2] = np.sqrt(success) * layout.spread(x) / norm
    state[1] = np.sqrt((1 - success) / size)
    circuit = QuantumCircuit(layout.total_qubits + 2)
    circuit.compose(state_preparation(state.ravel()), inplace=True)
    circuit.metadata = {"classically_diagonalised": True}
    return Program(
        circuit=circuit,
        layout=layout,
        accepted=2,
        factor=norm / np.sqrt(success),
        real=np.isrealobj(x),
        budget=ErrorBudget(),
        access="none",
        classical_seconds=0.0,
        build_seconds=0.0,
    )


def random_solution(size, is_complex, seed):
    """No entry near 0; signs or phases at random."""
    generator = np.random.default_rng(seed)
    phases = np.exp(2j * np.pi * generator.random(size))
    if not is_complex:
        phases = np.sign(phases.real)
    return 3 * generator.uniform(0.5, 1, size) * phases


def shots_of(program, backend, observables=None, shots=SHOTS, seed=0, **options):
    return read_shots(program, backend, observables or {}, shots, 0.1, seed, **options)


LAYOUTS = [Layout.plain(3), Layout.plain(8), Layout((3, 3), (2, 2), first=1), Layout.plain(16)]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_signs_of_real_solutions_are_found(sampling, layout):
    """Each product of neighbours is over 10 standard errors from 0: no sign fails by chance."""
    x = random_solution(layout.unknowns, False, 1)
    reading = shots_of(program_for(x, layout), sampling, signs=True, phase_reference=x + 0.1)
    assert reading.signs_known
    assert np.isrealobj(reading.x)
    np.testing.assert_array_equal(np.sign(reading.x), np.sign(x))
    assert np.all(reading.sign_error_probabilities < 1e-9)
    assert reading.shots == SHOTS * (1 + layout.total_qubits)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_phases_of_complex_solutions_are_found(sampling, layout):
    """Mean squared error of a phase below that of one pair, (3 / 0.6)^2 / shots per unknown."""
    x = random_solution(layout.unknowns, True, 2)
    reading = shots_of(program_for(x, layout), sampling, signs=True, phase_reference=x)
    deviation = np.angle(reading.x * np.conj(x))
    assert np.max(np.abs(deviation)) < 5 * np.sqrt(layout.unknowns / (SUCCESS * SHOTS))
    assert reading.shots == SHOTS * (1 + 2 * layout.total_qubits)


def test_averaging_beats_the_tree_for_complex_phases(sampling):
    """64 unknowns, error near the limit (N - 1) / (4 n) of each, magnitudes and phases."""
    x = random_solution(64, True, 3)
    reading = shots_of(program_for(x), sampling, signs=True, phase_reference=x)
    error = np.linalg.norm(reading.x - x) / np.linalg.norm(x)
    assert error < 1.5 * np.sqrt(63 / (2 * SUCCESS * SHOTS))


def test_reference_fixes_the_sign_of_the_whole(sampling):
    x = random_solution(4, False, 4)
    program = program_for(x)
    for sign in (1, -1):
        reading = shots_of(program, sampling, signs=True, phase_reference=sign * x)
        assert np.sign(reading.x @ x) == sign


def test_without_reference_the_largest_entry_is_positive(sampling):
    x = np.array([0.5, -1.0, 0.4, 0.3])
    reading = shots_of(program_for(x), sampling, signs=True)
    np.testing.assert_array_equal(np.sign(reading.x), [-1, 1, -1, -1])


def test_islands_are_joined_by_one_circuit_more_each(sampling):
    """Entries 0, 3 and 5 differ in two bits from each other: single bits say nothing."""
    x = np.zeros(8)
    x[[0, 3, 5]] = 1.0, -0.9, 0.8
    reading = shots_of(program_for(x), sampling, signs=True)
    np.testing.assert_array_equal(np.sign(reading.x[[0, 3, 5]]), [1, -1, 1])
    assert np.all(reading.sign_error_probabilities[[0, 3, 5]] < 1e-9)
    assert reading.shots == SHOTS * (1 + 3 + 2)


def test_sign_of_an_entry_that_is_zero_is_not_known(sampling):
    """Two pairs, each more than three standard errors from 0 with probability 0.3 %."""
    x = np.array([1.0, -1.0, 1.0, 0.0])
    reading = shots_of(program_for(x), sampling, signs=True)
    assert reading.sign_error_probabilities[3] > 1e-3
    assert np.all(reading.sign_error_probabilities[:3] < 1e-9)
    assert abs(reading.x[3]) <= 5 * reading.standard_errors[3]


def test_wrong_signs_are_as_rare_as_their_probability_says(sampling):
    """150 runs: the count is Poisson, at most the sum of the bounds plus 5 of its roots: 1e-5."""
    x = np.array([1.0, 0.05])
    program = program_for(x)
    readings = [shots_of(program, sampling, shots=300, seed=7 * s, signs=True) for s in range(150)]
    bound = sum(reading.sign_error_probabilities[1] for reading in readings)
    wrong = sum(np.signbit(reading.x[1]) for reading in readings)
    assert 3 < wrong < bound + 5 * np.sqrt(bound)
    assert bound < 2.5 * wrong


def test_small_entries_are_no_less_exact_with_signs(sampling):
    """Most entries below their standard errors: mean square over 20 seeds within 2 of N / (4 n)."""
    x = 2.0 ** -np.arange(16) * (-1) ** np.arange(16)
    program = program_for(x)
    squares = []
    for seed in range(20):
        reading = shots_of(program, sampling, shots=4000, seed=20 * seed, signs=True)
        squares.append(np.linalg.norm(reading.x - x) ** 2 / np.linalg.norm(x) ** 2)
    assert np.mean(squares) < 2 * 15 / (4 * SUCCESS * 4000)


def vectors_for(size, is_complex, seed=5):
    generator = np.random.default_rng(seed)
    vectors = {f"random {k}": generator.normal(size=size) for k in range(3)}
    vectors["unit"] = np.eye(size)[1] * 7
    if is_complex:
        vectors = {
            name: v * np.exp(2j * np.pi * generator.random(size)) for name, v in vectors.items()
        }
    return vectors


@pytest.mark.parametrize("is_complex", [False, True])
@pytest.mark.parametrize("layout", LAYOUTS[:3])
@pytest.mark.parametrize("method", ["uncompute", "swap"])
def test_absolute_overlaps_are_within_five_standard_errors(sampling, layout, is_complex, method):
    """48 values, 6e-7 each where normal."""
    x = random_solution(layout.unknowns, is_complex, 6)
    vectors = vectors_for(layout.unknowns, is_complex)
    reading = shots_of(program_for(x, layout), sampling, overlaps=vectors, overlap_method=method)
    for name, vector in vectors.items():
        found = reading.overlaps[name]
        assert not found.phase_known
        assert 0 < found.standard_error < 0.2 * np.linalg.norm(vector) * np.linalg.norm(x)
        assert abs(found.value - abs(np.vdot(vector, x))) <= 5 * found.standard_error, name
    assert reading.shots == SHOTS * 5


@pytest.mark.parametrize("is_complex", [False, True])
@pytest.mark.parametrize("layout", LAYOUTS[:3])
@pytest.mark.parametrize("method", ["uncompute", "hadamard"])
def test_overlaps_with_phases_are_within_five_standard_errors(sampling, layout, is_complex, method):
    """48 values, below 4e-6 each where normal."""
    x = random_solution(layout.unknowns, is_complex, 6)
    vectors = vectors_for(layout.unknowns, is_complex)
    vectors["against the reference"] = -1.3 * x
    reading = shots_of(
        program_for(x, layout),
        sampling,
        overlaps=vectors,
        overlap_method=method,
        phase_reference=x,
    )
    for name, vector in vectors.items():
        found = reading.overlaps[name]
        expected = np.vdot(vector, x)
        expected = expected if found.phase_known else abs(expected)
        assert abs(found.value - expected) <= 5 * found.standard_error, name
    assert reading.overlaps["against the reference"].value.real < 0
    assert sum(found.phase_known for found in reading.overlaps.values()) >= 4
    circuits = {("uncompute", False): 11, ("uncompute", True): 16}
    circuits |= {("hadamard", False): 5, ("hadamard", True): 10}
    assert reading.shots == SHOTS * (1 + circuits[method, is_complex])


def test_standard_errors_of_overlaps_are_those_that_repetition_shows(sampling):
    """Sums of z^2 over 40 seeds against chi^2: 2e-6 by chance for each of 3 methods."""
    x = random_solution(4, False, 8)
    vector = np.array([1.0, 2.0, -0.5, 0.3])
    low, high = scipy.stats.chi2(40).ppf([1e-6, 1 - 1e-6])
    for method in ("uncompute", "swap", "hadamard"):
        total = 0.0
        for seed in range(40):
            reading = shots_of(
                program_for(x),
                sampling,
                shots=2000,
                seed=5 * seed,
                overlaps={"v": vector},
                overlap_method=method,
            )
            found = reading.overlaps["v"]
            expected = vector @ x if method == "hadamard" else abs(vector @ x)
            total += ((found.value - expected) / found.standard_error) ** 2
        assert low <= total <= high, method


def test_overlap_with_a_vector_given_as_a_value(sampling, exact):
    """Five standard errors: 6e-7."""
    x = random_solution(8, False, 9)
    vector = ProductVector(([1.0, 2.0], [1.0, -1.0], [3.0, 1.0]))
    expected = vector.vector() @ x
    found = shots_of(program_for(x), sampling, overlaps={"v": vector}).overlaps["v"]
    assert abs(found.value - abs(expected)) <= 5 * found.standard_error
    assert read_exact(program_for(x), exact, overlaps={"v": vector}).overlaps[
        "v"
    ].value == pytest.approx(expected)


def test_samples_follow_the_squared_amplitudes(sampling, exact):
    """Chi^2 of 9 unknowns, 8 degrees of freedom: 1e-6 by chance each."""
    layout = LAYOUTS[2]
    x = random_solution(9, False, 10)
    program = program_for(x, layout)
    expected = x**2 / np.sum(x**2)
    for reading in (
        shots_of(program, sampling, samples=10_000),
        read_exact(program, exact, samples=10_000, seed=1),
    ):
        assert reading.samples.shape == (10_000,)
        counts = np.bincount(reading.samples, minlength=9)
        statistic = np.sum((counts - 10_000 * expected) ** 2 / (10_000 * expected))
        assert statistic < scipy.stats.chi2(8).ppf(1 - 1e-6)
    assert shots_of(program, sampling).samples is None
    assert shots_of(program, sampling, samples=10**6, shots=100).samples.size < 100


def test_norm_is_within_five_standard_errors_and_they_are_right(sampling):
    """Sum of z^2 over 80 seeds against chi^2: 2e-6 by chance."""
    x = random_solution(3, False, 11)
    scores = []
    for seed in range(80):
        reading = shots_of(program_for(x), sampling, shots=1000, seed=seed)
        difference = np.linalg.norm(reading.x) - np.linalg.norm(x)
        scores.append(difference / reading.norm_standard_error)
    low, high = scipy.stats.chi2(80).ppf([1e-6, 1 - 1e-6])
    assert low <= np.sum(np.square(scores)) <= high


def test_error_of_the_factor_is_in_that_of_the_norm(sampling):
    program = replace(program_for([1.0, 1.0]), factor_error=0.5)
    reading = shots_of(program, sampling)
    assert reading.norm_standard_error == pytest.approx(0.5 * np.sqrt(2), rel=0.02)


FORMS = {
    "array": lambda d: np.diag(d),
    "sparse": lambda d: sp.diags_array(d),
    "diagonal": lambda d: d,
}


@pytest.mark.parametrize("form", FORMS)
def test_diagonal_observables_may_be_given_in_any_form(sampling, exact, form):
    """Five standard errors: 6e-7."""
    x = random_solution(9, True, 12)
    program = program_for(x, LAYOUTS[2])
    weights = np.linspace(-1, 2, 9)
    wanted = {"m": FORMS[form](weights)}
    reading = shots_of(program, sampling, wanted)
    found, expected = reading.observables["m"], weights @ np.abs(x) ** 2
    assert abs(found.value - expected) <= 5 * found.standard_error
    assert reading.shots == SHOTS
    known = read_exact(program, exact, observables=wanted).observables["m"]
    assert known.value == pytest.approx(expected)
    assert known.standard_error == 0


def test_diagonal_observable_of_a_large_register_needs_no_matrix(sampling):
    """2**14 unknowns: a matrix of them would take 4 GiB. Five standard errors: 6e-7."""
    layout = Layout.plain(2**14)
    circuit = QuantumCircuit(15)
    circuit.h(range(14))
    circuit.ry(1.0, 14)
    program = replace(program_for([1.0, 1.0]), circuit=circuit, layout=layout, accepted=1)
    weights = np.linspace(0, 1, 2**14)
    found = shots_of(program, sampling, {"m": weights}, shots=2000).observables["m"]
    expected = program.factor**2 * np.sin(0.5) ** 2 / 2
    assert abs(found.value - expected) <= 5 * found.standard_error
    chain = sp.diags_array([np.ones(2**14 - 1)] * 2, offsets=[-1, 1])
    with pytest.raises(TooLargeError, match=r"observable 'm'.*14 qubits"):
        shots_of(program, sampling, {"m": chain}, shots=10)


@pytest.mark.parametrize(
    "matrix",
    [
        np.ones(3),
        np.ones((2, 3)),
        np.array([[0, 1], [2, 0]]),
        np.array([1j, 0]),
        np.array([[1j, 0], [0, 0]]),
        sp.csr_array([[0, 1j], [1j, 0]]),
        np.array([np.nan, 0]),
    ],
)
def test_observables_that_are_none_are_refused_by_name(matrix):
    with pytest.raises(InvalidProblemError, match="observable 'm'"):
        as_observables({"m": matrix}, 2)


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({"overlaps": {"v": np.ones(3)}}, "overlap 'v'"),
        ({"overlaps": {"v": np.zeros(2)}}, "overlap 'v'"),
        ({"overlaps": {"v": [np.inf, 0]}}, "overlap 'v'"),
        ({"overlaps": {"v": ProductVector(([1.0, 2.0], [1.0, 1.0]))}}, "overlap 'v'"),
        ({"phase_reference": np.ones(3)}, "phase_reference"),
        ({"overlaps": {"v": np.ones(2)}, "overlap_method": "guess"}, "overlap_method"),
    ],
)
def test_bad_arguments_are_refused_by_name(sampling, options, name):
    with pytest.raises(ValueError, match=name):
        shots_of(program_for([1.0, 2.0]), sampling, **options)


@pytest.fixture(scope="module")
def device_readings():
    """The first unknown alone, read on a device model from four qubits that are not entangled."""
    circuit = QuantumCircuit(4)
    circuit.ry(np.pi / 2, 3)
    program = replace(
        program_for([1.0, 0.0, 0.0, 0.0, 0.0]), circuit=circuit, accepted=1, factor=np.sqrt(2)
    )
    wanted = {"diagonal": np.arange(5.0), "chain": np.ones((5, 5))}
    backend = qml_algos.backends.backend("heron_r3")
    return shots_of(program, backend, wanted, shots=100_000, mitigation=True)


def test_mitigation_takes_most_of_the_readout_error_away(device_readings):
    """What is left is of the gates' size, 1e-3; a misread qubit is worth 5e-3 and more."""
    plain, better = device_readings, device_readings.mitigated
    wrong = [np.sum(reading.x[1:] ** 2) / np.sum(reading.x**2) for reading in (plain, better)]
    assert wrong[0] > 3e-3
    assert wrong[1] < wrong[0] / 2
    values = [reading.observables["diagonal"].value for reading in (plain, better)]
    assert abs(values[1]) < abs(values[0]) / 2


def test_mitigated_figures_stand_beside_the_plain_ones_and_are_paid_for(device_readings):
    better = device_readings.mitigated
    assert set(better.observables) == {"diagonal"}
    assert set(device_readings.observables) == {"diagonal", "chain"}
    assert better.overhead > 1
    assert np.all(better.standard_errors >= device_readings.standard_errors * 0.99)
    bases = plan_paulis(as_observables({"chain": np.ones((5, 5))}, 5), Layout.plain(5))
    assert device_readings.shots == (1 + len(bases) + 2) * 100_000


def test_mitigation_changes_nothing_where_readout_is_perfect(sampling):
    program = program_for(random_solution(5, True, 13))
    reading = shots_of(program, sampling, {"m": np.arange(5.0)}, mitigation=True)
    assert reading.shots == 3 * SHOTS
    better = reading.mitigated
    np.testing.assert_allclose(better.x, reading.x, rtol=1e-5)
    np.testing.assert_allclose(better.standard_errors, reading.standard_errors, rtol=1e-5)
    for name in ("value", "standard_error"):
        found, plain = (getattr(r.observables["m"], name) for r in (better, reading))
        assert found == pytest.approx(plain, rel=1e-4)
    assert better.success_probability == pytest.approx(reading.success_probability, rel=1e-5)


def test_no_shot_that_passed_is_refused_for_other_circuits_too(sampling):
    program = program_for([1.0, 1.0], success=1e-4)
    with pytest.raises(NothingAcceptedError):
        shots_of(program, sampling, shots=5, signs=True)


def test_one_unknown_has_the_sign_of_the_reference(sampling):
    reading = shots_of(program_for([-2.0]), sampling, signs=True, phase_reference=[-1.0])
    assert abs(reading.x[0] + 2) <= 5 * reading.standard_errors[0]


def test_first_circuits_are_one_for_each_bit():
    assert single_bits(program_for(np.ones(5))) == [1, 2, 4]
