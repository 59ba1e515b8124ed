"""Curves as values of strict JSON: what is not finite is ``None``."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from qml_algos.speedup.bills import Bill
from qml_algos.speedup.projection.classical import ClassicalCurve
from qml_algos.speedup.projection.quantum import QuantumCurve

_PLAIN = (
    "success_probability",
    "shots",
    "estimation_uses",
    "circuits",
    "preprocessing_seconds",
    "postprocessing_seconds",
    "kappa_exponent",
    "source",
)


def finite_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Replace numbers that are not finite by ``None``, in all levels of a mapping."""
    return {name: _finite(value) for name, value in values.items()}


def quantum_json(curve: QuantumCurve) -> dict[str, Any]:
    """Describe the bills of a solver."""
    assumptions = dict.fromkeys(line for bill in curve.bills for line in bill.assumptions)
    return {
        "solver": curve.solver,
        "label": curve.solver,
        "family": curve.family,
        "bills": [_bill_json(bill) for bill in curve.bills],
        "reason": curve.reason,
        "assumptions": [*assumptions],
    }


def classical_json(curve: ClassicalCurve) -> dict[str, Any]:
    """Describe what was measured of a solver, and the law through it."""
    law = None if curve.law is None else curve.law.to_json()
    if law is None and curve.known:
        form = "proportional" if curve.seconds[-1] > curve.seconds[0] else "constant"
        law = {"form": form, "formula": curve.formula, "parameters": {}}
    bands = zip(curve.sizes, curve.low, curve.seconds, curve.high, strict=True)
    return {
        "solver": curve.solver,
        "label": curve.solver,
        "output": curve.output,
        "points": [
            finite_values(
                {
                    "size": row.size,
                    "wall_seconds": row.classical_seconds,
                    "cpu_seconds": row.cpu_seconds,
                    "peak_memory_bytes": row.peak_memory_bytes,
                    "flops": row.flops,
                    "error": row.error,
                }
            )
            for row in curve.rows
        ],
        "law": law,
        "reason": curve.reason,
        "curve": [
            finite_values({"size": size, "low": low, "seconds": seconds, "high": high})
            for size, low, seconds, high in bands
        ],
    }


def _bill_json(bill: Bill) -> dict[str, Any]:
    parts = {name: asdict(getattr(bill, name)) for name in ("preparation", "algorithm", "readout")}
    plain = {name: getattr(bill, name) for name in _PLAIN}
    return finite_values({"size": bill.size, **parts, **plain})


def _finite(value: Any) -> Any:
    if isinstance(value, Mapping):
        return finite_values(value)
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    # JavaScript has no integers beyond 2**53, and no page needs their last digits.
    number = float(value)
    if not math.isfinite(number):
        return None
    return int(number) if number.is_integer() and abs(number) < 2**53 else number
