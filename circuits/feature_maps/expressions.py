"""Expressions of parameters, evaluated for many rows at once."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit.circuit import Parameter, ParameterExpression

Columns = Mapping[Parameter, NDArray[Any]]
"""Values of each parameter, each of shape ``(N,)``."""

_STEP = 1e-150
_OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}


def affine_form(
    expression: ParameterExpression, parameters: Sequence[Parameter]
) -> tuple[NDArray[np.float64], float] | None:
    """Return coefficients by the parameters and the constant, or None if it is not affine."""
    inside = expression.parameters
    slopes = {parameter: expression.gradient(parameter) for parameter in inside}
    if any(isinstance(slope, ParameterExpression) or np.imag(slope) for slope in slopes.values()):
        return None
    constant = expression.bind(dict.fromkeys(inside, 0.0)).numeric()
    if np.imag(constant):
        return None
    coefficients = [float(np.real(slopes.get(parameter, 0.0))) for parameter in parameters]
    return np.array(coefficients), float(np.real(constant))


def evaluate(expression: ParameterExpression, columns: Columns) -> NDArray[Any]:
    """Evaluate an expression for all rows; not finite where it is not defined.

    Raises
    ------
    ValueError
        If it has an operation that is not known here, or is not real.
    """
    # Names of parameters are free text: short ones stand in for them.
    order = sorted(expression.parameters, key=lambda parameter: parameter.name)
    stand_ins = {parameter: Parameter(f"v{place}") for place, parameter in enumerate(order)}
    values = {stand_ins[parameter].name: columns[parameter] for parameter in order}
    tree = ast.parse(str(expression.subs(stand_ins)), mode="eval").body
    try:
        with np.errstate(all="ignore"):
            value = _value(tree, values)
    except KeyError:
        raise ValueError(f"the angle {expression} is not a real function known here") from None
    return np.broadcast_to(value, next(iter(columns.values())).shape)


def derivative(
    expression: ParameterExpression, parameter: Parameter, columns: Columns
) -> NDArray[np.float64]:
    """Differentiate an expression by a parameter for all rows: exact, by a complex step.

    References
    ----------
    W. Squire, G. Trapp, SIAM Rev. 40, 110 (1998).
    """
    shifted = {**columns, parameter: columns[parameter] + 1j * _STEP}
    return np.imag(evaluate(expression, shifted)) / _STEP


def _value(node: ast.expr, values: Mapping[str, NDArray[Any]]) -> Any:
    match node:
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.Name(id=name):
            return values[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, values)
        case ast.BinOp(left=left, op=sign, right=right):
            return _OPERATORS[type(sign)](_value(left, values), _value(right, values))
        case ast.Call(func=ast.Name(id=name), args=[argument]):
            return _FUNCTIONS[name](_value(argument, values))
        case _:
            raise KeyError(node)


def _absolute(values: NDArray[Any]) -> NDArray[Any]:
    """Absolute value of the real part's sign, so that a complex step passes through."""
    return values * np.sign(np.real(values))


_FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "asin": np.arcsin,
    "acos": np.arccos,
    "atan": np.arctan,
    "exp": np.exp,
    "log": np.log,
    "abs": _absolute,
    "sign": lambda values: np.sign(np.real(values)),
    "conj": lambda values: values,
}
