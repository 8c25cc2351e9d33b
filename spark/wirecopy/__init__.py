"""Near-duplicate and syndicated documents: copies, shared passages, who was first.

``wirecopy.steps`` has the stages over Arrow record batches, for engines that
shuffle by themselves.
"""

from wirecopy import steps
from wirecopy._core import __version__

__all__ = ["__version__", "steps"]
