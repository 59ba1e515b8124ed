"""Benchmark of circuits on copies of a density matrix: errors, copies, gates.

``python benchmarks/density_matrix.py --help``. Four parts, which can be run one by one:

- ``exponentiation``: the channel of density-matrix exponentiation, as matrices, against the
  evolution. Its error is the largest trace distance found over inputs entangled with as many qubits
  more, from several starts of a local search: a lower bound of the normalised diamond distance.
- ``ghz``: the principal eigenvalue of a noisy GHZ state of 4 qubits from traces of its powers,
  measured on the simulator with resets; ``--seeds`` repeats it.
- ``phases``: the same eigenvalue by phase estimation from copies. The distribution of the clock is
  computed with the partial swaps as they are, and sampled.
- ``gates``: CX of controlled partial swaps and of purified data, beside Qiskit's own synthesis.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import scipy.linalg
import scipy.optimize
from numpy.typing import NDArray
from qiskit import QuantumCircuit, transpile
from qiskit.circuit.library import StatePreparation, UnitaryGate
from qiskit.quantum_info import DensityMatrix, Operator, partial_trace

from circuits.density_matrix import (
    CopyEvolution,
    cyclic_shift_test,
    exponentiation_error,
    partial_swap,
    phase_estimation_copies,
    purified_data,
    swap_signs,
)
from linear_report import keep, now, table, versions
from qml_algos.backends import backend
from qml_algos.backends.execution import execute

Matrix = NDArray[Any]

QUBITS, FLIP, SHOTS = 4, 0.02, 10_000
"""The GHZ state; probability of each of the flips X, Y and Z of each qubit; shots of a power."""
COPIES = (16, 32, 64, 128, 256, 512, 1024)
TIMES = (1.0, 3.0, 6.0)
SAMPLES = 256
CLOCKS, CLOCK_ERRORS, CLOCK_SHOTS = (3, 4, 5, 6), (0.5, 0.05), 1_000


def exponentiation(options: argparse.Namespace) -> None:
    """Error of the exponentiation over the number of copies, and the constant in its bound."""
    generator = np.random.default_rng(0)
    rows = []
    for size in (2, 4):
        for rank in (1, size):
            vectors = generator.normal(size=(size, rank)) + 1j * generator.normal(size=(size, rank))
            rho = vectors @ vectors.conj().T / np.linalg.norm(vectors) ** 2
            for evolved in TIMES:
                errors = [_largest_error(rho, evolved, n) for n in COPIES]
                bounds = [exponentiation_error(evolved, n) for n in COPIES]
                used = [k for k, n in enumerate(COPIES) if n >= 4 * evolved**2]
                exponent = np.polyfit(
                    np.log(np.take(COPIES, used)), np.log(np.take(errors, used)), 1
                )
                rows.append(
                    {
                        "size": size,
                        "rank": rank,
                        "time": evolved,
                        "copies": COPIES,
                        "errors": errors,
                        "bounds": bounds,
                        "exponent": float(exponent[0]),
                        "constant": errors[-1] * COPIES[-1] / evolved**2,
                    }
                )
    keep(options.out, "exponentiation", {"measured": now(), "rows": rows})
    print(
        table(
            [
                "size",
                "rank",
                "t",
                "exponent",
                "error n / t^2",
                "bound n / t^2",
                "published",
                "held",
            ],
            [
                [
                    *(f"{row[key]:g}" for key in ("size", "rank", "time")),
                    f"{row['exponent']:.3f}",
                    f"{row['constant']:.2f}",
                    "1.25",
                    "4",
                    str(all(np.less_equal(row["errors"], row["bounds"]))),
                ]
                for row in rows
            ],
            0,
        )
    )


def ghz(options: argparse.Namespace) -> None:
    """Principal eigenvalue from tr rho^k, with k copies a shot."""
    copy = noisy_ghz()
    values = np.linalg.eigvalsh(_state_of(copy))
    rows = []
    for copies in (2, 3):
        circuit = cyclic_shift_test(copy, QUBITS, copies)
        for seed in range(options.seeds):
            start = time.perf_counter()
            run = execute([circuit], backend("aer_shots"), SHOTS, seed)
            signs = swap_signs(run.numbers(0, "left"), run.numbers(0, "right"))
            if copies > 2:
                signs = signs * (1 - 2 * run.numbers(0, "test"))
            trace = float(signs.mean())
            rows.append(
                {
                    "copies_a_shot": copies,
                    "seed": seed,
                    "qubits": circuit.num_qubits,
                    "two_qubit_gates": run.compiled[0].num_nonlocal_gates(),
                    "copies": copies * SHOTS,
                    "trace": trace,
                    "exact_trace": float(np.sum(values**copies)),
                    "eigenvalue": trace ** (1 / copies),
                    "standard_error": float(
                        trace ** (1 / copies - 1) / copies * np.sqrt((1 - trace**2) / SHOTS)
                    ),
                    "relative_error": trace ** (1 / copies) / values[-1] - 1,
                    "seconds": time.perf_counter() - start,
                }
            )
            keep(
                options.out,
                "ghz",
                {
                    "measured": now(),
                    "versions": versions("qiskit", "qiskit-aer"),
                    "exact": float(values[-1]),
                    "rows": rows,
                },
            )
    print(f"largest eigenvalue {values[-1]:.4f}")
    print(
        table(
            [
                "copies a shot",
                "seed",
                "qubits",
                "cx",
                "copies",
                "eigenvalue",
                "standard error",
                "error",
                "s",
            ],
            [
                [
                    *(str(row[key]) for key in ("copies_a_shot", "seed", "qubits")),
                    *(f"{row[key]:,}" for key in ("two_qubit_gates", "copies")),
                    f"{row['eigenvalue']:.4f}",
                    f"{row['standard_error']:.4f}",
                    f"{row['relative_error']:+.2%}",
                    f"{row['seconds']:.0f}",
                ]
                for row in rows
            ],
            0,
        )
    )


def phases(options: argparse.Namespace) -> None:
    """Principal eigenvalue from the clock of phase estimation, with and without copies' error."""
    copy = noisy_ghz()
    values = np.linalg.eigvalsh(_state_of(copy))
    rows = []
    for clock_qubits, bound in product(CLOCKS, CLOCK_ERRORS):
        # The phases of eigenvalues up to 1 fill the clock but for one cell.
        evolved = 2 * np.pi * (1 - 2.0**-clock_qubits)
        copies = phase_estimation_copies(clock_qubits, evolved, bound)
        step = (2**clock_qubits - 1) * evolved / (copies - 1 - clock_qubits)
        ideal = clock_distribution(values, clock_qubits, evolved, step / 1000)
        found = clock_distribution(values, clock_qubits, evolved, step)
        errors = []
        for seed in range(20):
            counts = np.random.default_rng(seed).multinomial(CLOCK_SHOTS, found)
            errors.append(_off_grid(counts) / evolved / values[-1] - 1)
        rows.append(
            {
                "clock_qubits": clock_qubits,
                "copies_a_shot": 1
                + CopyEvolution(copy, QUBITS, step).copies(clock_qubits, evolved),
                "distance": float(np.abs(found - ideal).sum() / 2),
                "bound": bound,
                "median_error": float(np.median(np.abs(errors))),
                "largest_error": float(np.max(np.abs(errors))),
            }
        )
    keep(options.out, "phases", {"measured": now(), "shots": CLOCK_SHOTS, "rows": rows})
    print(
        table(
            ["clock", "copies a shot", "distance", "bound", "median error", "largest of 20"],
            [
                [
                    str(row["clock_qubits"]),
                    f"{row['copies_a_shot']:,}",
                    f"{row['distance']:.4f}",
                    f"{row['bound']:g}",
                    f"{row['median_error']:.2%}",
                    f"{row['largest_error']:.2%}",
                ]
                for row in rows
            ],
            0,
        )
    )


