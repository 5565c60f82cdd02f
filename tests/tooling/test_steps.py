import sys
from pathlib import Path

import pytest

from scripts.steps import Steps, digest_of, is_current, write_stamp
from scripts.toolchain import Problem


def test_stamp_is_current_until_a_file_changes_moves_or_comes(tmp_path: Path) -> None:
    folder = tmp_path / "src"
    folder.mkdir()
    (folder / "a.ts").write_text("1")
    stamp = tmp_path / "stamps" / "bundle"

    def digest() -> str:
        return digest_of([folder], "20")

    assert not is_current(stamp, digest())
    write_stamp(stamp, digest())
    assert is_current(stamp, digest())

    (folder / "a.ts").write_text("2")
    assert not is_current(stamp, digest())
    (folder / "a.ts").write_text("1")
    assert is_current(stamp, digest())
    (folder / "b.ts").write_text("")
    assert not is_current(stamp, digest())
    (folder / "b.ts").unlink()
    (folder / "a.ts").rename(folder / "c.ts")
    assert not is_current(stamp, digest())


def test_stamp_depends_on_the_version_beside_the_files(tmp_path: Path) -> None:
    assert digest_of([tmp_path], "20") != digest_of([tmp_path], "22")


def test_step_that_fails_shows_the_last_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    steps = Steps(2)
    steps.begin("Database")

    with pytest.raises(Problem, match=r"exit 4[\s\S]*the reason"):
        steps.run([sys.executable, "-c", "print('the reason'); raise SystemExit(4)"], cwd=tmp_path)

    assert capsys.readouterr().out.startswith("[1/2] Database\n")
