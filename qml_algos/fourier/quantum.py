"""Quantum solvers: prepare the signal, transform it, measure the bin."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from qiskit import QuantumCircuit

from circuits.fourier.semiclassical import feeds_forward
from qml_algos.errors import UnsuitableSolverError
from qml_algos.fourier.precision import distance_for, error_of_state, shots_for
from qml_algos.fourier.problem import Signal
from qml_algos.fourier.program import ErrorBudget, Program
from qml_algos.fourier.questions import Question, RelativePhase
from qml_algos.fourier.transforms import Form, Transform, coherent, measured, semiclassical
from qml_algos.linear_systems.layout import Layout
from qml_algos.validation import require_epsilon


@dataclass(frozen=True)
class QFT:
    """The cheapest transform that answers: chosen by question and backend.

    Where bins are measured on a device, or the model of one, that feeds results forward it is
    `SemiclassicalQFT`, else `ApproximateQFT`.

    Parameters
    ----------
    epsilon
        Error of the answer: frequencies in bins, shares of the power, or radians. Half of it goes
        to the state and the transform, half to sampling.

    Raises
    ------
    ValueError
        If epsilon is not between 0 and 1.

    Notes
    -----
    Cost of one shot: the preparation of the state, of order N two-qubit gates for an arbitrary
    signal, and up to ``n (n - 1)`` for the transform of ``N = 2**n`` samples; shots of order
    1 / epsilon^2 (see `precision`).

    References
    ----------
    D. Coppersmith, IBM Research Report RC19642 (1994), arXiv:quant-ph/0201067.
    """

    epsilon: float = 1e-2

    name: ClassVar[str] = "qft"
    form: ClassVar[Form | Literal["chosen"]] = "chosen"

    def __post_init__(self) -> None:
        require_epsilon(self.epsilon)

    def build(
        self, signal: Signal, question: Question, *, exact: bool = False, target: Any = None
    ) -> Program:
        """Build the circuits.

        Parameters
        ----------
        signal
            Of 2^n samples.
        question
            What is asked.
        exact
            Whether the spectrum is read from a simulated state, all of epsilon being free for the
            state and the transform. The semiclassical transform is measured in any case.
        target
            The device, for `circuits.fourier.semiclassical.feeds_forward`; ``None`` for a
            simulator that can do everything.

        Raises
        ------
        UnsuitableSolverError
            If the number of samples is no power of two, or the transform cannot answer.
        """
        start = time.perf_counter()
        qubits = _qubits(signal)
        exact = exact and self.form != "semiclassical"
        share = distance_for(question, self.epsilon / (2 if exact else 4))
        prepared = signal.samples.prepare(Layout.plain(signal.size), share)
        transform = self._transform(qubits, question, share, exact=exact, target=target)
        return Program(
            transform=transform.circuits[0],
            circuits=tuple(_joined(prepared.circuit, part) for part in transform.circuits),
            form=transform.form,
            budget=ErrorBudget(
                state_preparation=error_of_state(question, prepared.error),
                transform=error_of_state(question, transform.distance),
            ),
            shots=None if exact else shots_for(question, self.epsilon / 2),
            build_seconds=time.perf_counter() - start,
            details={
                "signal qubits": qubits,
                "distance of the state": prepared.error,
                "distance of the transform": transform.distance,
            },
        )

    def _transform(
        self, qubits: int, question: Question, distance: float, *, exact: bool, target: Any
    ) -> Transform:
        form = self.form
        if form == "chosen":
            # Without a device nothing is saved, and simulating feed-forward takes a run a shot.
            device = target is not None and not exact and feeds_forward(target)
            measured_now = device and not isinstance(question, RelativePhase)
            form = "semiclassical" if measured_now else "approximate"
        if form == "semiclassical":
            return semiclassical(qubits, question, distance, target)
        if form == "full":
            distance = 0.0
        return (
            coherent(qubits, question, distance) if exact else measured(qubits, question, distance)
        )


@dataclass(frozen=True)
class FullQFT(QFT):
    """The whole transform, all phases kept; parameters as of `QFT`."""

    name: ClassVar[str] = "full-qft"
    form: ClassVar[Form | Literal["chosen"]] = "full"


@dataclass(frozen=True)
class ApproximateQFT(QFT):
    """The transform without its smallest phases; parameters as of `QFT`.

    Leaving out controlled phases below pi / 2^d leaves about ``2 n log2(n / epsilon)`` two-qubit
    gates.

    References
    ----------
    A. Barenco, A. Ekert, K. Suominen, P. Torma, Phys. Rev. A 54, 139 (1996).
    """

    name: ClassVar[str] = "aqft"
    form: ClassVar[Form | Literal["chosen"]] = "approximate"


@dataclass(frozen=True)
class SemiclassicalQFT(QFT):
    """The transform by measuring one qubit after the other; parameters as of `QFT`.

    No two-qubit gate beside those that prepare the signal.

    References
    ----------
    R. Griffiths, C.-S. Niu, Phys. Rev. Lett. 76, 3228 (1996), arXiv:quant-ph/9511007.
    """

    name: ClassVar[str] = "semiclassical"
    form: ClassVar[Form | Literal["chosen"]] = "semiclassical"


def _qubits(signal: Signal) -> int:
    if signal.size & (signal.size - 1):
        raise UnsuitableSolverError(
            f"the signal has {signal.size:,} samples: a register holds 2**n; use padded(), which "
            "moves the bins closer, trimmed(), which moves them apart, or solver 'fft'"
        )
    return signal.size.bit_length() - 1


def _joined(preparation: QuantumCircuit, transform: QuantumCircuit) -> QuantumCircuit:
    circuit = transform.copy_empty_like()
    circuit.compose(preparation, circuit.qubits, inplace=True)
    circuit.compose(transform, circuit.qubits, circuit.clbits, inplace=True)
    return circuit
