"""The wheel, built and run on its own."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

SHOW = """
import pathlib, qml_algos, circuits, hardware_configs, qml_algos.speedup.devices
for package in (qml_algos, circuits, hardware_configs):
    print(pathlib.Path(package.__file__).parent.parent)
print(qml_algos.backend("aer").name)
print(qml_algos.speedup.devices.device_model("superconducting_e3").name)
"""


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    result = subprocess.run(
        command, cwd=cwd, env={**os.environ, **environment}, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, ROOT]
    run(*build, cwd=out)
    [built] = out.glob("qml_algos-*.whl")
    return built


def test_wheel_holds_the_three_packages_and_every_config(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    folder = ROOT / "hardware_configs"
    configs = {path.relative_to(ROOT).as_posix() for path in folder.rglob("*.toml")}
    assert len({Path(name).parent for name in configs}) > 1
    assert configs <= names
    tops = {name.split("/")[0] for name in names if ".dist-info" not in name}
    assert tops == {"qml_algos", "circuits", "hardware_configs"}
    assert {"qml_algos/py.typed", "circuits/py.typed"} <= names
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_configs_are_found_from_an_installed_wheel(wheel: Path, tmp_path: Path) -> None:
    target = tmp_path / "installed"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    run(*pip, "--target", target, wheel, cwd=tmp_path)
    places = run(sys.executable, "-c", SHOW, cwd=tmp_path, PYTHONPATH=str(target)).split()
    expected = [str(target)] * 3 + ["aer", "superconducting_e3"]
    assert places == expected, "the wheel itself must have been imported"
    listing = run(
        sys.executable, "-m", "qml_algos.cli", "backends", cwd=tmp_path, PYTHONPATH=str(target)
    )
    for path in (ROOT / "hardware_configs").glob("*.toml"):
        assert path.stem in listing


def test_a_foreign_package_called_circuits_is_named(tmp_path: Path) -> None:
    (tmp_path / "circuits").mkdir()
    (tmp_path / "circuits" / "__init__.py").write_text("class Component: ...\n")
    result = subprocess.run(
        [sys.executable, "-c", "import qml_algos"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert result.returncode != 0
    assert "ImportError: the package 'circuits' found at" in result.stderr
    assert "pip uninstall circuits" in result.stderr
