"""Overlaps of the solution with given vectors, from shots."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit

from circuits.overlap import hadamard_test, swap_test, uncomputed_overlap
from qml_algos.errors import InvalidProblemError
from qml_algos.linear_systems.program import Program
from qml_algos.linear_systems.readout.sampling import Shots, require_accepted
from qml_algos.linear_systems.right_hand_side import DenseVector, RightHandSide
from qml_algos.linear_systems.solution import Overlap
from qml_algos.validation import numeric_array

OverlapMethod = Literal["uncompute", "swap", "hadamard"]
"""How an overlap is measured; see `overlap_circuits`."""

_PREPARATION_ERROR = 1e-6
"""Of vectors prepared for an overlap, relative: far below what shots show."""

# In standard errors: interference that shows a phase.
_SIGNIFICANT = 3.0

_Mean = tuple[float, float]
"""Mean over all shots, and its variance."""


def as_vectors(given: Mapping[str, Any], size: int) -> dict[str, RightHandSide]:
    """Check vectors by name: arrays of shape ``(size,)``, or right-hand sides as values.

    Raises
    ------
    InvalidProblemError
        If one has another size, is zero or not finite; the message names it.
    """
    return {name: as_vector(vector, f"overlap {name!r}", size) for name, vector in given.items()}


def as_vector(given: Any, name: str, size: int) -> RightHandSide:
    """Check one vector; see `as_vectors`."""
    if isinstance(given, RightHandSide):
        if given.size != size:
            raise InvalidProblemError(f"{name} has {given.size:,} entries: {size:,} are needed")
        return given
    vector = numeric_array(given, name)
    if vector.shape != (size,):
        raise InvalidProblemError(f"{name} has shape {vector.shape}: {(size,)} is needed")
    if not np.any(vector):
        raise InvalidProblemError(f"{name} is zero: no state can represent it")
    return DenseVector(vector)


def overlap_circuits(
    program: Program,
    vectors: Mapping[str, RightHandSide],
    method: OverlapMethod,
    reference: RightHandSide | None,
) -> dict[Hashable, QuantumCircuit]:
    r"""Write the circuits to be measured, without measurements.

    ``"uncompute"`` undoes the preparation of v after the program: one circuit for each v, for the
    absolute value. With a reference r, whose overlap with x is known to be positive, two more
    vectors show the phase by interference, v + r and, unless all is real, v + i r; r itself is
    measured once for all. No qubit and no control is added. ``"swap"`` measures the absolute
    value, with n qubits and n CX more; ``"hadamard"`` the overlap with its phase, by a controlled
    program, which takes eight to nine times its gates: one circuit for each v if all is real,
    else two.

    Raises
    ------
    ValueError
        If there is no such method.
    """
    if method not in ("uncompute", "swap", "hadamard"):
        raise ValueError(f"overlap_method = {method!r}: 'uncompute', 'swap' or 'hadamard'")
    circuits: dict[Hashable, QuantumCircuit] = {}
    for name, vector in vectors.items():
        if method == "uncompute":
            for key, other in _interfering(program, name, vector, reference).items():
                circuits[key] = uncomputed_overlap(program.circuit, _preparation(program, other))
        elif method == "swap":
            circuits["overlap", name, "swap"] = swap_test(
                program.circuit, _preparation(program, vector)
            )
        else:
            target = _accepted_state(program, vector)
            for part in ("real",) if _all_real(program, vector) else ("real", "imaginary"):
                circuits["overlap", name, part] = hadamard_test(
                    program.circuit, target, imaginary=part == "imaginary"
                )
    return circuits


def read_overlap(
    program: Program,
    name: str,
    vector: RightHandSide,
    method: OverlapMethod,
    reference: RightHandSide | None,
    samples: Mapping[Hashable, Shots],
) -> Overlap:
    """Read ``<v|x>``, x not normalised; arguments as for `overlap_circuits`."""
    unit = abs(program.factor) * vector.norm()
    if method == "hadamard":
        return _read_hadamard(program, name, vector, samples)
    if method == "swap":
        mean, variance = _swap_mean(samples["overlap", name, "swap"])
        return Overlap(*_scaled_root(unit, mean, variance), phase_known=False)
    mean, variance = _zero_mean(samples["overlap", name, "v"])
    size, error = _scaled_root(unit, mean, variance)
    if reference is None:
        return Overlap(size, error, phase_known=False)
    product, product_error = _interference(program, name, vector, reference, samples)
    if abs(product) <= _SIGNIFICANT * product_error:
        return Overlap(size, error, phase_known=False)
    phase = product / abs(product)
    if _all_real(program, vector, reference):
        return Overlap(size * phase.real, error, phase_known=True)
    across = size * product_error / abs(product)
    return Overlap(size * phase, float(np.hypot(error, across)), phase_known=True)


def _interfering(
    program: Program, name: str, vector: RightHandSide, reference: RightHandSide | None
) -> dict[Hashable, RightHandSide]:
    """Vectors to uncompute: v, r, and their sums with weights w."""
    found: dict[Hashable, RightHandSide] = {("overlap", name, "v"): vector}
    if reference is not None:
        found["reference",] = reference
        for part, weight in _weights(program, vector, reference).items():
            found["overlap", name, part] = DenseVector(_unit(vector) + weight * _unit(reference))
    return found


def _weights(
    program: Program, vector: RightHandSide, reference: RightHandSide
) -> dict[str, complex | float]:
    """1 or -1, and i or -i, whichever does not cancel v against r."""
    inner = np.vdot(_unit(vector), _unit(reference))
    weights: dict[str, complex | float] = {"real": 1.0 if inner.real >= 0 else -1.0}
    if not _all_real(program, vector, reference):
        weights["imaginary"] = 1j if (1j * inner).real >= 0 else -1j
    return weights


def _interference(
    program: Program,
    name: str,
    vector: RightHandSide,
    reference: RightHandSide,
    samples: Mapping[Hashable, Shots],
) -> tuple[complex, float]:
    r"""``<v|a><r|a>*`` and its standard error, from ``|<v + w r|a>|^2`` for units v, r and |w| = 1.

    The latter is ``|<v|a>|^2 + |<r|a>|^2 + 2 Re(w <v|a><r|a>*)``.
    """
    singles = [_zero_mean(samples["overlap", name, "v"]), _zero_mean(samples["reference",])]
    product, variance = 0j, 0.0
    for part, weight in _weights(program, vector, reference).items():
        squared = float(np.linalg.norm(_unit(vector) + weight * _unit(reference)) ** 2)
        mean, spread = _zero_mean(samples["overlap", name, part])
        excess = squared * mean - sum(single[0] for single in singles)
        product += np.conj(weight) * excess / 2
        variance += (squared**2 * spread + sum(single[1] for single in singles)) / 4
    return complex(product), float(np.sqrt(variance))


def _read_hadamard(
    program: Program, name: str, vector: RightHandSide, samples: Mapping[Hashable, Shots]
) -> Overlap:
    parts = {"real": 1.0, "imaginary": 1j}
    value, variance = 0j, 0.0
    for part, weight in parts.items():
        if ("overlap", name, part) in samples:
            signs = 1.0 - 2.0 * samples["overlap", name, part].others[:, -1]
            value += weight * np.mean(signs)
            variance += float(np.var(signs)) / signs.size
    norm = vector.norm()
    overlap = complex(program.factor * norm * value)
    error = abs(program.factor) * norm * float(np.sqrt(variance))
    real = _all_real(program, vector)
    return Overlap(overlap.real if real else overlap, error, phase_known=True)


def _zero_mean(shots: Shots) -> _Mean:
    require_accepted(shots)
    return _mean(shots.accepted & ~shots.data.any(axis=1))


def _swap_mean(shots: Shots) -> _Mean:
    require_accepted(shots)
    n = shots.data.shape[1]
    both = shots.data & shots.others[:, -n:]
    return _mean(np.where(shots.accepted, 1.0 - 2.0 * (both.sum(axis=1) % 2), 0.0))


def _mean(values: NDArray[Any]) -> _Mean:
    # One more success and one more failure: no variance of 0 from a count of 0.
    mean = float(np.mean(values))
    variance = float(np.var(values))
    return mean, max(variance, 1 / values.size) / values.size


def _scaled_root(unit: float, mean: float, variance: float) -> tuple[float, float]:
    """Return ``unit * sqrt(mean)`` and a standard error that stays finite near 0."""
    root = float(np.sqrt(max(mean, 0.0)))
    spread = float(np.sqrt(variance))
    return unit * root, unit * min(float(np.sqrt(spread)), spread / (2 * root) if root else np.inf)


def _unit(vector: RightHandSide) -> NDArray[Any]:
    return vector.vector() / vector.norm()


def _all_real(program: Program, *vectors: RightHandSide) -> bool:
    return program.real and all(vector.real for vector in vectors)


def _preparation(program: Program, vector: RightHandSide) -> QuantumCircuit:
    return vector.prepare(program.layout, _PREPARATION_ERROR).circuit


def _accepted_state(program: Program, vector: RightHandSide) -> QuantumCircuit:
    """Prepare v, and the other qubits as they are on success."""
    circuit = QuantumCircuit(program.circuit.num_qubits)
    circuit.compose(_preparation(program, vector), range(program.data_qubits), inplace=True)
    for bit in range(circuit.num_qubits - program.data_qubits):
        if program.accepted >> bit & 1:
            circuit.x(program.data_qubits + bit)
    return circuit
