"""The command ``qml-algos``: a thin face on the library."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from qml_algos import __version__
from qml_algos.cli import account, backends, comparison, computations, devices, report
from qml_algos.cli.faces import contest_faces_of, faces_of
from qml_algos.errors import QmlAlgosError

USAGE_ERROR = 2
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status."""
    given = sys.argv[1:] if arguments is None else arguments
    options = _parser(given).parse_args(given)
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
    except comparison.InterruptedComparison:
        print(
            "qml-algos: interrupted; finished points are kept. Run the same command again to go on",
            file=sys.stderr,
        )
        return INTERRUPTED
    except KeyboardInterrupt:
        print("qml-algos: interrupted; no report was written", file=sys.stderr)
        return INTERRUPTED
    return 0


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="qml-algos", description="Quantum algorithms beside the best classical methods."
    )
    parser.add_argument("--version", action="version", version=f"qml-algos {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    backends.add(commands)
    devices.add(commands)
    comparison.add(commands, contest_faces_of(arguments))
    report.add(commands)
    computations.add(commands, faces_of(arguments))
    account.add(commands)
    return parser
