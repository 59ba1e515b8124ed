"""Random restricted Boltzmann machines, of short range or with all units joined."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from qml_algos.errors import InvalidProblemError
from qml_algos.physics.neural.parametrisation import Parametrisation
from qml_algos.physics.neural.rbm import RBMState
from qml_algos.validation import require_count, require_positive, seed_from


def random_rbm(
    qubits: int,
    hidden: int | None = None,
    *,
    scale: float = 0.1,
    random_state: int | np.random.Generator | None = None,
) -> RBMState:
    """Draw a complex machine whose units are all joined.

    Parameters
    ----------
    qubits
        Visible units.
    hidden
        Hidden units; as many as qubits by default.
    scale
        Real parts of weights and biases are uniform between plus and minus ``scale``, imaginary
        parts, being phases, between plus and minus pi.
    random_state
        Seed or generator.

    Raises
    ------
    InvalidProblemError
        If a number is out of range.
    """
    hidden = qubits if hidden is None else hidden
    require_count("qubits", qubits)
    require_count("hidden", hidden)
    require_positive("scale", scale, zero=True)
    generator = np.random.default_rng(seed_from(random_state))
    W, a, b = (
        scale * generator.uniform(-1, 1, shape) + 1j * generator.uniform(-np.pi, np.pi, shape)
        for shape in ((hidden, qubits), (qubits,), (hidden,))
    )
    return RBMState(W, a, b)


def short_range_rbm(
    qubits: int,
    reach: int,
    *,
    scale: float = 0.1,
    random_state: int | np.random.Generator | None = None,
) -> RBMState:
    """Draw a complex machine on a ring whose hidden units see near qubits only.

    Parameters
    ----------
    qubits
        Visible units, and hidden ones: unit j sits at qubit j.
    reach
        Hidden unit j is joined to qubits ``j - reach`` to ``j + reach``.
    scale, random_state
        As in `random_rbm`.

    Raises
    ------
    InvalidProblemError
        If a number is out of range, or ``2 reach + 1`` exceeds the number of qubits.
    """
    require_count("reach", reach)
    state = random_rbm(qubits, scale=scale, random_state=random_state)
    if 2 * reach + 1 > qubits:
        raise InvalidProblemError(
            f"reach = {reach}: {2 * reach + 1} qubits in reach are more than the ring's {qubits}"
        )
    places = np.arange(qubits)
    apart = np.abs(places[:, None] - places)
    near = np.minimum(apart, qubits - apart) <= reach
    return RBMState(state.W * near, state.a, state.b)


def symmetric_rbm(
    symmetries: ArrayLike,
    filters: int = 2,
    *,
    random_state: int | np.random.Generator | None = None,
) -> RBMState:
    """Draw a complex machine of small weights that permutations of the qubits do not change.

    Nearly the product of ``|+>``; a start for `TimeEvolution` in imaginary time.

    Parameters
    ----------
    symmetries
        A group of permutations, the identity first, as `SpinHamiltonian.symmetries`; shape ``(G,
        qubits)``.
    filters
        Weights of ``filters`` hidden units are drawn, and moved by the symmetries.
    random_state
        Seed or generator.

    Raises
    ------
    InvalidProblemError
        If these are no permutations, or ``filters`` is no positive integer.
    """
    require_count("filters", filters)
    group = np.asarray(symmetries)
    if group.ndim != 2 or not np.array_equal(group[:1], np.arange(group.shape[1])[None]):
        raise InvalidProblemError("symmetries: rows of permutations are needed, the identity first")
    if np.any(np.sort(group, axis=1) != group[0]):
        raise InvalidProblemError("symmetries: not all rows are permutations of the first")
    ties = Parametrisation(group, filters, biased=False, complex_valued=True)
    return RBMState(*ties.machine(ties.start(np.random.default_rng(seed_from(random_state)))))
