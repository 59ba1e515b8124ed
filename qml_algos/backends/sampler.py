"""What the samplers of this machine have in common: checks first, then seeded runs."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from qiskit.primitives import BaseSamplerV2, PrimitiveJob
from qiskit.primitives.containers import (
    BitArray,
    DataBin,
    PrimitiveResult,
    SamplerPubLike,
    SamplerPubResult,
)
from qiskit.primitives.containers.sampler_pub import SamplerPub

from qml_algos.backends.base import coerce_pubs
from qml_algos.backends.config import BackendConfig


class LocalSampler(BaseSamplerV2):
    """A sampler that refuses what it cannot run before anything runs.

    Every job starts from the seed anew; its PUBs have random numbers of their own.

    Parameters
    ----------
    config
        The backend.
    seed
        Of the shots; without it they differ every time.
    """

    def __init__(self, config: BackendConfig, seed: int | None) -> None:
        self._config = config
        self._seed = seed

    def run(
        self, pubs: Iterable[SamplerPubLike], *, shots: int | None = None
    ) -> PrimitiveJob[PrimitiveResult[SamplerPubResult], str]:
        """Run PUBs of compiled circuits; see `BaseSamplerV2.run`.

        Raises
        ------
        TooLargeError
            If a PUB exceeds the backend's shots or qubits.
        NotCompiledError, UnsupportedCircuitError, ConfigError
            If a circuit is not one that the backend runs; the class says which.
        ValueError
            If shots are no positive integer, or a circuit has no classical bits.
        """
        coerced = coerce_pubs(self._config, pubs, shots)
        for pub in coerced:
            self._check(pub)
        job: PrimitiveJob[PrimitiveResult[SamplerPubResult], str] = PrimitiveJob(self._run, coerced)
        job._submit()
        return job

    def _run(self, pubs: list[SamplerPub]) -> PrimitiveResult[SamplerPubResult]:
        # Seeds that are counted up would meet those that a simulator counts up by itself.
        seeds = np.random.SeedSequence(self._seed).spawn(len(pubs))
        results = [self._run_pub(pub, seed) for pub, seed in zip(pubs, seeds, strict=True)]
        return PrimitiveResult(results, metadata={"version": 2})

    @abstractmethod
    def _check(self, pub: SamplerPub) -> None:
        """Refuse a PUB that cannot be run."""

    @abstractmethod
    def _run_pub(self, pub: SamplerPub, seed: np.random.SeedSequence) -> SamplerPubResult:
        """Run a PUB that was checked."""


def pub_result(pub: SamplerPub, bits: NDArray[np.bool_]) -> SamplerPubResult:
    """Sort bits into registers.

    Parameters
    ----------
    pub
        What was run.
    bits
        Of all classical bits of the circuit, in any shape of its parameter sets, shots and
        classical bits, in this order.
    """
    circuit = pub.circuit
    shaped = bits.reshape(*pub.shape, pub.shots, circuit.num_clbits)
    registers = {
        register.name: BitArray.from_bool_array(
            shaped[..., [circuit.find_bit(bit).index for bit in register]], order="little"
        )
        for register in circuit.cregs
    }
    return SamplerPubResult(
        DataBin(**registers, shape=pub.shape),
        metadata={"shots": pub.shots, "circuit_metadata": circuit.metadata},
    )
