"""Whether a model draws new members of a set, or learnt those it was shown by heart."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from qml_algos.errors import InvalidProblemError
from qml_algos.generative.checks import as_discrete
from qml_algos.generative.data.structured import Membership, among
from qml_algos.svm.data.drawing import require_at_least


@dataclass(frozen=True)
class Generalisation:
    """Shares of samples that are valid, and new.

    Attributes
    ----------
    precision
        Validity: of the samples, those that are valid, new or not.
    exploration
        Novelty: of the samples, those that are not in the training set, valid or not.
    fidelity
        Of the new samples, those that are valid; NaN if none is new.
    rate
        Of the samples, those that are new and valid.
    coverage
        Of the valid patterns that are not in the training set, those that were drawn.
    best_rate, best_coverage
        What can be expected of as many samples drawn uniformly from all valid patterns. A model
        that avoids the training set can do better.
    """

    precision: float
    exploration: float
    fidelity: float
    rate: float
    coverage: float
    best_rate: float
    best_coverage: float


def generalisation(
    samples: ArrayLike, training: ArrayLike, is_valid: Membership, n_valid: int
) -> Generalisation:
    """Measure a model by the samples that it draws, its likelihoods unknown.

    Parameters
    ----------
    samples
        Shape ``(Q, variables)``, drawn from the model.
    training
        Shape ``(T, variables)``: what it learnt from, all valid; repeated rows count once.
    is_valid
        Tells of rows whether they are valid: `is_bars_and_stripes`, say, or `among`.
    n_valid
        How many valid patterns exist.

    Raises
    ------
    InvalidProblemError
        If the training set holds a pattern that is not valid, or all that are.

    Notes
    -----
    Coverage grows with the number of samples: compare it for equal numbers, or with
    ``best_coverage``, ``1 - (1 - 1 / n_valid)**Q``.

    References
    ----------
    K. Gili, M. Mauri, A. Perdomo-Ortiz, arXiv:2201.08770: precision, exploration, fidelity, rate
    and coverage.
    """
    drawn, known = as_discrete(samples, "samples"), as_discrete(training, "training")
    require_at_least("n_valid", n_valid, 1)
    wrong = np.flatnonzero(~is_valid(known))
    if wrong.size:
        raise InvalidProblemError(
            f"training: sample {wrong[0]} is not valid ({wrong.size} in all); what is new and "
            "valid is counted against a valid training set"
        )
    unseen = n_valid - len(np.unique(known, axis=0))
    if unseen < 1:
        raise InvalidProblemError(
            f"training holds {n_valid - unseen} different patterns of n_valid = {n_valid}: no "
            "valid one is left that could be new"
        )
    valid, new = is_valid(drawn), ~among(known)(drawn)
    found = drawn[valid & new]
    queries = len(drawn)
    return Generalisation(
        precision=float(np.mean(valid)),
        exploration=float(np.mean(new)),
        fidelity=len(found) / int(new.sum()) if new.any() else math.nan,
        rate=len(found) / queries,
        coverage=len(np.unique(found, axis=0)) / unseen,
        best_rate=unseen / n_valid,
        best_coverage=-math.expm1(queries * math.log1p(-1 / n_valid)) if n_valid > 1 else 1.0,
    )
