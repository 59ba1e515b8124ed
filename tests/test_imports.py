"""The design's import directions, read from the source."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CIRCUITS_MAY_IMPORT = {"circuits", "qiskit", "numpy", "scipy"}
# From the bottom up: each may import those before it.
LAYERS = (
    *("lazy", "errors", "validation", "results", "sampling", "backends", "phase_estimation"),
    *("linear_systems", "fourier", "pca", "kernels", "svm", "generative"),
    "physics",
    *("speedup", "tasks", "cli"),
)


PARALLEL = ("qml_algos.kernels.", "qml_algos.svm.", "qml_algos.speedup.")


def modules(package: str) -> dict[str, Path]:
    found = {}
    for path in (ROOT / package).rglob("*.py"):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            assert node.module is not None
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


@pytest.mark.parametrize("module", sorted(modules("circuits")))
def test_circuits_imports_only_qiskit_numpy_scipy(module: str) -> None:
    tops = {name.split(".")[0] for name in imported(modules("circuits")[module])}
    assert tops - set(sys.stdlib_module_names) <= CIRCUITS_MAY_IMPORT


@pytest.mark.parametrize("module", sorted(modules("qml_algos")))
def test_imports_go_down_only(module: str) -> None:
    if module == "qml_algos":
        return
    layer = LAYERS.index(module.split(".")[1])
    for name in imported(modules("qml_algos")[module]):
        parts = name.split(".")
        if parts[0] == "qml_algos" and len(parts) > 1 and parts[1] in LAYERS:
            assert LAYERS.index(parts[1]) <= layer, f"{module} imports {name}"


def test_no_import_circles() -> None:
    every = modules("qml_algos") | modules("circuits")
    graph = {
        module: {name for name in imported(path) if name in every and name != module}
        for module, path in every.items()
    }
    done: set[str] = set()
    while ready := {m for m, needs in graph.items() if m not in done and needs <= done}:
        done |= ready
    left = {m: needs - done for m, needs in graph.items() if m not in done}
    assert not left, f"circle among {left}"


def test_devices_are_known_to_backends_only() -> None:
    for module, path in modules("qml_algos").items():
        tops = {name.split(".")[0] for name in imported(path)}
        if tops & {"qiskit_aer", "qiskit_ibm_runtime", "pennylane", "mthree"}:
            assert module.startswith("qml_algos.backends."), module


def test_what_takes_long_to_import_is_imported_only_when_used() -> None:
    """It takes seconds, which nobody who needs something else should spend."""
    code = "import sys, qml_algos, qml_algos.cli; print(*sys.modules)"
    shown = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    slow = {"qiskit_ibm_runtime", "pennylane", "mthree", "sklearn", "scipy.stats", "pandas"}
    assert not slow & set(shown)


def test_no_pickle_is_written_or_read() -> None:
    for module, path in (modules("qml_algos") | modules("circuits")).items():
        names = imported(path)
        tops = {name.split(".")[0] for name in names}
        assert not tops & {"pickle", "dill", "shelve", "marshal", "cloudpickle"}, module
        # joblib is there to run on other processes and machines, not for its files.
        assert not names & {"joblib.dump", "joblib.load", "joblib.Memory"}, module
        assert "joblib" not in tops or module.startswith(PARALLEL), module
