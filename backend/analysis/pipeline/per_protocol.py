"""The main comparisons again on the per-protocol set, where deviations were recorded."""

from backend.analysis.pipeline.curves import comparisons
from backend.analysis.pipeline.multireader import mrmc
from backend.analysis.pipeline.results import Collector, CurvePair, Section, not_applicable
from backend.analysis.pipeline.study import Study, study_of
from backend.analysis.roc import delong, delong_paired

KEY, TITLE = "per_protocol", "Per-protocol set"


def per_protocol(study: Study) -> Section:
    """Areas, their comparisons and the multi-reader analysis without the reads that deviated."""
    deviations = [one for one in study.files.extras.exclusions if one.excluded_from == "per-protocol"]
    if not deviations:
        return not_applicable(KEY, TITLE, "no read or case is excluded from the per-protocol set")
    own = study_of(study.files, level=study.level, seed=study.seed, analysis_set="per-protocol")
    collector = Collector(KEY, TITLE)
    for one in [*own.readers(), *own.models()]:
        cases, dropped = own.complete(one)
        collector.add(
            f"auc/{one.label}",
            f"{one.label}: AUC",
            lambda one=one, cases=cases: delong(  # type: ignore[misc]
                own.truths(cases), [one.scores[case] for case in cases], level=own.level
            ),
            dropped=dropped,
        )
    for a, b in comparisons(own):
        cases, dropped = own.complete(a, b)
        collector.add(
            f"delong/{a.label} - {b.label}",
            f"{a.label} - {b.label}",
            lambda a=a, b=b, cases=cases: CurvePair(  # type: ignore[misc]
                a.curve,
                b.curve,
                delong_paired(
                    own.truths(cases),
                    [a.scores[case] for case in cases],
                    [b.scores[case] for case in cases],
                    level=own.level,
                ),
            ),
            dropped=dropped,
        )
    collector.keep(mrmc(own))
    return collector.section("no reader rated a case and no model scored one")
