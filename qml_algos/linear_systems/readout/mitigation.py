"""Read-out errors taken out of the counts that x is read from."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.primitives.containers import BitArray

from qml_algos.backends.readout_mitigation import ReadoutCalibration
from qml_algos.errors import NothingAcceptedError
from qml_algos.linear_systems.readout.observables import Observable
from qml_algos.linear_systems.readout.sampling import Session, Shots
from qml_algos.linear_systems.solution import Mitigated
from qml_algos.results import Estimate


def mitigated_reading(
    session: Session,
    compiled: QuantumCircuit,
    shots: Shots,
    observables: Mapping[str, Observable],
) -> Mitigated:
    """Calibrate the qubits that a compiled circuit measures, and read its shots once more.

    Two calibration circuits, each with as many shots as the circuit had. Observables that are not
    diagonal are left out: they are read from other circuits, too.

    Raises
    ------
    MissingExtraError
        If mthree is not installed.
    NothingAcceptedError
        If the correction leaves nothing that passed post-selection.
    """
    program = session.program
    calibration = ReadoutCalibration.measure(
        session.backend, compiled, shots.total, session.next_seed()
    )
    session.shots += 2 * shots.total
    bits = np.hstack([shots.data, shots.others])
    corrected = calibration.apply(BitArray.from_bool_array(bits, order="little"))
    quasi = _accepted(program.data_qubits, program.accepted, corrected.quasi_probabilities)
    probabilities = program.layout.gather(quasi)
    factor = abs(program.factor)
    success = float(np.sum(quasi))
    if success <= 0:
        raise NothingAcceptedError(
            "corrected for read-out errors, no shot passed post-selection; use more shots"
        )
    spread = np.sqrt(corrected.overhead / shots.total)
    positive = np.maximum(probabilities, 0.0)
    return Mitigated(
        x=factor * np.sqrt(positive),
        standard_errors=factor * spread * np.sqrt(1 - np.minimum(positive, 1)) / 2,
        success_probability=success,
        observables={
            name: _expectation(observable, probabilities, factor**2, spread)
            for name, observable in observables.items()
            if observable.rest is None
        },
        overhead=corrected.overhead,
    )


def _accepted(
    data_qubits: int, accepted: int, probabilities: Mapping[str, float]
) -> NDArray[np.float64]:
    """Quasi-probabilities of the data where the other qubits passed; shape ``(2**n,)``."""
    found = np.zeros(2**data_qubits)
    for bits, probability in probabilities.items():
        others, data = divmod(int(bits, 2), 2**data_qubits)
        if others == accepted:
            found[data] += probability
    return found


def _expectation(
    observable: Observable, probabilities: NDArray[np.float64], unit: float, spread: float
) -> Estimate:
    mean = float(observable.diagonal @ probabilities)
    second = float(observable.diagonal**2 @ np.maximum(probabilities, 0.0))
    variance = max(second - mean**2, 0.0)
    return Estimate(unit * mean, unit * spread * float(np.sqrt(variance)))
