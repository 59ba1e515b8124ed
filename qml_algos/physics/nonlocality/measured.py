"""Values of Bell operators from measured counts, with error bars."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit

from qml_algos.backends import Backend
from qml_algos.errors import InvalidProblemError
from qml_algos.physics.nonlocality.bell import (
    UNMEASURED,
    BellOperator,
    Directions,
    require_directions,
)
from qml_algos.physics.snapshots import Snapshots, make_snapshots

_SAME = 1e-6
"""Cosine of two directions that count as one, below 1 by this."""
_ROUNDING = 1e-12


@dataclass(frozen=True, eq=False)
class BellEstimate:
    """A measured value of a Bell operator.

    Attributes
    ----------
    bell
        The inequality.
    value, standard_error
        Of its operator.
    samples
        Measured in all.
    """

    bell: BellOperator = field(repr=False)
    value: float
    standard_error: float
    samples: int

    def __repr__(self) -> str:
        return (
            f"BellEstimate({self.bell.name}: {self.value:.4g} +- {self.standard_error:.2g}, "
            f"classical bound {self.bell.classical_bound:g}, {self.significance:.1f} standard "
            "errors beyond it)"
        )

    @property
    def violation(self) -> float:
        """By how much the value is beyond the classical bound; negative if it is not."""
        return self.bell.sign * (self.value - self.bell.classical_bound)

    @property
    def significance(self) -> float:
        """Violation in standard errors; infinite with its sign where there is no error."""
        if self.standard_error == 0:
            return float(np.copysign(np.inf, self.violation))
        return self.violation / self.standard_error


def measure_bell(
    bell: BellOperator,
    circuit: QuantumCircuit,
    backend: Backend | str | Path,
    shots: int,
    *,
    measurements: Directions | None = None,
    random_state: int | np.random.Generator | None = None,
) -> BellEstimate:
    """Measure a Bell operator in the state of a circuit, in one job.

    Parameters
    ----------
    bell
        The inequality, with a party for each qubit.
    circuit
        Prepares the state; without measurements.
    backend
        Where it runs: opened, or its name or file.
    shots
        Of each choice of settings, see `joint_settings`; at least 2.
    measurements
        Directions instead of those of ``bell``.
    random_state
        Of a simulator's shots.

    Returns
    -------
    BellEstimate
        No correction is made for errors of readout; loopholes are those of the device.

    Raises
    ------
    InvalidProblemError
        If the circuit has another number of qubits than there are parties, or an argument is not
        as described.
    """
    directions = _directions(bell, measurements)
    if not isinstance(circuit, QuantumCircuit) or circuit.num_qubits != bell.parties:
        raise InvalidProblemError(
            f"circuit: a QuantumCircuit of {bell.parties} qubits is needed, one for each party"
        )
    rotations = rotations_to(directions)
    bases = rotations[np.arange(bell.parties), joint_settings(bell)]
    snapshots = make_snapshots(circuit, backend, shots, bases=bases, random_state=random_state)
    return estimate_bell(bell, snapshots, measurements=directions)


def estimate_bell(
    bell: BellOperator, snapshots: Snapshots, *, measurements: Directions | None = None
) -> BellEstimate:
    """Evaluate a Bell operator on snapshots.

    Each correlation is the mean over all snapshots whose bases measure it; a basis along the
    opposite direction counts, too, with its outcomes exchanged.

    Parameters
    ----------
    bell
        The inequality.
    snapshots
        Of the state, from any source, in whatever bases.
    measurements
        Directions instead of those of ``bell``.

    Returns
    -------
    BellEstimate
        Its standard error takes in that correlations share snapshots; a basis with a single
        snapshot enters with its square instead of a variance, which is no less on average.

    Raises
    ------
    InvalidProblemError
        If there is another number of qubits than of parties, or a correlation was not measured.

    Notes
    -----
    O(samples * terms * parties).
    """
    directions = _directions(bell, measurements)
    if snapshots.qubits != bell.parties:
        raise InvalidProblemError(
            f"snapshots has {snapshots.qubits} qubits: {bell.parties} are needed, one for each "
            "party"
        )
    bases, place = np.unique(snapshots.bases, axis=0, return_inverse=True)
    place = place.ravel()
    signs = _signs(directions, snapshots)[np.arange(bell.parties), :, bases]
    factors = _factors(bell, signs)
    totals = np.abs(factors).T @ np.bincount(place).astype(float)
    if np.any(totals == 0):
        missing = bell.settings[int(np.argmin(totals))].tolist()
        raise InvalidProblemError(
            f"snapshots: no sample measures the correlation of settings {missing}, -1 for none"
        )
    masks = (bell.settings > UNMEASURED).astype(float)
    value = variance = 0.0
    for group, factor in enumerate(factors):
        used = np.flatnonzero(factor)
        bits = snapshots.bits[place == group].astype(float)
        products = 1 - 2 * np.mod(bits @ masks[used].T, 2)
        parts = products @ (bell.coefficients[used] * factor[used] / totals[used])
        value += parts.sum()
        variance += len(parts) * _spread(parts)
    return BellEstimate(bell, float(value), float(np.sqrt(variance)), len(snapshots.bits))


def joint_settings(bell: BellOperator) -> NDArray[np.int8]:
    """Choices of a setting for every party that together measure each correlation.

    Each correlation joins the first choice that it agrees with, the longest ones first. The pairs
    of 10 parties take 8 choices, those of 40 take 11.

    Returns
    -------
    numpy.ndarray
        Shape ``(choices, parties)``.
    """
    lengths = np.sum(bell.settings > UNMEASURED, axis=1)
    choices = np.full((0, bell.parties), UNMEASURED, dtype=np.int8)
    # In a random order, pairs of parties meet in few choices; in their own, each has one to itself.
    order = np.random.default_rng(0).permutation(len(lengths))
    for row in bell.settings[order[np.argsort(-lengths[order], kind="stable")]]:
        agrees = np.all((row < 0) | (choices < 0) | (row == choices), axis=1)
        if not np.any(agrees):
            choices = np.vstack([choices, row])
            continue
        first = int(np.argmax(agrees))
        choices[first] = np.where(row < 0, choices[first], row)
    return np.where(choices < 0, 0, choices).astype(np.int8)


def rotations_to(directions: Directions) -> NDArray[np.complex128]:
    """Unitaries after which a measurement of Z is one along each direction.

    Parameters
    ----------
    directions
        Unit vectors, shape ``(..., 3)``.

    Returns
    -------
    numpy.ndarray
        Shape ``(..., 2, 2)``; the first row is the bra of the outcome +1.
    """
    x, y, z = np.moveaxis(np.asarray(directions, dtype=float), -1, 0)
    polar, azimuth = np.arccos(np.clip(z, -1, 1)) / 2, np.exp(-1j * np.arctan2(y, x))
    cosine, sine = np.cos(polar) + 0j, np.sin(polar) * azimuth
    rows = [np.stack([cosine, sine], -1), np.stack([-sine.conj(), cosine], -1)]
    return np.stack(rows, axis=-2)


def _spread(parts: NDArray[np.float64]) -> float:
    """Variance of one snapshot's part; 0 where nothing but rounding tells them apart."""
    if len(parts) == 1:
        return float(parts[0] ** 2)
    if np.ptp(parts) <= _ROUNDING * np.abs(parts).max():
        return 0.0
    return float(parts.var(ddof=1))


