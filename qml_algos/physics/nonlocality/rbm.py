"""The violation of a Bell inequality that a restricted Boltzmann machine finds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from qml_algos.errors import TooLargeError
from qml_algos.physics.configurations import every_configuration, spins
from qml_algos.physics.neural.rbm import RBMState
from qml_algos.physics.nonlocality.bell import (
    BellOperator,
    Directions,
    has_no_signs,
    is_collective,
    require_directions,
)
from qml_algos.physics.nonlocality.full_sums import Landscape, descend, log_choices
from qml_algos.physics.nonlocality.inequalities import in_plane
from qml_algos.physics.nonlocality.machines import ComplexMachine, PositiveMachine
from qml_algos.physics.nonlocality.sectors import symmetric_block
from qml_algos.physics.nonlocality.see_saw import improved
from qml_algos.validation import require_count, seed_from

MOST_PARTIES = 12
"""Parties that are not alike: all 2^parties amplitudes are summed over."""
MOST_ALIKE = 200
_TURNS = 30
"""Turns of state and directions, at most."""
_SETTLED = 1e-10
_ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class BellViolation:
    """What a state reaches.

    Attributes
    ----------
    bell
        The inequality.
    value
        Of its operator in the state.
    measurements
        Directions with which it was found; shape ``(parties, settings, 3)``.
    state
        That reaches it, in the frame of ``measurements``.
    """

    bell: BellOperator = field(repr=False)
    value: float
    measurements: Directions = field(repr=False)
    state: RBMState

    @property
    def violation(self) -> float:
        """By how much the value is beyond the classical bound; negative if it is not."""
        return self.bell.sign * (self.value - self.bell.classical_bound)


def rbm_violation(
    bell: BellOperator,
    measurements: Directions | None = None,
    *,
    alpha: int = 1,
    optimise_measurements: bool = False,
    steps: int = 300,
    random_state: int | np.random.Generator | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> BellViolation:
    """Look for a violation among the states of a restricted Boltzmann machine.

    The machine is trained by stochastic reconfiguration, with all sums done in full. Where no
    off-diagonal element has the wrong sign, the best state is positive and the hidden units come in
    conjugate pairs. Where all parties are alike, too, they share the parameters of their visible
    units, and sums run over numbers of spins that point up: the search is then among states that no
    exchange of parties changes. Elsewhere all parameters are complex, and training may end in a
    local maximum: another ``random_state`` may find more.

    Parameters
    ----------
    bell
        The inequality.
    measurements
        Directions instead of those of ``bell``.
    alpha
        Hidden units over parties; rounded up to an even number of units where they come in pairs.
    optimise_measurements
        Whether to improve the directions, too, in turns with the state. Parties who all measure the
        same two directions in the x-z plane go on doing so.
    steps
        Of the descent in each turn, at most.
    random_state
        Of the parameters at the start.
    progress
        Called with the steps done and those of all turns.

    Returns
    -------
    BellViolation
        Its value is exact for its state: no sampling error is in it.

    Raises
    ------
    TooLargeError
        Above 12 parties; above 200 where all are alike.

    Notes
    -----
    A step takes O(parties^3 alpha^2) where parameters are shared, else O(2^parties P^2) with
    ``P ~ alpha parties^2`` parameters. For more parties that are not alike, give
    `BellOperator.hamiltonian` to a ground-state solver that samples.

    References
    ----------
    D.-L. Deng, Phys. Rev. Lett. 120, 240402 (2018), arXiv:1710.04226.
    """
    require_count("alpha", alpha)
    require_count("steps", steps)
    directions = bell.measurements
    if measurements is not None:
        directions = require_directions("measurements", measurements, *directions.shape[:2])
    _require_size(bell, directions)
    turning = optimise_measurements and not _in_plane(directions)
    block = None if turning else _block_without_signs(bell, directions)
    turns = _TURNS if optimise_measurements else 1
    landscape = _landscape(bell, directions, block, alpha)
    parameters = landscape.start(np.random.default_rng(seed_from(random_state)))
    for turn in range(turns):

        def report(step: int, before: int = turn * steps) -> None:
            if progress is not None:
                progress(before + step, turns * steps)

        parameters, energy = descend(landscape, parameters, steps, report)
        if turn == turns - 1:
            break
        amplitudes = landscape.amplitudes(parameters)
        if block is None:
            directions = improved(bell, directions, amplitudes)
            matrix = bell.hamiltonian(directions).to_sparse()
        else:
            directions = _opened(bell, directions, amplitudes)
            matrix = _block(bell, directions)
        landscape = Landscape(landscape.machine, matrix, landscape.features, landscape.log_weights)
        if energy - landscape.energy(parameters) < _SETTLED * abs(energy):
            break
    value = -bell.sign * landscape.energy(parameters)
    if progress is not None:
        progress(turns * steps, turns * steps)
    W, a, b = landscape.machine.weights(parameters)
    copies = bell.parties // len(a)
    state = RBMState(np.tile(W, (1, copies)), np.tile(a, copies), b)
    return BellViolation(bell, value, directions, state)


def _landscape(
    bell: BellOperator, directions: Directions, block: NDArray[Any] | None, alpha: int
) -> Landscape:
    """Return the energy of a machine, with shared parameters if there is a block."""
    n, hidden = bell.parties, alpha * bell.parties
    pairs = -(-hidden // 2)
    if block is not None:
        sums = n - 2 * np.arange(n + 1.0)[:, None]
        return Landscape(PositiveMachine(1, pairs), block, sums, log_choices(n))
    hamiltonian = bell.hamiltonian(directions)
    positive = has_no_signs(hamiltonian)
    machine = PositiveMachine(n, pairs) if positive else ComplexMachine(n, hidden)
    every = spins(every_configuration(n))
    return Landscape(machine, hamiltonian.to_sparse(), every, np.zeros(2**n))


def _block(bell: BellOperator, directions: Directions) -> NDArray[Any]:
    """Hamiltonian in the Dicke basis."""
    assert bell.symmetric is not None
    block: NDArray[Any] = symmetric_block(-bell.sign * bell.symmetric, bell.parties, directions[0])
    return block


def _block_without_signs(bell: BellOperator, directions: Directions) -> NDArray[np.float64] | None:
    """Hamiltonian in the Dicke basis, if parties are alike and no sign there is wrong.

    Where `has_no_signs` holds, too, the state of least energy of all is among those that no
    exchange of parties changes, as its amplitudes are positive and it is the only one.
    """
    if bell.symmetric is None or not is_collective(directions):
        return None
    block = _block(bell, directions)
    off = block - np.diag(np.diag(block))
    if np.any(np.abs(block.imag) > _ROUNDING) or np.max(off.real) > _ROUNDING:
        return None
    return block.real


def _in_plane(directions: Directions) -> bool:
    return is_collective(directions) and bool(np.all(np.abs(directions[..., 1]) < _ROUNDING))


def _opened(bell: BellOperator, directions: Directions, amplitudes: NDArray[Any]) -> Directions:
    """Turn both directions by opposite angles to where a state reaches more, all parties alike.

    The axis between them, and with it the signs of the operator, stays where it is.
    """
    first, second = np.arctan2(directions[0, :, 0], directions[0, :, 2])

    def turned(angle: float) -> Directions:
        return in_plane([first - angle, second + angle], bell.parties)

    def loss(angle: float) -> float:
        return float(amplitudes @ _block(bell, turned(angle)) @ amplitudes)

    width = abs(second - first) / 2
    found = minimize_scalar(
        loss, bounds=(-width, width), method="bounded", options={"xatol": _ROUNDING}
    )
    return turned(float(found.x))


def _require_size(bell: BellOperator, directions: Directions) -> None:
    alike = bell.symmetric is not None and is_collective(directions)
    most = MOST_ALIKE if alike else MOST_PARTIES
    if bell.parties > most:
        raise TooLargeError(f"{bell.parties} parties: sums are done in full for at most {most}")
