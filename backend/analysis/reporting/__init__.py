"""From results to a report: methods text, filled checklists, tables for a manuscript, one HTML and one PDF document.

Nothing here computes a statistic. The documents are made from one plain record
(:class:`backend.analysis.reporting.content.ReportContent`), so that both say the same, and the same record gives the
same bytes.
"""
