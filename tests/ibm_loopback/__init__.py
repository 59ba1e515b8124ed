"""A service on 127.0.0.1 that the unmodified IBM client talks to. See README.md."""

from .devices import Device
from .faults import Rule
from .handler import Request
from .jobs import Job
from .service import LoopbackService

__all__ = ["Device", "Job", "LoopbackService", "Request", "Rule"]
