"""Profiles of entropies of states that Boltzmann machines represent."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError, TooLargeError
from qml_algos.physics.hamiltonians import exact_ground_state, haldane_shastry
from qml_algos.physics.neural.constructions import (
    random_rbm,
    short_range_rbm,
    toric_code_rbm,
    volume_law_rbm,
)
from qml_algos.physics.neural.rbm import MAX_STATEVECTOR_QUBITS, RBMState
from qml_algos.physics.states.entanglement import entropy_profile, page_entropy
from qml_algos.validation import require_count, seed_from

Law = Literal["volume", "critical", "area"]
LAWS: tuple[Law, ...] = ("volume", "critical", "area")


@dataclass(frozen=True, eq=False)
class EntropyProfile:
    """Entropies of one state, or the mean over several.

    Attributes
    ----------
    name
        Of the state.
    law
        How the entropy grows with the number of qubits on one side.
    entropies
        Between the first l qubits and the others, for l = 1 to ``qubits - 1``; bits.
    weights
        Number of weights between units that are not 0; ``None`` if the state is no machine.
    """

    name: str
    law: Law
    entropies: NDArray[np.float64]
    weights: int | None = None


def entanglement_profiles(
    qubits: int = 16, draws: int = 10, random_state: int | np.random.Generator | None = None
) -> list[EntropyProfile]:
    """Compute profiles of states of volume law and area law, and of one between.

    The volume-law machine, machines drawn at random with all units joined and Page's mean over all
    states; the ground state of Haldane and Shastry's chain; the toric code on a torus of two
    columns, row by row, and machines drawn at random with hidden units that reach 1 and 2 qubits.

    Parameters
    ----------
    qubits
        A multiple of 4, from 8 to 20.
    draws
        Over how many draws a machine's profile is averaged.
    random_state
        Seed or generator of these.

    Raises
    ------
    InvalidProblemError, TooLargeError
        If a number is out of range.

    Notes
    -----
    Cost: O(draws * 2^(3 qubits / 2)): seconds at 16 qubits. Haldane and Shastry's state by sparse
    diagonalisation.
    """
    require_count("qubits", qubits)
    require_count("draws", draws)
    if qubits > MAX_STATEVECTOR_QUBITS:
        raise TooLargeError(f"qubits = {qubits}: at most {MAX_STATEVECTOR_QUBITS} are accepted")
    if qubits % 4 or qubits < 8:
        raise InvalidProblemError(f"qubits = {qubits}: must be a multiple of 4, at least 8")
    drawing = (qubits, draws, np.random.default_rng(seed_from(random_state)))
    critical = exact_ground_state(haldane_shastry(qubits)).states[0]
    page = np.array([page_entropy(qubits, cut) for cut in range(1, qubits)])
    return [
        _mean("volume-law machine", "volume", [volume_law_rbm(qubits)]),
        EntropyProfile("Page: mean of all states", "volume", page),
        _drawn("random machine, all joined", "volume", random_rbm, *drawing),
        EntropyProfile("Haldane-Shastry ground state", "critical", entropy_profile(critical)),
        _mean("toric code on a torus of two columns", "area", [_toric_row_by_row(qubits // 4)]),
        _drawn("random machine of reach 2", "area", partial(short_range_rbm, reach=2), *drawing),
        _drawn("random machine of reach 1", "area", partial(short_range_rbm, reach=1), *drawing),
    ]


def _drawn(
    name: str,
    law: Law,
    draw: Callable[..., RBMState],
    qubits: int,
    draws: int,
    generator: np.random.Generator,
) -> EntropyProfile:
    return _mean(name, law, (draw(qubits, random_state=generator) for _ in range(draws)))


def _mean(name: str, law: Law, states: Iterable[RBMState]) -> EntropyProfile:
    every = list(states)
    entropies = np.mean([entropy_profile(state) for state in every], axis=0)
    return EntropyProfile(name, law, entropies, int(np.count_nonzero(every[0].W)))


def _toric_row_by_row(rows: int) -> RBMState:
    """Return the toric code with its qubits in an order in which a cut has two short borders."""
    state = toric_code_rbm(rows, 2)
    order = np.arange(state.qubits).reshape(2, rows, 2).transpose(1, 0, 2).ravel()
    return RBMState(state.W[:, order], state.a[order], state.b)
