"""How plans, keys of results and titles call all cases together, and each cohort."""

ALL_CASES = "all cases"


def cohort_name(label: str) -> str:
    """The cohort of this label; one that is called as all cases together are is told from them."""
    return f"cohort {label}" if label == ALL_CASES else label
