"""Makes the checks that tests of several block encodings share importable."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
