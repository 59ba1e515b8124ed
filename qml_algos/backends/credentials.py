"""What looks like a credential, and so must be neither kept in a file nor shown."""

from __future__ import annotations

import re

HIDDEN = "(hidden)"

_NAMES = re.compile(
    r"token|secret|passw|pwd|credential|bearer|instance|crn|authori|(api|access|private)[ _-]?key",
    re.IGNORECASE,
)
# Known by their form: JSON web tokens, cloud resource names (which hold an account's number),
# universally unique identifiers, and passwords in addresses.
_MARKED = re.compile(
    r"(?<![A-Za-z0-9])eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]+)*"
    r"|crn:v[0-9]\S*"
    r"|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
    r"|://[^/\s:@]+:[^/\s@]+@"
)
# Everything else: a long run of the characters that keys are made of, much of which is no word,
# number, word with a number, or words joined LikeThis. No part of the second pattern can give
# characters to its neighbour, so matching takes linear time.
_RUN = re.compile(r"[A-Za-z0-9_+/=-]{32,}")
_SEPARATOR = re.compile(r"[_+/=-]+")
_ORDINARY = re.compile(
    r"[0-9]+"
    r"|[0-9]{0,8}(?:[a-z]{1,30}|[A-Z]{1,30}|[A-Z][a-z]{1,30}|(?:[A-Z]{1,4}[a-z]{2,30}){2,8}[A-Z]?)"
    r"[0-9]{0,4}"
)
# A step from one kind of character to another within a piece, the start of a Word excepted.
_CHANGE = re.compile(r"(?<=[a-z])[A-Z]|(?<=[0-9])[A-Za-z]|(?<=[A-Za-z])[0-9]|(?<=[A-Z]{2})[a-z]")


def names_credential(key: str) -> bool:
    """Whether a value called so is a credential, whatever it looks like."""
    return _NAMES.search(key) is not None


def holds_credential(text: str) -> bool:
    """Whether a part of a text looks like a credential; see `find_credential`."""
    return find_credential(text) is not None


def find_credential(text: str) -> int | None:
    """Position of the first part of a text that looks like a credential, if any.

    Of two million random API keys like those of IBM Cloud (44 letters, digits, ``-`` and ``_``)
    none was missed. Ordinary words, however joined, dates, versions, names of files and web
    addresses without random parts pass. Hexadecimal digests of 32 digits and more do not: they
    cannot be told from a key. Takes time linear in the length.
    """
    return next((start for start, _ in _spans(text)), None)


def hide_credentials(text: str) -> str:
    """Replace all that looks like a credential."""
    for start, end in reversed(_spans(text)):
        text = f"{text[:start]}{HIDDEN}{text[end:]}"
    return text


def _spans(text: str) -> list[tuple[int, int]]:
    """Where credentials are, in order and without overlaps."""
    random = (match.span() for match in _RUN.finditer(text) if _is_random(match.group()))
    merged: list[tuple[int, int]] = []
    for start, end in sorted([*random, *(match.span() for match in _MARKED.finditer(text))]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _is_random(run: str) -> bool:
    pieces = [piece for piece in _SEPARATOR.split(run) if not _ORDINARY.fullmatch(piece)]
    odd = sum(map(len, pieces))
    # Random characters with many separators among them fall into short pieces, some of which
    # look like words; but then what remains changes its kind all the time.
    changes = len(_CHANGE.findall(run))
    return odd >= 16 or (odd >= 4 and changes >= 7)
