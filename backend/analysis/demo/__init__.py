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
