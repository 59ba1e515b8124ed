import numpy as np
import pytest
import scipy.io.wavfile
from hypothesis import given, settings
from hypothesis import strategies as st

from qml_algos.errors import InvalidProblemError, UnsuitableSolverError
from qml_algos.fourier import DominantFrequencies, RelativePhase, Signal, SpectralPower, SumOfTones
from qml_algos.linear_systems.layout import Layout


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([], "0 samples"),
        ([1.0], "1 samples"),
        ([0, 0, 0], "zero"),
        ([1, np.nan], "NaN"),
        (np.ones((2, 2)), "one axis"),
        (["a", "b"], "numbers"),
    ],
)
def test_what_is_no_signal_is_refused_by_name(values, message):
    with pytest.raises(InvalidProblemError, match=message) as refused:
        Signal(values)
    assert "values" in str(refused.value)


@pytest.mark.parametrize("rate", [0, -1, np.inf, np.nan, True, "1"])
def test_a_rate_that_is_none_is_refused(rate):
    with pytest.raises(InvalidProblemError, match="sample_rate"):
        Signal([1, 2], rate)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: DominantFrequencies(0), "count"),
        (lambda: DominantFrequencies(1, 1.0), "threshold"),
        (lambda: SpectralPower([]), "bins is empty"),
        (lambda: SpectralPower([-1]), r"bins\[0\]"),
        (lambda: SpectralPower([0.5]), r"bins\[0\]"),
        (lambda: SpectralPower([8]).require_for(Signal(np.ones(8))), "0 to 7"),
        (lambda: RelativePhase((3, 3)), "two different"),
        (lambda: RelativePhase((3, 4), threshold=0), "threshold"),
        (lambda: DominantFrequencies(5).require_for(Signal(np.ones(8))), "at most 4"),
        (lambda: SumOfTones(1, [0.5], [1]), "size"),
        (lambda: SumOfTones(8, [0.5, 1], [1]), "every tone"),
        (lambda: SumOfTones(8, [0.5], [0]), "zero"),
        (lambda: SumOfTones(8, [np.nan], [1]), "NaN"),
    ],
)
def test_questions_and_tones_out_of_range_are_refused(make, message):
    with pytest.raises(InvalidProblemError, match=message):
        make()


def test_signals_are_read_from_files(tmp_path):
    samples = np.sin(np.arange(16.0))
    np.save(tmp_path / "a.npy", samples)
    (tmp_path / "a.csv").write_text("value\n" + "\n".join(map(repr, samples.tolist())))
    scipy.io.wavfile.write(tmp_path / "a.wav", 8000, samples)
    for name, rate in (("a.npy", 1.0), ("a.csv", 1.0), ("a.wav", 8000.0)):
        signal = Signal.from_file(tmp_path / name)
        np.testing.assert_array_equal(signal.values, samples)
        assert signal.sample_rate == rate
    assert Signal.from_file(tmp_path / "a.wav", 2.0).sample_rate == 2.0


def test_files_that_hold_no_signal_are_named(tmp_path):
    (tmp_path / "two.csv").write_text("1\n2,3\n")
    (tmp_path / "broken.npy").write_bytes(b"no array")
    scipy.io.wavfile.write(tmp_path / "stereo.wav", 8000, np.ones((4, 2)))
    for name in ("two.csv", "broken.npy", "stereo.wav", "missing.npy", "a.mp3"):
        with pytest.raises(InvalidProblemError, match=name):
            Signal.from_file(tmp_path / name)


def test_pickled_arrays_are_not_opened(tmp_path):
    np.save(tmp_path / "object.npy", np.array([{}], dtype=object), allow_pickle=True)
    with pytest.raises(InvalidProblemError, match=r"object\.npy"):
        Signal.from_file(tmp_path / "object.npy")


def test_padding_and_trimming_give_powers_of_two():
    signal = Signal(np.arange(1.0, 7), sample_rate=6)
    assert signal.padded().values.tolist() == [1, 2, 3, 4, 5, 6, 0, 0]
    assert signal.padded().bin_width == 6 / 8
    assert signal.trimmed().values.tolist() == [1, 2, 3, 4]


@settings(max_examples=15, derandomize=True, deadline=None)
@given(
    st.lists(st.floats(-20, 20), min_size=1, max_size=3),
    st.booleans(),
    st.integers(2, 5),
)
def test_tones_are_a_matrix_product_state(positions, real, qubits):
    size = 2**qubits
    amplitudes = [1 + 0.3j * place for place in range(len(positions))]
    tones = SumOfTones(size, positions, amplitudes, real)
    vector = tones.vector()
    if np.linalg.norm(vector) < 1e-3:
        return
    assert np.isclose(tones.norm(), np.linalg.norm(vector))
    assert np.isclose(tones.total(), np.sum(vector))
    np.testing.assert_allclose(tones.at(np.array([1, 0])), vector[[1, 0]], atol=1e-12)


def test_a_long_sum_of_tones_takes_gates_linear_in_the_qubits():
    gates = []
    for qubits in (20, 40):
        signal = Signal.of_tones(2**qubits, [0.12345], [1])
        circuit = signal.samples.prepare(Layout.plain(signal.size), 1e-6).circuit
        gates.append(circuit.num_nonlocal_gates())
    assert gates[1] <= 2.2 * gates[0] <= 100
    with pytest.raises(UnsuitableSolverError, match="2\\*\\*n"):
        Signal.of_tones(12, [0.1], [1]).samples.prepare(Layout.plain(12), 1e-3)
