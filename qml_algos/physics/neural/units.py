r"""Hidden units that stand for exact factors of a wave function.

A hidden unit of weights w and bias b contributes :math:`2\cosh(b + w \cdot s)`. With complex
weights that is a coupling of any strength between two spins, and the constraint that a product of
spins is +1.
"""

from __future__ import annotations

import numpy as np

QUARTER = 0.25j * np.pi
"""Weight of a constraint, and coupling of a controlled-Z."""


def coupling_weight(coupling: complex) -> complex:
    r"""Weight w of two spins such that :math:`2\cosh(w(s + t)) = 2 e^J e^{J s t}`.

    Any complex coupling has one, :math:`\cosh 2w = e^{2J}`.
    """
    return complex(np.arccosh(np.exp(2 * complex(coupling))) / 2)


def parity_bias(spins: int, sign: int) -> complex:
    r"""Bias b with which a hidden unit demands that the product of some spins is ``sign``.

    With all its weights :math:`i\pi/4`, :math:`2\cosh(b + \tfrac{i\pi}{4}\sum_k s_k)
    \exp(b + \tfrac{i\pi}{4}\sum_k s_k)` is 2 where the product is ``sign`` and 0 elsewhere.
    """
    return -QUARTER * (spins - (1 - sign))
