"""What the counts say without a model: the baseline of every reconstruction."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from qml_algos.errors import InvalidProblemError
from qml_algos.physics.configurations import numbers_of
from qml_algos.physics.snapshots.snapshots import Snapshots
from qml_algos.physics.states.statevector import statevector_of
from qml_algos.physics.states.wave_function import WaveFunction
from qml_algos.physics.tomography.likelihood import measured_amplitudes


def histogram_fidelity(snapshots: Snapshots, target: WaveFunction | ArrayLike) -> float:
    """Fidelity of a state with the moduli that counts in the Z basis have, and all phases right.

    It is what a reconstruction has to beat, and has the phases for free.

    Parameters
    ----------
    snapshots
        Those in the Z basis on all qubits are counted.
    target
        Wave function, or statevector of any norm.

    Raises
    ------
    InvalidProblemError
        If no snapshot is in the Z basis, or the target has other qubits, or is no state.
    TooLargeError
        If there are too many qubits for a statevector.
    """
    amplitudes = np.abs(statevector_of("target", target))
    if len(amplitudes) != 2**snapshots.qubits:
        raise InvalidProblemError(
            f"target has {len(amplitudes).bit_length() - 1} qubits, snapshots "
            f"{snapshots.qubits}: they need the same"
        )
    s, shares = measured_amplitudes(snapshots, every=False).in_z()
    numbers = numbers_of(s < 0)
    return float((np.sqrt(shares) @ amplitudes[numbers]) ** 2)
