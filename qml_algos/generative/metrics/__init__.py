"""How good a generative model is: likelihood, distances, discrepancy, generalisation."""

from qml_algos.generative.metrics.discrepancy import mmd_squared, mmd_squared_exact
from qml_algos.generative.metrics.enumerated import (
    ShotNoise,
    empirical_probabilities,
    kl_divergence,
    model_probabilities,
    shot_noise,
    total_variation,
)
from qml_algos.generative.metrics.generalisation import Generalisation, generalisation
from qml_algos.generative.metrics.likelihood import (
    MeanEstimate,
    negative_log_likelihood,
    nll_difference,
)

__all__ = [
    "Generalisation",
    "MeanEstimate",
    "ShotNoise",
    "empirical_probabilities",
    "generalisation",
    "kl_divergence",
    "mmd_squared",
    "mmd_squared_exact",
    "model_probabilities",
    "negative_log_likelihood",
    "nll_difference",
    "shot_noise",
    "total_variation",
]
