"""Checkpoints of a training: all that it takes to go on to the last bit, in one NPZ file."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError
from qml_algos.generative.mps.chain import Cores
from qml_algos.generative.mps.run import Run

FORMAT = 1
_STATES = ("cores", "best")
"""Fields of a `Run` that are states; the others are numbers."""


@dataclass(frozen=True)
class Checkpoint:
    """A file that a training is kept in, for data and parameters that must be the same.

    Attributes
    ----------
    path
        Of the file.
    made_with
        Parameters that decide how training goes, and a digest of the data, by their names.
    """

    path: Path
    made_with: Mapping[str, Any]

    def save(self, run: Run, order: NDArray[np.intp], seed: int) -> None:
        """Write the file, such that nobody ever finds half of one, whenever the process is stopped.

        Parameters
        ----------
        run
            After a sweep.
        order, seed
            Of the variables, and of chance.

        Raises
        ------
        InvalidProblemError
            If the file cannot be written.
        """
        arrays: dict[str, NDArray[Any]] = {"order": order}
        for name in _STATES:
            arrays |= _packed(name, getattr(run, name))
        numbers = {f.name: getattr(run, f.name) for f in fields(Run) if f.name not in _STATES}
        head = {"format": FORMAT, "made_with": self.made_with, "seed": seed, "run": numbers}
        arrays["head"] = np.frombuffer(json.dumps(head).encode(), dtype=np.uint8)
        part = self.path.with_name(f"{self.path.name}.{os.getpid()}.part")
        try:
            with part.open("wb") as file:
                np.savez(file, allow_pickle=False, **arrays)
            part.replace(self.path)
        except OSError as error:
            raise InvalidProblemError(
                f"checkpoint = {str(self.path)!r}: cannot be written ({error.strerror})"
            ) from None
        finally:
            part.unlink(missing_ok=True)

    def load(self) -> tuple[Run, NDArray[np.intp], int] | None:
        """Read the file: the run, the order of the variables and the seed; ``None`` without one.

        Raises
        ------
        InvalidProblemError
            If the folder of the file is missing, the file is no checkpoint, or it was written with
            other data or parameters.
        """
        if not self.path.parent.is_dir():
            raise InvalidProblemError(
                f"checkpoint = {str(self.path)!r}: there is no folder {str(self.path.parent)!r}"
            )
        if not self.path.exists():
            return None
        try:
            with np.load(self.path, allow_pickle=False) as archive:
                arrays = {name: archive[name] for name in archive.files}
            head = json.loads(arrays["head"].tobytes())
            if head["format"] != FORMAT:
                raise ValueError(f"format {head['format']}, not {FORMAT}")
            made_with = head["made_with"]
            cores, best = (_unpacked(name, arrays) for name in _STATES)
            run = Run(cores, best, **head["run"])
            order, seed = arrays["order"].astype(np.intp), int(head["seed"])
        # numpy, zipfile and json each have words of their own for garbage.
        except Exception as error:
            raise InvalidProblemError(
                f"checkpoint = {str(self.path)!r}: no checkpoint of a Born machine ({error})"
            ) from None
        self._require_same(made_with)
        return run, order, seed

    def _require_same(self, made_with: Mapping[str, Any]) -> None:
        for name, value in self.made_with.items():
            if made_with.get(name) != value:
                what = (
                    "other data"
                    if name == "data"
                    else f"{name} = {made_with.get(name)!r}, now {value!r}"
                )
                raise InvalidProblemError(
                    f"checkpoint = {str(self.path)!r}: was written with {what}; restore that to "
                    "go on, or name another file to begin anew"
                )


def digest(arrays: Mapping[str, NDArray[Any] | None]) -> str:
    """SHA-256 of the types, shapes and contents of arrays."""
    found = hashlib.sha256()
    for name, array in arrays.items():
        if array is not None:
            found.update(f"{name} {array.dtype.str} {array.shape}".encode())
            found.update(np.ascontiguousarray(array).data)
    return found.hexdigest()


def _packed(name: str, cores: Cores) -> dict[str, NDArray[Any]]:
    """Lay a state out in two arrays: a file of many takes long to write."""
    return {
        f"{name}_shapes": np.array([core.shape for core in cores]),
        f"{name}_entries": np.concatenate([core.ravel() for core in cores]),
    }


def _unpacked(name: str, arrays: Mapping[str, NDArray[Any]]) -> Cores:
    shapes, entries = arrays[f"{name}_shapes"], arrays[f"{name}_entries"]
    ends = np.cumsum(shapes.prod(axis=1))
    parts = np.split(entries, ends[:-1])
    return [part.reshape(shape).copy() for part, shape in zip(parts, shapes, strict=True)]
