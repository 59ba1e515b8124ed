"""What quantum Fourier transforms take to answer about a spectrum, up to 1e30 samples."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from circuits.costs import GateCounts
from circuits.costs.fourier import qft_cost
from circuits.costs.gates import CX, MEASUREMENT, ROTATION, layer
from circuits.costs.matrix_product_state import mps_preparation_cost
from circuits.costs.semiclassical import semiclassical_qft_cost
from circuits.costs.state_preparation import state_preparation_cost
from qml_algos.errors import UnknownNameError, UnsuitableSolverError
from qml_algos.fourier.precision import distance_for, shots_for
from qml_algos.fourier.questions import (
    DominantFrequencies,
    Question,
    RelativePhase,
    SpectralPower,
)
from qml_algos.fourier.transforms import allowed_infidelity
from qml_algos.speedup.bills.bill import Bill
from qml_algos.speedup.bills.classical_work import with_classical_work
from qml_algos.speedup.bills.fitted import fitted_law
from qml_algos.speedup.bills.fourier_checks import fourier_checks
from qml_algos.speedup.bills.law import BillLaw, BillRequest
from qml_algos.speedup.bills.readout import ReadOut, observable_readout
from qml_algos.speedup.bills.system_families import qubits_for
from qml_algos.speedup.bills.union_bound import (
    confidence_of_each,
    deviations,
    one_after_another,
)
from qml_algos.validation import require_count, require_epsilon

Loading = Literal["dense", "tones", "none"]
"""Amplitude by amplitude; by the formula of a sum of tones; or not at all."""

LOADINGS: tuple[Loading, ...] = ("dense", "tones", "none")

SOLVERS = ("qft", "full-qft", "aqft", "semiclassical")
"""Those with bills: all quantum ones."""

TONES = 3
"""Of the signals of the family that is given by its formula."""

_NEARLY_ALL = 1 - 1e-9
_DENSE_FAMILIES = ("tones", "off-grid", "chirp")
_STRUCTURED = ("fft", "fftw", "single-bins", "sparse-fft")
_QUESTIONS: Mapping[str, type[Question]] = {
    kind.__name__: kind for kind in (DominantFrequencies, SpectralPower, RelativePhase)
}
_SHOTS_OF_A_NORMAL = (
    "Errors of what shots give are taken for normal: the shots are those of the solver for a root "
    "mean square error, times the square of the quantile of the confidence."
)
_WEAKEST = (
    "Each answer is billed as if it held no more of the power than the threshold of the question, "
    "{threshold:g}; of a signal whose tones are weaker it takes more shots."
)
_DENSE = (
    "All samples are loaded in every run, by one rotation each: nothing of the signal is known."
)
_TONES = (
    "The signal is a sum of {tones} real tones, known by its formula: it is prepared as a matrix "
    "product state of bond {bond}, by a few gates at most less than billed."
)
_FREE = "Loading the signal takes no gates."


def fourier_bill(
    question: Question,
    size: int,
    *,
    solver: str = "qft",
    epsilon: float = 1e-2,
    confidence: float = 0.95,
    loading: Loading = "dense",
    tones: int = TONES,
) -> Bill:
    r"""Bill the answer to one question about the spectrum of a real signal.

    Parameters
    ----------
    question
        What is asked.
    size
        N, the number of samples, at least 2 and up to 1e30. What is no power of two is billed as
        the next one.
    solver
        Of `SOLVERS`; ``"qft"`` is the approximate transform, as on a simulator.
    epsilon, confidence
        Error of the answer (bins, shares of the power or radians), and the probability that all
        its parts keep to it. As in the solver, half is left to shots, a quarter each to loading and
        to the transform.
    loading
        Of the signal.
    tones
        Real tones that the signal consists of, if ``loading="tones"``.

    Returns
    -------
    Bill
        Gates of the circuit that the solver builds for shots; of the two circuits of
        `DominantFrequencies` those of the one with a rotation more on each qubit. Dense loading
        takes N - 1 rotations and N - 2 CX, exact from 9 qubits on; a formula
        :math:`O(t^2 \log N)`, an upper bound. The transform takes :math:`O(n \log(n / \epsilon))`
        for :math:`n = \log_2 N`. Shots do not depend on N. No classical seconds.

    Raises
    ------
    UnknownNameError, UnsuitableSolverError
        If there is no such solver or loading, or the solver does not answer the question.
    InvalidProblemError, ValueError
        If another argument is out of range.

    References
    ----------
    D. Coppersmith, IBM Research Report RC19642 (1994), arXiv:quant-ph/0201067.
    """
    require_count("size", size)
    require_count("tones", tones)
    require_epsilon(epsilon)
    if solver not in SOLVERS:
        raise UnknownNameError("solver with bills", solver, SOLVERS)
    if loading not in LOADINGS:
        raise UnknownNameError("loading", loading, LOADINGS)
    measured = solver == "semiclassical"
    if measured and isinstance(question, RelativePhase):
        raise UnsuitableSolverError("semiclassical: it does not answer a RelativePhase")
    n = qubits_for(size)
    share = distance_for(question, epsilon / 4)
    infidelity = allowed_infidelity(n, 0.0 if solver == "full-qft" else share)
    transform = (
        semiclassical_qft_cost(n, infidelity) if measured else qft_cost(n, infidelity, swaps=False)
    )
    if isinstance(question, DominantFrequencies):
        transform += layer(ROTATION, n)
    reading = _interference(question, n)
    if not measured:
        reading += layer(MEASUREMENT, n)
    read = _read_out(question, epsilon / 2, confidence)
    preparation, sentence = _loaded(loading, n, tones)
    return Bill(
        size=size,
        preparation=preparation,
        algorithm=transform,
        readout=replace(reading, qubits=n),
        success_probability=1.0,
        shots=read.shots,
        # What is measured as it goes cannot be undone.
        estimation_uses=None if measured else read.estimation_uses,
        assumptions=(sentence, *read.assumptions),
    )


def bill_law(request: BillRequest) -> BillLaw:
    """Bill the solver of a comparison: `fourier_bill`, and the building of its circuits.

    Returns
    -------
    BillLaw
        Signals that are no family's are taken for dense ones if loading them took N / 2 gates and
        more at every size; else a law is fitted to their circuits. Without bills, and with the
        reason, if the comparison does not say what was asked.
    """
    question = _asked(request.settings)
    if question is None:
        return BillLaw(None, "The comparison does not say which question was asked.")
    loading = _loading(request)
    if loading is None:
        return fitted_law(
            request, lambda _size, _p: _read_out(question, request.epsilon / 2, request.confidence)
        )

    def make(size: int) -> Bill:
        return fourier_bill(
            question,
            size,
            solver=request.solver,
            epsilon=request.epsilon,
            confidence=request.confidence,
            loading=loading,
        )

    checks = fourier_checks(question, loading != "dense", request.epsilon)
    return BillLaw(with_classical_work(make, request.rows), None, checks, _STRUCTURED)


def _read_out(question: Question, epsilon: float, confidence: float) -> ReadOut:
    """Return shots and, where probabilities are asked for, uses of amplitude estimation."""
    if isinstance(question, SpectralPower):
        count = len(question.bins)
        one = observable_readout(epsilon, confidence_of_each(confidence, count))
        return one_after_another(one, count)
    answers = question.count if isinstance(question, DominantFrequencies) else 1
    shots = shots_for(question, epsilon / deviations(confidence, answers))
    sentences = (_SHOTS_OF_A_NORMAL, _WEAKEST.format(threshold=question.threshold))
    if isinstance(question, DominantFrequencies):
        return ReadOut(shots, None, sentences)
    return replace(
        _phase_estimates(question, epsilon, confidence), shots=shots, assumptions=sentences
    )


def _phase_estimates(question: RelativePhase, epsilon: float, confidence: float) -> ReadOut:
    r"""Estimate the probabilities of sum and difference, for the cosine and for the sine.

    With the share w in both bins these are at most 2 w; their differences are the vector
    :math:`2 w (\cos\phi, \sin\phi)`. Errors :math:`\eta` of the four turn it by at most
    :math:`\sqrt 2 \eta / w`.
    """
    both = min(_NEARLY_ALL, 2 * question.threshold)
    one = observable_readout(epsilon / (2 * math.sqrt(2)), confidence_of_each(confidence, 4), both)
    return one_after_another(one, 4)


def _interference(question: Question, n: int) -> GateCounts:
    """CX that bring the two bins of a phase to one qubit."""
    if not isinstance(question, RelativePhase):
        return GateCounts(qubits=n)
    first, second = (-k % 2**n for k in question.bins)
    return replace(((first ^ second).bit_count() - 1) * CX, qubits=n)


def _loaded(loading: Loading, n: int, tones: int) -> tuple[GateCounts, str]:
    if loading == "none":
        return GateCounts(qubits=n), _FREE
    if loading == "dense":
        return state_preparation_cost(n), _DENSE
    bond = 2 * tones
    return mps_preparation_cost(n, bond, real=False), _TONES.format(tones=tones, bond=bond)


def _asked(settings: Mapping[str, object]) -> Question | None:
    """Read the question from the options of a contest."""
    options = settings.get("options")
    given = options.get("question") if isinstance(options, dict) else None
    if not isinstance(given, dict) or given.get("kind") not in _QUESTIONS:
        return None
    values = {name: value for name, value in given.items() if name != "kind"}
    return _QUESTIONS[given["kind"]](**values)


def _loading(request: BillRequest) -> Loading | None:
    if request.family == "formula":
        return "tones"
    if request.family in _DENSE_FAMILIES:
        return "dense"
    loaded = [row for row in request.rows if row.preparation_gates is not None]
    dense = loaded and all((row.preparation_gates or 0) >= row.size / 2 for row in loaded)
    return "dense" if dense else None
