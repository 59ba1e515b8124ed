"""Ways in which the service misbehaves, or runs a test's own code at a chosen moment."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf
from typing import Literal

Moment = Literal["before", "after", "answer"]


@dataclass
class Rule:
    """What happens to requests of one kind, for a number of times or for some seconds.

    Attributes
    ----------
    method : str
        Regular expression for the whole HTTP method.
    path : str
        Regular expression for the whole path below ``/api/v1``, without the query. If it ends with
        a slash, also for any path that starts so: "/jobs" is POST or GET of the collection,
        "/jobs/" everything about one job.
    status : int or None
        Answer this instead.
    after_store : bool
        Whether the request has its effect first.
    drop : bool
        Close the socket instead of answering.
    garbage : str or None
        "json": the first half of the body, as if it were whole; "cut": the connection ends in the
        middle of the body.
    corrupt : str or None
        How to spoil the result of a job; see ``corruption.WAYS``.
    delay : float
        Seconds to wait before answering.
    headers : dict
        Sent with the answer.
    callback : callable or None
        Called at ``moment`` with the request.
    used : int
        How often the rule has applied so far.
    """

    method: str
    path: str
    status: int | None = None
    after_store: bool = False
    drop: bool = False
    garbage: Literal["json", "cut"] | None = None
    corrupt: str | None = None
    delay: float = 0.0
    headers: dict[str, str] = field(default_factory=dict)
    callback: Callable[..., object] | None = None
    moment: Moment = "before"
    times: float = 1
    until: float = inf
    used: int = 0

    @property
    def replaces_answer(self) -> bool:
        return self.status is not None or self.drop

    def matches(self, method: str, path: str) -> bool:
        return re.fullmatch(self.method, method) is not None and (
            re.fullmatch(self.path, path) is not None
            or (self.path.endswith("/") and re.match(self.path, path) is not None)
        )

    def is_spent(self) -> bool:
        return self.used >= self.times or time.monotonic() > self.until


class Rules:
    """The rules in force."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[Rule] = []

    def add(self, rule: Rule, times: float | None, seconds: float | None) -> Rule:
        """Put a rule in force once, or as often as said, or as long as said."""
        if times is None:
            times = 1 if seconds is None else inf
        rule.times = times
        rule.until = inf if seconds is None else time.monotonic() + seconds
        with self._lock:
            self._rules.append(rule)
        return rule

    def take(self, method: str, path: str) -> list[Rule]:
        """The rules for this request, in the order they were added; each is used once more."""
        with self._lock:
            self._rules = [rule for rule in self._rules if not rule.is_spent()]
            found = [rule for rule in self._rules if rule.matches(method, path)]
            for rule in found:
                rule.used += 1
            return found

    def clear(self) -> None:
        with self._lock:
            self._rules.clear()
