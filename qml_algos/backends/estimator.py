"""Expectation values from measured shots, on any sampler."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray
from qiskit import ClassicalRegister, QuantumCircuit
from qiskit.primitives import BaseEstimatorV2, BaseSamplerV2, PrimitiveJob
from qiskit.primitives.containers import (
    BitArray,
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
        # All measurements in one job: a sampler may start every job with the same random numbers.
        plan = [
            (index, group)
            for index, observable in enumerate(observables.flat)
            for group in _groups(observable)
        ]
        pubs = [_measured(circuits.flat[index], common_basis(group)) for index, group in plan]
        samples = self._sampler.run(pubs, shots=shots).result() if pubs else []
        values = np.array(
            [observable.get("I" * pub.circuit.num_qubits, 0.0) for observable in observables.flat]
        )
        variances = np.zeros(values.size)
        for (index, group), sample in zip(plan, samples, strict=True):
            total = _totals(sample.data.pauli, group, observables.flat[index])
            values[index] += np.mean(total)
            variances[index] += np.var(total) / shots
        data = DataBin(
            evs=values.reshape(pub.shape),
            stds=np.sqrt(variances).reshape(pub.shape),
            shape=pub.shape,
        )
        return PubResult(data, metadata={"shots": shots, "target_precision": pub.precision})


def _groups(observable: Mapping[str, float]) -> list[list[str]]:
    """Labels of Paulis that can be measured together; the identity needs no measurement."""
    labels = [label for label in observable if set(label) != {"I"}]
    if not labels:
        return []
    return [group.to_labels() for group in PauliList(labels).group_commuting(qubit_wise=True)]


def _totals(
    bits: BitArray, group: list[str], observable: Mapping[str, float]
) -> NDArray[np.float64]:
    """Sum of a group's Paulis, with their weights, in every shot."""
    array = bits.to_bool_array(order="little")
    basis = common_basis(group)
    signs = [parity_signs(array[:, _support(label, basis)]) for label in group]
    weights = [observable[label] for label in group]
    return np.tensordot(weights, signs, axes=1)


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
