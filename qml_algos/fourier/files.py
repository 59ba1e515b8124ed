"""Signals read from files."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import scipy.io.wavfile
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError

SUFFIXES = (".npy", ".csv", ".txt", ".wav")


def read_samples(path: str | PathLike[str]) -> tuple[NDArray[Any], float | None]:
    """Read samples, and their rate in 1/s where the file tells.

    Parameters
    ----------
    path
        ``.npy`` with one axis; ``.csv`` or ``.txt`` with one number a line (a first line that is
        no number is a heading, and lines that begin with # are skipped); ``.wav`` with one channel.

    Raises
    ------
    InvalidProblemError
        If the file is missing, of another kind or malformed; the message names it.
    """
    file = Path(path)
    if file.suffix.lower() not in SUFFIXES:
        raise InvalidProblemError(f"{file}: a signal is read from {', '.join(SUFFIXES)}")
    try:
        match file.suffix.lower():
            case ".npy":
                # Objects would be unpickled, which runs whatever the file says.
                return np.load(file, allow_pickle=False), None
            case ".wav":
                rate, samples = scipy.io.wavfile.read(file)
                return _one_channel(file, samples), float(rate)
            case _:
                return _one_column(file), None
    except InvalidProblemError:
        raise
    except (OSError, ValueError, EOFError) as error:
        raise InvalidProblemError(f"{file}: cannot be read as a signal ({error})") from None


def _one_column(file: Path) -> NDArray[Any]:
    lines = [line.strip() for line in file.read_text(encoding="utf-8").splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    if lines and _number(lines[0]) is None:
        lines = lines[1:]
    values = []
    for place, line in enumerate(lines):
        value = _number(line)
        if value is None:
            raise InvalidProblemError(f"{file}: entry {place} is {line!r}: one number is needed")
        values.append(value)
    array = np.array(values, dtype=complex)
    return array if np.any(array.imag) else array.real


def _number(text: str) -> complex | None:
    try:
        return complex(text.replace(" ", ""))
    except ValueError:
        return None


def _one_channel(file: Path, samples: NDArray[Any]) -> NDArray[Any]:
    if samples.ndim == 2 and samples.shape[1] == 1:
        return samples[:, 0]
    if samples.ndim != 1:
        raise InvalidProblemError(
            f"{file}: {samples.shape[1]} channels: read them with scipy.io.wavfile and give one"
        )
    return samples