def gates(options: argparse.Namespace) -> None:
    """CX of the parts that everything else is made of, compiled alike."""
    rows = []
    for qubits in (1, 2, 3, 4, 8):
        ours = partial_swap(qubits, 0.3)
        row: dict[str, Any] = {"part": f"controlled partial swap, n = {qubits}", "ours": _cx(ours)}
        if qubits <= 2:
            whole = QuantumCircuit(ours.num_qubits)
            whole.append(UnitaryGate(Operator(ours).data), whole.qubits)
            row["qiskit"] = _cx(whole)
        rows.append(row)
    for features in (4, 8, 16, 256):
        X = np.random.default_rng(features).normal(size=(SAMPLES, features))
        start = time.perf_counter()
        loader = purified_data(X).circuit
        row = {"part": f"purified data, {features} features", "ours": loader.num_nonlocal_gates()}
        row["seconds"] = time.perf_counter() - start
        if features <= 16:
            row["svd"] = _cx(purified_data(X, method="svd").circuit)
            # All of the samples, as they are: what loading X itself takes.
            whole = QuantumCircuit(int(X.size).bit_length() - 1)
            whole.append(StatePreparation(X.ravel() / np.linalg.norm(X)), whole.qubits)
            row["qiskit"] = _cx(whole)
        rows.append(row)
    keep(options.out, "gates", {"measured": now(), "versions": versions("qiskit"), "rows": rows})
    print(
        table(
            ["part", "cx", "cx, diagonalised", "cx, Qiskit"],
            [
                [
                    row["part"],
                    *(f"{row[k]:,}" if k in row else "-" for k in ("ours", "svd", "qiskit")),
                ]
                for row in rows
            ],
            1,
        )
    )


def noisy_ghz() -> QuantumCircuit:
    """Prepare a GHZ state whose qubits are depolarised, by one more qubit that is reset."""
    copy = QuantumCircuit(QUBITS + 1)
    copy.h(0)
    for qubit in range(QUBITS - 1):
        copy.cx(qubit, qubit + 1)
    for qubit in range(QUBITS):
        for flip in (copy.cx, copy.cy, copy.cz):
            copy.ry(2 * np.arcsin(np.sqrt(FLIP)), QUBITS)
            flip(QUBITS, qubit)
            copy.reset(QUBITS)
    return copy


