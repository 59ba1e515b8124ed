"""Noise of a device, cut to the few qubits that a circuit uses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock

from qiskit.providers import BackendV2
from qiskit.transpiler import Target
from qiskit_aer.noise import NoiseModel
from qiskit_aer.noise.device import basic_device_gate_errors

from qml_algos.backends.readout_errors import Misreading


@dataclass(frozen=True)
class CutNoise:
    """Noise of some qubits of a device, renumbered from 0.

    Attributes
    ----------
    gates
        Errors of gates, without those of readout.
    readout
        Of each kind of measurement on each qubit.
    """

    gates: NoiseModel
    readout: Mapping[tuple[str, int], Misreading]


@dataclass(frozen=True)
class NoiseCache:
    """Noise models of a device by the qubits they are cut to; each is built once."""

    device: BackendV2
    _models: dict[tuple[int, ...], CutNoise] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def cut(self, qubits: Sequence[int]) -> CutNoise:
        """Noise of some qubits, renumbered in order."""
        key = tuple(qubits)
        with self._lock:
            if key not in self._models:
                self._models[key] = cut_noise(self.device, key)
            return self._models[key]


def cut_noise(device: BackendV2, qubits: Sequence[int]) -> CutNoise:
    """Noise of some of a device's qubits, renumbered in order.

    Takes about 10 ms a qubit.
    """
    return CutNoise(cut_noise_model(device, qubits), readout_table(device, qubits))


def cut_noise_model(device: BackendV2, qubits: Sequence[int]) -> NoiseModel:
    """Gate noise of some of a device's qubits, renumbered in order.

    Gate errors are depolarising plus relaxation, as Aer derives them from error rate, duration,
    T1 and T2. Readout errors are not in the model, see `qml_algos.backends.readout_errors`.
    """
    model = NoiseModel(basis_gates=[*device.target.operation_names])
    for name, places, error in basic_device_gate_errors(target=_cut_target(device.target, qubits)):
        model.add_quantum_error(error, name, places)
    return model


def readout_table(device: BackendV2, qubits: Sequence[int]) -> dict[tuple[str, int], Misreading]:
    """Readout errors of some of a device's qubits, by name of the measurement and position.

    They keep their asymmetry: a device's 1 is misread more often than its 0. Only for the plain
    ``measure`` is that calibrated; of ``measure_2``, the short one of Heron processors, a
    snapshot has the average alone.
    """
    properties = device.properties()
    table = {}
    for index, qubit in enumerate(qubits):
        calibrated = properties.qubit_property(qubit)
        table["measure", index] = Misreading(
            zero_as_one=calibrated["prob_meas1_prep0"][0],
            one_as_zero=calibrated["prob_meas0_prep1"][0],
        )
        if "measure_2" in device.target.operation_names:
            rate = device.target["measure_2"][(qubit,)].error
            table["measure_2", index] = Misreading(zero_as_one=rate, one_as_zero=rate)
    return table


def _cut_target(target: Target, qubits: Sequence[int]) -> Target:
    position = {qubit: index for index, qubit in enumerate(qubits)}
    cut = Target(
        num_qubits=len(qubits),
        dt=target.dt,
        qubit_properties=[target.qubit_properties[qubit] for qubit in qubits],
    )
    for name in target.operation_names:
        places = {
            tuple(position[qubit] for qubit in place): properties
            for place, properties in (target[name] or {}).items()
            if place is not None and all(qubit in position for qubit in place)
        }
        if places:
            cut.add_instruction(target.operation_from_name(name), places, name=name)
    return cut
