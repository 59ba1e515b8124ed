"""Sentences that belong beside the figures of ground states."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from qml_algos.physics.hamiltonians import SpinHamiltonian
from qml_algos.speedup.ground_state_reference import Known
from qml_algos.speedup.wording import decimal, energy, number, target_text

TRAINED = (
    "circuit: its parameters were found by simulating it, as one cannot at sizes where a device "
    "would be needed; there they would have to be found from measured energies. Its classical time "
    "is that of this training."
)


def reference_note(problem: SpinHamiltonian, known: Known) -> str:
    """Say where the ground energy is from."""
    if known.energy is None:
        return (
            f"The ground energy of {problem.name} is not known here: no error is stated. The "
            "V-score, which needs none, can be compared."
        )
    return f"Errors are measured against the ground energy by {known.source}."


def gap_note(problem: SpinHamiltonian, known: Known, epsilon: float) -> Iterator[str]:
    """Say so if a state with the energy asked for need not be the ground state."""
    if known.gap is None or known.energy is None:
        return
    allowed = epsilon * abs(known.energy)
    if known.gap == 0:
        yield (
            f"The ground state of {problem.name} is degenerate: the fidelity is that with all "
            "ground states found."
        )
    elif known.gap < allowed:
        yield (
            f"{problem.name}: the next energy is {number(known.gap)} above the lowest, less than "
            f"the {number(allowed)} that a target error of {target_text(epsilon)} allows. A state "
            "may have the energy asked for and a low fidelity."
        )


def noise_note(solver: str, fitted: Any, known: Known) -> Iterator[str]:
    """Say what a circuit gives without noise and shots, where it was measured with them."""
    if fitted.energy_error_ > 0:
        exact = f"{solver}: without shots and noise the same circuit has the energy "
        exact += energy(fitted.exact_energy_)
        fidelity = known.fidelity_of(fitted.state_)
        yield exact + ("." if fidelity is None else f" and the fidelity {decimal(fidelity)}.")


def sampling_note(solver: str) -> str:
    """Say what the energy of a sampled state is."""
    return (
        f"{solver}: its energy is a mean over samples and may come out below the ground energy, "
        "within its standard error; the error is the distance to it either way."
    )
