"""What drawing samples from the circuit of a trained model takes, up to 1e30 variables."""

from __future__ import annotations

import math
from dataclasses import replace

from circuits.costs import GateCounts
from circuits.costs.gates import MEASUREMENT, layer
from circuits.costs.tensor_network import prepare_mps_bound
from qml_algos.speedup.bills.bill import Bill
from qml_algos.speedup.bills.fitted import fitted_law
from qml_algos.speedup.bills.law import BillLaw, BillRequest, Check
from qml_algos.speedup.bills.readout import ReadOut
from qml_algos.validation import require_count, require_epsilon

_BOUND = (
    "Gates are an upper bound for a state of bonds of {bond} at every size, prepared site by site: "
    "a search for an approximation, as the solver makes it, has to find fewer."
)
_BITS = "Each variable is a bit, on a qubit of its own: every shot is a sample."
_TRAINED = (
    "Training is classical and the same for the circuit and for its classical rival: it is billed "
    "to neither."
)
_FITTED = "Every shot is a sample."


def samples_for(epsilon: float) -> int:
    """Return ``1 / epsilon**2``, of which shares have standard errors of at most epsilon / 2."""
    return math.ceil(epsilon**-2)


def sampling_bill(
    variables: int, *, bond: int = 16, epsilon: float = 1e-2, samples: int | None = None
) -> Bill:
    r"""Bill a batch of samples from the circuit of a matrix product state of bits.

    Parameters
    ----------
    variables
        n, at least 1 and up to 1e30.
    bond
        Dimension of the bonds, real tensors.
    epsilon
        For the number of samples, where that is not given: `samples_for`.
    samples
        How many are wanted.

    Returns
    -------
    Bill
        Of :math:`O(n \chi^2)` gates in one circuit, an upper bound; a shot a sample. No amplitude
        estimation, which draws nothing. No classical seconds.

    Raises
    ------
    InvalidProblemError, ValueError
        If an argument is out of range.
    """
    require_count("variables", variables)
    require_count("bond", bond)
    require_epsilon(epsilon)
    wanted = samples_for(epsilon) if samples is None else samples
    require_count("samples", wanted)
    circuit = _chain_bound(variables, bond)
    return Bill(
        size=variables,
        preparation=GateCounts(qubits=variables),
        algorithm=circuit,
        readout=layer(MEASUREMENT, variables),
        success_probability=1.0,
        shots=float(wanted),
        estimation_uses=None,
        assumptions=(_BOUND.format(bond=bond), _BITS, _TRAINED),
    )


def bill_law(request: BillRequest) -> BillLaw:
    """Bill the samples of a comparison: `sampling_bill` for matrix product states.

    Returns
    -------
    BillLaw
        For other models a law fitted to the circuits of the rows. Without bills, and with the
        reason, where there are too few, or if the comparison does not say which bonds it allowed.
    """
    shots = request.settings.get("shots")
    samples = int(shots) if isinstance(shots, int) else samples_for(request.epsilon)
    if request.solver != "mps":
        law = fitted_law(request, lambda _size, _p: ReadOut(samples, None, (_FITTED, _TRAINED)))
        return replace(law, checks=(_LOADING, _output(samples)))
    options = request.settings.get("options")
    bond = options.get("bond_dimension") if isinstance(options, dict) else None
    if not isinstance(bond, int):
        return BillLaw(None, "The comparison does not say which bonds it allowed.")

    def make(size: int) -> Bill:
        return sampling_bill(size, bond=bond, samples=samples)

    return BillLaw(make, None, (_LOADING, _output(samples), _simulated(bond)), ("mps-sampling",))


def _chain_bound(sites: int, bond: int) -> GateCounts:
    """Bound the circuit of a chain of any length: from where bonds are full each site is alike."""
    full = 2 * (bond - 1).bit_length() + 4
    if sites <= full:
        return prepare_mps_bound(sites, bond)
    short = prepare_mps_bound(full, bond)
    step = prepare_mps_bound(full + 1, bond) + (-1) * short
    return replace(short + (sites - full) * step, qubits=sites)


_LOADING = Check(
    "data loading",
    "nothing to load",
    None,
    "neutral",
    "No data are loaded: what was learned of them is in the gates of the circuit.",
)


def _output(samples: int) -> Check:
    return Check(
        "output",
        f"{samples:,} samples",
        float(samples),
        "good",
        f"Read are {samples:,} samples, one a shot; nothing has to be estimated from them.",
    )


def _simulated(bond: int) -> Check:
    return Check(
        "bond dimension",
        f"{bond}, whatever N is",
        float(bond),
        "bad",
        f"With bonds of at most {bond} a classical computer draws a sample in O(N {bond}^2) "
        "operations, as many as the circuit has gates: no size makes the circuit faster.",
    )
