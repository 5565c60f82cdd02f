"""``python -m backend.analysis DATASET_DIR --out DIR``: the whole analysis of exported files, without a server."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from backend.analysis.errors import AnalysisError

WRONG_INPUT = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code is 0, or 2 with the reason on standard error."""
    options = _parser().parse_args(arguments)
    try:
        return _analyze(options)
    except AnalysisError as error:
        sys.stderr.write(f"{error.text}\n")
        return WRONG_INPUT


def _parser() -> argparse.ArgumentParser:
    from backend.analysis.pipeline.run import DEFAULT_SEED

    parser = argparse.ArgumentParser(
        prog="python -m backend.analysis",
        description="Analyze a dataset of CSV files: results.json, tables, figures, exports and checksums.",
    )
    parser.add_argument(
        "dataset", nargs="?", type=Path, help="the folder of CSV files, or one mrmc.csv (reader,modality,...)"
    )
    parser.add_argument("--demo", help="a synthetic dataset instead, which is left in DIR/dataset")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="the folder to write")
    parser.add_argument("--level", type=float, default=0.95, help="confidence level (default: 0.95)")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED, help="seed of every resampling")
    parser.add_argument(
        "--set", choices=("as-read", "per-protocol"), default="as-read", help="the analysis set"
    )
    parser.add_argument(
        "--figures", nargs="*", choices=("svg", "png"), default=["svg", "png"], help="none: no figures"
    )
    return parser


def _analyze(options: argparse.Namespace) -> int:
    from backend.analysis.pipeline.output import write_analysis
    from backend.analysis.pipeline.run import run_analysis
    from backend.analysis.pipeline.source import demo_dataset, read_source

    if (options.dataset is None) == (options.demo is None):
        raise AnalysisError("no_dataset", "name either a dataset's folder or --demo")
    if options.demo is not None:
        inputs = demo_dataset(options.demo, options.out / "dataset")
    else:
        inputs = read_source(options.dataset)
    results = run_analysis(inputs, level=options.level, seed=options.seed, analysis_set=options.set)
    written = write_analysis(results, inputs, options.out, formats=options.figures)
    for section in results.sections:
        state = {"done": f"{len(section.items)} results", "failed": "failed"}.get(section.state)
        told = state or f"not applicable: {section.not_applicable and section.not_applicable.reason}"
        sys.stdout.write(f"{section.title}: {told}\n")
        for failure in section.failures:
            sys.stdout.write(f"  {failure.title}: {failure.text}\n")
    sys.stdout.write(f"{len(written)} files in {options.out}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
