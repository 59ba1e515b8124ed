"""Read the parameters that evolve off a machine: tied by symmetries, where they are so."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from qml_algos.physics.hamiltonians import SpinHamiltonian
from qml_algos.physics.neural.parametrisation import Parametrisation
from qml_algos.physics.neural.rbm import RBMState


def tied_parameters(
    state: RBMState, hamiltonian: SpinHamiltonian
) -> tuple[Parametrisation, NDArray[np.complex128]]:
    """Find the fewest parameters that the evolution of a machine needs, and their values.

    Where the machine consists of filters moved by the Hamiltonian's symmetries, in the order of
    `Parametrisation`, only filters evolve. Where neither machine nor Hamiltonian tells all spins
    from all spins flipped, there are no biases.
    """
    odd = hamiltonian.operator.paulis.z.sum(axis=1) % 2
    biased = bool(np.any(state.a) or np.any(state.b) or np.any(odd))
    identity = np.arange(state.qubits)[None]
    groups = [identity] if hamiltonian.symmetries is None else [hamiltonian.symmetries, identity]
    for permutations in groups:
        filters, rest = divmod(len(state.b), len(permutations))
        if rest or not filters:
            continue
        ties = Parametrisation(permutations, filters, biased, complex_valued=True)
        parameters = _read(state, ties)
        made = ties.machine(parameters)
        if all(map(np.allclose, made, (state.W, state.a, state.b))):
            break
    return ties, parameters


def _read(state: RBMState, ties: Parametrisation) -> NDArray[np.complex128]:
    """Take the parameters of each filter where the identity, the first symmetry, leaves it."""
    group = len(ties.permutations)
    parts: list[NDArray[Any]] = [state.W[::group].ravel()]
    if ties.biased:
        _, places = np.unique(ties.permutations.min(axis=0), return_index=True)
        parts += [state.b[::group], state.a[places]]
    return np.concatenate(parts).astype(complex)
