"""R as a program that tests ask: it reads the product's files and says what it finds."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

InR = Callable[[dict[str, bytes], str], list[str]]


def said_by_r(folder: Path, files: dict[str, bytes], script: str) -> list[str]:
    """The lines that the script prints, run beside the files, after `load.R` where it is among them."""
    program = shutil.which("Rscript")
    assert program is not None, "R is missing: make test-services installs it"
    for name, content in files.items():
        (folder / name).write_bytes(content)
    load = 'source("load.R", encoding = "UTF-8")\n' if "load.R" in files else ""
    (folder / "check.R").write_text(load + script, encoding="utf-8")
    done = subprocess.run(
        [program, "--vanilla", "check.R"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()
