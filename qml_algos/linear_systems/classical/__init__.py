"""Classical solvers: the competition at its best."""

from qml_algos.linear_systems.classical.conjugate_gradient import ConjugateGradient
from qml_algos.linear_systems.classical.dequantised import (
    DequantisedSolver,
    SampledSolution,
    sample_solution,
)
from qml_algos.linear_systems.classical.direct import Direct
from qml_algos.linear_systems.classical.fast_transform import FastTransform
from qml_algos.linear_systems.classical.local_entry import LocalEntry, local_entry
from qml_algos.linear_systems.classical.local_observables import (
    NeighbourCorrelation,
    Observable,
    SquareShare,
)
from qml_algos.linear_systems.classical.local_sampling import SampledObservable, sample_observable
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
    "LocalEntry",
    "NeighbourCorrelation",
    "Observable",
    "PseudoInverse",
    "SampledEntries",
    "SampledMatrix",
    "SampledObservable",
    "SampledProduct",
    "SampledSolution",
    "SampledVector",
    "SquareShare",
    "local_entry",
    "sample_observable",
    "sample_solution",
]
