import stat

import pytest

from backend.config import environment
from backend.config.environment import ConfigurationError


def test_text_takes_the_variable_else_the_default(monkeypatch) -> None:
    monkeypatch.setenv("RR_TEST_VALUE", "given")
    assert environment.text("RR_TEST_VALUE", "default") == "given"
    monkeypatch.setenv("RR_TEST_VALUE", "")
    assert environment.text("RR_TEST_VALUE", "default") == "default"
    with pytest.raises(ConfigurationError, match="RR_TEST_VALUE is not set"):
        environment.text("RR_TEST_VALUE")


def test_words_are_split_at_commas(monkeypatch) -> None:
    monkeypatch.setenv("RR_TEST_VALUE", " a.example , b.example,, ")
    assert environment.words("RR_TEST_VALUE") == ["a.example", "b.example"]


def test_the_secret_key_is_made_once_and_for_the_owner_alone(tmp_path, monkeypatch) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    key = environment.secret_key(tmp_path)
    assert len(key) >= 50
    assert environment.secret_key(tmp_path) == key
    (path,) = (tmp_path / "keys").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    monkeypatch.setenv("SECRET_KEY", "given")
    assert environment.secret_key(tmp_path) == "given"


def test_the_database_is_a_file_unless_a_url_says_otherwise(tmp_path, monkeypatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("SQLITE_FILE", raising=False)
    embedded = environment.database(tmp_path)
    assert (embedded["ENGINE"], embedded["NAME"]) == (
        "django.db.backends.sqlite3",
        str(tmp_path / "db.sqlite3"),
    )
    assert "journal_mode=WAL" in embedded["OPTIONS"]["init_command"]
    monkeypatch.setenv("DATABASE_URL", "postgresql://us%40er:p%2Fw@db.example:5433/reading?sslmode=require")
    server = environment.database(tmp_path)
    assert (server["USER"], server["PASSWORD"], server["HOST"], server["PORT"]) == (
        "us@er",
        "p/w",
        "db.example",
        "5433",
    )
    assert (server["NAME"], server["OPTIONS"]) == ("reading", {"sslmode": "require"})


def test_a_socket_folder_can_stand_in_the_url(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql:///reading?host=/run/postgresql")
    assert environment.database(tmp_path)["HOST"] == "/run/postgresql"


def test_another_database_is_refused_plainly(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://localhost/reading")
    with pytest.raises(ConfigurationError, match="postgresql://"):
        environment.database(tmp_path)
