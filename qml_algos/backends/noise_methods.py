"""Ways to simulate a circuit with noise, and which one is taken when."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Any

import numpy as np
from qiskit import QuantumCircuit
from qiskit.primitives.containers import BitArray
from qiskit.primitives.containers.sampler_pub import SamplerPub
from qiskit_aer.noise import NoiseModel
from qiskit_aer.primitives import SamplerV2

from qml_algos.backends.config import NoisyConfig
from qml_algos.backends.cut import measures_last, used_qubits
from qml_algos.backends.noise_cost import (
    branching_seconds,
    density_matrix_seconds,
    matrix_product_state_seconds,
)
from qml_algos.errors import TooLargeError

# Trajectories that share branches hold up to one state a shot.
BRANCHING_BYTES = 2**31
BRANCHING_SHOTS = 10_000


class Method(Enum):
    """How a circuit with noise is simulated; the value is the key in ``[methods]``.

    All are statistically exact: they differ in cost alone.
    """

    DENSITY_MATRIX = "density_matrix"
    BRANCHING = "branching"
    MATRIX_PRODUCT_STATE = "matrix_product_state"


# Trajectories run in one thread: how Aer spreads them over several changes their random numbers,
# and a seed must mean the same on every machine.
OPTIONS: dict[Method, dict[str, Any]] = {
    Method.DENSITY_MATRIX: {"method": "density_matrix", "max_parallel_shots": 1},
    Method.BRANCHING: {
        "method": "statevector",
        "shot_branching_enable": True,
        "shot_branching_sampling_enable": True,
        "max_parallel_threads": 1,
    },
    Method.MATRIX_PRODUCT_STATE: {"method": "matrix_product_state", "max_parallel_threads": 1},
}


def choose_method(config: NoisyConfig, circuit: QuantumCircuit) -> Method:
    """Choose how a compiled circuit is simulated.

    By the number of qubits it uses: density matrix, branching, matrix product states. A circuit
    that does anything after a measurement has no one density matrix to sample from, so the
    density matrix is its last choice.

    Raises
    ------
    TooLargeError
        If it uses more qubits than the backend takes.
    """
    needed = len(used_qubits(circuit))
    require_method(config, needed, f"circuit {circuit.name!r}, once compiled,")
    order = list(Method)
    if not measures_last(circuit):
        order = [*order[1:], order[0]]
    # A description whose limit no method reaches is refused when it is read.
    return next(method for method in order if needed <= getattr(config.methods, method.value))


def require_method(config: NoisyConfig, needed: int, what: str) -> None:
    """Refuse what uses more qubits than a backend takes.

    Raises
    ------
    TooLargeError
        Naming both numbers, and how many qubits each method takes.
    """
    limit = config.limits.max_qubits
    if needed <= limit:
        return
    methods = [f"{method.name} {getattr(config.methods, method.value)}" for method in Method]
    ranges = ", ".join(methods).lower().replace("_", " ")
    raise TooLargeError(
        f"{what} needs {needed} qubits; backend {config.name!r} takes at most {limit} "
        f"(methods: {ranges})"
    )


def require_time(config: NoisyConfig, pub: SamplerPub, method: Method) -> None:
    """Refuse what would take longer than the backend allows.

    Raises
    ------
    TooLargeError
        Naming the estimate and the limit.
    """
    sets, shots = max(1, pub.size), pub.shots
    if method is Method.DENSITY_MATRIX:
        seconds = density_matrix_seconds(pub.circuit, sets)
    elif method is Method.BRANCHING:
        seconds = branching_seconds(pub.circuit, sets, shots)
    else:
        seconds = matrix_product_state_seconds(pub.circuit, sets, shots)
    if seconds > config.methods.max_seconds:
        raise TooLargeError(
            f"circuit {pub.circuit.name!r} with {pub.circuit.size():,} gates, {sets:,} parameter "
            f"sets of {shots:,} shots takes up to {seconds:,.0f} s by {method.value}; backend "
            f"{config.name!r} allows {config.methods.max_seconds:,.0f} s (methods.max_seconds). "
            "Fewer gates, qubits or shots fit."
        )


def simulate(
    pub: SamplerPub, method: Method, noise: NoiseModel, seed: np.random.SeedSequence
) -> dict[str, BitArray]:
    """Sample a PUB under gate noise; the outcomes by register."""
    options = {**OPTIONS[method], "noise_model": noise}
    if method is Method.DENSITY_MATRIX and pub.parameter_values.size > 1:
        # Small density matrices are too little work for several threads each.
        options["max_parallel_experiments"] = 0
    parts = []
    for shots in _portions(pub, method):
        [part_seed] = seed.spawn(1)
        aer_seed = int(part_seed.generate_state(1)[0])
        sampler = SamplerV2(seed=aer_seed, options={"backend_options": options})
        parts.append(sampler.run([(pub.circuit, pub.parameter_values, shots)]).result()[0].data)
    return {
        register.name: BitArray.concatenate_shots([part[register.name] for part in parts])
        for register in pub.circuit.cregs
    }


def _portions(pub: SamplerPub, method: Method) -> Iterator[int]:
    """Divide shots so that those simulated together fit into memory."""
    left = pub.shots
    portion = left
    if method is Method.BRANCHING:
        states = BRANCHING_BYTES // (16 * 2**pub.circuit.num_qubits)
        portion = max(1, min(BRANCHING_SHOTS, states))
    while left > 0:
        yield min(portion, left)
        left -= portion
