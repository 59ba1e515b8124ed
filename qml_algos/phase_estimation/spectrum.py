"""Eigenphases with weights, and what is known of their errors."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from qml_algos.phase_estimation.intervals import mirror_ambiguity, profile_interval
from qml_algos.phase_estimation.kernel import Array
from qml_algos.phase_estimation.level import require_level
from qml_algos.phase_estimation.mixture import Data, Mixture, observed_information


@dataclass(frozen=True, eq=False)
class PhaseSpectrum:
    """Eigenphases of a state, fitted to the counts of a clock register.

    Attributes
    ----------
    phases
        Shape ``(J,)``, radians in (-pi, pi], in descending order of weight.
    weights
        Shape ``(J,)``: what part of the state is in each. With ``background`` they sum to 1.
    phase_standard_errors, weight_standard_errors
        From the observed information; that of a phase counts in the mirror image about the
        nearest outcome, as far as the data do not exclude it. For few counts `interval` is better.
    background
        Part of the counts that is uniformly distributed; 0 if none was asked for.
    log_likelihood
        In nats, of the counts in their order.
    """

    phases: Array
    weights: Array
    phase_standard_errors: Array
    weight_standard_errors: Array
    background: float
    log_likelihood: float
    _data: Data = field(repr=False)

    @classmethod
    def of(cls, data: Data, mixture: Mixture, value: float) -> PhaseSpectrum:
        """Put together what a maximum of the likelihood says."""
        J = mixture.size
        order = np.argsort(-mixture.weights, kind="stable")
        total = float(mixture.weights.sum()) + mixture.background
        weights = mixture.weights[order] / total
        mixture = Mixture(mixture.phases[order], weights, mixture.background / total)
        # The information leaves the sum of the weights free; it is 1.
        variances = np.diag(np.linalg.pinv(observed_information(data, mixture), hermitian=True))
        ambiguity = [mirror_ambiguity(data, mixture, value, j) for j in range(J)]
        return cls(
            phases=np.pi - (np.pi - mixture.phases) % (2 * np.pi),
            weights=weights,
            phase_standard_errors=np.sqrt(np.maximum(variances[:J], 0) + ambiguity),
            weight_standard_errors=np.sqrt(
                np.maximum(variances[J : 2 * J] - weights**2 / data.shots, 0)
            ),
            background=mixture.background,
            log_likelihood=value,
            _data=data,
        )

    def interval(self, level: float = 0.95) -> Array:
        """Confidence intervals of the phases by profile likelihood.

        Parameters
        ----------
        level
            Between 0 and 1.

        Returns
        -------
        numpy.ndarray
            Shape ``(J, 2)``, radians, lower end first; ends are not wrapped, so that they enclose
            ``phases``. Some 40 fits for each phase.

        Raises
        ------
        ValueError
            If the level is out of range.
        """
        require_level(level)
        mixture = Mixture(self.phases, self.weights, self.background)
        ends = [
            profile_interval(self._data, mixture, self.log_likelihood, j, level)
            for j in range(self.phases.size)
        ]
        return np.array(ends).reshape(-1, 2)
