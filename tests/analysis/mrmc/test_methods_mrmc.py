"""Every method that a result names is described."""

from backend.analysis.methods_mrmc import METHODS_MRMC
from backend.analysis.mrmc.covariance import estimate_cells
from backend.analysis.mrmc.dbm import dbm, dbm_equivalence
from backend.analysis.mrmc.figures_of_merit import Auc, PartialAuc, Sensitivity, Specificity
from backend.analysis.mrmc.margins import margin_tests
from backend.analysis.mrmc.obuchowski_rockette import obuchowski_rockette
from backend.analysis.mrmc.power import cases_needed, power
from backend.analysis.mrmc.standalone import model_against_readers
from tests.analysis.mrmc.or_studies import simulate


def test_every_key_of_a_result_is_described_once() -> None:
    keys = [method.key for method in METHODS_MRMC]
    assert len(keys) == len(set(keys))
    data = simulate(levels=5)
    results = [
        obuchowski_rockette(estimate_cells(data, covariance=covariance, seed=1, n_resamples=20))  # type: ignore[arg-type]
        for covariance in ("jackknife", "delong", "unbiased", "bootstrap")
    ]
    named = {result.method for result in results} | {result.covariance_method for result in results}
    named |= {
        Auc().method,
        PartialAuc("specificity", 0.5, 1.0).method,
        Sensitivity(1.0).method,
        Specificity(1.0).method,
    }
    named |= {dbm(data).method, model_against_readers(estimate_cells(data.only(("1",))), model="1").method}
    named |= {power(results[0], n_readers=4, n_cases=50, effect=0.1).method}
    named |= {cases_needed(results[0], n_readers=4, effect=0.1).method}
    named |= {margin_tests(results[0], margin=0.1).method, dbm_equivalence(dbm(data), results[0]).method}
    assert named == set(keys)
