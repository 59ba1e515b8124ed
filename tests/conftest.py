"""What all tests have in common."""

import os
import uuid

import pytest

# IBM's client otherwise looks through the sources of all callers before each request, to report
# which packages use it: a tenth of a second, most of the time of many tests. The variable is the
# client's own.
os.environ["USAGE_DATA_OPT_OUT"] = "True"


@pytest.fixture(autouse=True)
def own_ledger(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads, or writes to, the ledger of whoever runs it, or that of another test."""
    name = tmp_path_factory.getbasetemp() / "ledgers" / uuid.uuid4().hex / "ledger.sqlite"
    monkeypatch.setenv("QML_ALGOS_LEDGER", str(name))
