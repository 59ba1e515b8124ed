"""Phase estimation: eigenphases of an evolution in a state, with errors, by five methods."""

from qml_algos.phase_estimation.estimate import METHODS, PhaseEstimate, estimate_phases
from qml_algos.phase_estimation.kernel import PhaseKernel
from qml_algos.phase_estimation.likelihood import fit_phases
from qml_algos.phase_estimation.posterior import PhasePosterior
from qml_algos.phase_estimation.problem import PhaseProblem
from qml_algos.phase_estimation.spectrum import PhaseSpectrum

__all__ = [
    "METHODS",
    "PhaseEstimate",
    "PhaseKernel",
    "PhasePosterior",
    "PhaseProblem",
    "PhaseSpectrum",
    "estimate_phases",
    "fit_phases",
]
