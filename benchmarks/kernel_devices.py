"""Benchmark of fidelity kernels on a model of a device: how wrong, how corrected, how large.

``python benchmarks/kernel_devices.py --help``. The Gram matrix of points drawn uniformly from
[0, 1]^n, from a seed of their own, by the ZZ map of one and two repetitions on n qubits, is
measured on ``heron_r3`` as it is, with depolarising noise taken out, and with misreading taken out.
Errors are relative in the Frobenius norm, with standard errors; beside them what the shots alone
would leave, the same without noise, and the errors after projection on the positive semidefinite
matrices without and with a unit diagonal. Sizes are those of the request for these points and for
200: jobs at the limits of ``ibm_device``, bytes of parameter values sent and of bits returned, and
quantum seconds by the device's durations.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from circuits.feature_maps import ZZMap
from qml_algos.backends import Backend, backend
from qml_algos.backends.config import load_config
from qml_algos.kernels.fidelity import FidelityKernel
from qml_algos.kernels.positive_semidefinite import nearest_positive_semidefinite
from qml_algos.kernels.sampled import CORRECTIONS, SampledGram, gram_error, sampled_fidelities
from qml_algos.kernels.sampled.fidelities import Correction
from qml_algos.kernels.sampled.overlap import overlap_circuit

DEVICE = "heron_r3"
QUBITS = (2, 4, 6)
REPETITIONS = (1, 2)
LARGE = 200


@dataclass(frozen=True)
class Measured:
    """The error of one Gram matrix; errors are relative in the Frobenius norm."""

    error: float
    standard_error: float
    shots_alone: float
    projected: float
    projected_unit_diagonal: float
    cpu_seconds: float


@dataclass(frozen=True)
class Request:
    """How large it is to ask a device for a Gram matrix."""

    points: int
    circuits: int
    executions: int
    jobs: int
    bytes_sent: int
    bytes_returned: int
    quantum_seconds: float


@dataclass(frozen=True)
class Row:
    """One feature map."""

    qubits: int
    repetitions: int
    two_qubit_gates: int
    depth: int
    mean_survival: float
    errors: dict[str, Measured]
    requests: tuple[Request, ...]


def main() -> None:
    """Run, print and save."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=12)
    parser.add_argument("--shots", type=int, default=4096)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--output", type=Path, default=Path(__file__).parent / "results" / "kernel_devices.json"
    )
    arguments = parser.parse_args()
    device = backend(DEVICE)
    rows = []
    for qubits in QUBITS:
        for repetitions in REPETITIONS:
            points = np.random.default_rng(arguments.seed).uniform(0, 1, (arguments.points, qubits))
            row = measure(ZZMap(repetitions=repetitions), points, device, arguments.shots)
            rows.append(row)
            print(json.dumps(asdict(row)), flush=True)
    report = {
        "device": DEVICE,
        "calibrated": str(device.calibrated),
        "points": arguments.points,
        "shots": arguments.shots,
        "maps": [asdict(row) for row in rows],
    }
    arguments.output.write_text(json.dumps(report, indent=1) + "\n")


def measure(feature_map: ZZMap, points: NDArray[np.float64], device: Backend, shots: int) -> Row:
    """Measure a Gram matrix in all ways."""
    features = points.shape[1]
    circuit, angles = feature_map.circuit(features), feature_map.angles(points)
    exact = FidelityKernel(feature_map)(points)
    ways: list[tuple[str, Backend, Correction | None]] = [
        ("noiseless", backend("aer_shots"), None),
        ("raw", device, None),
        *((correction, device, correction) for correction in CORRECTIONS),
    ]
    errors, found = {}, {}
    for name, where, correction in ways:
        start = time.process_time()
        found[name] = sampled_fidelities(
            circuit, angles, backend=where, shots=shots, seed=2, correction=correction
        )
        errors[name] = compared(found[name], exact, time.process_time() - start)
    survival = found["depolarising"].survival
    assert survival is not None
    used = found["raw"].resources
    return Row(
        qubits=features,
        repetitions=feature_map.repetitions,
        two_qubit_gates=used.two_qubit_gates or 0,
        depth=used.depth or 0,
        mean_survival=float(survival.mean()),
        errors=errors,
        requests=tuple(
            request(feature_map, features, number, device, shots) for number in (len(points), LARGE)
        ),
    )


def compared(gram: SampledGram, exact: NDArray[np.float64], seconds: float) -> Measured:
    """Compare with the exact matrix."""
    error = gram_error(gram, exact)
    norm = np.linalg.norm(exact)
    plain, unit = (
        nearest_positive_semidefinite(gram.values, unit_diagonal=unit) for unit in (False, True)
    )
    return Measured(
        error=error.value,
        standard_error=error.standard_error,
        shots_alone=float(np.linalg.norm(gram.standard_errors) / norm),
        projected=float(np.linalg.norm(plain - exact) / norm),
        projected_unit_diagonal=float(np.linalg.norm(unit - exact) / norm),
        cpu_seconds=seconds,
    )


def request(feature_map: ZZMap, features: int, points: int, device: Backend, shots: int) -> Request:
    """Size of the request for so many points among themselves, uncorrected."""
    overlap = overlap_circuit(feature_map.circuit(features))
    [compiled] = device.compile([overlap.circuit])
    seconds = device.seconds(compiled)
    assert seconds is not None
    circuits = points * (points - 1) // 2
    limit = load_config("ibm_device").limits.max_executions
    return Request(
        points=points,
        circuits=circuits,
        executions=circuits * shots,
        jobs=math.ceil(circuits / (limit // shots)),
        bytes_sent=8 * circuits * compiled.num_parameters,
        bytes_returned=circuits * shots * math.ceil(compiled.num_clbits / 8),
        quantum_seconds=circuits * shots * seconds,
    )


if __name__ == "__main__":
    main()
