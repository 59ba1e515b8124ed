"""Makes the comparisons that tests of bills and projections share importable."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
