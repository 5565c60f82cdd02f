"""The whole analysis of a dataset: every section that applies, what it was computed from, and the files of it.

:func:`backend.analysis.pipeline.run.run_analysis` gives the results,
:func:`backend.analysis.pipeline.output.write_analysis` the folder that ``python -m backend.analysis`` leaves.
"""
