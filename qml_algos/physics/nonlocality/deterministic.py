"""Values of a Bell operator under deterministic strategies: each party's outcomes are fixed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import TooLargeError
from qml_algos.physics.configurations import bits_of
from qml_algos.physics.nonlocality.symmetric_form import Polynomial, after_linear, times_linear

MOST_BITS = 22
"""Logarithm of the number of strategies up to which they are enumerated one by one."""
_BLOCK = 2**14


def symmetric_values(form: Polynomial, parties: int) -> NDArray[np.float64]:
    """Values where no party is preferred, by how many follow each of the four strategies.

    A strategy is a pair of outcomes for the settings 0 and 1: ++, +-, -+, --.

    Parameters
    ----------
    form
        Coefficients ``C[k0, k1]``, see `symmetric_form`.
    parties
        How many.

    Returns
    -------
    numpy.ndarray
        One value for each of the ``(parties + 3 choose 3)`` numbers; O(parties^3 K^2) for
        correlations of up to K parties.
    """
    one = np.zeros_like(form)
    one[0, 0] = 1.0
    plus = _grid(one, parties, times_linear, 1)
    minus = _grid(form, parties, after_linear, -1)
    values = [_flat(plus, count) @ _flat(minus, parties - count).T for count in range(parties + 1)]
    return np.concatenate([part.ravel() for part in values])


def _grid(start: Polynomial, parties: int, step: object, sign: int) -> list[list[Polynomial]]:
    """Apply steps for a parties with outcomes (sign, 1) and b with (sign, -1), a + b <= parties."""
    assert callable(step)
    rows = [[start]]
    for _ in range(parties):
        rows.append([step(rows[-1][0], sign, 1)])
    for a, row in enumerate(rows):
        for _ in range(parties - a):
            row.append(step(row[-1], sign, -1))
    return rows


def _flat(grid: list[list[Polynomial]], count: int) -> NDArray[np.float64]:
    """Those of the grid for ``a + b = count``, a row each."""
    return np.stack([grid[a][count - a].ravel() for a in range(count + 1)])


def enumerated_values(
    settings: NDArray[np.int8], coefficients: NDArray[np.float64], observables: int
) -> NDArray[np.float64]:
    """Values of all ``2^(observables * parties)`` strategies.

    Raises
    ------
    TooLargeError
        If there are more than 2^22.
    """
    terms, parties = settings.shape
    bits = observables * parties
    if bits > MOST_BITS:
        raise TooLargeError(
            f"{parties} parties with {observables} settings have 2^{bits} strategies, which differ "
            f"for each party: at most 2^{MOST_BITS} are enumerated"
        )
    masks = np.zeros((terms, parties, observables))
    term, party = np.nonzero(settings >= 0)
    masks[term, party, settings[term, party]] = 1.0
    columns = masks.reshape(terms, bits).T
    values = np.empty(2**bits)
    for start in range(0, 2**bits, _BLOCK):
        numbers = np.arange(start, min(start + _BLOCK, 2**bits))
        outcomes = bits_of(numbers, bits).astype(float)
        values[numbers] = (1 - 2 * np.mod(outcomes @ columns, 2)) @ coefficients
    return values
