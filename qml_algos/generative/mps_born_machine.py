"""The matrix-product-state Born machine: a density estimator that is a quantum state."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.utils.validation import check_is_fitted

from circuits.tensor_network.preparation import Objective
from qml_algos.generative.born import BornMachine
from qml_algos.generative.deployment.circuit import Device, ModelCircuit, model_circuit
from qml_algos.generative.forest import forest_of
from qml_algos.generative.mps.checkpoint import Checkpoint, digest
from qml_algos.generative.mps.fitting import Fitted, fit_state
from qml_algos.generative.mps.parameters import decisive, require_parameters, settings_of
from qml_algos.generative.mps.samples import Data, Samples, distinct
from qml_algos.generative.mps.state import ChainState
from qml_algos.generative.smoothing import Exact, Mixture, candidates, choose
from qml_algos.pca.progress import progress_bar
from qml_algos.validation import seed_from


class MPSBornMachine(BornMachine):
    r"""Density estimator whose probabilities are squared amplitudes of a matrix-product state.

    ``P(x) = |A_1[x_1] A_2[x_2] ... A_n[x_n]|**2`` with matrices of a bounded size, trained
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
        Two-way sweeps, or passes over batches, at most, in all.
    patience
        Two-way sweeps without progress after which training stops, or goes on from the best state
        with the next shrinkage. The best state is kept.
    tol
        What counts as progress, in nats.
    dtype
        ``"float64"`` or ``"complex128"``: of the amplitudes. Complex ones reach a lower loss where
        bonds are small, but take two to four times as long for a sweep, and more sweeps.
    sweeps
        ``"two-site"``: bonds adapt. ``"one-site"``: bonds are as large as allowed from the start,
        and steps on cores are cheap, which pays where bonds or categories are many. ``"both"``:
        one-site sweeps from the best state of two-site ones.
    batch_size
        Samples in a mini-batch; ``None``: all. A sweep is then a pass over batches drawn anew, with
        a step on each pair of cores for each batch, which takes the memory of one batch. Steps
        must be shorter the more batches there are: try ``learning_rate=0.002``.
    smoothing
        A classical model to mix in, ``"independent"`` or ``"chow-liu"``, by the weight that makes
        the validation samples likeliest; ``"auto"``: the better one, if there are validation
        samples; ``"none"``.
    checkpoint
        A file (NPZ, no pickle) that training is kept in after each sweep. If it exists, training
        goes on from it, to the same result as without a stop; the data and all parameters but
        `max_sweeps`, `smoothing` and `verbose` must be the same.
    n_categories
        Of all variables, or of each; ``None`` for what the training samples show, at least 2.
    random_state
        Of `sample` and `inpaint`, where they are given none, and of phases, noise and batches in
        training.
    verbose
        Whether to show a progress bar with the running loss, if there is a terminal.

    Attributes
    ----------
    cores_
        Tensors of shape ``(left bond, categories, right bond)`` along the chain, with centre 0: the
        first has norm 1, all others are right-orthonormal. This is the state that a circuit
        prepares, without smoothing.
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
        last step unless there are batches. ``valid_losses_`` is empty without validation samples.
    smoothing_
        Weight of the classical model: ``P(x) = (1 - smoothing_) |psi(x)|**2 + smoothing_ q(x)``;
        0 if it gains nothing.
    classical_
        The classical model, an `IndependentModel` or a `ChowLiuTree`; ``None`` without one.
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

    Complex amplitudes start with small random phases, which the gradient alone would not find; the
    probabilities are those of the chain all the same. One-site sweeps start from the chain with
    some noise in the open bonds. Smoothing comes after training: trained together with the state,
    the classical model takes samples over that the state could learn.

    *Cost.* A two-way sweep of N distinct samples of n variables takes ``12 N n D^2`` operations for
    samples and about ``20 n (d D)^3`` for cores with bonds D and d categories; a likelihood
    ``2 n D^2``, a sample ``2 n d D^2``. Memory: ``4 N n (D + 15)`` bytes, with N the size of a
    batch if there are any. Complex amplitudes take twice the memory and four times the operations.
    With smoothing, a conditional distribution takes ``n d^2`` more for each outcome.

    *Limits.* The likelihood has local maxima. Without smoothing, samples may have probability 0 and
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
        dtype: str = "float64",
        sweeps: str = "two-site",
        batch_size: int | None = None,
        smoothing: str = "auto",
        checkpoint: str | os.PathLike[str] | None = None,
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
        self.dtype = dtype
        self.sweeps = sweeps
        self.batch_size = batch_size
        self.smoothing = smoothing
        self.checkpoint = checkpoint
        self.n_categories = n_categories
        self.random_state = random_state
        self.verbose = verbose

    def to_circuit(
        self,
        target: Device | None = None,
        fidelity: float = 0.99,
        max_two_qubit_gates: int | None = None,
        objective: Objective = "gates",
    ) -> ModelCircuit:
        """Find a circuit that prepares the pure state of the model, at a low cost.

        Parameters
        ----------
        target
            What the circuit is for: a backend, the name of one, the path of its description, or a
            `qiskit.transpiler.Target`. None counts CX between any two qubits.
        fidelity
            Least squared overlap with the state, above 0 and at most 1.
        max_two_qubit_gates
            None for as many as it takes. A limit goes before the fidelity. Gates are counted as
            transpiled for the target at level 2, which a backend may compile otherwise.
        objective
            What to make least: ``"gates"``, two-qubit gates, or ``"depth"``, layers of them.

        Returns
        -------
        ModelCircuit
            Of `circuits.tensor_network.preparation.prepare_mps`, where its cost is said.

        Raises
        ------
        NotFittedError
            If the model is not fitted.
        InvalidProblemError, UnknownNameError, ConfigError
            If an argument is out of range, or there is no such backend.
        TooLargeError
            If the target has too few qubits.
        """
        check_is_fitted(self)
        return model_circuit(
            self.cores_,
            self.order_,
            self.categories_,
            target,
            fidelity=fidelity,
            max_two_qubit_gates=max_two_qubit_gates,
            objective=objective,
        )

    def _require_parameters(self) -> None:
        require_parameters(self.get_params())

    def _fit(
        self, X: NDArray[np.int64], weights: NDArray[np.float64], valid: NDArray[np.int64] | None
    ) -> None:
        models = candidates(self.smoothing, X, weights, self.categories_, valid)
        fitted = self._trained(X, weights, valid)
        run = fitted.run
        self.cores_, self.order_ = fitted.cores, fitted.order
        self.n_sweeps_, self.shrinkage_ = run.sweep, run.shrinkage
        self.bond_dimensions_ = np.array([core.shape[2] for core in self.cores_[:-1]], dtype=int)
        self.train_losses_ = np.array(run.train_losses)
        self.valid_losses_ = np.array(run.valid_losses)
        self.smoothing_, self.classical_ = 0.0, None
        if valid is not None:
            logs = self._state.log_likelihoods(valid)
            self.smoothing_, self.classical_ = choose(models, logs, valid, float(self.tol))

    def _trained(
        self, X: NDArray[np.int64], weights: NDArray[np.float64], valid: NDArray[np.int64] | None
    ) -> Fitted:
        data = Data(
            distinct(X, weights),
            None if valid is None else distinct(valid, np.ones(len(valid))),
            self.categories_.sizes,
            None if self.batch_size is None else Samples(X, weights),
        )
        settings, checkpoint = settings_of(self.get_params()), None
        if self.checkpoint is not None:
            made_with = decisive(self.get_params()) | {
                "n_categories": list(self.categories_.sizes),
                "data": digest({"X": X, "weights": weights, "X_valid": valid}),
            }
            checkpoint = Checkpoint(Path(self.checkpoint), made_with)
        with progress_bar(shown=self.verbose) as progress:

            def report(sweep: int, loss: float) -> None:
                progress(f"{loss:.4f} nats after {sweep} sweeps", sweep, settings.max_sweeps)

            seed = seed_from(self.random_state)
            return fit_state(data, self.order, settings, seed, checkpoint, report)

    @property
    def _state(self) -> ChainState:
        return ChainState(self.cores_, self.order_)

    @property
    def _model(self) -> Exact:
        """The state, or its mixture with the classical model."""
        if self.classical_ is None:
            return self._state
        return Mixture(self.smoothing_, self._state, forest_of(self.classical_), self.categories_)

    def _log_likelihoods(self, X: NDArray[np.int64]) -> NDArray[np.float64]:
        return self._model.log_likelihoods(X)

    def _draw(self, n_samples: int, generator: np.random.Generator) -> NDArray[np.int64]:
        return self._model.draw(n_samples, generator)

    def _distribution(
        self, variables: Sequence[int], evidence: Mapping[int, int]
    ) -> NDArray[np.float64]:
        return self._model.distribution(variables, evidence)

    def _complete(self, X: NDArray[np.int64], generator: np.random.Generator) -> NDArray[np.int64]:
        return self._model.complete(X, generator)
