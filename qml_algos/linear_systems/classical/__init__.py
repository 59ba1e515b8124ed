"""Classical solvers: the competition at its best."""

from qml_algos.linear_systems.classical.conjugate_gradient import ConjugateGradient
from qml_algos.linear_systems.classical.dequantised import (
    DequantisedSolver,
    SampledSolution,
    sample_solution,
)
from qml_algos.linear_systems.classical.direct import Direct
from qml_algos.linear_systems.classical.fast_transform import FastTransform
from qml_algos.linear_systems.classical.minimal_residual import GMRES, MINRES
from qml_algos.linear_systems.classical.pseudo_inverse import PseudoInverse
from qml_algos.sampling import (
    SampledEntries,
    SampledMatrix,
    SampledProduct,
    SampledVector,
)

__all__ = [
    "GMRES",
    "MINRES",
    "ConjugateGradient",
    "DequantisedSolver",
    "Direct",
    "FastTransform",
    "PseudoInverse",
    "SampledEntries",
    "SampledMatrix",
    "SampledProduct",
    "SampledSolution",
    "SampledVector",
    "sample_solution",
]
