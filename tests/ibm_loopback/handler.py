"""One HTTP request: log it, apply the rules in force, have it answered."""

from __future__ import annotations

import json
import socket
import threading
import time
import traceback
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

from .corruption import WAYS
from .faults import Moment, Rule, Rules

# The client's own path, and the one that slips through its URL resolver (README, "way B").
PREFIXES = ("/experimental/api/v1", "/api/v1")


@dataclass
class Answer:
    """What goes back to the client."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of_json(cls, value: Any, status: int = 200) -> Answer:
        return cls(status, json.dumps(value).encode())

    @classmethod
    def error(cls, status: int, message: str, code: int = 1000, solution: str = "") -> Answer:
        """An error in the form IBM's REST reference documents."""
        error = {"code": code, "message": message, "solution": solution, "more_info": ""}
        return cls.of_json({"errors": [error], "trace": "loopback"}, status)


@dataclass
class Request:
    """One request, as logged.

    Attributes
    ----------
    path : str
        Without the query, and below ``/api/v1`` if it belongs to the API.
    status : int or None
        Answered; None as long as it is not, and for good if the socket was dropped.
    request_bytes, response_bytes : int
        With headers, roughly.
    job_id : str or None
        The job that this request stored, or is about.
    """

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    time: float
    request_bytes: int
    is_api: bool
    status: int | None = None
    response_bytes: int = 0
    job_id: str | None = None


class Application(Protocol):
    """What the handler needs of the service."""

    rules: Rules

    errors: list[str]

    def log(self, request: Request) -> None: ...

    def answer(self, request: Request) -> Answer: ...


class Handler(BaseHTTPRequestHandler):
    """Serves any method, on connections that stay open."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def setup(self) -> None:
        super().setup()
        self.server.connections.add(self.connection)

    def finish(self) -> None:
        self.server.connections.discard(self.connection)
        super().finish()

    def handle_one_request(self) -> None:
        # A client that was killed, or whose socket we dropped, is no error of the service.
        try:
            super().handle_one_request()
        except ConnectionError:
            self.close_connection = True

    def _serve(self) -> None:
        application = self.server.application
        request = self._read()
        application.log(request)
        rules = application.rules.take(request.method, request.path)
        _call(rules, "before", request)
        replacing = next((rule for rule in rules if rule.replaces_answer), None)
        if replacing is not None and not replacing.after_store:
            answer = _replacement(replacing)
        else:
            answer = application.answer(request)
            _call(rules, "after", request)
            if replacing is not None:
                answer = _replacement(replacing)
        for rule in rules:
            _spoil(rule, answer)
        if delay := sum(rule.delay for rule in rules):
            time.sleep(delay)
        _call(rules, "answer", request)
        if replacing is not None and replacing.drop:
            self._drop()
        else:
            self._send(request, answer, cut=any(rule.garbage == "cut" for rule in rules))

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815

    def _read(self) -> Request:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        split = urlsplit(self.path)
        path, is_api = split.path, False
        for prefix in PREFIXES:
            if path.startswith(prefix + "/"):
                path, is_api = path.removeprefix(prefix), True
        return Request(
            method=self.command,
            path=path,
            query=parse_qs(split.query),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
            time=time.time(),
            request_bytes=len(self.raw_requestline) + len(self.headers.as_bytes()) + length,
            is_api=is_api,
        )

    def _send(self, request: Request, answer: Answer, cut: bool) -> None:
        headers = dict(answer.headers)
        # A 204 must not announce a body.
        if answer.status != HTTPStatus.NO_CONTENT:
            headers["Content-Type"] = answer.content_type
            headers["Content-Length"] = str(len(answer.body))
        lines = [f"{self.protocol_version} {answer.status} {_phrase(answer.status)}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        body = answer.body[: len(answer.body) // 2] if cut else answer.body
        # In one piece: a body after its head would wait 40 ms for an acknowledgement.
        message = "\r\n".join([*lines, "", ""]).encode() + body
        # Logged before it is sent: whoever has the answer finds the entry complete.
        request.status = answer.status
        request.response_bytes = len(message)
        self.wfile.write(message)
        if cut:
            self._drop()

    def _drop(self) -> None:
        self.close_connection = True
        _close(self.connection)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing on stderr; the log is ``LoopbackService.requests``."""


def _close(connection: socket.socket) -> None:
    # The client may have gone already.
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


def _call(rules: list[Rule], moment: Moment, request: Request) -> None:
    for rule in rules:
        if rule.callback is not None and rule.moment == moment:
            rule.callback(request)


def _phrase(status: int) -> str:
    # Proxies in front of a service answer with codes that no standard knows, such as 520.
    known = {known.value: known.phrase for known in HTTPStatus}
    return known.get(status, "Unknown")


def _replacement(rule: Rule) -> Answer:
    status = rule.status or 500
    answer = Answer.error(status, _phrase(status))
    answer.headers.update(rule.headers)
    return answer


def _spoil(rule: Rule, answer: Answer) -> None:
    if rule.corrupt is not None:
        value = json.loads(answer.body)
        WAYS[rule.corrupt](value)
        answer.body = json.dumps(value).encode()
    if rule.garbage == "json":
        answer.body = answer.body[: len(answer.body) // 2]


class Server(ThreadingHTTPServer):
    """Listens on a free port of 127.0.0.1."""

    daemon_threads = True
    # Do not wait for open connections of clients when the service stops.
    block_on_close = False

    def __init__(self, application: Application) -> None:
        self.application = application
        self.connections: set[socket.socket] = set()
        super().__init__(("127.0.0.1", 0), Handler)

    def start(self) -> None:
        threading.Thread(
            target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        ).start()

    def stop(self) -> None:
        self.shutdown()
        self.server_close()
        for connection in list(self.connections):
            _close(connection)

    def handle_error(self, _request: object, _address: object) -> None:
        """Keep what went wrong, in the loopback or in a test's callback, for the test to see."""
        self.application.errors.append(traceback.format_exc())
