"""Kernels from circuits that are run for their shots."""

from qml_algos.kernels.sampled.error import gram_error
from qml_algos.kernels.sampled.fidelities import CORRECTIONS, SampledGram, sampled_fidelities
from qml_algos.kernels.sampled.pauli_vectors import sampled_pauli_vectors

__all__ = [
    "CORRECTIONS",
    "SampledGram",
    "gram_error",
    "sampled_fidelities",
    "sampled_pauli_vectors",
]
