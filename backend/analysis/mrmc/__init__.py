"""Multi-reader multi-case analysis: long records in, Obuchowski-Rockette and its relatives out.

The way through: :mod:`ratings` checks the records and recognizes the design, :mod:`figures_of_merit` turns the
ratings of one reader under one modality into a figure of merit, :mod:`covariance` says how the figures vary together
over cases, and :mod:`obuchowski_rockette`, :mod:`dbm`, :mod:`standalone` and :mod:`power` draw the conclusions.
"""
