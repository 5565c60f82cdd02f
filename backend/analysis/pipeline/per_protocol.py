"""The main comparisons again on the per-protocol set, where deviations were recorded."""

from backend.analysis.pipeline.apparent import apparent_of
from backend.analysis.pipeline.curves import comparisons
from backend.analysis.pipeline.free_response import free_response
from backend.analysis.pipeline.multireader import mrmc
from backend.analysis.pipeline.results import (
    FREE_RESPONSE_AGAIN,
    Collector,
    CurvePair,
    Section,
    not_applicable,
)
from backend.analysis.pipeline.study import Study, study_of
from backend.analysis.roc import delong, delong_paired

KEY, TITLE = "per_protocol", "Per-protocol set"
NOTHING = "no reader rated or marked a case and no model scored one"


def per_protocol(study: Study) -> Section:
    """Areas, their comparisons, the multi-reader and the free-response analysis without the reads that deviated."""
    deviations = [one for one in study.files.extras.exclusions if one.excluded_from == "per-protocol"]
    if not deviations:
        return not_applicable(KEY, TITLE, "no read or case is excluded from the per-protocol set")
    own = study_of(study.files, level=study.level, seed=study.seed, analysis_set="per-protocol")
    collector = Collector(KEY, TITLE)
    for one in [*own.readers(), *own.consensus(), *own.models()]:
        cases, dropped = own.complete(one)
        collector.add(
            f"auc/{one.label}",
            f"{one.label}: AUC",
            lambda one=one, cases=cases: delong(  # type: ignore[misc]
                own.truths(cases), [one.scores[case] for case in cases], level=own.level
            ),
            dropped=dropped,
            warnings=apparent_of(own, [one], cases),
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
            warnings=apparent_of(own, [a, b], cases),
        )
    collector.keep(mrmc(own))
    key_start, title_start = FREE_RESPONSE_AGAIN
    collector.keep(free_response(own), key_start=key_start, title_start=title_start)
    return collector.section(NOTHING)
