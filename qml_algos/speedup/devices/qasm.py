"""Circuits from OpenQASM files."""

from __future__ import annotations

from pathlib import Path

from qiskit import QuantumCircuit, qasm2, qasm3
from qiskit.exceptions import MissingOptionalLibraryError

from qml_algos.errors import InvalidProblemError, MissingExtraError, TooLargeError

MAX_FILE_BYTES = 16 * 2**20
"""Qiskit's importer takes about a minute for this much."""


def read_qasm(path: str | Path) -> QuantumCircuit:
    """Read a circuit from an OpenQASM 3 or 2 file.

    Parameters
    ----------
    path
        Its first statement says the version; without one it is read as OpenQASM 3.

    Returns
    -------
    QuantumCircuit

    Raises
    ------
    InvalidProblemError
        If it cannot be read or holds what Qiskit's importer does not know; the message names the
        file.
    TooLargeError
        If it is larger than 16 MiB.
    MissingExtraError
        If Qiskit's importer of OpenQASM 3, a package of its own, is not installed.
    """
    file = Path(path)
    try:
        if file.stat().st_size > MAX_FILE_BYTES:
            raise TooLargeError(f"{file}: at most {MAX_FILE_BYTES} bytes are read")
        text = file.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidProblemError(f"{file}: cannot be read ({error})") from None
    try:
        return qasm2.loads(text) if _version(text) == "2" else qasm3.loads(text)
    except MissingOptionalLibraryError:
        raise MissingExtraError(
            f"{file}: reading OpenQASM 3 needs qiskit-qasm3-import; install it, or give OpenQASM 2"
        ) from None
    except Exception as error:
        # The importer passes on what the parser beneath it raises, whose classes are its own.
        reason = str(error) or "it cannot be parsed"
        raise InvalidProblemError(f"{file}: no circuit in OpenQASM: {reason}") from None


def _version(text: str) -> str:
    """Return the major version that a program states."""
    for line in text.splitlines():
        words = line.split()
        if words and words[0] == "OPENQASM" and len(words) > 1:
            return words[1].split(".")[0].rstrip(";")
    return "3"
