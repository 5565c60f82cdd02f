"""What sections of the pipeline are named by that no single function computes."""

from backend.analysis.methods_core import Method

VANDENBROUCKE_2007 = (
    "Vandenbroucke JP, von Elm E, Altman DG, et al. Strengthening the Reporting of Observational Studies in "
    "Epidemiology (STROBE): explanation and elaboration. PLoS Med 2007;4:e297."
)

BANKIER_2010 = (
    "Bankier AA, Levine D, Halpern EF, Kressel HY. Consensus interpretation in imaging research: is there a better "
    "way? Radiology 2010;257(1):14-17."
)

METHODS_PIPELINE: tuple[Method, ...] = (
    Method(
        "consensus_reading",
        "Consensus reading",
        "A reading that readers gave in consensus is one reading a case: it has a curve, calls and paired comparisons, "
        "whose intervals tell of cases alone and not of other readers. It takes no part in means of readers, in "
        "multi-reader multi-case analyses, or in agreement between readers.",
        (BANKIER_2010,),
    ),
    Method(
        "table_one",
        "Description and comparison of groups",
        "Groups are described by mean and standard deviation or median and quartiles, and by counts and shares "
        "of those without a missing value; each row is compared by the test that its rule chose, with "
        "standardized mean differences between groups. Between cohorts the reference standard is compared too.",
        (VANDENBROUCKE_2007,),
    ),
)
