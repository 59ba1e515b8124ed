"""Samples of the model from a backend."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from qiskit import ClassicalRegister

from qml_algos.backends.base import Backend, seed_for
from qml_algos.backends.execution import execute
from qml_algos.errors import InvalidProblemError, NothingAcceptedError
from qml_algos.generative.factor_graph.preparation import ERROR, Preparation, preparation
from qml_algos.generative.factor_graph.state import QuantumGenerativeState
from qml_algos.results import Estimate, circuit_costs
from qml_algos.validation import require_count

Integers = NDArray[np.int64]

REGISTER = "visible"
"""Classical register that the visible qubits are measured into, in the order of the variables."""


@dataclass(frozen=True, eq=False)
class SampledModel:
    """Samples that were kept.

    Attributes
    ----------
    samples
        Shape ``(accepted, n_variables)``, 0 or 1.
    shots
        That were run.
    acceptance
        Share of shots that were kept, with its standard error.
    preparation
        That was run; its ``success_probability`` is what ``acceptance`` is expected to be.
    costs
        Of the compiled circuit, as `circuit_costs`.
    """

    samples: Integers
    shots: int
    acceptance: Estimate
    preparation: Preparation
    costs: dict[str, int]

    @property
    def deviation(self) -> float:
        """Of the acceptance from its prediction, in standard errors of the prediction."""
        p = self.preparation.success_probability
        difference = self.acceptance.value - p
        if abs(difference) < 1e-12:
            return 0.0
        return float(difference / np.sqrt(max(p * (1 - p), 1e-300) / self.shots))


def sample_on(
    state: QuantumGenerativeState,
    backend: Backend,
    shots: int,
    *,
    method: str = "staircase",
    reuse: bool = False,
    error: float = ERROR,
    random_state: int | np.random.Generator | None = None,
) -> SampledModel:
    """Draw values of all variables from a circuit.

    Hidden qubits are not measured; conditioned ones are projected on 0.

    Parameters
    ----------
    state
        Of the model; `QuantumGenerativeState.conditional` gives that for known variables.
    backend
        Where the circuit runs.
    shots
        Repetitions, those that are not kept included.
    method, reuse, error
        As for `preparation`.
    random_state
        Of a simulator.

    Raises
    ------
    InvalidProblemError
        If shots are no positive integer, or so few that less than one would be kept on average, or
        the error of a path is not between 0 and 1; nothing is run then.
    UnknownNameError, TooLargeError, NotConvergedError
        As `preparation`, and if the circuit is too large for the backend; nothing is run then.
    NothingAcceptedError
        If no shot was kept.
    """
    require_count("shots", shots)
    prepared = preparation(state, method, project=True, reuse=reuse, error=error)
    if shots * prepared.success_probability < 1:
        raise InvalidProblemError(
            f"shots = {shots:,}: method {method!r} keeps one in {prepared.attempts:,.0f} of them. "
            'Take more, or method="staircase", which keeps all'
        )
    circuit = prepared.circuit.copy()
    visible = ClassicalRegister(state.n_variables, REGISTER)
    circuit.add_register(visible)
    circuit.measure(list(state.visible), visible)
    executed = execute([circuit], backend, shots, seed_for(backend, random_state))
    outcome = executed.outcomes[0]
    kept = np.ones(shots, dtype=bool)
    for name in prepared.post_selected:
        kept &= ~outcome[name].any(axis=1)
    if not kept.any():
        raise NothingAcceptedError(
            f"none of {shots:,} shots was kept: method {method!r} keeps one in "
            f"{prepared.attempts:,.0f} on average"
        )
    share = float(kept.mean())
    return SampledModel(
        samples=outcome[REGISTER][kept].astype(np.int64),
        shots=shots,
        acceptance=Estimate(share, float(np.sqrt(share * (1 - share) / shots))),
        preparation=prepared,
        costs=circuit_costs(executed.compiled[0]),
    )
