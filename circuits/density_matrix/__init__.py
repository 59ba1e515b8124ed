"""Circuits for principal components: what can be done with copies of a density matrix."""

from circuits.density_matrix.cyclic_shift import cyclic_shift_test, power_measurement
from circuits.density_matrix.exponentiation import (
    copies_needed,
    density_matrix_exponentiation,
    exponentiation_error,
)
from circuits.density_matrix.partial_swap import partial_swap
from circuits.density_matrix.phase_estimation import (
    CopyEvolution,
    CopyPhaseEstimation,
    copy_phase_estimation,
    iterative_copy_phase_estimation,
    phase_estimation_copies,
)
from circuits.density_matrix.purification import (
    Purification,
    purified_data,
    purified_density_matrix,
)
from circuits.density_matrix.two_copy import (
    bell_measurement,
    distilled_pauli_measurement,
    distilled_pauli_values,
    squared_pauli_signs,
    swap_signs,
)
from circuits.density_matrix.variational import (
    diagonalisation_circuit,
    eigenvector_circuit,
    global_energies,
    local_energies,
    singular_value_circuit,
)
from circuits.density_matrix.walk import WalkEvolution

__all__ = [
    "CopyEvolution",
    "CopyPhaseEstimation",
    "Purification",
    "WalkEvolution",
    "bell_measurement",
    "copies_needed",
    "copy_phase_estimation",
    "cyclic_shift_test",
    "density_matrix_exponentiation",
    "diagonalisation_circuit",
    "distilled_pauli_measurement",
    "distilled_pauli_values",
    "eigenvector_circuit",
    "exponentiation_error",
    "global_energies",
    "iterative_copy_phase_estimation",
    "local_energies",
    "partial_swap",
    "phase_estimation_copies",
    "power_measurement",
    "purified_data",
    "purified_density_matrix",
    "singular_value_circuit",
    "squared_pauli_signs",
    "swap_signs",
]
