"""What the circuit by arithmetic takes, without building it."""

from __future__ import annotations

from dataclasses import dataclass

from circuits.feature_maps.discrete_log.clock import clock_size, is_exact, rounding_places
from circuits.feature_maps.discrete_log.modular import (
    modular_product_ands,
    modular_product_cx,
    product_workspace,
)
from circuits.feature_maps.discrete_log.orbit import Orbit


@dataclass(frozen=True)
class ArithmeticCosts:
    """What `arithmetic_circuit` takes.

    Attributes
    ----------
    qubits
        All registers and the workspace.
    cx
        CX gates over CX and gates of one qubit, all to all.
    ands
        Toffoli gates among them that write or clear an AND.
    products
        Modular products of two registers, squares included, computed or uncomputed.
    """

    qubits: int
    cx: int
    ands: int
    products: int


def arithmetic_costs(orbit: Orbit, clock_qubits: int | None = None) -> ArithmeticCosts:
    """Count what `arithmetic_circuit` takes, without building it.

    Raises
    ------
    ValueError
        If the clock is too small.
    """
    m, p, k = clock_size(orbit, clock_qubits), orbit.prime, orbit.k
    n, chained = orbit.digits, (p - 2).bit_count() - 1
    squares, products = 4 * (m - 1), 2 * chained + 4 * m + 2 * k
    cx = squares * modular_product_cx(p, square=True) + products * modular_product_cx(p)
    ands = squares * modular_product_ands(p, square=True) + products * modular_product_ands(p)
    # Powers of y where a digit of the clock is 1: written and cleared, forth and back.
    cx, ands = cx + 24 * n * m, ands + 8 * n * m
    cx += (orbit.generator ^ 1).bit_count() + k
    for place in range(1, k):
        factor = pow(orbit.generator, 2**place, p)
        cx += 2 * ((factor ^ 1).bit_count() + (pow(factor, -1, p) ^ 1).bit_count())
    for places in rounding_places(orbit, m):
        size, digits = m + k - places[0], len(places)
        full_top = digits > 1 and places[-1] == m + k - 1
        cx += 2 * (7 * size + 5 * (digits - 1) - 6 - 4 * full_top + 2 * digits)
        ands += 4 * (size - 1)
    transforms = 1 if is_exact(orbit) else 2
    cx += 2 * (transforms * (m * (m - 1) // 2 + 2 * m - 3) + (transforms - 1) * (m - 1))
    return ArithmeticCosts(sum(register_sizes(orbit, m).values()), cx, ands, squares + products)


def register_sizes(orbit: Orbit, m: int) -> dict[str, int]:
    """Return the registers and their numbers of qubits."""
    n, p = orbit.digits, orbit.prime
    rounding = max(
        len(places) + m + orbit.k - places[0] - 1 for places in rounding_places(orbit, m)
    )
    return {
        "element": n,
        "character": n,
        "spare": n,
        "pair": 2 * n,
        "exponent": orbit.k,
        "clock": m,
        "squares": n * (m - 1),
        "inverses": n * m,
        "chain": n * ((p - 2).bit_count() - 2),
        "workspace": max(product_workspace(p), m + orbit.k + rounding),
    }
