"""``python -m qml_algos.cli``."""

import sys

from qml_algos.cli import main

sys.exit(main())
