"""Bills of samples: those of the circuits that matrix product states are prepared by."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from projection_worlds import quantum_rows

from circuits.costs import GateCounts, count_gates
from circuits.costs.tensor_network import prepare_mps_bound
from circuits.tensor_network.preparation import prepare_mps
from qml_algos.errors import InvalidProblemError
from qml_algos.speedup import compare
from qml_algos.speedup.bills.generative import bill_law, sampling_bill
from qml_algos.speedup.bills.law import BillRequest
from qml_algos.speedup.generative import SAMPLING, GenerativeContest
from qml_algos.speedup.options import options_of

CONTEST = GenerativeContest(samples=200, bond_dimension=4)


@pytest.mark.parametrize("sites", [4, 6, 9])
@pytest.mark.parametrize("bond", [2, 4])
def test_a_bill_bounds_the_circuit_that_prepares_such_a_state(sites: int, bond: int) -> None:
    rng = np.random.default_rng(sites)
    bonds = [min(bond, 2**k, 2 ** (sites - k)) for k in range(sites + 1)]
    tensors = [rng.normal(size=(bonds[k], 2, bonds[k + 1])) for k in range(sites)]
    counts = count_gates(prepare_mps(tensors, fidelity=0.99).circuit)
    bill = sampling_bill(sites, bond=bond)
    assert counts.two_qubit_gates <= bill.algorithm.two_qubit_gates
    assert counts.rotations <= bill.algorithm.rotations
    assert counts.two_qubit_depth <= bill.algorithm.two_qubit_depth
    assert bill.run.qubits == bill.run.measurements == sites


@pytest.mark.slow
def test_bills_bound_the_circuits_of_the_rows_of_a_comparison() -> None:
    result = compare(
        CONTEST, sizes=[4, 6, 9], solvers=["mps"], backend="aer_shots", shots=50, random_state=0
    )
    for row in result.rows:
        counts = row.gates_as_built
        assert counts is not None
        law = bill_law(request(rows=result.rows, settings=result.settings))
        assert law.bill is not None
        bill = law.bill(row.size)
        assert counts.two_qubit_gates <= bill.run.two_qubit_gates
        assert counts.rotations <= bill.run.rotations
        assert bill.shots == row.shots == 50
        assert row.success_probability == bill.success_probability


@pytest.mark.parametrize("bond", [1, 2, 3, 16])
def test_a_long_chain_continues_a_short_one(bond: int) -> None:
    for sites in (11, 40, 41):
        assert sampling_bill(sites, bond=bond).algorithm == prepare_mps_bound(sites, bond)


def test_gates_grow_in_proportion_to_the_variables_up_to_1e30() -> None:
    small, large = (sampling_bill(10**power) for power in (10, 30))
    assert large.algorithm.two_qubit_gates / small.algorithm.two_qubit_gates == pytest.approx(1e20)
    assert large.shots == small.shots == 10_000


def test_the_rival_draws_from_the_same_state() -> None:
    result = compare(
        CONTEST,
        sizes=[4],
        solvers=["mps", SAMPLING, "independent"],
        epsilon=0.5,
        random_state=0,
    )
    circuit, drawn, independent = result.rows
    assert (circuit.output, drawn.output, independent.output) == (
        "batch of samples",
        "batch of samples",
        "density",
    )
    assert drawn.kind == "classical"
    assert drawn.cpu_seconds is not None
    assert circuit.error is not None
    # The circuit is an approximation to a fidelity of 0.99.
    assert drawn.error == pytest.approx(circuit.error, abs=0.1)
    assert "4 samples" in drawn.caveats[0]


def request(**changes: Any) -> BillRequest:
    """Ask for bills of a matrix product state."""
    rows = tuple(quantum_rows("mps", [4, 6], family="parity"))
    settings = {"options": options_of(CONTEST), "shots": None}
    asked = BillRequest(rows, "mps", "parity", settings, "batch of samples", 0.1, 0.95)
    return replace(asked, **changes)


def test_a_law_takes_bonds_from_the_comparison_and_samples_from_epsilon_or_shots() -> None:
    law = bill_law(request())
    assert law.bill is not None
    assert law.bill(100) == sampling_bill(100, bond=4, epsilon=0.1)
    given = bill_law(request(settings={"options": {"bond_dimension": 4}, "shots": 77}))
    assert given.bill is not None
    assert given.bill(100).shots == 77
    assert law.structured_rivals == (SAMPLING,)


def test_other_models_are_billed_by_a_fit_to_their_circuits() -> None:
    rows = tuple(
        replace(row, gates_as_built=GateCounts(qubits=row.size, two_qubit_gates=5 * row.size))
        for row in quantum_rows("iqp", [4, 6, 8, 12, 16], family="parity")
    )
    law = bill_law(request(rows=rows, solver="iqp"))
    assert law.bill is not None
    bill = law.bill(2**20)
    assert float(bill.algorithm.two_qubit_gates) == pytest.approx(5 * 2**20, rel=1e-3)
    assert bill.shots == 100
    assert bill.estimation_uses is None


def test_what_has_no_bill_gives_the_reason() -> None:
    law = bill_law(request(settings={}))
    assert law.bill is None
    assert "bonds" in (law.reason or "")


def test_bad_arguments_are_refused() -> None:
    with pytest.raises(InvalidProblemError, match="variables"):
        sampling_bill(0)
    with pytest.raises(InvalidProblemError, match="samples"):
        sampling_bill(4, samples=0)
