"""What support vector machines with quantum kernels take, up to 1e30 features."""

from __future__ import annotations

import math
from dataclasses import replace

from circuits.costs import GateCounts
from qml_algos.errors import InvalidProblemError, UnknownNameError
from qml_algos.speedup.bills.bill import Bill
from qml_algos.speedup.bills.kernel_circuits import (
    FEATURE_MAP_COSTS,
    overlap_cost,
    pauli_reading_cost,
)
from qml_algos.speedup.bills.law import BillLaw, BillRequest, Check
from qml_algos.speedup.bills.readout import ReadOut, observable_readout, probability_readout
from qml_algos.speedup.bills.union_bound import confidence_of_each, one_after_another
from qml_algos.svm.data import DATASETS, FAMILIES
from qml_algos.validation import require_count, require_epsilon

SOLVERS = ("fidelity", "projected", "least-squares")
"""Those with bills; training the weights of a kernel takes as many steps as it takes."""

ENTRY_ERROR = 1e-2
"""Of each entry of a kernel, or each Pauli, in the bills of comparisons, whose own error is the
share of wrong labels."""

_BASES = 3
"""In which all Paulis on single qubits are measured."""

_SIZE = (
    "The size is the number of features; {training:,} samples are trained on and {held_out:,} are "
    "labelled, whatever it is. With m samples a fidelity kernel takes m (m - 1) / 2 circuits."
)
_ENTRIES = (
    "Every entry of the kernel is read to {epsilon:g}, all of them together with the confidence "
    "asked for. Whether so coarse a kernel separates the classes depends on the data."
)
_PAULIS = (
    "Every Pauli on one qubit is read to {epsilon:g} in each state; of the Paulis of one state "
    "each by itself, as their errors average out in the distances that the kernel is made of."
)
_BANDWIDTH = (
    "The bandwidth shrinks as features are added, so that kernel values do not concentrate: with a "
    "fixed one they do, mostly exponentially, and so would the shots grow."
)
_TRAINING = (
    "Training on the kernel is classical and does not depend on the number of features; it is not "
    "billed, nor is the search of bandwidth and price."
)


def kernel_bill(
    solver: str,
    features: int,
    *,
    feature_map: str = "zz",
    training: int = 48,
    held_out: int = 12,
    epsilon: float = ENTRY_ERROR,
    confidence: float = 0.95,
) -> Bill:
    r"""Bill a classifier that is trained, and labels samples, by a kernel from shots.

    Parameters
    ----------
    solver
        Of `SOLVERS`; least squares take a fidelity kernel, and a classical linear solver.
    features
        d, up to 1e30.
    feature_map
        Of `FEATURE_MAP_COSTS`.
    training, held_out
        Samples of either kind.
    epsilon, confidence
        Error of each kernel entry, or of each Pauli of a projected kernel; and the probability that
        it is kept to.

    Returns
    -------
    Bill
        Gates of the circuits that `qml_algos.kernels` measure, by a formula: of the ZZ map
        :math:`O(d^2)`. Fidelities take :math:`T (T - 1) / 2 + T H` circuits for T training samples
        and H others, projected kernels three for each sample. Data are loaded by rotations, which
        is what the line of loading has; CX are on that of the algorithm, but for amplitudes.

    Raises
    ------
    UnknownNameError
        If there are no bills for the solver or the feature map.
    InvalidProblemError, ValueError
        If another argument is out of range, or the map does not take so few features.

    References
    ----------
    V. Havlicek et al., Nature 567, 209 (2019), arXiv:1804.11326. S. Thanasilp, S. Wang, M. Cerezo,
    Z. Holmes, Nat. Commun. 15, 5200 (2024), arXiv:2208.11060: concentration; R. Shaydulin and S. M.
    Wild, Phys. Rev. A 106, 042407 (2022), arXiv:2111.05451: bandwidths against it.
    """
    for name, count in (("features", features), ("training", training), ("held_out", held_out)):
        require_count(name, count)
    require_epsilon(epsilon)
    if solver not in SOLVERS:
        raise UnknownNameError("solver with bills", solver, SOLVERS)
    if feature_map not in FEATURE_MAP_COSTS:
        raise UnknownNameError("feature map with bills", feature_map, FEATURE_MAP_COSTS)
    try:
        gates, reading = _CIRCUITS[solver == "projected"](feature_map, features)
    except ValueError as error:
        raise InvalidProblemError(f"feature map {feature_map}: {error}") from None
    circuits, read, sentence = _reading(
        solver, int(gates.qubits), training, held_out, epsilon, confidence
    )
    preparation, algorithm = _loading(feature_map, gates)
    return Bill(
        size=features,
        preparation=preparation,
        algorithm=algorithm,
        readout=reading,
        success_probability=1.0,
        shots=read.shots,
        estimation_uses=read.estimation_uses,
        circuits=float(circuits),
        assumptions=(
            _SIZE.format(training=training, held_out=held_out),
            sentence,
            _BANDWIDTH,
            _TRAINING,
            *read.assumptions,
        ),
    )


