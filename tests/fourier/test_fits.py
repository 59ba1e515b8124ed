"""Kernel, maximum likelihood and least squares."""

import numpy as np
import pytest

from qml_algos.fourier.kernel import Tones, centred, kernel
from qml_algos.fourier.least_squares import find_tones
from qml_algos.fourier.likelihood import _Likelihood, fit_counts


def spectrum(values):
    size = values.size
    bins = np.arange(-(size // 2), -(-size // 2))
    return bins, centred(np.fft.fftshift(np.fft.fft(values)), bins, size)


@pytest.mark.parametrize("size", [7, 16])
def test_the_kernel_is_the_spectrum_of_a_tone(size):
    tones = Tones(np.array([1.3, -2.0]), np.array([1.0, 0.5j]), size, real=False)
    bins, measured = spectrum(tones.at(np.arange(size)))
    np.testing.assert_allclose(tones.spectrum(bins), measured, atol=1e-12)


def test_derivatives_of_the_kernel_agree_with_differences_near_zero_and_beyond():
    x = np.concatenate([np.linspace(-40, 40, 101), [1e-4, 2.9e-3, 3.1e-3, 16, 15.9999]])
    step = 1e-5
    for order in (0, 1):
        up, down = kernel(x + step, 16)[order], kernel(x - step, 16)[order]
        np.testing.assert_allclose(kernel(x, 16)[order + 1], (up - down) / (2 * step), atol=1e-7)


@pytest.mark.parametrize("real", [False, True])
def test_gradient_and_hessian_of_the_likelihood_agree_with_differences(real):
    tones = Tones(np.array([3.3, 5.1]), np.array([0.6, 0.3 + 0.2j]), 16, real=real)
    bins = np.concatenate([np.arange(-8, 8), np.arange(-8, 8) - 0.5])
    shares = np.random.default_rng(0).dirichlet(np.ones(32))
    likelihood = _Likelihood(bins, shares, 16)

    def at(parameters):
        return tones.unpacked(parameters[:-1]), float(np.exp(parameters[-1]))

    here = np.append(tones.packed(), np.log(0.1))
    steps = 1e-6 * np.eye(here.size)
    slopes = [
        (likelihood.value(*at(here + s)) - likelihood.value(*at(here - s))) / 2e-6 for s in steps
    ]
    np.testing.assert_allclose(likelihood.gradient(*at(here)), slopes, atol=1e-7)
    bends = [
        (likelihood.gradient(*at(here + s)) - likelihood.gradient(*at(here - s))) / 2e-6
        for s in steps
    ]
    np.testing.assert_allclose(likelihood.hessian(*at(here)), bends, atol=1e-6)


@pytest.mark.parametrize("shift", [0.04, 0.5])
def test_positions_from_shots_are_as_certain_as_the_bound_of_cramer_and_rao(shift):
    """Mean square of 12 errors over the variance: outside 0.15 to 3 with 0.1 % chance."""
    size, shots, position = 64, 20_000, 11 + shift
    time = np.arange(size)
    rng = np.random.default_rng(0)
    bins = np.arange(-(size // 2), size // 2)
    chances = [
        np.abs(np.fft.fftshift(np.fft.fft(np.exp(2j * np.pi * (position + o) * time / size)))) ** 2
        for o in (0.0, 0.5)
    ]
    errors, stated = [], []
    for _ in range(12):
        counts = np.concatenate([rng.multinomial(shots // 2, c / np.sum(c)) for c in chances])
        both = np.concatenate([bins, bins - 0.5])
        seen = counts > 0
        found = fit_counts(
            both[seen],
            counts[seen] / shots,
            size,
            real=False,
            count=1,
            threshold=0.1,
            shots=shots,
        )
        errors.append(found.positions[0] - position)
        stated.append(found.position_errors[0])
    bound = np.sqrt(3 / shots) / (2 * np.pi)
    assert 0.15 < np.mean(np.square(errors)) / bound**2 < 3
    assert np.mean(stated) == pytest.approx(bound, rel=0.3)


@pytest.mark.parametrize(
    ("real", "positions"), [(True, [10.3, 20.0, 23.4]), (False, [-9.5, 3.2, 30.0])]
)
def test_least_squares_finds_tones_exactly_without_noise(real, positions):
    size = 128
    tones = Tones(np.array(positions), np.array([1.0, 0.6j, 0.5]), size, real=real)
    bins, measured = spectrum(tones.at(np.arange(size)))
    if real:
        measured = np.append(measured[bins >= 0], measured[0].conj())
    found, shares = find_tones(measured, size, real=real, count=3, threshold=0.05)
    np.testing.assert_allclose(found, positions, atol=1e-6)
    np.testing.assert_allclose(shares / shares[0], [1, 0.36, 0.25], atol=0.02)
