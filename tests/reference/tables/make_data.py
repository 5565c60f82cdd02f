"""The self-made data of this folder: three groups, values near normal, skewed with ties, untied, grades."""

import csv
import random
from pathlib import Path


def main() -> None:
    """Write ``data.csv``."""
    draw = random.Random(20251)
    with (Path(__file__).parent / "data.csv").open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["group", "normal", "skewed", "untied", "grade"])
        for group, n, shift in (("A", 31, 0.0), ("B", 24, 0.6), ("C", 17, 1.3)):
            for _ in range(n):
                normal = round(draw.gauss(60 + 4 * shift, 8 + 2 * shift), 1)
                skewed = round(draw.lognormvariate(1.2 + shift / 3, 0.8))
                untied = round(draw.gauss(shift, 1), 9)
                writer.writerow(
                    [group, normal, skewed, untied, min(4, max(1, round(draw.gauss(2 + shift / 2, 1))))]
                )


if __name__ == "__main__":
    main()
