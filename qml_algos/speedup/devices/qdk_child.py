"""Estimates by qdk in a process of their own: reads jobs as JSON, writes results as JSON.

Run as a script, without the package: importing qml_algos would take longer than the estimates.
"""

from __future__ import annotations

import json
import sys
import warnings


def main() -> None:
    """Read a list of pairs of counts and parameters, write a list of results."""
    warnings.simplefilter("ignore", DeprecationWarning)
    from qdk.estimator import EstimatorError, LogicalCounts

    try:
        results = [
            dict(LogicalCounts(counts).estimate(parameters))
            for counts, parameters in json.load(sys.stdin)
        ]
    except EstimatorError as error:
        # Not an Exception: it would leave a traceback of its own.
        sys.exit(str(error))
    kept = ("physicalCounts", "logicalQubit", "logicalCounts")
    json.dump([{name: result[name] for name in kept} for result in results], sys.stdout)


if __name__ == "__main__":
    main()
