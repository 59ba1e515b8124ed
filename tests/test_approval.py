"""The question that is asked before more than the budget is sent."""

import io

import pytest

from qml_algos.backends.jobs.cost import Plan, PlannedJob
from qml_algos.cli.computations import approval
from qml_algos.errors import BudgetError

ABOVE = Plan("mine", "ibm_boston", (PlannedJob(1, 1, 100, 100, 50.0),), budget=30.0)
WITHIN = Plan("mine", "ibm_boston", (PlannedJob(1, 1, 100, 100, 20.0),), budget=30.0)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("answer", "sent"), [("y\n", True), ("n\n", False), ("\n", False)])
def test_a_person_decides_with_the_figures_before_their_eyes(
    answer: str, sent: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal(answer))
    if sent:
        approval(yes=False)(ABOVE)
    else:
        with pytest.raises(BudgetError, match="above the budget"):
            approval(yes=False)(ABOVE)
    shown = " ".join(capsys.readouterr().err.split())
    assert (
        "1 job, 1 circuit, 1 parameter set, 100 shots each, 100 executions, about 50.0 s" in shown
    )
    assert "above the budget of 30.0 s. Send it? [y/n] (n)" in shown


def test_without_a_terminal_only_yes_sends_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    with pytest.raises(BudgetError):
        approval(yes=False)(ABOVE)
    approval(yes=True)(ABOVE)


def test_within_the_budget_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", Terminal(""))
    approval(yes=False)(WITHIN)
