"""Angles that are linear in a circuit's parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray
from qiskit.circuit import Parameter, ParameterExpression

from qml_algos.errors import UnsupportedCircuitError


@dataclass(frozen=True)
class LinearForm:
    """``constant + sum slope * parameter``, radians.

    Attributes
    ----------
    constant
        Value where all parameters are zero.
    slopes
        Pairs of a parameter's place and its factor, by place; factors are not zero.
    """

    constant: float = 0.0
    slopes: tuple[tuple[int, float], ...] = ()

    def __add__(self, other: LinearForm) -> LinearForm:
        total = dict(self.slopes)
        for place, slope in other.slopes:
            total[place] = total.get(place, 0.0) + slope
        kept = tuple(sorted((place, slope) for place, slope in total.items() if slope))
        return LinearForm(self.constant + other.constant, kept)

    def __mul__(self, factor: float) -> LinearForm:
        slopes = tuple((place, factor * slope) for place, slope in self.slopes)
        return LinearForm(factor * self.constant, slopes)


def linear_form(
    value: float | ParameterExpression, places: Mapping[Parameter, int], gate: str
) -> LinearForm:
    """Read a gate's argument.

    Raises
    ------
    UnsupportedCircuitError
        If it is an expression that is not linear; ``gate`` is named.
    """
    if not isinstance(value, ParameterExpression):
        return LinearForm(float(value))
    if isinstance(value, Parameter):
        return LinearForm(0.0, ((places[value], 1.0),))
    slopes: dict[int, float] = {}
    for parameter in value.parameters:
        slope = value.gradient(parameter)
        if isinstance(slope, ParameterExpression | complex):
            raise UnsupportedCircuitError(
                f"gate {gate!r} turns by {value}: angles must be linear in the parameters; "
                "CircuitMap makes them so"
            )
        slopes[places[parameter]] = float(slope)
    constant = value.bind(dict.fromkeys(value.parameters, 0.0)).numeric()
    return LinearForm(float(constant), tuple(sorted((k, s) for k, s in slopes.items() if s)))


class LinearForms:
    """Several linear forms, evaluated for many rows of parameters.

    Parameters
    ----------
    forms
        M of them.
    parameters
        P, their number.
    """

    def __init__(self, forms: Sequence[LinearForm], parameters: int) -> None:
        entries = [(k, m, s) for m, form in enumerate(forms) for k, s in form.slopes]
        rows, columns, slopes = zip(*entries, strict=True) if entries else ((), (), ())
        self.constants = np.array([form.constant for form in forms], dtype=float)
        self.slopes = scipy.sparse.csr_array(
            (np.array(slopes, dtype=float), (np.array(rows, int), np.array(columns, int))),
            shape=(parameters, len(forms)),
        )

    def __call__(self, angles: NDArray[np.float64]) -> NDArray[np.float64]:
        """Values of shape ``(N, M)`` for angles of shape ``(N, P)``."""
        return evaluate(self.slopes, self.constants, angles)

    def pullback(self, cotangents: NDArray[np.float64]) -> NDArray[np.float64]:
        """Carry derivatives from the values, ``(N, M)``, to the parameters, ``(N, P)``."""
        pulled: NDArray[np.float64] = np.ascontiguousarray((self.slopes @ cotangents.T).T)
        return pulled


def evaluate(
    slopes: Any, constants: NDArray[np.float64], angles: NDArray[np.float64]
) -> NDArray[np.float64]:
    """``angles @ slopes + constants`` for sparse slopes, C-contiguous."""
    values: NDArray[np.float64] = np.ascontiguousarray((slopes.T @ angles.T).T)
    values += constants
    return values
