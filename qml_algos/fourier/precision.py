r"""From the error of an answer to shots and to the error that a state may have, and back.

With S shots, and tones or bins that hold at least the share w of the power:

==========================  ===============================  ====================================
question                    root mean square error           error from a state at a distance eta
==========================  ===============================  ====================================
`DominantFrequencies`       sqrt(3 / (w S)) / (2 pi) bins    sqrt(3 / w) eta / pi bins
`SpectralPower`             at most 1 / (2 sqrt(S))          eta
`RelativePhase`             at most 1 / sqrt(w S) radians    2 eta / sqrt(w)
==========================  ===============================  ====================================

The first is the bound of Cramer and Rao (see `likelihood`), the second the binomial standard
deviation, the third that of the sine and cosine, each from half of the shots. A state at a distance
eta changes probabilities by at most eta; a position is shifted by at most eta over the length
:math:`\pi \sqrt{w / 3}` of the state's derivative, to first order.
"""

from __future__ import annotations

import math

from qml_algos.fourier.questions import DominantFrequencies, Question, SpectralPower

_SEEN = 50
"""Shots that a tone needs to be told from chance."""


def sampling_error(question: Question, shots: int) -> float:
    """Root mean square error from shots."""
    if isinstance(question, SpectralPower):
        return 1 / (2 * math.sqrt(shots))
    per_shot = math.sqrt(3) / (2 * math.pi) if isinstance(question, DominantFrequencies) else 1.0
    return per_shot / math.sqrt(question.threshold * shots)


def shots_for(question: Question, error: float) -> int:
    """Shots for a root mean square error."""
    shots = (sampling_error(question, 1) / error) ** 2
    if isinstance(question, DominantFrequencies):
        shots = max(shots, _SEEN / question.threshold)
    return math.ceil(shots)


def error_of_state(question: Question, distance: float) -> float:
    """Bound on the error of the answer from a state at a distance, shots aside."""
    return distance * _magnification(question)


def distance_for(question: Question, error: float) -> float:
    """Distance that a state may have for an error of the answer; below 1."""
    return min(error / _magnification(question), 0.5)


def _magnification(question: Question) -> float:
    if isinstance(question, SpectralPower):
        return 1.0
    if isinstance(question, DominantFrequencies):
        return math.sqrt(3 / question.threshold) / math.pi
    return 2 / math.sqrt(question.threshold)
