"""A matrix-product state with its variables in the order of the data: a distribution."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qml_algos.generative.mps.chain import Core, log_likelihoods
from qml_algos.generative.mps.marginals import distribution
from qml_algos.generative.mps.sampling import complete, draw, log_evidence


@dataclass(frozen=True, eq=False)
class ChainState:
    """Distribution of a state.

    Attributes
    ----------
    cores
        Of centre 0.
    order
        The variable at each place of the chain.
    """

    cores: Sequence[Core]
    order: NDArray[np.intp]

    @property
    def places(self) -> NDArray[np.intp]:
        """Place of each variable along the chain."""
        return np.argsort(self.order)

    def log_likelihoods(self, X: NDArray[np.int64]) -> NDArray[np.float64]:
        """Log-probability of each row, in nats; see `chain.log_likelihoods`."""
        return log_likelihoods(self.cores, X[:, self.order])

    def log_evidence(self, X: NDArray[np.int64]) -> NDArray[np.float64]:
        """Log-probability of what is known of each row; see `sampling.log_evidence`."""
        return log_evidence(self.cores, X[:, self.order])

    def draw(self, n_samples: int, generator: np.random.Generator) -> NDArray[np.int64]:
        """Draw rows; see `sampling.draw`."""
        return draw(self.cores, n_samples, generator)[:, self.places]

    def complete(self, X: NDArray[np.int64], generator: np.random.Generator) -> NDArray[np.int64]:
        """Draw what is missing of rows; see `sampling.complete`."""
        return complete(self.cores, X[:, self.order], generator)[:, self.places]

    def distribution(
        self, variables: Sequence[int], evidence: Mapping[int, int]
    ) -> NDArray[np.float64]:
        """Return a conditional distribution; see `marginals.distribution`."""
        places = [int(place) for place in self.places]
        known = {places[variable]: value for variable, value in evidence.items()}
        return distribution(self.cores, [places[variable] for variable in variables], known)
