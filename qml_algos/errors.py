"""What can go wrong, one class for each mistake a user can act on."""

from __future__ import annotations

from collections.abc import Iterable


class QmlAlgosError(Exception):
    """Base class of all errors that qml-algos raises on purpose."""


class InvalidProblemError(QmlAlgosError, ValueError):
    """A problem's data cannot be what it claims to be (shape, NaN, zero right-hand side)."""


class SingularMatrixError(InvalidProblemError):
    """The matrix is singular to working precision, so no unique solution exists."""


class UnsuitableSolverError(QmlAlgosError, ValueError):
    """The solver does not apply to this problem, or not with these options."""


class UnsuitableDeviceError(QmlAlgosError, ValueError):
    """Nothing can be projected on a backend: it is no device, or its figures are missing."""


class MatrixMarketError(QmlAlgosError, ValueError):
    """A Matrix Market file cannot be read as the array asked for."""


class ConfigError(QmlAlgosError, ValueError):
    """A backend's TOML file is malformed or holds a value that is not allowed."""


class TooLargeError(QmlAlgosError, ValueError):
    """Something needs more qubits, memory or shots than the backend or the machine has."""


class NotExactError(QmlAlgosError, ValueError):
    """A statevector was asked of a backend that only returns measured shots."""


class NothingAcceptedError(QmlAlgosError, RuntimeError):
    """No shot passed post-selection, so nothing can be said of the solution."""


class NotConvergedError(QmlAlgosError, RuntimeError):
    """An iteration ended before it could promise the precision asked for."""


class UnknownNameError(QmlAlgosError, ValueError):
    """A name is not one of those that are known."""

    def __init__(self, what: str, name: object, known: Iterable[str]) -> None:
        super().__init__(f"unknown {what} {name!r}; known: {', '.join(sorted(known))}")


class NotCompiledError(QmlAlgosError, ValueError):
    """A circuit holds instructions that the backend does not have; it was not compiled for it."""


class UnsupportedCircuitError(QmlAlgosError, ValueError):
    """The backend cannot run a circuit, however it is compiled."""


class LedgerError(QmlAlgosError, RuntimeError):
    """The record of jobs cannot be read or written; nothing was sent."""


class BudgetError(QmlAlgosError, RuntimeError):
    """A request costs more quantum time than may be spent; nothing was sent."""


class ServiceUnavailableError(QmlAlgosError, RuntimeError):
    """A service did not answer, or answered that it cannot now; nothing is lost, run again."""


class TooManyRequestsError(ServiceUnavailableError):
    """A service asks for a pause before the next request."""


class RequestRefusedError(QmlAlgosError, RuntimeError):
    """A service refused a request for good, so that nothing was stored or charged."""


class UnknownJobError(RequestRefusedError):
    """A service does not know a job, or not for this account."""


class CorruptResultError(QmlAlgosError, RuntimeError):
    """A service gave results that are not those of the job; nothing is lost, run again."""


class JobLostError(QmlAlgosError, RuntimeError):
    """A job failed, was cancelled or is not known any more; it is not sent again unasked."""


class JobsPendingError(QmlAlgosError, RuntimeError):
    """Results are not there yet, and waiting for them was not asked for."""


class ComputationChangedError(QmlAlgosError, RuntimeError):
    """A resumed computation asks for other circuits than before; nothing was sent."""


class AccountError(QmlAlgosError, ValueError):
    """An account cannot be saved or read; the message never holds its token."""


class TaskChangedError(QmlAlgosError, RuntimeError):
    """A file that a task reads is not what it was when the task was begun."""


class MissingExtraError(QmlAlgosError, ImportError):
    """A package that only some need is not installed."""


class SignalLostError(QmlAlgosError, RuntimeError):
    """Noise has left nothing of what was measured that could be told from chance."""


class TooFewPointsError(QmlAlgosError, ValueError):
    """A law has fewer measurements than it takes to fit it and to say how well.

    Attributes
    ----------
    needed, given
        How many different points, or different values of one variable.
    """

    def __init__(self, what: str, needed: int, given: int) -> None:
        super().__init__(f"{what}: {needed} needed at the least, {given} given")
        self.needed = needed
        self.given = given


class ComparisonFileError(QmlAlgosError, ValueError):
    """A saved comparison cannot be read, or is not what it claims to be."""
