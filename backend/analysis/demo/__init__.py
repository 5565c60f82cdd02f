"""Synthetic datasets of the four studies that the platform must run, as the files of a dataset's folder.

Everything in them is drawn by a seeded generator and labelled synthetic; only the numbers of cases, and the
counts of a few tables, are those that the papers print. They hold no patient and no published rating.
"""

from collections.abc import Callable

from backend.analysis.demo.cervix_dlrc import cervix_dlrc
from backend.analysis.demo.larc_dm import larc_dm
from backend.analysis.demo.lln_segmentation import lln_segmentation
from backend.analysis.demo.lpln_radiomics import lpln_radiomics
from backend.analysis.errors import AnalysisError

DEMO_SEED = 1
DEMOS: dict[str, Callable[[int], dict[str, str]]] = {
    "lpln-radiomics": lpln_radiomics,
    "lln-segmentation": lln_segmentation,
    "cervix-dlrc": cervix_dlrc,
    "larc-dm": larc_dm,
}

# Title of the dataset and what it shows, for whoever chooses one.
DESCRIPTIONS: dict[str, tuple[str, str]] = {
    "lpln-radiomics": (
        "Lateral pelvic lymph nodes, readers and radiomics",
        (
            "336 cases, 100 of them read by two readers without and with a radiomics score: ROC curves, the paired "
            "multi-reader comparison, change of mind, calibration and decision curves."
        ),
    ),
    "lln-segmentation": (
        "Lateral lymph nodes, three readers and a segmentation model",
        (
            "480 cases read by three readers and a model, with follow-up: findings by question, agreement, hidden "
            "repeats, marks, survival by status, region and diameter, as settled and as readers and model found them."
        ),
    ),
    "cervix-dlrc": (
        "Pelvic node metastasis of cervical cancer, deep learning and radiomics",
        (
            "1,095 cases of five centers with three models, 410 of them read: models by cohort and center, "
            "reproducibility of features, subgroups."
        ),
    ),
    "larc-dm": (
        "Distant metastasis of locally advanced rectal cancer, deep-learning signature",
        "235 cases without readers, with follow-up: Cox models, nomogram, time-dependent curves, reclassification.",
    ),
}


def demo_files(name: str, *, seed: int = DEMO_SEED) -> dict[str, str]:
    """File name to text of a demonstration dataset, the same for the same seed.

    Raises
    ------
    AnalysisError
        ``unknown_demo``.
    """
    if name not in DEMOS:
        raise AnalysisError(
            "unknown_demo", f"there is no demonstration dataset {name!r}; there are {', '.join(DEMOS)}"
        )
    return DEMOS[name](seed)
