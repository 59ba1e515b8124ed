"""What a projection takes for granted, as numbers that can be changed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from qml_algos.speedup.bills import Bill

_LEAST_SUCCESS = 1e-280
"""A success probability below this is no number that times could be computed with."""


@dataclass(frozen=True)
class Assumptions:
    r"""Changes to a bill and to a device.

    Attributes
    ----------
    preparation
        Factor of the gates that load data; 0 if loading were free.
    readout
        Factor of shots and of uses of amplitude estimation.
    kappa_growth
        s: the condition number grows by a further factor of ``N**s``. With k the bill's
        ``kappa_exponent``, the algorithm's gates and the uses of amplitude estimation are
        multiplied by ``N**(s * k)``, and the success probability by ``N**(-2 * s * k)``, up to 1.
    gate_time
        Factor of all seconds on the device.
    """

    preparation: float = 1.0
    readout: float = 1.0
    kappa_growth: float = 0.0
    gate_time: float = 1.0

    @property
    def of_gates_alone(self) -> bool:
        """Whether they change nothing of a bill."""
        return (self.preparation, self.readout, self.kappa_growth) == (1.0, 1.0, 0.0)

    def of(self, bill: Bill) -> Bill:
        """Return the bill under these assumptions; ``gate_time`` is no part of it."""
        if self.of_gates_alone:
            return bill
        growth = float(bill.size) ** (self.kappa_growth * bill.kappa_exponent)
        uses = bill.estimation_uses
        return replace(
            bill,
            preparation=bill.preparation * self.preparation,
            algorithm=bill.algorithm * growth,
            success_probability=min(1.0, max(_LEAST_SUCCESS, bill.success_probability / growth**2)),
            shots=bill.shots * self.readout,
            estimation_uses=None if uses is None else max(1.0, uses * growth * self.readout),
        )


AS_BILLED = Assumptions()
