"""Classical machines: this one, measured, and larger ones, described in files."""

from __future__ import annotations

import functools
import os
import platform
import time
import tomllib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib import resources
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from threadpoolctl import threadpool_limits

from qml_algos.errors import ConfigError, UnknownNameError

THIS_MACHINE = "this-machine"

_MATRIX_ROWS = 768
_MATRIX_SECONDS = 0.2
_VECTOR_ENTRIES = 2**22
"""32 MiB a vector, beyond caches; three of them."""
_VECTOR_SECONDS = 0.2
_CPU_INFO = Path("/proc/cpuinfo")

Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Line = Annotated[str, Field(min_length=1, max_length=500)]


@dataclass(frozen=True)
class Machine:
    """A classical computer as the roofline model sees it.

    Attributes
    ----------
    name
        As the command line takes it.
    description
        One line: the processor.
    cores
        Of the whole machine.
    threads
        That the rates are of.
    flops_per_second
        Most floating-point operations in double precision: measured on matrix products, or from
        the data sheet.
    bytes_per_second
        Most bytes between memory and processor: measured on a sum of vectors, or from the data
        sheet.
    memory_bytes
        Size of the memory.
    source
        Of these figures.
    """

    name: str
    description: str
    cores: int
    threads: int
    flops_per_second: float
    bytes_per_second: float
    memory_bytes: float
    source: str

    def to_json(self) -> dict[str, Any]:
        """All attributes by name."""
        return asdict(self)


class _Description(BaseModel):
    """A file of `hardware_configs/classical`."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    description: Line
    cores: Annotated[int, Field(gt=0)]
    flops_per_second: Positive
    bytes_per_second: Positive
    memory_bytes: Positive
    source: Line


def machine(name: str) -> Machine:
    """Return a machine by its name.

    Parameters
    ----------
    name
        One of `MACHINES`, or the path of a TOML file.

    Raises
    ------
    UnknownNameError
        If there is no such machine.
    ConfigError
        If the file is wrong.
    """
    if name == THIS_MACHINE:
        return this_machine()
    if name.endswith(".toml"):
        return _described(Path(name).stem, _text(Path(name)))
    files = _files()
    if name not in files:
        raise UnknownNameError("machine", name, MACHINES)
    return _described(name, files[name])


@functools.cache
def this_machine() -> Machine:
    """Measure one thread of this machine; takes less than a second, once in a process."""
    with threadpool_limits(limits=1):
        return Machine(
            name=THIS_MACHINE,
            description=_processor(),
            cores=os.cpu_count() or 1,
            threads=1,
            flops_per_second=_matrix_rate(),
            bytes_per_second=_bandwidth(),
            memory_bytes=float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")),
            source="measured: products of matrices, and a sum of vectors, with one thread",
        )


def _matrix_rate() -> float:
    """Operations a second of the fastest matrix product."""
    matrix = np.random.default_rng(0).normal(size=(_MATRIX_ROWS, _MATRIX_ROWS))
    result = np.empty_like(matrix)
    return (
        2.0 * _MATRIX_ROWS**3 / _fastest(lambda: np.matmul(matrix, matrix, result), _MATRIX_SECONDS)
    )


def _bandwidth() -> float:
    """Bytes a second of the fastest sum of vectors: two are read and one is written."""
    first, second, total = (np.ones(_VECTOR_ENTRIES) for _ in range(3))
    return 3.0 * total.nbytes / _fastest(lambda: np.add(first, second, total), _VECTOR_SECONDS)


def _fastest(action: Callable[[], object], budget: float) -> float:
    """Seconds of the fastest of the runs that fit into a budget; the first one warms up."""
    action()
    end, best = time.perf_counter() + budget, float("inf")
    while time.perf_counter() < end:
        start = time.perf_counter()
        action()
        best = min(best, time.perf_counter() - start)
    return best


def _processor() -> str:
    """Name of the processor, as far as the system tells."""
    try:
        lines = _CPU_INFO.read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return next(iter(named), platform.processor() or platform.machine())


def _files() -> dict[str, str]:
    folder = resources.files("hardware_configs") / "classical"
    return {
        entry.name.removesuffix(".toml"): entry.read_text(encoding="utf-8")
        for entry in folder.iterdir()
        if entry.name.endswith(".toml")
    }


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"machine {path}: cannot be read: {error}") from None


def _described(name: str, text: str) -> Machine:
    try:
        found = _Description.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"machine {name}: no TOML: {error}") from None
    except ValidationError as error:
        problem = error.errors()[0]
        where = ".".join(map(str, problem["loc"]))
        raise ConfigError(f"machine {name}: {where}: {problem['msg']}") from None
    return Machine(name=name, threads=found.cores, **found.model_dump())


MACHINES: tuple[str, ...] = (THIS_MACHINE, *sorted(_files()))
"""All machines by name."""
