"""Permutations of the basis states, affine over GF(2): circuits of CX, SWAP and X."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qml_algos.kernels.states.scratch import Scratch


class BasisPermutation:
    """Basis state z becomes that whose bit q is the parity of ``rows[q] & z``, plus ``flips[q]``.

    Parameters
    ----------
    rows, flips
        One of each for each qubit.
    """

    parameterised = False

    def __init__(self, rows: Sequence[int], flips: Sequence[int]) -> None:
        self._rows = rows
        self._flips = flips

    @cached_property
    def _images(self) -> NDArray[np.intp]:
        """Where every basis state goes."""
        images = np.array([sum(flip << q for q, flip in enumerate(self._flips))], dtype=np.intp)
        for bit in range(len(self._rows)):
            column = sum((row >> bit & 1) << q for q, row in enumerate(self._rows))
            images = np.concatenate([images, images ^ column])
        return images

    @cached_property
    def _origins(self) -> NDArray[np.intp]:
        origins = np.empty_like(self._images)
        origins[self._images] = np.arange(self._images.size)
        return origins

    def bind(
        self,
        angles: NDArray[np.float64],  # noqa: ARG002 - nothing depends on them
        dtype: Any,  # noqa: ARG002
        scratch: Scratch,
    ) -> BoundPermutation:
        """Prepare for some rows of angles."""
        return BoundPermutation(self._images, self._origins, scratch)


class BoundPermutation:
    """A permutation of amplitudes, the same for all rows."""

    def __init__(
        self, images: NDArray[np.intp], origins: NDArray[np.intp], scratch: Scratch
    ) -> None:
        self._images = images
        self._origins = origins
        self._scratch = scratch

    def rows(self, chosen: slice) -> BoundPermutation:  # noqa: ARG002
        """Return itself."""
        return self

    def apply(self, states: NDArray[Any]) -> NDArray[Any]:
        """Move the amplitudes."""
        return self._taken(states, self._origins)

    def adjoint(self, states: NDArray[Any]) -> NDArray[Any]:
        """Move them back."""
        return self._taken(states, self._images)

    def _taken(self, states: NDArray[Any], places: NDArray[np.intp]) -> NDArray[Any]:
        out = self._scratch.empty(states.shape, states.dtype)
        # "clip" spares a check of indices that are right by construction, and a copy.
        return np.take(states, places, axis=1, out=out, mode="clip")