def bill_law(request: BillRequest) -> BillLaw:
    """Bill the classifier of a comparison on one of its folds, as rows have it: `kernel_bill`.

    Returns
    -------
    BillLaw
        With `ENTRY_ERROR`, and the samples that were drawn. Without bills, and with the reason, of
        other solvers, of data that were not drawn, and if the comparison does not say how it was
        done.
    """
    if request.solver not in SOLVERS:
        known = ", ".join(SOLVERS)
        return BillLaw(None, f"There are no bills for {request.solver!r}, only for {known}.")
    if request.family not in (*FAMILIES, *DATASETS):
        reason = f"There are no bills for {request.family!r}: the number of samples is not known."
        return BillLaw(None, reason)
    options = request.settings.get("options")
    if not isinstance(options, dict) or not {"samples", "folds", "feature_map"} <= set(options):
        return BillLaw(None, "The comparison does not say what kernel was taken of how many.")
    samples, name = int(options["samples"]), str(options["feature_map"])
    held_out = math.ceil(samples / int(options["folds"]))

    def make(size: int) -> Bill:
        return kernel_bill(
            request.solver,
            size,
            feature_map=name,
            training=samples - held_out,
            held_out=held_out,
            confidence=request.confidence,
        )

    return BillLaw(make, None, _checks(name))


_CIRCUITS = {False: overlap_cost, True: pauli_reading_cost}


def _reading(
    solver: str, qubits: int, training: int, held_out: int, epsilon: float, confidence: float
) -> tuple[int, ReadOut, str]:
    """Return the circuits, what reading each takes, and what is assumed."""
    if solver == "projected":
        circuits = _BASES * (training + held_out)
        one = confidence_of_each(confidence, circuits)
        read = observable_readout(epsilon, one, spread=2.0)
        # All qubits show their Paulis in the same shots.
        return circuits, one_after_another(read, float(qubits)), _PAULIS.format(epsilon=epsilon)
    circuits = training * (training - 1) // 2 + training * held_out
    read = probability_readout(epsilon, confidence_of_each(confidence, circuits))
    return circuits, read, _ENTRIES.format(epsilon=epsilon)


def _loading(feature_map: str, gates: GateCounts) -> tuple[GateCounts, GateCounts]:
    """Tell rotations, by which data come in, from what entangles; amplitudes take both."""
    none = GateCounts(qubits=gates.qubits)
    if feature_map == "amplitude":
        return gates, none
    rotations = replace(none, rotations=gates.rotations, rotation_depth=gates.rotation_depth)
    others = replace(gates, rotations=0, rotation_depth=0)
    return rotations, others


_OUTPUT = Check(
    "output",
    "labels, by a whole kernel",
    None,
    "neutral",
    "Read are all entries of the kernel: their number grows as the square of the samples, or in "
    "proportion to them for a projected kernel, and not with the features.",
)

_CLASSICAL = {
    "angle": "a product over qubits, which takes N operations",
    "z": "a product over qubits, which takes N operations",
    "amplitude": "the squared cosine of two rows, which takes N operations",
}


def _checks(feature_map: str) -> tuple[Check, ...]:
    return (_OUTPUT, _concentration(feature_map), _simulation(feature_map))


def _concentration(feature_map: str) -> Check:
    if feature_map == "amplitude":
        return Check(
            "concentration",
            "about 1 / N",
            None,
            "bad",
            "Squared cosines of rows without a common direction are about 1 / N.",
        )
    features = math.ceil(-math.log2(ENTRY_ERROR))
    return Check(
        "concentration",
        f"from {features} features on",
        float(features),
        "bad",
        "Fidelities of states that spread over all dimensions are about 2^-N, from "
        f"{features} features on less than the error of an entry, {ENTRY_ERROR:g}. That the "
        "bandwidth prevents it, and the kernel still beats a classical one, is taken for granted.",
    )


def _simulation(feature_map: str) -> Check:
    if feature_map in _CLASSICAL:
        return Check(
            "classical kernel",
            "known",
            None,
            "bad",
            f"The fidelity is {_CLASSICAL[feature_map]}: no quantum computer is needed.",
        )
    return Check(
        "classical kernel",
        "2^N operations",
        None,
        "neutral",
        "Exact states take 2^N operations classically; whether this kernel can be had for less is "
        "not known here. The rivals solve the task by other kernels.",
    )
