"""Exact energy and critical temperature of the classical Ising model on the square lattice."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ellipk

from qml_algos.errors import InvalidProblemError
from qml_algos.validation import numeric_array

ONSAGER_TEMPERATURE = float(2 / np.arcsinh(1))
"""Critical temperature ``2 / ln(1 + sqrt 2) = 2.269``, in units of the coupling."""
ONSAGER_EXPONENT = 1.0
"""Critical exponent nu of the correlation length."""


def onsager_energy(temperature: ArrayLike) -> NDArray[np.float64]:
    r"""Energy per site of ``-sum s s'`` on the infinite square lattice.

    Parameters
    ----------
    temperature
        In units of the coupling, Boltzmann's constant being 1; any shape.

    Returns
    -------
    numpy.ndarray
        In units of the coupling; the shape of ``temperature``.

    Raises
    ------
    InvalidProblemError
        If a temperature is not a finite number above 0.

    Notes
    -----
    ``u = -coth(2b) (1 + 2/pi (2 tanh^2 2b - 1) K(k))`` with ``b = 1/T`` and modulus ``k = 2 sinh 2b
    / cosh^2 2b``. L. Onsager, Phys. Rev. 65, 117 (1944).
    """
    given = numeric_array(temperature, "temperature")
    if given.dtype.kind == "c" or np.any(given <= 0):
        raise InvalidProblemError("temperature must hold numbers above 0 only")
    tanh = np.tanh(2 / given)
    factor = 2 * tanh**2 - 1
    # 1 - k^2 = factor^2. At the critical point K diverges, but its product with the factor is 0.
    critical = np.abs(factor) < 1e-14
    k2 = 4 * tanh**2 * (1 - tanh**2)
    integral = ellipk(np.where(critical, 0.0, k2))
    found: NDArray[np.float64] = -(1 + 2 / np.pi * np.where(critical, 0, factor) * integral) / tanh
    return found
