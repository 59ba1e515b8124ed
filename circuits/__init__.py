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
from circuits.density_matrix import (
    CopyEvolution,
    CopyPhaseEstimation,
    Purification,
    WalkEvolution,
    bell_measurement,
    copies_needed,
    copy_phase_estimation,
    cyclic_shift_test,
    density_matrix_exponentiation,
    diagonalisation_circuit,
    distilled_pauli_measurement,
    eigenvector_circuit,
    exponentiation_error,
    iterative_copy_phase_estimation,
    partial_swap,
    phase_estimation_copies,
    power_measurement,
    purified_data,
    purified_density_matrix,
    singular_value_circuit,
)
from circuits.evolution import DiagonalisedEvolution, Evolution
from circuits.evolution_hadamard_test import evolution_hadamard_test
from circuits.feature_maps import (
    AmplitudeMap,
    AngleMap,
    CircuitMap,
    CovariantMap,
    DiscreteLogMap,
    FeatureMap,
    IQPMap,
    PauliMap,
    ReuploadingMap,
    ZMap,
    ZZMap,
)
from circuits.fourier import FourierDesign, controlled_qft, fourier_design, qft
from circuits.fourier.adders import (
    constant_adder,
    fourier_adder,
    multiply_accumulate,
    weighted_sum,
)
from circuits.fourier.phase_gradient import (
    FaultTolerantCount,
    phase_gradient_count,
    phase_gradient_qft,
    phase_gradient_state,
)
from circuits.fourier.semiclassical import measured_qft, one_qubit_qft, semiclassical_qft
from circuits.fourier_evolution import FourierEvolution
from circuits.hamiltonian_variational import hamiltonian_variational
from circuits.hhl import hhl
from circuits.inverse import inverse_circuit
from circuits.inversion import (
    InversionPolynomial,
    definite_inversion,
    kernel_filter,
    kernel_reflection,
    odd_inversion,
)
from circuits.iqp import iqp_circuit
from circuits.iterative_phase_estimation import iterative_phase_estimation
from circuits.matrix_product_state import mps_preparation
from circuits.multiplexed import diagonal, multiplexed_rotation
from circuits.overlap import hadamard_test, swap_test, uncomputed_overlap
from circuits.path_encoding import path_block_encoding
from circuits.pauli_encoding import pauli_block_encoding
from circuits.phase_estimation import measured_phase_estimation, phase_estimation
from circuits.phases import response, signal_processing_phases
from circuits.product_formula import ProductFormula, ProductFormulaEvolution
from circuits.qsvt import qsvt
from circuits.reciprocal import ReciprocalFilter, reciprocal_filter, reciprocal_rotation
from circuits.rotation_network import rotation_network
from circuits.sparse_encoding import fable_block_encoding, sparse_block_encoding, xor_block_encoding
from circuits.sparse_state import sparse_state_preparation
from circuits.spectral import spectral_inverse
from circuits.state_preparation import state_preparation
from circuits.tensor_network.distances import DistributionDistances, distribution_distances
from circuits.tensor_network.preparation import prepare_mps
from circuits.tensor_network.prepared import PreparedMPS
from circuits.tensor_network.qubits import qubit_tensors
from circuits.trigonometric import cosine_transform, sine_transform, truncated_qft
from circuits.unitary_evolution import PaddedEvolution, UnitaryEvolution

__all__ = [
    "AmplificationSchedule",
    "AmplitudeMap",
    "AngleMap",
    "BlockEncoding",
    "CircuitMap",
    "CopyEvolution",
    "CopyPhaseEstimation",
    "CovariantMap",
    "DefiniteEncoding",
    "DiagonalisedEvolution",
    "DiscreteLogMap",
    "DistributionDistances",
    "Evolution",
    "FaultTolerantCount",
    "FeatureMap",
    "FourierDesign",
    "FourierEvolution",
    "IQPMap",
    "InversionPolynomial",
    "PaddedEvolution",
    "PauliMap",
    "PreparedMPS",
    "ProductFormula",
    "ProductFormulaEvolution",
    "Purification",
    "ReciprocalFilter",
    "ReuploadingMap",
    "UnitaryEvolution",
    "WalkEvolution",
    "ZMap",
    "ZZMap",
    "amplify",
    "augmented_projection",
    "banded_block_encoding",
    "bell_measurement",
    "chebyshev_lcu",
    "circulant_block_encoding",
    "constant_adder",
    "controlled_qft",
    "copies_needed",
    "copy_phase_estimation",
    "cosine_transform",
    "cyclic_shift_test",
    "definite_inversion",
    "density_matrix_exponentiation",
    "diagonal",
    "diagonalisation_circuit",
    "dilation_block_encoding",
    "distilled_pauli_measurement",
    "distribution_distances",
    "eigenvector_circuit",
    "evolution_hadamard_test",
    "exact_schedule",
    "exponentiation_error",
    "fable_block_encoding",
    "fixed_point_schedule",
    "fourier_adder",
    "fourier_design",
    "frobenius_block_encoding",
    "grover_schedule",
    "hadamard_test",
    "hamiltonian_variational",
    "hardware_efficient_ansatz",
    "hhl",
    "inverse_circuit",
    "iqp_circuit",
    "iterative_copy_phase_estimation",
    "iterative_phase_estimation",
    "kernel_filter",
    "kernel_reflection",
    "measured_phase_estimation",
    "measured_qft",
    "mps_preparation",
    "multiplexed_rotation",
    "multiply_accumulate",
    "odd_inversion",
    "one_qubit_qft",
    "partial_swap",
    "path_block_encoding",
    "pauli_block_encoding",
    "phase_estimation",
    "phase_estimation_copies",
    "phase_gradient_count",
    "phase_gradient_qft",
    "phase_gradient_state",
    "power_measurement",
    "prepare_mps",
    "purified_data",
    "purified_density_matrix",
    "qft",
    "qsvt",
    "qubit_tensors",
    "reciprocal_filter",
    "reciprocal_rotation",
    "response",
    "rotation_network",
    "row_block_encoding",
    "scaled",
    "semiclassical_qft",
    "signal_processing_phases",
    "sine_transform",
    "singular_value_circuit",
    "sparse_block_encoding",
    "sparse_state_preparation",
    "spectral_inverse",
    "state_preparation",
    "swap_test",
    "toeplitz_block_encoding",
    "truncated_qft",
    "uncomputed_overlap",
    "weighted_sum",
    "with_identity",
    "xor_block_encoding",
]
