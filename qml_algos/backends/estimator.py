"""Expectation values from measured shots, on any sampler."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import ClassicalRegister, QuantumCircuit
from qiskit.primitives import BaseEstimatorV2, BasePrimitiveJob, BaseSamplerV2, PrimitiveJob
from qiskit.primitives.containers import (
    BindingsArray,
    BitArray,
    DataBin,
    EstimatorPubLike,
    PrimitiveResult,
    PubResult,
    SamplerPubResult,
)
from qiskit.primitives.containers.estimator_pub import EstimatorPub
from qiskit.primitives.containers.sampler_pub import SamplerPub
from qiskit.quantum_info import PauliList

from circuits.measurement import pauli_basis_change

DEFAULT_PRECISION = 1 / 64


class SamplingEstimator(BaseEstimatorV2):
    r"""Estimate Pauli observables by measuring them.

    Paulis of a PUB that agree qubit by qubit are measured together, whichever observable they
    belong to: one circuit for each such basis, sent once with all parameter sets that need it.
    ``shots = ceil(1 / precision**2)`` for each basis and parameter set, which bounds the standard
    error of every Pauli by ``precision``; the reported ``stds`` are the measured standard errors
    of the observables. Whatever noise the sampler has, readout included, is in the values.

    Values of one PUB that read the same shots (same parameter set, same basis) are correlated:
    each value's standard error holds, but errors of a sum of values do not add up in squares. Ask
    for the sum as one observable instead.

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
        """Run PUBs of compiled circuits; see `qiskit.primitives.BaseEstimatorV2.run`.

        Raises
        ------
        ValueError
            If a precision is not positive and finite.
        QmlAlgosError
            What the sampler refuses: more shots than its backend takes, say.
        """
        default = DEFAULT_PRECISION if precision is None else precision
        require_precision(default)
        plans = [_Plan.of(EstimatorPub.coerce(pub, default)) for pub in pubs]
        # All measurements in one job: a sampler may start every job with the same random numbers.
        sent = [measurement for plan in plans for measurement in plan.measurements()]
        samples = self._sampler.run(sent) if sent else None
        job: PrimitiveJob[PrimitiveResult[PubResult], str] = PrimitiveJob(_collect, plans, samples)
        job._submit()
        return job


def require_precision(precision: float) -> None:
    """Refuse a precision that no number of shots reaches.

    Raises
    ------
    ValueError
        If it is not positive and finite.
    """
    if not 0 < precision < np.inf:
        raise ValueError(f"precision = {precision!r}: must be positive and finite")


@dataclass(frozen=True, eq=False)
class _Plan:
    """What to measure for a PUB.

    Attributes
    ----------
    pub
        The PUB.
    sets, observables
        Index of the parameter set, and the observable, of every value; flat.
    groups
        Paulis measured together.
    needed
        For each group, the parameter sets it is measured with, ascending.
    """

    pub: EstimatorPub
    sets: NDArray[np.int64]
    observables: list[Mapping[str, float]]
    groups: list[list[str]]
    needed: list[NDArray[np.int64]]

    @classmethod
    def of(cls, pub: EstimatorPub) -> _Plan:
        require_precision(pub.precision)
        indices = np.arange(pub.parameter_values.size).reshape(pub.parameter_values.shape)
        sets = np.broadcast_to(indices, pub.shape).ravel()
        observables = [*np.broadcast_to(np.asarray(pub.observables), pub.shape).ravel()]
        groups = _groups({label: None for observable in observables for label in observable})
        users: dict[str, set[int]] = {}
        for index, observable in zip(sets, observables, strict=True):
            for label in observable:
                users.setdefault(label, set()).add(int(index))
        needed = [
            np.array(sorted(set().union(*(users[label] for label in group)))) for group in groups
        ]
        return cls(pub, sets, observables, groups, needed)

    @property
    def shots(self) -> int:
        """Shots of every basis and parameter set."""
        return int(np.ceil(self.pub.precision**-2))

    def measurements(self) -> list[SamplerPub]:
        """Write PUBs for a sampler, one for each group."""
        return [
            SamplerPub(
                _measured(self.pub.circuit, common_basis(group)),
                _chosen(self.pub.parameter_values, needed),
                self.shots,
            )
            for group, needed in zip(self.groups, self.needed, strict=True)
        ]

    def result(self, samples: Iterable[SamplerPubResult]) -> PubResult:
        """Read the values from the samples of `measurements`."""
        identity = "I" * self.pub.circuit.num_qubits
        values = np.array([observable.get(identity, 0.0) for observable in self.observables])
        variances = np.zeros(values.size)
        places: dict[int, list[int]] = {}
        for place, index in enumerate(self.sets):
            places.setdefault(int(index), []).append(place)
        for group, needed, sample in zip(self.groups, self.needed, samples, strict=True):
            basis = common_basis(group)
            supports = {label: _support(label, basis) for label in group}
            for index, bits in zip(needed, _split(sample.data.pauli), strict=True):
                for place in places[int(index)]:
                    total = _totals(bits, supports, self.observables[place])
                    values[place] += np.mean(total)
                    variances[place] += np.var(total) / self.shots
        shape = self.pub.shape
        data = DataBin(
            evs=values.reshape(shape), stds=np.sqrt(variances).reshape(shape), shape=shape
        )
        return PubResult(
            data, metadata={"shots": self.shots, "target_precision": self.pub.precision}
        )


def _collect(
    plans: list[_Plan], samples: BasePrimitiveJob[PrimitiveResult[SamplerPubResult], Any] | None
) -> PrimitiveResult[PubResult]:
    """Share the results of the sampler's job out among the PUBs."""
    left = iter(samples.result() if samples else ())
    results = [plan.result(islice(left, len(plan.groups))) for plan in plans]
    return PrimitiveResult(results, metadata={"version": 2})


def _groups(labels: Iterable[str]) -> list[list[str]]:
    """Put Paulis together that agree qubit by qubit; the identity needs no measurement."""
    measured = [label for label in labels if set(label) != {"I"}]
    if not measured:
        return []
    return [group.to_labels() for group in PauliList(measured).group_commuting(qubit_wise=True)]


def _chosen(values: BindingsArray, sets: NDArray[np.int64]) -> BindingsArray:
    """Pick parameter sets by their flat indices."""
    if not values.num_parameters:
        return BindingsArray({}, shape=sets.shape)  # indexing would lose the shape
    return values.ravel()[sets]


def _split(bits: BitArray) -> Iterator[NDArray[np.bool_]]:
    """Bits of one parameter set after the other, shape ``(shots, qubits measured)``."""
    return (bits[index].to_bool_array(order="little") for index in range(bits.shape[0]))


def _totals(
    bits: NDArray[np.bool_], supports: Mapping[str, list[bool]], observable: Mapping[str, float]
) -> NDArray[np.float64]:
    """Sum of an observable's Paulis, with their weights, in every shot.

    Paulis without a support are left out: they are measured in another basis.
    """
    total = np.zeros(len(bits))
    for label, weight in observable.items():
        if label in supports:
            total += weight * parity_signs(bits[:, supports[label]])
    return total


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
