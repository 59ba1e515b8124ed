import numpy as np
import pytest
from qiskit.quantum_info import Statevector

from qml_algos import backend
from qml_algos.errors import InvalidProblemError, TooLargeError, UnsuitableSolverError
from qml_algos.fourier import (
    FFT,
    QFT,
    SOLVERS,
    ApproximateQFT,
    DominantFrequencies,
    FullQFT,
    RelativePhase,
    SemiclassicalQFT,
    Signal,
    SpectralPower,
    draw,
    make_solver,
    solve,
    solver_named,
)
from qml_algos.fourier.precision import sampling_error, shots_for
from qml_algos.fourier.transforms import measured


def given(size=16, *, real=False, seed=0):
    rng = np.random.default_rng(seed)
    return Signal(rng.normal(size=size) + (0 if real else 1j * rng.normal(size=size)))


@pytest.mark.parametrize(("solver", "size"), [(QFT(), 2), (FullQFT(), 16), (ApproximateQFT(), 16)])
def test_exact_simulation_agrees_with_the_classical_transform(solver, size):
    signal = given(size)
    for question in (SpectralPower(range(size)), RelativePhase((0, size - 1))):
        exact = solve(signal, FFT(), question=question)
        found = solve(signal, solver, question=question, reference=exact)
        assert found.error <= max(found.promised_error, 1e-9)
        assert found.resources.shots is None


@pytest.mark.parametrize("family", ["tones", "formula"])
def test_exact_simulation_finds_the_tones_between_bins(family):
    signal = draw(family, 64, np.random.default_rng(2))
    question = DominantFrequencies(3, 0.05)
    exact = solve(signal, FFT(), question=question)
    found = solve(signal, QFT(), question=question, reference=exact)
    assert found.error < (0.05 if family == "tones" else 1e-4)


def test_frequencies_from_shots_are_within_their_standard_errors():
    """Three deviations within five standard errors: wrong with a chance below 1e-5."""
    question = DominantFrequencies(3, 0.05)
    signal = draw("formula", 64, np.random.default_rng(1))
    exact = solve(signal, FFT(), question=question)
    found = solve(
        signal, QFT(2e-2), "aer_shots", question=question, reference=exact, random_state=1
    )
    order, other = np.argsort(found.positions), np.argsort(exact.positions)
    deviations = found.positions[order] - exact.positions[other]
    assert np.all(np.abs(deviations) < 5 * found.position_standard_errors[order])
    assert found.error < 0.1


@pytest.mark.parametrize("solver", [QFT(5e-2), SemiclassicalQFT(5e-2)])
def test_powers_from_shots_are_within_their_standard_errors(solver):
    """Eight deviations within five standard errors: wrong with a chance below 1e-5."""
    signal, question = given(8), SpectralPower(range(8))
    exact = solve(signal, FFT(), question=question)
    found = solve(signal, solver, "aer_shots", question=question, random_state=3)
    deviations = np.abs(found.powers - exact.powers)
    assert np.all(deviations < 5 * found.power_standard_errors)
    assert found.resources.shots == shots_for(question, 2.5e-2)


@pytest.mark.parametrize("bins", [(0, 1), (5, 2), (15, 8)])
def test_a_relative_phase_from_shots_is_within_its_standard_error(bins):
    """Within five standard errors: wrong with a chance below 1e-6."""
    signal, question = given(), RelativePhase(bins)
    exact = solve(signal, FFT(), question=question)
    found = solve(
        signal,
        FullQFT(),
        "aer_shots",
        question=question,
        shots=20_000,
        reference=exact,
        random_state=0,
    )
    assert found.error < 5 * found.phase.standard_error
    assert found.powers[0] == pytest.approx(exact.powers[0], abs=0.03)


def test_the_semiclassical_transform_takes_no_two_qubit_gate_beside_the_preparation():
    question = SpectralPower([1])
    found = solve(given(), SemiclassicalQFT(), "aer_shots", question=question, shots=50)
    assert found.transform_gates == 0
    assert found.preparation_gates == found.resources.two_qubit_gates > 0


def test_a_device_that_feeds_forward_gets_the_semiclassical_transform():
    device = backend("heron_r3")
    found = QFT().build(given(), SpectralPower([1]), target=device.device)
    assert found.form == "semiclassical"
    nighthawk = backend("nighthawk")
    assert QFT().build(given(), SpectralPower([1]), target=nighthawk.device).form == "approximate"
    assert QFT().build(given(), RelativePhase((0, 1)), target=device.device).form == "approximate"
    with pytest.raises(UnsuitableSolverError, match="full-qft"):
        SemiclassicalQFT().build(given(), SpectralPower([1]), target=nighthawk.device)


