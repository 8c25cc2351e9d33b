"""What ``spark-submit`` runs: the job, from the wheel on the driver."""

import sys

from wirecopy_spark.__main__ import main

sys.exit(main())
