"""The matrix-product-state Born machine: a density estimator that is a quantum state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError, UnknownNameError
from qml_algos.generative.born import BornMachine
from qml_algos.generative.mps.chain import log_likelihoods
from qml_algos.generative.mps.marginals import distribution
from qml_algos.generative.mps.sampling import complete, draw
from qml_algos.generative.mps.training import (
    Samples,
    Settings,
    Trained,
    choose_order,
    distinct,
    information_order,
    shrinkage_path,
    train,
)
from qml_algos.pca.progress import progress_bar
from qml_algos.validation import is_number, require_count, seed_from

ORDERS = ("auto", "mutual-information", "natural")


class MPSBornMachine(BornMachine):
    r"""Density estimator whose probabilities are squared amplitudes of a matrix-product state.

    ``P(x) = |A_1[x_1] A_2[x_2] ... A_n[x_n]|**2`` with real matrices of a bounded size, trained
    classically by maximum likelihood. The state is one of n qubits where the variables are binary,
    and can be prepared by a quantum computer; but all that this class does, sampling included,
    takes time linear in n, so that nothing here is evidence of a quantum advantage.

    Parameters
    ----------
    bond_dimension
        The largest size of the matrices. Bonds grow from that of a Markov chain as the data asks.
    order
        Of the variables along the chain: ``"natural"``, as in the data; ``"mutual-information"``,
        dependent ones close to each other; ``"auto"``, of the two that with the higher likelihood
        after a short trial; or the variables in an order of your own. For images go by
        rows or columns; validation samples tell which.
    shrinkage
        How strongly the Schmidt values are drawn to 0 in training, against overfitting; see the
        notes. ``"auto"``: with validation samples, from ``2 * sqrt(n_features / n_samples)`` down
        by factors of 0.7 as long as these gain by it; without, 0.
    learning_rate
        Length of a step on each pair of cores, above 0 and at most 0.5. Slow is better for samples
        that the model has not seen.
    clip
        The most that the inverse of a sample's amplitude counts in a gradient, above 1, so that
        samples the model does not expect yet do not tear it.
    max_sweeps
        Two-way sweeps at most, in all.
    patience
        Two-way sweeps without progress after which training stops, or goes on from the best state
        with the next shrinkage. The best state is kept.
    tol
        What counts as progress, in nats.
    n_categories
        Of all variables, or of each; ``None`` for what the training samples show, at least 2.
    random_state
        Of `sample` and `inpaint`, where they are given none, and of the noise of the second start.
    verbose
        Whether to show a progress bar with the running loss, if there is a terminal.

    Attributes
    ----------
    cores_
        Tensors of shape ``(left bond, categories, right bond)`` along the chain, with centre 0: the
        first has norm 1, all others are right-orthonormal.
    order_
        The variable at each place of the chain, shape ``(n_features,)``.
    categories_
        `qml_algos.generative.checks.Categories` of the variables, in the order of the data.
    bond_dimensions_
        Between neighbours, shape ``(n_features - 1,)``.
    shrinkage_
        The value in the best sweep.
    n_sweeps_
        Two-way sweeps after which the cores were taken.
    train_losses_, valid_losses_
        Negative mean log-likelihoods in nats after each sweep, those of training just before its
        last step. ``valid_losses_`` is empty without validation samples.
    n_features_in_
        Number of variables.

    Notes
    -----
    *Training.* The start is the Markov chain of the data, exactly; if no sweep betters it, as for
    parity, it gets some noise and training starts a second time. In a sweep, two neighbouring cores
    at a time take one step along the gradient over all samples and are split again, to the right
    end and back [1]_. Shrinkage takes ``2 * learning_rate * shrinkage`` off the Schmidt values in
    each split: a proximal step for a penalty of ``2 * shrinkage`` times the sum of the Schmidt
    values, which bounds the entanglement. Each shrinkage of a path starts from the best state.

    *Cost.* A two-way sweep of N distinct samples of n variables takes ``12 N n D^2`` operations for
    samples and about ``20 n (d D)^3`` for cores with bonds D and d categories; a likelihood
    ``2 n D^2``, a sample ``2 n d D^2``. Memory: ``4 N n (D + 15)`` bytes.

    *Limits.* Real amplitudes only. The likelihood has local maxima; samples with probability 0 have
    a log-likelihood of minus infinity.

    References
    ----------
    .. [1] Z.-Y. Han, J. Wang, H. Fan, L. Wang, P. Zhang, "Unsupervised generative modeling using
       matrix product states", PRX 8, 031012 (2018), arXiv:1709.01662.
    """

    def __init__(
        self,
        bond_dimension: int = 16,
        *,
        order: str | Sequence[int] = "auto",
        shrinkage: float | str = "auto",
        learning_rate: float = 0.02,
        clip: float = 100.0,
        max_sweeps: int = 100,
        patience: int = 3,
        tol: float = 1e-5,
        n_categories: int | Sequence[int] | None = None,
        random_state: int | np.random.Generator | None = None,
        verbose: bool = False,
    ) -> None:
        self.bond_dimension = bond_dimension
        self.order = order
        self.shrinkage = shrinkage
        self.learning_rate = learning_rate
        self.clip = clip
        self.max_sweeps = max_sweeps
        self.patience = patience
        self.tol = tol
        self.n_categories = n_categories
        self.random_state = random_state
        self.verbose = verbose

    def _require_parameters(self) -> None:
        for name in ("bond_dimension", "max_sweeps", "patience"):
            require_count(name, getattr(self, name))
        _require_number("learning_rate", self.learning_rate, 0, 0.5)
        _require_number("clip", self.clip, 1)
        _require_number("tol", self.tol, 0)
        if self.shrinkage != "auto":
            _require_number("shrinkage", self.shrinkage, 0, also=" or 'auto'")
        if isinstance(self.order, str) and self.order not in ORDERS:
            raise UnknownNameError("order", self.order, ORDERS)

    def _fit(
        self, X: NDArray[np.int64], weights: NDArray[np.float64], valid: NDArray[np.int64] | None
    ) -> None:
        samples = distinct(X, weights)
        seen = None if valid is None else distinct(valid, np.ones(len(valid)))
        if self.shrinkage != "auto":
            shrinkages: tuple[float, ...] = (float(self.shrinkage),)
        else:
            shrinkages = (0.0,) if seen is None else shrinkage_path(samples)
        settings = Settings(
            bond_dimension=int(self.bond_dimension),
            shrinkages=shrinkages,
            learning_rate=float(self.learning_rate),
            clip=float(self.clip),
            max_sweeps=int(self.max_sweeps),
            patience=int(self.patience),
            tol=float(self.tol),
        )
        generator = np.random.default_rng(seed_from(self.random_state))
        self.order_ = self._chosen_order(samples, seen, settings, generator)
        found = self._trained(samples, seen, settings, generator)
        self.cores_, self.n_sweeps_, self.shrinkage_ = found.cores, found.sweeps, found.shrinkage
        self.bond_dimensions_ = np.array([core.shape[2] for core in self.cores_[:-1]], dtype=int)
        self.train_losses_ = np.array(found.train_losses)
        self.valid_losses_ = np.array(found.valid_losses)

    def _chosen_order(
        self,
        samples: Samples,
        valid: Samples | None,
        settings: Settings,
        generator: np.random.Generator,
    ) -> NDArray[np.intp]:
        variables = self.categories_.variables
        if not isinstance(self.order, str):
            given = np.asarray(self.order)
            if not np.array_equal(np.sort(given, axis=None), np.arange(variables)):
                raise InvalidProblemError(
                    f"order = {self.order!r}: needs each of the variables 0 to {variables - 1} once"
                )
            return given.astype(np.intp)
        if self.order == "natural":
            return np.arange(variables)
        if self.order == "mutual-information":
            return information_order(samples, self.categories_.sizes)
        return choose_order(samples, valid, self.categories_.sizes, settings, generator)

    def _trained(
        self,
        samples: Samples,
        valid: Samples | None,
        settings: Settings,
        generator: np.random.Generator,
    ) -> Trained:
        sizes = [self.categories_.sizes[k] for k in self.order_]
        seen = None if valid is None else valid.ordered(self.order_)
        with progress_bar(shown=self.verbose) as progress:

            def report(sweep: int, loss: float) -> None:
                progress(f"{loss:.4f} nats after {sweep} sweeps", sweep, settings.max_sweeps)

            chain = samples.ordered(self.order_)
            return train(chain, seen, sizes, settings, generator, report)

    def _log_likelihoods(self, X: NDArray[np.int64]) -> NDArray[np.float64]:
        return log_likelihoods(self.cores_, X[:, self.order_])

    def _draw(self, n_samples: int, generator: np.random.Generator) -> NDArray[np.int64]:
        return draw(self.cores_, n_samples, generator)[:, np.argsort(self.order_)]

    def _distribution(
        self, variables: Sequence[int], evidence: Mapping[int, int]
    ) -> NDArray[np.float64]:
        places = [int(place) for place in np.argsort(self.order_)]
        known = {places[variable]: value for variable, value in evidence.items()}
        return distribution(self.cores_, [places[variable] for variable in variables], known)

    def _complete(self, X: NDArray[np.int64], generator: np.random.Generator) -> NDArray[np.int64]:
        drawn = complete(self.cores_, X[:, self.order_], generator)
        return drawn[:, np.argsort(self.order_)]


def _require_number(
    name: str, value: Any, low: float, high: float = np.inf, *, also: str = ""
) -> None:
    """Refuse what is no finite number from ``low`` to ``high``; steps of length 0 lead nowhere."""
    strict = name == "learning_rate"
    if (
        not is_number(value)
        or not low <= value <= high
        or value == np.inf
        or (strict and value == low)
    ):
        most = f" to {high:g}" if high < np.inf else " on"
        raise InvalidProblemError(
            f"{name} = {value!r}: must be a finite number "
            + (f"above {low:g}, at most {high:g}" if strict else f"from {low:g}{most}")
            + also
        )
