"""Snapshots in files: this library's own, and counts of any device in JSON or CSV."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from qml_algos.errors import InvalidProblemError, TooLargeError, UnknownNameError
from qml_algos.physics.snapshots.settings import pauli_row
from qml_algos.physics.snapshots.snapshots import FORMAT, Snapshots

COLUMNS = ("bits", "count", "basis", "label")
"""Of a table in CSV; only the first one is needed."""
FIELDS = ("counts", "basis", "label")
"""Of an entry of a list in JSON; only the first one is needed."""
_ARRAYS = {"format", "bits", "qubits", "bases", "rotations", "source"}
_MOST_BITS = 2**31


@dataclass(frozen=True)
class _Counted:
    """An outcome and how often it was seen, with where in the file that is written."""

    where: str
    bits: str
    count: int
    basis: str | None
    label: float | None


def load_snapshots(path: str | PathLike[str]) -> Snapshots:
    """Read snapshots from a file.

    Parameters
    ----------
    path
        Of one of three kinds, told by its ending:

        ``.npz``
            Written by `Snapshots.save`.
        ``.json``
            Counts of one basis, ``{"0110": 52, ...}``, as Qiskit's ``get_counts()`` gives them; or
            a list of ``{"counts": {...}, "basis": "XZZY", "label": 0.5}``.
        ``.csv``
            A header and a row for each outcome, with a column ``bits`` and, if wanted, ``count``
            (1 by default), ``basis`` and ``label``.

        Qubit 0 is the last character of bits and of bases. Without a basis all qubits were measured
        in Z. Labels are numbers, and either all entries have one or none.

    Returns
    -------
    Snapshots
        One row for each repetition.

    Raises
    ------
    UnknownNameError
        If the file has another ending.
    InvalidProblemError
        If it does not hold what it should; the message says where.
    TooLargeError
        If counts stand for more than 2**31 bits.
    OSError
        If it cannot be read.
    """
    path = Path(path)
    if path.suffix not in _READERS:
        raise UnknownNameError("ending of a file of snapshots", path.suffix, _READERS)
    return _READERS[path.suffix](path)


def _from_npz(path: Path) -> Snapshots:
    try:
        # Opened here, since NumPy leaves a file open that is no archive.
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as archive:
            arrays = dict(archive)
    except (ValueError, EOFError, zipfile.BadZipFile, KeyError, AttributeError) as error:
        raise InvalidProblemError(f"{path} is no archive of NumPy arrays: {error}") from None
    if missing := sorted(_ARRAYS - set(arrays)):
        raise InvalidProblemError(f"{path} holds no snapshots: array {missing[0]!r} is missing")
    if str(arrays["format"]) != FORMAT:
        raise InvalidProblemError(
            f"{path} has the format {str(arrays['format'])!r}: {FORMAT!r} is needed"
        )
    packed, qubits = arrays["bits"], arrays["qubits"]
    fits = (
        qubits.shape == ()
        and qubits.dtype.kind in "iu"
        and packed.dtype == np.uint8
        and packed.ndim == 2
        and packed.shape[1] == -(-int(qubits) // 8)
    )
    if not fits:
        raise InvalidProblemError(f"{path}: bits are not packed for the number of qubits")
    bits = np.unpackbits(packed, axis=1, count=int(qubits)).astype(np.int8)
    try:
        return Snapshots(
            bits,
            arrays["bases"],
            labels=arrays.get("labels"),
            rotations=arrays["rotations"],
            source=str(arrays["source"]),
        )
    except InvalidProblemError as error:
        raise InvalidProblemError(f"{path}: {error}") from None


def _from_json(path: Path) -> Snapshots:
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InvalidProblemError(f"{path} is no JSON: {error}") from None
    return _expanded(path, [*_json_entries(given, path)])


def _json_entries(given: Any, path: Path) -> Iterator[_Counted]:
    entries = given if isinstance(given, list) else [{"counts": given}]
    for place, entry in enumerate(entries):
        where = f"{path}, entry {place}" if isinstance(given, list) else str(path)
        if not isinstance(entry, dict) or not isinstance(entry.get("counts"), dict):
            raise InvalidProblemError(f"{where}: counts by outcome are needed")
        if unknown := sorted(set(entry) - set(FIELDS)):
            raise UnknownNameError(f"field in {where}", unknown[0], FIELDS)
        basis = entry.get("basis")
        if basis is not None and not isinstance(basis, str):
            raise InvalidProblemError(f"{where}: basis = {basis!r} is no text")
        label = _label(entry.get("label"), where)
        for bits, count in entry["counts"].items():
            yield _Counted(where, bits, _count(count, where), basis, label)


def _from_csv(path: Path) -> Snapshots:
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            table = csv.DictReader(stream, restkey="")
            return _expanded(path, [*_csv_entries(table, path)])
    except (UnicodeDecodeError, csv.Error) as error:
        raise InvalidProblemError(f"{path} is no CSV: {error}") from None


def _csv_entries(table: csv.DictReader[str], path: Path) -> Iterator[_Counted]:
    columns = table.fieldnames or ()
    if "bits" not in columns:
        raise InvalidProblemError(f"{path}: the header needs a column 'bits'")
    if unknown := sorted(set(columns) - set(COLUMNS)):
        raise UnknownNameError(f"column in {path}", unknown[0], COLUMNS)
    for row in table:
        where = f"{path}, line {table.line_num}"
        if len(row) != len(columns) or None in row.values():
            raise InvalidProblemError(f"{where}: {len(columns)} values are needed")
        yield _Counted(
            where,
            row["bits"],
            _count(row.get("count", "1"), where),
            row.get("basis"),
            _label(row.get("label"), where),
        )


def _count(given: Any, where: str) -> int:
    text = given if isinstance(given, str) else repr(given)
    if isinstance(given, bool) or not text.isascii() or not text.isdigit() or int(text) < 1:
        raise InvalidProblemError(f"{where}: count = {given!r} must be a positive integer")
    return int(text)


def _label(given: Any, where: str) -> float | None:
    if given is None:
        return None
    try:
        value = float(given)
    except (TypeError, ValueError):
        raise InvalidProblemError(f"{where}: label = {given!r} must be a number") from None
    if not np.isfinite(value):
        raise InvalidProblemError(f"{where}: label = {given!r} must be finite")
    return value


def _expanded(path: Path, entries: Iterable[_Counted]) -> Snapshots:
    """Write out each outcome as often as it was seen."""
    entries = list(entries)
    if not entries:
        raise InvalidProblemError(f"{path} holds no snapshots")
    qubits = len(entries[0].bits)
    rows, bases = [], []
    for entry in entries:
        if not entry.bits or set(entry.bits) - {"0", "1"}:
            raise InvalidProblemError(
                f"{entry.where}: {entry.bits!r} must be a bit 0 or 1 for each qubit, nothing else"
            )
        if len(entry.bits) != qubits:
            raise InvalidProblemError(
                f"{entry.where}: {entry.bits!r} has {len(entry.bits)} bits, the first outcome "
                f"{qubits}"
            )
        rows.append([int(bit) for bit in reversed(entry.bits)])
        basis = "Z" * qubits if entry.basis is None else entry.basis
        bases.append(pauli_row(basis, qubits, entry.where))
    counts = [entry.count for entry in entries]
    if sum(counts) * qubits > _MOST_BITS:
        raise TooLargeError(
            f"{path} stands for {sum(counts):,} snapshots of {qubits} qubits: at most "
            f"{_MOST_BITS:,} bits are written out"
        )
    labels = [entry.label for entry in entries]
    if None in labels and any(label is not None for label in labels):
        raise InvalidProblemError(f"{path}: either all entries need a label, or none")
    return Snapshots(
        np.repeat(np.array(rows, dtype=np.int8), counts, axis=0),
        np.repeat(np.array(bases, dtype=np.int16), counts, axis=0),
        labels=None if None in labels else np.repeat(np.array(labels, dtype=float), counts),
        source=path.name,
    )


_READERS: dict[str, Callable[[Path], Snapshots]] = {
    ".npz": _from_npz,
    ".json": _from_json,
    ".csv": _from_csv,
}
