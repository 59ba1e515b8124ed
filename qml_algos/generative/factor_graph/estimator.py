"""The model as a density estimator of scikit-learn, trained on exact or on measured gradients."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.exceptions import ConvergenceWarning

from qml_algos.backends import Backend
from qml_algos.backends import backend as open_backend
from qml_algos.backends.base import require_shots, seed_for
from qml_algos.backends.jobs.cost import Plan
from qml_algos.errors import InvalidProblemError, UnknownNameError
from qml_algos.generative.born import BornMachine
from qml_algos.generative.checks import MISSING, as_discrete
from qml_algos.generative.factor_graph.engines import require_method
from qml_algos.generative.factor_graph.preparation import METHODS as PREPARATIONS
from qml_algos.generative.factor_graph.state import QuantumGenerativeState
from qml_algos.generative.factor_graph.structure import Structure, structure_for
from qml_algos.generative.factor_graph.training import (
    ExactDescent,
    MeasuredDescent,
    Run,
    total_resources,
)
from qml_algos.generative.mps.samples import distinct
from qml_algos.pca.progress import progress_bar
from qml_algos.validation import is_number, require_count, require_positive, seed_from

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_MOST = 1e6
"""Condition number from which on a matrix is as good as singular."""


class FactorGraphGenerativeModel(BornMachine):
    r"""The generative model of Gao, Zhang and Duan, trained by maximum likelihood.

    The state is :math:`\bigotimes_i M_i |G\rangle` on a given graph; P(x) comes from measuring the
    visible qubits, with hidden ones traced out and conditioned ones projected on 0. The matrices
    are the parameters. Data are binary.

    Parameters
    ----------
    graph
        Edges, pairs of qubits. ``None`` for a chain with a qubit for each column of X and a hidden
        one between each two neighbours.
    visible
        The qubit of each column of X; ``None`` for the first ones of the graph.
    n_qubits
        ``None`` for as many as the graph and ``visible`` mention.
    conditioned
        Qubits projected on 0. Those neither visible nor conditioned are hidden.
    condition_number
        Most that a matrix may have, between 1 and 1e6. The gap of the parent Hamiltonian closes
        with it, and the success of post-selected filters falls: see `path.path_report`.
    restarts
        Random beginnings; the best on ``X_valid``, if there is one, else on X, is kept.
    max_iterations
        Of each restart: at most so many of L-BFGS-B, exactly so many of Adam.
    tol
        L-BFGS-B stops at a step that gains less, relative to the likelihood.
    method
        For likelihoods, samples and exact gradients: ``"statevector"``, ``"contraction"`` or
        ``"auto"``, the one with fewer multiplications.
    backend
        Where gradients are measured, for Adam. ``None``, if ``shots`` are not given either: they
        are computed exactly, for L-BFGS-B.
    shots
        Of each setting in each step, ``None`` for the backend's default; without a backend, of
        ``"aer"``.
    preparation
        Of the state on the backend: ``"staircase"`` or ``"filters"``, see
        `preparation.preparation`.
    learning_rate
        Of Adam: length of the first steps in radians. They shrink evenly to nothing.
    random_state
        Seed, generator, or ``None`` for a fresh one.
    verbose
        Whether to show a progress bar with the running loss, if there is a terminal.

    Attributes
    ----------
    state_
        `QuantumGenerativeState`.
    losses_
        Negative log-likelihood of X at the end of each restart, nats a sample. With shots: just
        before the last step, with their noise.
    loss_curve_
        The same for each step of the restart that was kept.
    best_restart_
        The one that was kept.
    n_iter_
        Its iterations.
    circuits_, shots_
        Settings and shots run in all restarts; 0 with exact gradients.
    resources_
        `qml_algos.results.Resources` of a circuit of the last step, all shots and times; ``None``
        with exact gradients.
    unseen_
        Share of the data whose values no shot of the last step had; 0 with exact gradients.
    categories_, n_features_in_
        Two for each variable; number of variables.

    Notes
    -----
    *Cost.* An exact step takes the weights and their derivatives for each distinct row of X:
    ``m 2**m`` by statevector, ``m 2**w`` a row by contraction, w the width
    (`QuantumGenerativeState.width`). A measured step: see `measured_gradient`; `cost` says what a
    fit will run.

    *Breaking off.* Ctrl-C leaves the model fitted as far as it has come, and is raised again. What
    a device has run is on record: `fit` with the same ``random_state`` reads it, and goes on.

    *What it is not.* Where this class scores and samples, the model is classically easy: the
    exponential advantage that is claimed for it lives on graphs too wide to contract, and needs
    gaps and overlaps along the path that stay polynomial.

    References
    ----------
    X. Gao, Z.-Y. Zhang, L.-M. Duan, Science Advances 4, eaat9004 (2018), arXiv:1711.02038.
    """

    n_categories = 2

    def __init__(
        self,
        graph: Sequence[Sequence[int]] | None = None,
        visible: Sequence[int] | None = None,
        *,
        n_qubits: int | None = None,
        conditioned: Sequence[int] = (),
        condition_number: float = 4.0,
        restarts: int = 4,
        max_iterations: int = 500,
        tol: float = 1e-7,
        method: str = "auto",
        backend: str | Backend | None = None,
        shots: int | None = None,
        preparation: str = "staircase",
        learning_rate: float = 0.1,
        random_state: int | np.random.Generator | None = None,
        verbose: bool = False,
    ) -> None:
        self.graph = graph
        self.visible = visible
        self.n_qubits = n_qubits
        self.conditioned = conditioned
        self.condition_number = condition_number
        self.restarts = restarts
        self.max_iterations = max_iterations
        self.tol = tol
        self.method = method
        self.backend = backend
        self.shots = shots
        self.preparation = preparation
        self.learning_rate = learning_rate
        self.random_state = random_state
        self.verbose = verbose

    def cost(self, X: ArrayLike) -> Plan:
        """Say what `fit` will run on the backend; nothing is run.

        Parameters
        ----------
        X
            The data, or one row of it: its columns count.

        Returns
        -------
        Plan
            A job for each step, with the quantum time of a device for circuits as long as that of
            a random beginning. Print it to read it.

        Raises
        ------
        InvalidProblemError
            If gradients are exact, so that nothing is run.
        """
        self._require_parameters()
        descent = self._descent(self._opened(), np.random.default_rng(0))
        if isinstance(descent, ExactDescent):
            raise InvalidProblemError("backend = None: gradients are exact, and nothing is run")
        return descent.plan(self._structure(as_discrete(X).shape[1]), self.restarts)

    def _require_parameters(self) -> None:
        require_method(self.method)
        require_count("restarts", self.restarts)
        require_count("max_iterations", self.max_iterations)
        if self.n_qubits is not None:
            require_count("n_qubits", self.n_qubits)
        for name in ("tol", "learning_rate"):
            require_positive(name, getattr(self, name))
        if not (is_number(self.condition_number) and 1 < self.condition_number < _MOST):
            raise InvalidProblemError(
                f"condition_number = {self.condition_number!r}: must lie between 1 and {_MOST:g}"
            )
        if self.preparation not in PREPARATIONS:
            raise UnknownNameError("preparation", self.preparation, PREPARATIONS)

    def _fit(self, X: Integers, weights: Floats, valid: Integers | None) -> None:
        structure = self._structure(X.shape[1])
        opened = self._opened()
        seed = seed_from if opened is None else partial(seed_for, opened)
        generator = np.random.default_rng(seed(self.random_state))
        descent = self._descent(opened, generator)
        samples = distinct(X, weights)
        runs: list[Run] = []
        try:
            with progress_bar(shown=self.verbose) as progress:
                for restart in range(self.restarts):

                    def report(step: int, loss: float, restart: int = restart) -> None:
                        stage = f"{loss:.4f} nats, restart {restart + 1} of {self.restarts}"
                        progress(stage, step, self.max_iterations)

                    start = structure.random_values(generator, self.condition_number)
                    runs.append(Run(start))
                    descent(structure, samples, runs[-1], report)
        except KeyboardInterrupt:
            if begun := [run for run in runs if run.losses]:
                self._keep(structure, begun, None)
            raise
        self._keep(structure, runs, valid)
        for doubt in runs[self.best_restart_].doubts():
            warnings.warn(doubt, ConvergenceWarning, stacklevel=3)

    def _keep(self, structure: Structure, runs: Sequence[Run], valid: Integers | None) -> None:
        """Take the best run for the fit, and add up what all have cost."""
        self.losses_ = np.array([run.losses[-1] for run in runs])
        merits = self.losses_
        if valid is not None:
            states = [structure.state(run.values) for run in runs]
            merits = np.array([-s.log_probability(valid, self.method).mean() for s in states])
        self.best_restart_ = int(np.argmin(merits))
        best = runs[self.best_restart_]
        self.state_: QuantumGenerativeState = structure.state(best.values)
        self.loss_curve_ = np.array(best.losses)
        self.n_iter_, self.unseen_ = best.steps, best.unseen
        self.circuits_ = sum(run.settings for run in runs)
        self.resources_ = total_resources([run.resources for run in runs])
        self.shots_ = 0 if self.resources_ is None else self.resources_.shots or 0

    def _log_likelihoods(self, X: Integers) -> Floats:
        return self.state_.log_probability(X, self.method)

    def _draw(self, n_samples: int, generator: np.random.Generator) -> Integers:
        return self.state_.sample(n_samples, generator, self.method)

    def _distribution(self, variables: Sequence[int], evidence: Mapping[int, int]) -> Floats:
        state = self.state_.conditional(evidence) if evidence else self.state_
        left = [k for k in range(self.state_.n_variables) if k not in evidence]
        table = state.marginal([left.index(k) for k in variables], self.method)
        # The variable named first is the least significant bit of a table.
        return table.reshape((2,) * len(variables)).transpose()

    def _complete(self, X: Integers, generator: np.random.Generator) -> Integers:
        filled = X.copy()
        patterns, which = np.unique(X, axis=0, return_inverse=True)
        for k, pattern in enumerate(patterns):
            gaps = pattern == MISSING
            if gaps.any():
                rows = np.flatnonzero(which.reshape(-1) == k)
                known = {int(v): int(pattern[v]) for v in np.flatnonzero(~gaps)}
                state = self.state_.conditional(known) if known else self.state_
                filled[np.ix_(rows, gaps)] = state.sample(len(rows), generator, self.method)
        return filled

    def _structure(self, variables: int) -> Structure:
        return structure_for(variables, self.graph, self.visible, self.conditioned, self.n_qubits)

    def _opened(self) -> Backend | None:
        """Open the backend; ``None`` if gradients are exact."""
        if self.backend is None and self.shots is None:
            return None
        opened = open_backend("aer" if self.backend is None else self.backend)
        if self.shots is not None:
            require_shots(opened.config, self.shots)
        return opened

    def _descent(
        self, opened: Backend | None, generator: np.random.Generator
    ) -> ExactDescent | MeasuredDescent:
        if opened is None:
            return ExactDescent(self.condition_number, self.max_iterations, self.tol, self.method)
        return MeasuredDescent(
            self.condition_number,
            self.max_iterations,
            self.learning_rate,
            opened,
            opened.config.limits.default_shots if self.shots is None else self.shots,
            self.preparation,
            generator,
        )