def test_a_noisy_device_answers_and_says_so():
    found = solve(
        Signal([1, 1, -1, -1]), QFT(), "heron_r3", question=SpectralPower([1]), shots=200,
        random_state=0,
    )  # fmt: skip
    assert found.powers[0] > 0.3
    assert any(caveat.startswith("Noise") for caveat in found.caveats)
    assert any(caveat.startswith("State preparation") for caveat in found.caveats)


def test_the_approximate_transform_keeps_its_promise_and_saves_gates():
    signal = given(256, seed=1)
    question = SpectralPower(range(256))
    exact = solve(signal, FFT(), question=question)
    full = solve(signal, FullQFT(), question=question, reference=exact)
    fewer = solve(signal, ApproximateQFT(0.2), question=question, reference=exact)
    assert full.error < 1e-9
    assert full.error < fewer.error <= fewer.promised_error <= 0.2
    assert fewer.transform_gates < full.transform_gates


def test_the_same_seed_gives_the_same_answer():
    question = SpectralPower([0, 3])
    first, second = (
        solve(given(), QFT(), "aer_shots", question=question, shots=100, random_state=7)
        for _ in range(2)
    )
    np.testing.assert_array_equal(first.powers, second.powers)


def test_both_circuits_of_a_phase_are_unitary_up_to_their_measurement():
    transform = measured(3, RelativePhase((1, 6)), 0.0)
    for circuit in transform.circuits:
        state = Statevector(circuit.remove_final_measurements(inplace=False))
        assert np.isclose(np.sum(state.probabilities()), 1)


@pytest.mark.parametrize(
    ("error", "message", "arguments"),
    [
        (UnsuitableSolverError, "padded", (Signal(np.ones(12)), QFT())),
        (TooLargeError, "30 qubits", (Signal.of_tones(2**30, [0.1], [1]), QFT())),
        (TypeError, "signal", ([1, 2], QFT())),
        (TypeError, "solver", (Signal([1, 2]), "qft")),
    ],
)
def test_what_cannot_be_solved_is_refused_by_name(error, message, arguments):
    with pytest.raises(error, match=message):
        solve(*arguments)


def test_arguments_out_of_range_are_refused():
    with pytest.raises(TypeError, match="question"):
        solve(given(), QFT(), question="loudest")
    with pytest.raises(InvalidProblemError, match="0 to 15"):
        solve(given(), QFT(), question=SpectralPower([16]))
    with pytest.raises(ValueError, match="shots"):
        solve(given(), QFT(), "aer_shots", shots=0)
    with pytest.raises(ValueError, match="epsilon"):
        QFT(epsilon=0)
    with pytest.raises(UnsuitableSolverError, match="interference"):
        solve(given(), SemiclassicalQFT(), question=RelativePhase((0, 1)))


def test_references_must_answer_the_same():
    found = solve(given(), FFT(), question=SpectralPower([1, 2]))
    assert found.error_against(found) == 0
    with pytest.raises(InvalidProblemError, match="shape"):
        found.error_against([1.0])
    with pytest.raises(InvalidProblemError, match="answers"):
        found.error_against(solve(given(), FFT(), question=SpectralPower([1])))


def test_a_missing_frequency_counts_with_its_distance():
    time = np.arange(64)
    signal = Signal(np.cos(2 * np.pi * 10 * time / 64) + 0.5 * np.cos(2 * np.pi * 20 * time / 64))
    found = solve(signal, FFT())
    assert found.error_against([10.0, 20.0]) == pytest.approx(10)
    assert found.error_against(np.empty(0)) == np.inf


def test_solvers_have_names_and_epsilon():
    for name, kind in SOLVERS.items():
        assert isinstance(make_solver(name, 0.1), kind)
        assert solver_named(name) is kind
    with pytest.raises(ValueError, match="unknown solver 'dft'"):
        solver_named("dft")


@pytest.mark.parametrize("family", ["tones", "off-grid", "chirp", "formula"])
def test_families_draw_signals_of_the_size_asked_for(family):
    for size in (8, 16, 64):
        assert draw(family, size, np.random.default_rng(0)).size == size
    with pytest.raises(ValueError, match="power of two"):
        draw(family, 12, np.random.default_rng(0))


def test_errors_and_shots_belong_to_each_other():
    for question in (DominantFrequencies(), SpectralPower([1]), RelativePhase((0, 1))):
        assert sampling_error(question, shots_for(question, 1e-3)) <= 1e-3
