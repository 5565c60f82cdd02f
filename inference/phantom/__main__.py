"""Command: `python -m inference.phantom --seed 1 --center A --cases 3 --out DIR`."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from inference.phantom.case import PhantomCase, make_case
from inference.phantom.centers import CENTERS
from inference.phantom.dicom import write_dicom, write_mask


def main(arguments: Sequence[str] | None = None) -> int:
    """Write cases of consecutive seeds, one folder each, with mask and truth beside the DICOM folders."""
    parser = argparse.ArgumentParser(prog="python -m inference.phantom", description=main.__doc__)
    parser.add_argument("--seed", type=int, default=1, help="seed of the first case (default 1)")
    parser.add_argument("--center", choices=sorted(CENTERS), default="A")
    parser.add_argument("--cases", type=int, default=1, help="how many cases (default 1)")
    parser.add_argument("--size", choices=("full", "small"), default="full")
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    options = parser.parse_args(arguments)
    if options.seed < 0 or options.cases < 1:
        parser.error("--seed must not be negative and --cases must be at least 1")
    for seed in range(options.seed, options.seed + options.cases):
        case = make_case(seed, options.center, size=options.size)
        name = f"PHANTOM-{options.center}-{seed:04d}"
        folder = options.out / name
        files = write_dicom(case, folder, patient_id=name, patient_name=f"PHANTOM^{options.center}{seed:04d}")
        write_mask(case, folder / "index-node.npz")
        (folder / "truth.json").write_text(json.dumps(truth_of(case), indent=2) + "\n", encoding="utf-8")
        print(f"{folder}: {len(files)} images, index node {'positive' if case.positive else 'negative'}")  # noqa: T201
    return 0


def truth_of(case: PhantomCase) -> dict[str, Any]:
    """The case's truth as plain values for JSON."""
    return {
        "synthetic": True,
        "seed": case.seed,
        "center": case.center,
        "sex": case.sex,
        "age_years": case.age_years,
        "is_after_chemoradiotherapy": case.is_after_chemoradiotherapy,
        "has_tumor": bool(case.tumor_mask.any()),
        "positive": case.positive,
        "probability": case.probability,
        "nodes": [
            {
                "side": node.side,
                "region": node.region,
                "center_mm": [round(value, 3) for value in node.center_mm],
                "short_axis_mm": round(node.short_axis_mm, 3),
                "long_axis_mm": round(node.long_axis_mm, 3),
                "margin": node.margin,
                "is_heterogeneous": node.is_heterogeneous,
                "spiculation": round(node.spiculation, 4),
                "heterogeneity": round(node.heterogeneity, 4),
                "probability": node.probability,
                "positive": node.positive,
            }
            for node in case.nodes
        ],
    }


if __name__ == "__main__":
    raise SystemExit(main())
