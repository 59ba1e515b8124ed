"""Fine print of spectra."""

from __future__ import annotations

from collections.abc import Iterator

from qml_algos.fourier.questions import DominantFrequencies, Question, SpectralPower
from qml_algos.speedup.bills.law import Check


def fourier_checks(question: Question, formula: bool, epsilon: float) -> tuple[Check, ...]:
    """Say what is read of a spectrum, how the samples are known, and how many of them are enough.

    Parameters
    ----------
    question
        What is asked.
    formula
        Whether the signal is given by a formula.
    epsilon
        Error of the answer.
    """
    return (_output(question), _structure(formula), *_sampling(question, epsilon))


def _output(question: Question) -> Check:
    """Say what is read, and what of the spectrum is not."""
    if isinstance(question, DominantFrequencies):
        count = question.count
        what = f"the {count} strongest frequencies"
    elif isinstance(question, SpectralPower):
        count = len(question.bins)
        what = f"the shares of {count} bins in the power"
    else:
        count = 1
        what = "the phase between two bins"
    return Check(
        "output",
        what,
        float(count),
        "good",
        f"Read are {what}, not the spectrum: all N bins would take N / epsilon^2 shots.",
    )


def _structure(formula: bool) -> Check:
    if not formula:
        return Check(
            "sampled data",
            "read one by one",
            None,
            "bad",
            "The signal is a list of samples: whoever loads it has read all N of them, which is a "
            "logarithm less than a fast Fourier transform takes in all, and again in every run.",
        )
    return Check(
        "sampled data",
        "a formula",
        None,
        "bad",
        "The signal is known by a formula of its tones: these can be read off it without any "
        "transform, and a classical computer evaluates single samples as cheaply as a quantum one.",
    )


def _sampling(question: Question, epsilon: float) -> Iterator[Check]:
    """Say from how many samples at random a bin is estimated classically.

    The mean of ``x_m exp(-2 pi i k m / N)`` has the variance ``P / S`` for S samples of the mean
    square P. A share s of the power, over the mean square of the same samples, then has at most
    ``(4 s + 2 s**2) / S``, if the samples have no heavier tails than Gaussian ones; and the phase
    of two bins of the share w at most ``1 / (w S)``.
    """
    if isinstance(question, DominantFrequencies):
        return
    once = 6.0 if isinstance(question, SpectralPower) else 1 / question.threshold
    samples = once / epsilon**2
    yield Check(
        "classical sampling",
        f"{samples:,.0f} samples",
        samples,
        "bad",
        f"From about {samples:,.0f} samples at random a classical computer estimates the same, "
        "whatever N is. No such solver was measured: to overtake those that read all samples is "
        "no advantage.",
    )
