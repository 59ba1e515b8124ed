"""Laws of growth: how a cost may depend on size, condition number, precision and the like.

A law is a product with one factor for each variable v, and a constant scale c::

    polynomial        v^a
    polylogarithmic   (log2 v)^a       (log2 1/v)^a where v is below 1, as a precision is
    exponential       2^(a v)

possibly with log2 of the first variable as a further factor, and possibly above a constant cost::

    cost = constant + c * product of the factors

All is computed in natural logarithms, of the variables as well as of the cost, so that sizes of
1e30 and costs beyond the range of floating point stay numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

Form = Literal["polynomial", "polylogarithmic", "exponential"]
"""How a cost grows with one variable."""

FORMS: tuple[Form, ...] = get_args(Form)

_LN2 = float(np.log(2))
LARGEST_LOGARITHM = 700.0
"""exp of more is not a floating-point number."""


@dataclass(frozen=True, order=True)
class Law:
    """A shape of growth, without its parameters.

    Parameters of a law stand in this order: the natural logarithm of the scale c, the exponent a of
    each variable, and, with an offset, the natural logarithm of the constant cost.

    Attributes
    ----------
    forms
        One for each variable.
    offset
        Whether there is a constant cost.
    log_factor
        Whether log2 of the first variable is a factor, as in N log N.
    """

    forms: tuple[Form, ...]
    offset: bool = False
    log_factor: bool = False

    @property
    def parameters(self) -> int:
        """Number of parameters."""
        return 1 + len(self.forms) + self.offset

    def features(self, logs: Floats) -> Floats:
        """Return what the exponents are multiplied with.

        Parameters
        ----------
        logs
            Natural logarithms of the variables, shape (..., variables).

        Returns
        -------
        ndarray
            Same shape.
        """
        columns = [_feature(form, logs[..., i]) for i, form in enumerate(self.forms)]
        return np.stack(columns, axis=-1)

    def known_logs(self, logs: Floats) -> Floats:
        """Return the logarithm of the factor that has no parameter, shape (...)."""
        if self.log_factor:
            return _feature("polylogarithmic", logs[..., 0])
        return np.zeros(logs.shape[:-1])

    def log_costs(self, parameters: Floats, logs: Floats) -> Floats:
        """Return the natural logarithms of the costs.

        Parameters
        ----------
        parameters
            Shape (sets of parameters, ``parameters``).
        logs
            Natural logarithms of the variables, shape (points, variables).

        Returns
        -------
        ndarray
            Shape (sets of parameters, points).
        """
        variables = len(self.forms)
        exponents = parameters[:, 1 : 1 + variables]
        growth = parameters[:, :1] + exponents @ self.features(logs).T + self.known_logs(logs)
        return np.logaddexp(parameters[:, -1:], growth) if self.offset else growth


def candidate_laws(
    forms: tuple[tuple[Form, ...], ...], *, offset: bool, log_factor: bool
) -> list[Law]:
    """All laws with one of the forms for each variable, simple ones first.

    Parameters
    ----------
    forms
        Those allowed for each variable.
    offset, log_factor
        Whether to try these too; a logarithm is a factor of polynomials only.
    """
    plain = [Law(chosen) for chosen in product(*forms)]
    with_logarithm = [
        Law(law.forms, log_factor=True)
        for law in plain
        if log_factor and law.forms[0] == "polynomial"
    ]
    with_offset = [Law(law.forms, offset=True) for law in plain if offset]
    return plain + with_logarithm + with_offset


def _feature(form: Form, logs: Floats) -> Floats:
    if form == "polynomial":
        return logs
    if form == "polylogarithmic":
        with np.errstate(divide="ignore"):
            # The absolute value serves variables below 1, whose inverse is what grows.
            return np.asarray(np.log(np.abs(logs) / _LN2))
    return np.exp(np.minimum(logs, LARGEST_LOGARITHM)) * _LN2
