"""The examples in the documentation run."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def python_blocks(path: Path) -> list[str]:
    return re.findall(r"```python\n(.*?)```", path.read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize(
    ("page", "runnable"),
    [
        ("docs/linear_systems.md", None),
        ("docs/comparison.md", None),
        ("docs/fourier.md", None),
        ("docs/generative.md", None),
        ("docs/ground_states.md", None),
        ("docs/kernels.md", None),
        ("docs/neural_states.md", None),
        ("docs/pca.md", None),
        ("docs/phase_estimation.md", None),
        ("docs/phases.md", None),
        ("docs/quantum_inspired.md", None),
        ("docs/speedup.md", None),
        ("docs/svm.md", None),
        ("docs/tomography.md", None),
        ("README.md", 1),  # the second is about a circuit of the reader's
    ],
)
def test_the_python_blocks_of_a_page_run_one_after_the_other(
    page: str,
    runnable: int | None,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    blocks = python_blocks(ROOT / page)[:runnable]
    assert blocks
    names: dict[str, object] = {}
    for block in blocks:
        exec(block, names)
    assert capsys.readouterr().out
