import sys

import numpy as np
import pytest

from qml_algos.errors import MissingExtraError, UnsuitableSolverError
from qml_algos.fourier import (
    FFT,
    FFTW,
    DominantFrequencies,
    RelativePhase,
    Signal,
    SingleBins,
    SparseFFT,
    SpectralPower,
    draw,
    solve,
)
from qml_algos.fourier.classical.flat_window import gain


def signal(size, *, real):
    rng = np.random.default_rng(size)
    values = rng.normal(size=size) + (0 if real else 1j * rng.normal(size=size))
    return Signal(values, sample_rate=50.0)


@pytest.mark.parametrize("real", [True, False])
@pytest.mark.parametrize("size", [2, 9, 12, 64])
@pytest.mark.parametrize("solver", [FFT(), FFTW(), SingleBins()])
def test_chosen_bins_are_those_of_numpy(solver, size, real):
    given = signal(size, real=real)
    spectrum = np.fft.fft(given.values)
    powers = np.abs(spectrum) ** 2 / np.sum(np.abs(spectrum) ** 2)
    found = solve(given, solver, question=SpectralPower(range(size)))
    np.testing.assert_allclose(found.powers, powers, atol=1e-12)
    phase = solve(given, solver, question=RelativePhase((0, size - 1))).phase
    assert phase.value == pytest.approx(np.angle(spectrum[-1] * spectrum[0].conj()), abs=1e-9)


@pytest.mark.parametrize("solver", [FFT(), FFTW()])
def test_frequencies_come_in_the_units_of_the_rate(solver):
    time = np.arange(300) / 100.0
    given = Signal(np.cos(2 * np.pi * 12.34 * time) + 0.4 * np.sin(2 * np.pi * 3.3 * time), 100.0)
    found = solve(given, solver, question=DominantFrequencies(3))
    np.testing.assert_allclose(found.frequencies, [12.34, 3.3], atol=1e-5)
    assert found.powers[0] == pytest.approx(1 / 1.16, abs=0.02)


def test_single_bins_do_not_search():
    with pytest.raises(UnsuitableSolverError, match="fft"):
        solve(signal(8, real=True), SingleBins())


def test_fftw_that_is_not_installed_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyfftw", None)
    monkeypatch.delitem(sys.modules, "pyfftw.builders", raising=False)
    with pytest.raises(MissingExtraError, match="pyFFTW"):
        solve(signal(8, real=True), FFTW())


@pytest.mark.parametrize(("count", "on_bins"), [(10, True), (50, True), (10, False)])
def test_sparse_transform_finds_tones_in_noise_from_part_of_a_million_samples(count, on_bins):
    size = 2**20
    rng = np.random.default_rng(count)
    bins = rng.uniform(1, size / 2, size=count)
    bins = np.round(bins) if on_bins else bins
    half = np.zeros(size // 2 + 1, dtype=complex)
    for position, phase in zip(bins, rng.uniform(0, 2 * np.pi, size=count), strict=True):
        near = np.arange(round(position) - 500, round(position) + 501)
        near = near[(near >= 0) & (near <= size // 2)]
        x = position - near
        half[near] += np.exp(1j * (phase + np.pi * x)) * np.sinc(x) / np.sqrt(2 * count)
    values = np.fft.irfft(half * size, size) + 0.3 * rng.normal(size=size)
    question = DominantFrequencies(count, threshold=0.3 / count)
    found = solve(Signal(values), SparseFFT(), question=question, random_state=1)
    assert found.error_against(bins) < 0.15
    assert found.details["samples read"] < size / 3
    assert found.details["share in no tone"] == pytest.approx(0.09 / 1.09, abs=0.03)


def test_sparse_transform_of_a_formula_reads_next_to_none_of_a_trillion_samples():
    size = 2**40
    given = Signal.of_tones(size, [0.1234567, 0.3], [1, 0.5j])
    found = solve(given, SparseFFT(), question=DominantFrequencies(2), random_state=0)
    np.testing.assert_allclose(found.positions, [0.1234567 * size, 0.3 * size], atol=0.02)
    assert found.details["samples read"] < 1e5


def test_sparse_transform_refuses_what_is_not_sparse():
    rng = np.random.default_rng(0)
    for family, size in (("chirp", 2**16), ("tones", 2**8)):
        with pytest.raises(UnsuitableSolverError, match="not sparse"):
            solve(draw(family, size, rng), SparseFFT(), random_state=0)
    with pytest.raises(UnsuitableSolverError, match="power of two"):
        solve(signal(12, real=True), SparseFFT())
    with pytest.raises(ValueError, match="rest"):
        SparseFFT(rest=1.0)


def test_sparse_transform_tells_the_power_of_bins_and_their_phase():
    rng = np.random.default_rng(5)
    given = draw("tones", 2**16, rng)
    strongest = round(solve(given, FFT()).positions[0])
    for question in (
        SpectralPower([strongest, 7]),
        RelativePhase((given.size - strongest, strongest)),
    ):
        exact = solve(given, FFT(), question=question)
        found = solve(given, SparseFFT(), question=question, reference=exact, random_state=0)
        assert found.error < 0.03


def test_the_flat_window_is_flat_and_ends():
    assert gain(np.array([0.0]))[0] == pytest.approx(1)
    assert gain(np.array([0.5]))[0] == pytest.approx(1, abs=3e-4)
    assert gain(np.array([1.0]))[0] < 3e-4
