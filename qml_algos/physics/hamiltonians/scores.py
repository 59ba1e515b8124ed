"""How good a variational state is: energy, variance, V-score."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from qml_algos.errors import InvalidProblemError
from qml_algos.physics.hamiltonians.action import action_of
from qml_algos.physics.hamiltonians.free_fermions import require_number
from qml_algos.physics.hamiltonians.hamiltonian import SpinHamiltonian
from qml_algos.validation import numeric_array, require_positive


def energy_and_variance(
    hamiltonian: SpinHamiltonian, statevector: ArrayLike
) -> tuple[float, float]:
    """Mean and variance of a Hamiltonian in a state.

    Parameters
    ----------
    hamiltonian
        At most 24 qubits.
    statevector
        Qubit 0 the least significant bit, of any norm but 0; shape ``(2**qubits,)``.

    Returns
    -------
    energy, variance
        The variance as the squared length of ``(H - E) psi``: nothing cancels near an eigenstate.

    Raises
    ------
    InvalidProblemError
        If the state has another length, is 0, or holds what is no finite number.
    TooLargeError
        Above 24 qubits.

    Notes
    -----
    Cost: O(terms * 2^n).
    """
    state = numeric_array(statevector, "statevector")
    if state.shape != (2**hamiltonian.qubits,):
        raise InvalidProblemError(
            f"statevector has shape {state.shape}: {hamiltonian.qubits} qubits have "
            f"({2**hamiltonian.qubits},)"
        )
    norm = np.linalg.norm(state)
    if norm == 0:
        raise InvalidProblemError("statevector is zero")
    state /= norm
    image = action_of(hamiltonian)(state)
    energy = float(np.vdot(state, image).real)
    return energy, float(np.linalg.norm(image - energy * state) ** 2)


def v_score(energy: float, variance: float, hamiltonian: SpinHamiltonian) -> float:
    r"""Return the V-score ``N Var / (E - E_inf)^2``: one measure of error for all models.

    It has no unit and is 0 for eigenstates. E_inf is the energy of the completely mixed state.

    Parameters
    ----------
    energy, variance
        Of the Hamiltonian in the state.
    hamiltonian
        Gives N, its qubits, and E_inf.

    Returns
    -------
    float
        Infinite if the energy is that of the completely mixed state.

    Raises
    ------
    InvalidProblemError
        If the energy is not finite or the variance negative.

    Notes
    -----
    D. Wu et al., Science 386, 296 (2024).
    """
    require_number("energy", energy)
    require_positive("variance", variance, zero=True)
    above = energy - hamiltonian.mean_energy
    return float("inf") if above == 0 else hamiltonian.qubits * variance / above**2
