"""A request cut into units, each small enough for a job, and put together again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from qiskit.primitives.containers import BitArray, DataBin, PubResult, SamplerPubResult
from qiskit.primitives.containers.bindings_array import BindingsArray
from qiskit.primitives.containers.sampler_pub import SamplerPub

from qml_algos.backends.jobs.service import Pub

# Updates of an amplitude in about a second; the exponent only keeps the number finite.
_PORTION = 1e9
_LARGEST_EXPONENT = 64


@dataclass(frozen=True, eq=False)
class Unit:
    """What is recorded as one piece, with one result.

    Attributes
    ----------
    key
        Hash of all that its result depends on.
    pub
        As it is sent.
    executions
        Of its circuit.
    """

    key: str
    pub: Pub
    executions: int

    @property
    def shots(self) -> int | None:
        """Of the PUB; ``None`` where a precision is asked for instead."""
        return int(self.pub.shots) if isinstance(self.pub, SamplerPub) else None

    @property
    def repetitions(self) -> float:
        """Shots or precision, which all PUBs of a job share."""
        return self.pub.precision if self.shots is None else self.shots


def split(pub: SamplerPub, max_executions: int, shots_paid: int | None = None) -> list[SamplerPub]:
    """Cut a PUB along its parameter sets into PUBs of at most so many executions.

    Each parameter set has ``shots_paid`` of them; by default its shots. A PUB that fits stays
    whole. Of one that does not, the pieces have one axis of parameter sets, in C order.
    """
    sets = pub.size
    paid = pub.shots if shots_paid is None else shots_paid
    if sets * paid <= max_executions:
        return [pub]
    step = max(1, max_executions // paid)
    names = tuple(pub.circuit.parameters)
    values = pub.parameter_values.as_array(names).reshape(sets, len(names))
    return [
        SamplerPub(
            pub.circuit, BindingsArray({names: values[start : start + step]}), pub.shots, False
        )
        for start in range(0, sets, step)
    ]


def join(pub: SamplerPub, results: Sequence[PubResult]) -> SamplerPubResult:
    """Put the results of a PUB's pieces together."""
    if len(results) == 1:
        data = results[0].data
    else:
        fields = {
            name: BitArray(
                np.concatenate([result.data[name].array for result in results]).reshape(
                    *pub.shape, pub.shots, -1
                ),
                value.num_bits,
            )
            for name, value in results[0].data.items()
        }
        data = DataBin(**fields, shape=pub.shape)
    return SamplerPubResult(data, metadata={"shots": pub.shots})


def group(units: Iterable[Unit], max_executions: int) -> list[list[Unit]]:
    """Gather units, in order, to jobs of at most so many executions and equal shots."""
    jobs: list[list[Unit]] = []
    total = 0
    for unit in units:
        fits = total + unit.executions <= max_executions
        if jobs and fits and jobs[-1][0].repetitions == unit.repetitions:
            jobs[-1].append(unit)
            total += unit.executions
        else:
            jobs.append([unit])
            total = unit.executions
    return jobs


def portions(units: Iterable[Unit]) -> list[list[Unit]]:
    """Gather units, in order, to portions of about a second of simulation, one at the least.

    They are recorded together, so an interruption costs no more than that.
    """
    gathered: list[list[Unit]] = []
    total = 0.0
    for unit in units:
        circuit = unit.pub.circuit
        amplitudes = 2.0 ** min(circuit.num_qubits, _LARGEST_EXPONENT)
        sets = max(1, int(unit.pub.parameter_values.size))
        work = unit.executions + sets * len(circuit.data) * amplitudes
        if gathered and total + work <= _PORTION:
            gathered[-1].append(unit)
            total += work
        else:
            gathered.append([unit])
            total = work
    return gathered
