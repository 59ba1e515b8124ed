from collections.abc import Callable

import numpy as np
import pytest

from qml_algos.physics.hamiltonians import exact_ground_state, transverse_field_ising
from qml_algos.physics.snapshots import PAULI_ROTATIONS, Snapshots


def _drawn(state, settings, shots, seed, rotations=PAULI_ROTATIONS):
    """Snapshots of a statevector, by the rule of Born."""
    generator = np.random.default_rng(seed)
    settings, times = np.unique(np.asarray(settings), axis=0, return_counts=True)
    qubits = settings.shape[1]
    bits = []
    for setting, repetitions in zip(settings, shots * times, strict=True):
        turned = state.reshape((2,) * qubits)
        for qubit, row in enumerate(setting):
            axis = qubits - 1 - qubit
            turned = np.moveaxis(np.tensordot(rotations[row], turned, (1, axis)), 0, axis)
        chances = np.abs(turned.ravel()) ** 2
        outcomes = generator.choice(2**qubits, size=repetitions, p=chances / chances.sum())
        bits.append(outcomes[:, None] >> np.arange(qubits) & 1)
    return Snapshots(
        np.concatenate(bits),
        np.repeat(settings, shots * times, axis=0),
        rotations=np.array(rotations),
    )


@pytest.fixture(scope="session")
def drawn() -> Callable[..., Snapshots]:
    return _drawn


@pytest.fixture(scope="session")
def ising() -> Callable[..., np.ndarray]:
    def ground_state(qubits, field):
        return np.abs(exact_ground_state(transverse_field_ising(qubits, field)).states[0])

    return ground_state


@pytest.fixture(scope="session")
def w_state() -> Callable[..., np.ndarray]:
    def state(qubits, seed):
        """A W state with random phases."""
        found = np.zeros(2**qubits, dtype=complex)
        phases = np.random.default_rng(seed).uniform(0, 2 * np.pi, qubits)
        found[1 << np.arange(qubits)] = np.exp(1j * phases) / np.sqrt(qubits)
        return found

    return state


@pytest.fixture(scope="session")
def neighbour_bases() -> Callable[..., np.ndarray]:
    def settings(qubits):
        """Z everywhere, and X X and X Y on neighbours: 2 n - 1 bases."""
        rows = [np.full(qubits, 2)]
        for first in range(qubits - 1):
            for letter in (0, 1):
                rows.append(np.full(qubits, 2))
                rows[-1][first : first + 2] = 0, letter
        return np.array(rows)

    return settings
