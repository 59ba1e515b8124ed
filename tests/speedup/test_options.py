"""Options of contests as JSON values."""

import json

import numpy as np

from qml_algos.fourier import DominantFrequencies
from qml_algos.speedup import compare
from qml_algos.speedup.fourier import FourierContest
from qml_algos.speedup.linear_systems import LinearSystemsContest
from qml_algos.speedup.options import options_of
from qml_algos.speedup.svm import SVMContest


def test_plain_options_are_as_they_are() -> None:
    found = options_of(SVMContest(samples=30, bandwidth=0.5))
    assert found["samples"] == 30
    assert found["bandwidth"] == 0.5
    assert found["feature_map"] == "zz"


def test_a_question_is_told_by_its_class_and_fields() -> None:
    contest = FourierContest(DominantFrequencies(np.int64(2)))  # type: ignore[arg-type]
    asked = {"kind": "DominantFrequencies", "count": 2, "threshold": 0.05}
    assert options_of(contest) == {"question": asked}


def test_all_options_are_json() -> None:
    assert json.loads(json.dumps(options_of(LinearSystemsContest("entry"))))["output"] == "entry"


def test_what_is_no_dataclass_has_no_options() -> None:
    assert options_of(object()) == {}


def test_a_comparison_keeps_the_options_of_its_contest() -> None:
    result = compare("fourier", sizes=[8], solvers=["fft"], random_state=0)
    assert result.settings["options"] == options_of(FourierContest())
