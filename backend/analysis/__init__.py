"""Statistics of reader studies: numpy and scipy in, frozen result objects out.

Pure Python: nothing here knows a database, a web framework or a task queue. Two rules hold throughout.
Malformed input raises :class:`~backend.analysis.errors.AnalysisError` naming the row or object at fault;
a quantity that well-formed data leave undefined is returned as
:class:`~backend.analysis.errors.NotEstimable` with its reason, never as NaN or infinity.
"""

VERSION = "0.1.0"
"""Of this software, as pyproject.toml has it; every result names it."""
