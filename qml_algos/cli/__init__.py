"""The command ``qml-algos``: a thin face on the library."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from qml_algos import __version__
from qml_algos.cli import account, backends, comparison, computations
from qml_algos.errors import QmlAlgosError

USAGE_ERROR = 2
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except (QmlAlgosError, ValueError, OSError) as error:
        print(f"qml-algos: error: {error}", file=sys.stderr)
        return USAGE_ERROR
    except computations.InterruptedComputation as interrupted:
        print(
            f"qml-algos: interrupted; nothing is lost. Go on with: qml-algos resume {interrupted}",
            file=sys.stderr,
        )
        return INTERRUPTED
    except KeyboardInterrupt:
        print("qml-algos: interrupted; no report was written", file=sys.stderr)
        return INTERRUPTED
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="qml-algos", description="Quantum algorithms beside the best classical methods."
    )
    parser.add_argument("--version", action="version", version=f"qml-algos {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in (backends, comparison, computations, account):
        command.add(commands)
    return parser
