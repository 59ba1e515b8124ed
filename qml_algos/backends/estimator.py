"""Expectation values from measured shots, on any sampler."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from qiskit import ClassicalRegister, QuantumCircuit
from qiskit.primitives import BaseEstimatorV2, BaseSamplerV2, PrimitiveJob
from qiskit.primitives.containers import (
    DataBin,
    EstimatorPubLike,
    PrimitiveResult,
    PubResult,
)
from qiskit.primitives.containers.estimator_pub import EstimatorPub
from qiskit.quantum_info import PauliList

from circuits.measurement import pauli_basis_change

DEFAULT_PRECISION = 1 / 64


class SamplingEstimator(BaseEstimatorV2):
    r"""Estimate Pauli observables by measuring them.

    Paulis that agree qubit by qubit are measured together. ``shots = ceil(1 / precision**2)`` for
    each such group, which bounds the standard error of every Pauli by ``precision``; the
    reported ``stds`` are the measured standard errors of the observables. Whatever noise the
    sampler has, readout included, is in the values.

    Parameters
    ----------
    sampler
        Runs the measured circuits.
    """

    def __init__(self, sampler: BaseSamplerV2) -> None:
        self._sampler = sampler

    def run(
        self, pubs: Iterable[EstimatorPubLike], *, precision: float | None = None
    ) -> PrimitiveJob[PrimitiveResult[PubResult], str]:
        """Run PUBs of compiled circuits; see `qiskit.primitives.BaseEstimatorV2.run`."""
        coerced = [EstimatorPub.coerce(pub, precision or DEFAULT_PRECISION) for pub in pubs]
        job: PrimitiveJob[PrimitiveResult[PubResult], str] = PrimitiveJob(self._run, coerced)
        job._submit()
        return job

    def _run(self, pubs: list[EstimatorPub]) -> PrimitiveResult[PubResult]:
        return PrimitiveResult([self._run_pub(pub) for pub in pubs], metadata={"version": 2})

    def _run_pub(self, pub: EstimatorPub) -> PubResult:
        shots = int(np.ceil(pub.precision**-2))
        # PUBs broadcast: a value for each pair of parameter set and observable.
        circuits, observables = np.broadcast_arrays(
            pub.parameter_values.bind_all(pub.circuit), np.asarray(pub.observables)
        )
        results = np.array(
            [
                self._measure(circuit, observable, shots)
                for circuit, observable in zip(circuits.flat, observables.flat, strict=True)
            ]
        ).reshape(*pub.shape, 2)
        data = DataBin(evs=results[..., 0], stds=np.sqrt(results[..., 1]), shape=pub.shape)
        return PubResult(data, metadata={"shots": shots, "target_precision": pub.precision})

    def _measure(
        self, circuit: QuantumCircuit, observable: dict[str, float], shots: int
    ) -> tuple[float, float]:
        labels = list(observable)
        value = sum(weight for label, weight in observable.items() if set(label) == {"I"})
        groups = PauliList([label for label in labels if set(label) != {"I"}] or ["I"])
        variance = 0.0
        for group in groups.group_commuting(qubit_wise=True):
            members = [label for label in group.to_labels() if set(label) != {"I"}]
            if not members:
                continue
            basis = common_basis(members)
            pub = _measured(circuit, basis)
            bits = self._sampler.run([pub], shots=shots).result()[0].data.pauli
            array = bits.to_bool_array(order="little").reshape(shots, -1)
            total = sum(
                observable[label] * parity_signs(array[:, _support(label, basis)])
                for label in members
            )
            value += float(np.mean(total))
            variance += float(np.var(total)) / shots
        return float(value), variance


def common_basis(labels: Iterable[str]) -> str:
    """Pauli label that measures all of some qubit-wise commuting ones."""
    columns = zip(*labels, strict=True)
    return "".join(next((p for p in column if p != "I"), "I") for column in columns)


def _measured(circuit: QuantumCircuit, basis: str) -> QuantumCircuit:
    """Copy a circuit and measure its qubits that are not I in ``basis`` into register ``pauli``.

    Bit j of the register is the j-th such qubit, counted from qubit 0.
    """
    qubits = [q for q, pauli in enumerate(reversed(basis)) if pauli != "I"]
    copy = circuit.copy()
    register = ClassicalRegister(len(qubits), "pauli")
    copy.add_register(register)
    copy.compose(pauli_basis_change(basis), inplace=True)
    copy.measure(qubits, register)
    return copy


def parity_signs(bits: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Value +1 or -1 of a Pauli in every shot, from the bits of the qubits it acts on."""
    signs: NDArray[np.int64] = 1 - 2 * (bits.sum(axis=1) % 2)
    return signs


def _support(label: str, basis: str) -> list[bool]:
    """Which of the qubits measured in ``basis`` a Pauli acts on."""
    pairs = zip(reversed(label), reversed(basis), strict=True)
    return [pauli != "I" for pauli, measured_pauli in pairs if measured_pauli != "I"]
