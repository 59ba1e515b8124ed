"""What all tests have in common."""

import os

# IBM's client otherwise looks through the sources of all callers before each request, to report
# which packages use it: a tenth of a second, most of the time of many tests. The variable is the
# client's own.
os.environ["USAGE_DATA_OPT_OUT"] = "True"