def clock_distribution(
    eigenvalues: Matrix, clock_qubits: int, evolved: float, step: float
) -> NDArray[np.float64]:
    """Distribution of the clock of phase estimation from copies, exactly.

    A copy and all that partial swaps make of it are diagonal in the eigenbasis, for each pair of
    values of the clock. A partial swap, of signs s and u in that pair, takes the diagonal x to
    ``cos^2 x - i sin cos (s - u) lambda x + s u sin^2 sum(x) lambda``.
    """
    times = np.arange(2**clock_qubits)
    states = np.repeat(eigenvalues[None].astype(complex), times.size**2, axis=0)
    rows, columns = (axis.ravel() for axis in np.meshgrid(times, times, indexing="ij"))
    for bit in range(clock_qubits):
        copies = max(1, int(np.ceil(evolved * 2**bit / step * (1 - 1e-12))))
        c, s = np.cos(evolved * 2**bit / (2 * copies)), np.sin(evolved * 2**bit / (2 * copies))
        for first in (0, 1):
            for second in (0, 1):
                sign, other = 1 - 2 * first, 1 - 2 * second
                one = np.diag(c**2 - 1j * s * c * (sign - other) * eigenvalues)
                one = one + sign * other * s**2 * eigenvalues[:, None]
                chosen = (rows >> bit & 1 == first) & (columns >> bit & 1 == second)
                states[chosen] = states[chosen] @ np.linalg.matrix_power(one, copies).T
    coherences = states.sum(axis=1).reshape(times.size, times.size)
    transform = np.exp(-2j * np.pi * np.outer(times, times) / times.size) / times.size
    found: NDArray[np.float64] = np.einsum(
        "ki,ij,kj->k", transform, coherences, transform.conj()
    ).real
    return found


def _off_grid(counts: NDArray[np.int64]) -> float:
    """Phase of the highest peak, from the ratio of the amplitudes of its two cells."""
    highest = int(np.argmax(counts))
    sides = {side: counts[(highest + side) % counts.size] for side in (-1, 1)}
    side = max(sides, key=lambda key: sides[key])
    shift = 1 / (1 + np.sqrt(counts[highest] / max(sides[side], 1)))
    return float(2 * np.pi * (highest + side * shift) / counts.size)


def _largest_error(rho: Matrix, evolved: float, copies: int) -> float:
    """Largest trace distance found over pure inputs entangled with as many qubits more."""
    size, angle = rho.shape[0], evolved / copies
    identity = np.eye(size)
    left, right = np.kron(rho, identity), np.kron(identity, rho.T)
    forget = np.outer(rho.ravel(), identity.ravel())
    step = (
        np.cos(angle) ** 2 * np.eye(size**2)
        + np.sin(angle) ** 2 * forget
        - 1j * np.sin(angle) * np.cos(angle) * (left - right)
    )
    unitary = scipy.linalg.expm(-1j * evolved * rho)
    difference = np.linalg.matrix_power(step, copies) - np.kron(unitary, unitary.conj())
    blocks = difference.reshape((size,) * 4)

    def loss(values: NDArray[np.float64]) -> float:
        vector = (values[: size**2] + 1j * values[size**2 :]).reshape(size, size)
        vector = vector / np.linalg.norm(vector)
        out = np.einsum("abij,ix,jy->axby", blocks, vector, vector.conj(), optimize=True)
        return -float(np.abs(np.linalg.eigvalsh(out.reshape(size**2, size**2))).sum() / 2)

    generator = np.random.default_rng(1)
    starts = [generator.normal(size=2 * size**2) for _ in range(3)]
    options = {"maxiter": 60}
    scale = 1 / -loss(starts[0])
    found = [
        scipy.optimize.minimize(lambda v: scale * loss(v), start, method="BFGS", options=options)
        for start in starts
    ]
    return float(max(-result.fun for result in found) / scale)


def _state_of(copy: QuantumCircuit) -> Matrix:
    return partial_trace(DensityMatrix(copy), range(QUBITS, copy.num_qubits)).data


def _cx(circuit: QuantumCircuit) -> int:
    compiled = transpile(
        circuit, basis_gates=["cx", "rz", "sx", "x"], optimization_level=2, seed_transpiler=0
    )
    return compiled.num_nonlocal_gates()


PARTS: dict[str, Callable[[argparse.Namespace], None]] = {
    "gates": gates,
    "exponentiation": exponentiation,
    "phases": phases,
    "ghz": ghz,
}


def main() -> None:
    """Run the parts asked for; each keeps its results at once."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=[*PARTS])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parent / "results" / "density_matrix.json"
    )
    options = parser.parse_args()
    for part in options.parts:
        print(f"\n{part}\n")
        PARTS[part](options)


if __name__ == "__main__":
    main()
