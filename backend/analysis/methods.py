"""The methods section: what each result was computed with, and the publication to cite."""

from backend.analysis.methods_agreement import METHODS_AGREEMENT
from backend.analysis.methods_core import METHODS_CORE, Method
from backend.analysis.methods_designs import METHODS_DESIGNS
from backend.analysis.methods_figures import METHODS_FIGURES
from backend.analysis.methods_models import METHODS_MODELS
from backend.analysis.methods_mrmc import METHODS_MRMC
from backend.analysis.methods_pipeline import METHODS_PIPELINE
from backend.analysis.methods_roc import METHODS_ROC
from backend.analysis.methods_survival import METHODS_SURVIVAL
from backend.analysis.methods_tables import METHODS_TABLES

__all__ = ["ALL_METHODS", "METHODS", "Method"]

ALL_METHODS: tuple[Method, ...] = (
    *METHODS_CORE,
    *METHODS_AGREEMENT,
    *METHODS_ROC,
    *METHODS_MRMC,
    *METHODS_DESIGNS,
    *METHODS_MODELS,
    *METHODS_SURVIVAL,
    *METHODS_TABLES,
    *METHODS_PIPELINE,
    *METHODS_FIGURES,
)
METHODS: dict[str, Method] = {method.key: method for method in ALL_METHODS}
