"""A state from measured counts, by restricted Boltzmann machines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from qml_algos.errors import InvalidProblemError, TooLargeError, UnknownNameError
from qml_algos.physics.neural.rbm import RBMState
from qml_algos.physics.snapshots.snapshots import Snapshots
from qml_algos.physics.states.fidelities import fidelity
from qml_algos.physics.states.wave_function import WaveFunction
from qml_algos.physics.threads import one_thread
from qml_algos.physics.tomography.contrastive_divergence import (
    annealed_log_norm,
    chain_reports,
    fit_by_chains,
)
from qml_algos.physics.tomography.fitting import (
    Found,
    counted,
    exact_steps,
    fit_exactly,
    fit_phase,
    phase_steps,
)
from qml_algos.physics.tomography.labels import require_one_state
from qml_algos.physics.tomography.likelihood import MeasuredAmplitudes, measured_amplitudes
from qml_algos.physics.tomography.machines import values_and_slopes
from qml_algos.physics.tomography.objectives import normalised
from qml_algos.physics.tomography.states import ModulusPhaseState
from qml_algos.validation import require_count, require_positive, seed_from

LIKELIHOODS = ("auto", "exact", "contrastive-divergence")
PHASES = ("auto", "fitted", "none")
AUTO_EXACT_QUBITS = 12
"""Qubits up to which all configurations are summed over unasked."""
MAX_EXACT_QUBITS = 16
"""Qubits up to which they are if asked for."""


class RBMTomography(BaseEstimator):
    """Pure state of highest likelihood given snapshots, as restricted Boltzmann machines.

    One real machine gives the moduli of the amplitudes, another the phases. The modulus is found
    from the snapshots in the Z basis, the phase from those in other bases, and then, where the
    likelihood is exact and held-out snapshots agree that it helps, both from all of them.

    Parameters
    ----------
    n_hidden
        Hidden units of each machine; ``None`` for as many as qubits.
    likelihood
        ``"exact"`` sums over all configurations, on at most 16 qubits;
        ``"contrastive-divergence"`` replaces the sum by Markov chains; ``"auto"`` is exact up to 12
        qubits.
    phase
        ``"fitted"``; ``"none"`` for a state known to have no negative amplitude, the ground state
        of a transverse-field Ising model, say; ``"auto"``: none if all snapshots are in Z, which
        show no phases.
    n_starts
        Random starts of the phase.
    n_folds
        Parts of the snapshots that are held out in turn to choose the penalties of the weights.
        The last fit is to all snapshots.
    updates, learning_rate
        Of contrastive divergence.
    random_state
        Seed, generator, or ``None`` for a fresh one.

    Attributes
    ----------
    state_
        `WaveFunction`: an `RBMState` with real parameters where there is no phase, else a
        `ModulusPhaseState`.
    likelihood_
        ``"exact"`` or ``"contrastive-divergence"``.
    log_likelihood_
        Mean logarithm of the probabilities that the state gives to the snapshots' outcomes.
    log_likelihood_error_
        Standard error that estimating the norm adds to it; 0 if exact.
    penalties_
        Factors of the squared weights of modulus and phase that were chosen.
    n_samples_
        Number of snapshots.

    Notes
    -----
    The state is pure: of a noisy device's mixed state this is not an estimate. Snapshots in Z
    determine the moduli, if there are enough; phases are determined only between configurations
    that some basis joins, and of what is not, the machine makes a guess. Whether the state beats
    the histogram of counts, `histogram_fidelity` tells: where the outcomes are few, as of a W
    state, the histogram has little left to gain from.

    *Cost* of each evaluation, exact: O(2^n * n * hidden), and 2^k for each different outcome in a
    basis that differs from Z in k qubits; some thousands of evaluations. By contrastive divergence:
    see `fit_by_chains`.

    References
    ----------
    G. Torlai et al., Nature Physics 14, 447 (2018), arXiv:1703.05334.
    """

    def __init__(
        self,
        n_hidden: int | None = None,
        *,
        likelihood: str = "auto",
        phase: str = "auto",
        n_starts: int = 3,
        n_folds: int = 3,
        updates: int = 2000,
        learning_rate: float = 0.05,
        random_state: int | np.random.Generator | None = None,
    ) -> None:
        self.n_hidden = n_hidden
        self.likelihood = likelihood
        self.phase = phase
        self.n_starts = n_starts
        self.n_folds = n_folds
        self.updates = updates
        self.learning_rate = learning_rate
        self.random_state = random_state

    def fit(
        self,
        snapshots: Snapshots,
        y: Any = None,  # noqa: ARG002
        *,
        progress: Callable[[int, int], None] | None = None,
    ) -> Self:
        """Find the state.

        Parameters
        ----------
        snapshots
            In any bases of single qubits, some of them in Z on all qubits.
        y
            Ignored.
        progress
            Called with the steps done and their number.

        Raises
        ------
        InvalidProblemError
            If a parameter is out of range, there are fewer snapshots in Z, or in other bases
            where a phase is to be fitted, than folds, or none in Z at all, or labels tell of
            several states.
        UnknownNameError
            If ``likelihood`` or ``phase`` is none of its names.
        TooLargeError
            If there are too many qubits, or outcomes are sums of too many amplitudes.
        """
        self._require_parameters()
        require_one_state(snapshots)
        exact = self._exact(snapshots.qubits)
        data = measured_amplitudes(snapshots, every=exact)
        phase = self._fits_phase(data)
        self._require_enough(data, phase)
        generator = np.random.default_rng(seed_from(self.random_state))
        hidden = int(self.n_hidden or snapshots.qubits)
        with one_thread():
            if exact:
                report = counted(exact_steps(self.n_folds, self.n_starts, phase=phase), progress)
                found = fit_exactly(
                    data,
                    hidden=hidden,
                    phase=phase,
                    starts=self.n_starts,
                    folds=self.n_folds,
                    generator=generator,
                    report=report,
                )
            else:
                found = self._fit_by_chains(data, hidden, phase, generator, progress)
            self._keep(found, data, exact, generator)
        return self

    def fidelity(self, target: WaveFunction | ArrayLike) -> float:
        """Squared overlap of the state found and another, from 0 to 1.

        Parameters
        ----------
        target
            Wave function, or statevector of any norm.

        Raises
        ------
        InvalidProblemError
            If it has another number of qubits, or is no state.
        TooLargeError
            Above 20 qubits.
        """
        check_is_fitted(self, "state_")
        return fidelity(self.state_, target)

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "state_")

    def _require_parameters(self) -> None:
        if self.likelihood not in LIKELIHOODS:
            raise UnknownNameError("likelihood", self.likelihood, LIKELIHOODS)
        if self.phase not in PHASES:
            raise UnknownNameError("phase", self.phase, PHASES)
        if self.n_hidden is not None:
            require_count("n_hidden", self.n_hidden)
        for name in ("n_starts", "n_folds", "updates"):
            require_count(name, getattr(self, name))
        if self.n_folds < 2:
            raise InvalidProblemError("n_folds = 1: at least 2 parts are held out in turn")
        require_positive("learning_rate", self.learning_rate)

    def _exact(self, qubits: int) -> bool:
        if self.likelihood == "exact" and qubits > MAX_EXACT_QUBITS:
            raise TooLargeError(
                f"likelihood = 'exact' on {qubits} qubits: at most {MAX_EXACT_QUBITS}; "
                "'contrastive-divergence' takes more"
            )
        return self.likelihood == "exact" or (
            self.likelihood == "auto" and qubits <= AUTO_EXACT_QUBITS
        )

    def _fits_phase(self, data: MeasuredAmplitudes) -> bool:
        if self.phase == "fitted" and data.diagonal.all():
            raise InvalidProblemError(
                "phase = 'fitted': all snapshots are in Z, which show no phases; measure in other "
                "bases too, or take phase = 'none'"
            )
        return self.phase != "none" and not data.diagonal.all()

    def _require_enough(self, data: MeasuredAmplitudes, phase: bool) -> None:
        groups = {"Z": data.diagonal} | ({"bases other than Z": ~data.diagonal} if phase else {})
        for name, group in groups.items():
            count = int(data.counts[group].sum())
            if count < self.n_folds:
                raise InvalidProblemError(
                    f"snapshots holds {count} in {name}: at least n_folds = {self.n_folds} are "
                    "needed"
                )

    def _fit_by_chains(
        self,
        data: MeasuredAmplitudes,
        hidden: int,
        phase: bool,
        generator: np.random.Generator,
        progress: Callable[[int, int], None] | None,
    ) -> Found:
        steps = chain_reports(self.updates) + (phase_steps(self.n_starts) if phase else 0)
        report = counted(steps, progress)
        s, shares = data.in_z()
        modulus = fit_by_chains(
            s,
            shares,
            hidden=hidden,
            updates=self.updates,
            learning_rate=self.learning_rate,
            generator=generator,
            report=report,
        )
        if not phase:
            return Found(modulus, None, (0.0, 0.0))
        moduli = values_and_slopes(modulus, data.spins)[0]
        angle, penalty = fit_phase(
            data, moduli, hidden, self.n_starts, self.n_folds, generator, report
        )
        return Found(modulus, angle, (0.0, penalty))

    def _keep(
        self, found: Found, data: MeasuredAmplitudes, exact: bool, generator: np.random.Generator
    ) -> None:
        """Set what is fitted, all at once."""
        moduli = values_and_slopes(found.modulus, data.spins)[0]
        if exact:
            log_norm, error = normalised(moduli)[1], 0.0
        else:
            s, shares = data.in_z()
            log_norm, error = annealed_log_norm(found.modulus, shares @ s, generator)
        state: RBMState | ModulusPhaseState = found.modulus
        logs: Any = moduli
        if found.phase is not None:
            state = ModulusPhaseState(found.modulus, found.phase)
            logs = moduli + 1j * values_and_slopes(found.phase, data.spins)[0]
        self.state_ = state
        self.likelihood_ = "exact" if exact else "contrastive-divergence"
        self.log_likelihood_ = data.log_likelihood(logs)[0] / data.samples - log_norm
        self.log_likelihood_error_ = error
        self.penalties_ = found.penalties
        self.n_samples_ = int(data.samples)