def _directions(bell: BellOperator, given: Directions | None) -> Directions:
    if given is None:
        return bell.measurements
    return require_directions("measurements", given, *bell.measurements.shape[:2])


def _signs(directions: Directions, snapshots: Snapshots) -> NDArray[np.int8]:
    """Whether a rotation measures a direction, 1, or its opposite, -1, or neither, 0.

    Shape ``(parties, settings, rotations)``.
    """
    rotations = snapshots.rotations
    observables = rotations.conj().swapaxes(1, 2) @ np.diag([1.0, -1.0]) @ rotations
    below = observables[:, 1, 0]
    axes = np.stack([below.real, below.imag, observables[:, 0, 0].real], axis=1)
    cosines = directions @ axes.T
    return np.where(np.abs(cosines) > 1 - _SAME, np.sign(cosines), 0).astype(np.int8)


def _factors(bell: BellOperator, signs: NDArray[np.int8]) -> NDArray[np.int8]:
    """Sign of each correlation in each basis, 0 where it is not measured; ``(bases, terms)``.

    ``signs`` has the shape ``(bases, parties, settings)``.
    """
    factors = np.ones((len(signs), len(bell.settings)), dtype=np.int8)
    for party, column in enumerate(bell.settings.T):
        measured = column > UNMEASURED
        factors[:, measured] *= signs[:, party, column[measured]]
    return factors
