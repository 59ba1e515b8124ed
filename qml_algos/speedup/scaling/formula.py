"""How a fitted law is written."""

from __future__ import annotations

import numpy as np

from qml_algos.speedup.scaling.laws import Floats, Form, Law

_LN10 = float(np.log(10))


def parameter_names(law: Law, variables: tuple[str, ...]) -> list[str]:
    """Names of the parameters of a law, in its order.

    ``factor`` is the scale and ``constant`` the constant cost, both in the unit of the cost;
    ``exponent`` is one, or the number of doublings per unit of the variable for exponentials, with
    the name of the variable behind it if there are several.
    """
    several = len(variables) > 1
    exponents = [f"exponent of {name}" if several else "exponent" for name in variables]
    return ["factor", *exponents, *(["constant"] if law.offset else [])]


def formula(law: Law, variables: tuple[str, ...], parameters: Floats, unit: str) -> str:
    """Write a law with its numbers: ``"1.2e-05 s + 5.2e-08 s * N^1.01"``."""
    factors = [
        _factor(form, name, exponent)
        for form, name, exponent in zip(
            law.forms, variables, parameters[1 : 1 + len(variables)], strict=True
        )
    ]
    if law.log_factor:
        factors.insert(1, f"log2 {variables[0]}")
    growing = " * ".join([_quantity(parameters[0], unit), *factors])
    return f"{_quantity(parameters[-1], unit)} + {growing}" if law.offset else growing


def _factor(form: Form, name: str, exponent: float) -> str:
    if form == "polynomial":
        return f"{name}^{exponent:.3g}"
    if form == "polylogarithmic":
        return f"|log2 {name}|^{exponent:.3g}"
    return f"2^({exponent:.3g} {name})"


def _quantity(log_value: float, unit: str) -> str:
    """Three digits of a number given by its logarithm, which may lie beyond floating point."""
    exponent = int(np.floor(log_value / _LN10))
    if -300 < exponent < 300:
        digits = f"{np.exp(log_value):.3g}"
    else:
        digits = f"{np.exp(log_value - exponent * _LN10):.3g}e{exponent:+d}"
    return f"{digits} {unit}" if unit else digits
