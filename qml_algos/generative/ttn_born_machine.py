"""The tree-tensor-network Born machine: a density estimator that is a quantum state on a tree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError, UnknownNameError
from qml_algos.generative.born import BornMachine
from qml_algos.generative.data.discrete import require_shape
from qml_algos.generative.mps.order import dependence
from qml_algos.generative.mps.run import Run, Settings
from qml_algos.generative.mps.samples import Samples, distinct
from qml_algos.generative.mps.training import shrinkage_path
from qml_algos.generative.ttn.marginals import distribution
from qml_algos.generative.ttn.sampling import complete, draw
from qml_algos.generative.ttn.state import TreeState, log_likelihoods, orthonormalised
from qml_algos.generative.ttn.structures import Nested, as_tree, balanced, clustered, grid
from qml_algos.generative.ttn.training import train
from qml_algos.pca.progress import progress_bar
from qml_algos.validation import is_number, require_count, require_positive, seed_from

TREES = ("auto", "balanced", "grid", "mutual-information")


class TTNBornMachine(BornMachine):
    """Density estimator whose probabilities are squared amplitudes of a tree tensor network.

    The variables are the leaves of a binary tree; each inner node has a real tensor with three
    bonds, and the amplitude of a sample is the contraction of all of them [1]_. Two variables are
    at most about ``2 log2(n)`` bonds apart, where the tree is balanced, not up to n as along a
    chain: pictures have neighbours in two directions. The state is one of n qubits where the
    variables are binary. All that this class does takes time linear in n, so that nothing here is
    evidence of a quantum advantage.

    Parameters
    ----------
    bond_dimension
        The largest size of a bond. Bonds grow from those of a Markov chain as the data asks.
    tree
        ``"grid"``: blocks of a picture, of two neighbouring blocks each; ``"balanced"``: halves of
        the columns of the data; ``"mutual-information"``: average-linkage clusters of dependent
        variables; ``"auto"``: ``"grid"`` if ``shape`` is given, ``"mutual-information"`` if not; or
        nested pairs of variables, as ``((0, 1), (2, (3, 4)))``.
    shape
        Height and width of the pictures of which the variables are the pixels, row by row.
    shrinkage
        How strongly the Schmidt values are drawn to 0 in training, against overfitting, as of
        `MPSBornMachine`. ``"auto"``: with validation samples, from ``2 * sqrt(n_features /
        n_samples)`` down by factors of 0.7 as long as these gain by it; without, 0.
    learning_rate
        Length of a step at each edge, above 0 and at most 0.5. Slow is better for samples that the
        model has not seen.
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
        Of `sample` and `inpaint`, where they are given none; of the directions in which bonds grow;
        and of the noise of a second start.
    verbose
        Whether to show a progress bar with the running loss, if there is a terminal.

    Attributes
    ----------
    tree_
        `qml_algos.generative.ttn.tree.Tree` of the variables, and of further leaves of one category
        if there are less than four.
    cores_
        Tensors of the inner nodes in the order of ``tree_.inner``, an axis for each of
        ``tree_.legs``: each but the last is an isometry from its last axis to the others, and the
        last has norm 1.
    categories_
        `qml_algos.generative.checks.Categories` of the variables.
    bond_dimensions_
        Of the bond above each inner node but the last.
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
    *Training.* The leaves are so turned that dependent ones are next to each other; the start is
    the Markov chain along them, exactly if the bond dimension is at least the square of the number
    of categories. In a sweep, each edge between inner nodes is crossed down and up; at each
    crossing the two cores take one step along the gradient over all samples and are split again,
    without the merged tensor of four bonds ever being formed
    (`qml_algos.generative.ttn.crossing`). Below a node, samples that agree there are contracted
    once. If no sweep betters the start, as for parity, it gets some noise and training starts a
    second time.

    *Cost.* For N distinct samples of n variables with bonds D, a two-way sweep takes at most
    ``16 N n D^3`` operations for samples and about ``35 n D^4`` for cores, a likelihood
    ``2 n D^3``, a sample ``6 n D^3``, a completion ``24 n D^4``. In a balanced tree bonds near the
    leaves are smaller: with 64 bits and bonds of 16 only 14 of 62 nodes have three of that size.
    Memory: ``4 N n (D + 23) + 8 N D^2`` bytes at most.

    *Limits.* Real amplitudes only. The likelihood has local maxima; samples with probability 0 have
    a log-likelihood of minus infinity.

    References
    ----------
    .. [1] S. Cheng, L. Wang, T. Xiang, P. Zhang, "Tree tensor networks for generative modeling",
       PRB 99, 155131 (2019), arXiv:1901.02217.
    """

    def __init__(
        self,
        bond_dimension: int = 16,
        *,
        tree: str | Sequence[Any] = "auto",
        shape: tuple[int, int] | None = None,
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
        self.tree = tree
        self.shape = shape
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
        require_positive("learning_rate", self.learning_rate)
        require_positive("clip", self.clip)
        require_positive("tol", self.tol, zero=True)
        if self.learning_rate > 0.5:
            raise InvalidProblemError(
                f"learning_rate = {self.learning_rate!r}: must be a number above 0, at most 0.5"
            )
        if self.clip < 1:
            raise InvalidProblemError(f"clip = {self.clip!r}: must be a finite number from 1 on")
        if not is_number(self.shrinkage) and self.shrinkage != "auto":
            raise InvalidProblemError(
                f"shrinkage = {self.shrinkage!r}: must be 'auto' or a finite number at least 0"
            )
        if self.shrinkage != "auto":
            require_positive("shrinkage", self.shrinkage, zero=True)
        if isinstance(self.tree, str) and self.tree not in TREES:
            raise UnknownNameError("tree", self.tree, TREES)
        if self.shape is None and isinstance(self.tree, str) and self.tree == "grid":
            raise InvalidProblemError(
                "shape = None: the tree 'grid' needs the height and the width of the pictures"
            )

    def _fit(
        self, X: NDArray[np.int64], weights: NDArray[np.float64], valid: NDArray[np.int64] | None
    ) -> None:
        if self.shape is not None:
            require_shape(self.shape, X.shape[1])
        samples = distinct(X, weights)
        seen = None if valid is None else distinct(valid, np.ones(len(valid)))
        information = dependence(samples.X, samples.counts, self.categories_.sizes)
        self.tree_ = as_tree(self._nested(information), X.shape[1], information)
        run = self._trained(samples, seen)
        # What has shrunk to nothing is open no longer.
        state = orthonormalised(TreeState(self.tree_, run.best), int(self.bond_dimension))
        self.cores_, self.bond_dimensions_ = list(state.cores), state.bond_dimensions
        self.n_sweeps_, self.shrinkage_ = run.sweep, run.shrinkage
        self.train_losses_ = np.array(run.train_losses)
        self.valid_losses_ = np.array(run.valid_losses)

    def _nested(self, information: NDArray[np.float64]) -> Nested:
        if not isinstance(self.tree, str):
            return self.tree
        if self.tree == "balanced":
            return balanced(len(information))
        if self.shape is not None and self.tree != "mutual-information":
            return grid(self.shape)
        return clustered(information)

    def _trained(self, samples: Samples, valid: Samples | None) -> Run:
        if self.shrinkage != "auto":
            shrinkages: tuple[float, ...] = (float(self.shrinkage),)
        else:
            shrinkages = (0.0,) if valid is None else shrinkage_path(samples)
        settings = Settings(
            bond_dimension=int(self.bond_dimension),
            shrinkages=shrinkages,
            learning_rate=float(self.learning_rate),
            clip=float(self.clip),
            max_sweeps=int(self.max_sweeps),
            patience=int(self.patience),
            tol=float(self.tol),
        )
        sizes = [*self.categories_.sizes, *[1] * self._added]
        seen = None if valid is None else replace(valid, X=self._padded(valid.X))
        with progress_bar(shown=self.verbose) as progress:

            def report(sweep: int, loss: float) -> None:
                progress(f"{loss:.4f} nats after {sweep} sweeps", sweep, settings.max_sweeps)

            return train(
                self.tree_,
                replace(samples, X=self._padded(samples.X)),
                seen,
                sizes,
                settings,
                seed_from(self.random_state),
                report,
            )

    @property
    def _state(self) -> TreeState:
        return TreeState(self.tree_, self.cores_)

    @property
    def _added(self) -> int:
        """Leaves of one category beside the variables."""
        return self.tree_.leaves - self.categories_.variables

    def _padded(self, X: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.pad(X, ((0, 0), (0, self._added)))

    def _log_likelihoods(self, X: NDArray[np.int64]) -> NDArray[np.float64]:
        return log_likelihoods(self._state, self._padded(X))

    def _draw(self, n_samples: int, generator: np.random.Generator) -> NDArray[np.int64]:
        return draw(self._state, n_samples, generator)[:, : self.categories_.variables]

    def _distribution(
        self, variables: Sequence[int], evidence: Mapping[int, int]
    ) -> NDArray[np.float64]:
        return distribution(self._state, variables, evidence)

    def _complete(self, X: NDArray[np.int64], generator: np.random.Generator) -> NDArray[np.int64]:
        drawn = complete(self._state, self._padded(X), generator)
        return drawn[:, : self.categories_.variables]
