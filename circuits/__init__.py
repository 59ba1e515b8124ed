"""Circuit builders of qml-algos: problem data in, ``QuantumCircuit`` out, nothing executed.

Qubit 0 is the least significant bit everywhere (Qiskit's order).
"""

from circuits.amplitude_amplification import (
    AmplificationSchedule,
    amplify,
    exact_schedule,
    fixed_point_schedule,
    grover_schedule,
)
from circuits.ansatz import hardware_efficient_ansatz
from circuits.augmented_projection import augmented_projection
from circuits.banded_encoding import (
    banded_block_encoding,
    circulant_block_encoding,
    toeplitz_block_encoding,
)
from circuits.block_encoding import BlockEncoding, DefiniteEncoding, scaled, with_identity
from circuits.chebyshev_lcu import chebyshev_lcu
from circuits.dense_encoding import (
    dilation_block_encoding,
    frobenius_block_encoding,
    row_block_encoding,
)
from circuits.evolution import DiagonalisedEvolution, Evolution
from circuits.fourier_evolution import FourierEvolution
from circuits.hhl import hhl
from circuits.inverse import inverse_circuit
from circuits.inversion import (
    InversionPolynomial,
    definite_inversion,
    kernel_filter,
    kernel_reflection,
    odd_inversion,
)
from circuits.iterative_phase_estimation import iterative_phase_estimation
from circuits.matrix_product_state import mps_preparation
from circuits.multiplexed import diagonal, multiplexed_rotation
from circuits.overlap import hadamard_test, swap_test, uncomputed_overlap
from circuits.path_encoding import path_block_encoding
from circuits.pauli_encoding import pauli_block_encoding
from circuits.phase_estimation import phase_estimation
from circuits.phases import response, signal_processing_phases
from circuits.product_formula import ProductFormula, ProductFormulaEvolution
from circuits.qft import qft
from circuits.qsvt import qsvt
from circuits.reciprocal import ReciprocalFilter, reciprocal_filter, reciprocal_rotation
from circuits.sparse_encoding import fable_block_encoding, sparse_block_encoding, xor_block_encoding
from circuits.sparse_state import sparse_state_preparation
from circuits.spectral import spectral_inverse
from circuits.state_preparation import state_preparation
from circuits.trigonometric import cosine_transform, sine_transform, truncated_qft

__all__ = [
    "AmplificationSchedule",
    "BlockEncoding",
    "DefiniteEncoding",
    "DiagonalisedEvolution",
    "Evolution",
    "FourierEvolution",
    "InversionPolynomial",
    "ProductFormula",
    "ProductFormulaEvolution",
    "ReciprocalFilter",
    "amplify",
    "augmented_projection",
    "banded_block_encoding",
    "chebyshev_lcu",
    "circulant_block_encoding",
    "cosine_transform",
    "definite_inversion",
    "diagonal",
    "dilation_block_encoding",
    "exact_schedule",
    "fable_block_encoding",
    "fixed_point_schedule",
    "frobenius_block_encoding",
    "grover_schedule",
    "hadamard_test",
    "hardware_efficient_ansatz",
    "hhl",
    "inverse_circuit",
    "iterative_phase_estimation",
    "kernel_filter",
    "kernel_reflection",
    "mps_preparation",
    "multiplexed_rotation",
    "odd_inversion",
    "path_block_encoding",
    "pauli_block_encoding",
    "phase_estimation",
    "qft",
    "qsvt",
    "reciprocal_filter",
    "reciprocal_rotation",
    "response",
    "row_block_encoding",
    "scaled",
    "signal_processing_phases",
    "sine_transform",
    "sparse_block_encoding",
    "sparse_state_preparation",
    "spectral_inverse",
    "state_preparation",
    "swap_test",
    "toeplitz_block_encoding",
    "truncated_qft",
    "uncomputed_overlap",
    "with_identity",
    "xor_block_encoding",
]
