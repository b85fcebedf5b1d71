"""Settings: read from TAFAWUT_… variables, never changed, refused when they make no sense."""

import os
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from app.settings import Mode, Settings
from tests.legs import ROOT


@pytest.fixture(autouse=True)
def no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variables of whoever runs the tests are none of ours."""
    for name in list(os.environ):
        if name.startswith("TAFAWUT_"):
            monkeypatch.delenv(name)


def test_without_any_variable_the_defaults_hold() -> None:
    assert Settings().model_dump() == {
        "data_dir": Path("tafawut-data"),
        "database_url": "",
        "key_dir": None,
        "key_backup_dir": None,
        "banks_dir": None,
        "mode": Mode.LAN,
        "base_url": "http://127.0.0.1:8000",
        "laptop_address": "",
        "is_demo": False,
        "has_docs": False,
        "outside_threshold": 10,
        "closing_seconds": 120,
        "late_hours": 24,
        "names_days": 90,
        "answers_months": 24,
        "log_months": 24,
        "tidy_seconds": 3600.0,
        "metrics_port": 0,
        "sign_in_idle_minutes": 30,
        "sign_in_hours": 12,
        "second_step_for": "",
        "wifi_name": "",
        "wifi_password": "",
        "room_places": 0,
        "save_batch_limit": 1024,
        "body_limit_bytes": 65_536,
        "password_hash_limit": 2,
        "settle_seconds": 5.0,
    }


def test_the_places_follow_the_data_folder() -> None:
    settings = Settings(data_dir=Path("/srv/tafawut"))

    assert settings.database == "sqlite:////srv/tafawut/tafawut.sqlite3"
    assert settings.keys == Path("/srv/tafawut/keys")
    assert settings.key_backup == Path("/srv/tafawut/keys-backup")
    assert settings.banks == ROOT / "question_banks"


@pytest.mark.parametrize(
    ("variable", "value", "field", "read"),
    [
        ("TAFAWUT_DATA_DIR", "/srv/tafawut", "data_dir", Path("/srv/tafawut")),
        ("TAFAWUT_DATABASE_URL", "postgresql+psycopg:///t", "database", "postgresql+psycopg:///t"),
        ("TAFAWUT_KEY_DIR", "/keys", "keys", Path("/keys")),
        ("TAFAWUT_KEY_BACKUP_DIR", "/copies", "key_backup", Path("/copies")),
        ("TAFAWUT_BANKS_DIR", "/banks", "banks", Path("/banks")),
        ("TAFAWUT_MODE", "https", "is_https", True),
        ("TAFAWUT_MODE", "lan", "is_https", False),
        ("TAFAWUT_BASE_URL", "https://tests.example.org", "base_url", "https://tests.example.org"),
        ("TAFAWUT_LAPTOP_ADDRESS", "172.17.0.1", "laptop_address", "172.17.0.1"),
        ("TAFAWUT_IS_DEMO", "true", "is_demo", True),
        ("TAFAWUT_HAS_DOCS", "true", "has_docs", True),
        ("TAFAWUT_OUTSIDE_THRESHOLD", "5", "outside_threshold", 5),
        ("TAFAWUT_CLOSING_SECONDS", "0", "closing_seconds", 0),
        ("TAFAWUT_LATE_HOURS", "72", "late_hours", 72),
        ("TAFAWUT_NAMES_DAYS", "30", "names_days", 30),
        ("TAFAWUT_ANSWERS_MONTHS", "36", "answers_months", 36),
        ("TAFAWUT_LOG_MONTHS", "36", "log_months", 36),
        ("TAFAWUT_TIDY_SECONDS", "60", "tidy_seconds", 60.0),
        ("TAFAWUT_METRICS_PORT", "9464", "metrics_port", 9464),
        ("TAFAWUT_SIGN_IN_IDLE_MINUTES", "5", "sign_in_idle_minutes", 5),
        ("TAFAWUT_SIGN_IN_HOURS", "1", "sign_in_hours", 1),
        ("TAFAWUT_SECOND_STEP_FOR", "admin", "second_step_roles", frozenset({"admin"})),
        ("TAFAWUT_WIFI_NAME", "Synthetic Hall", "wifi_name", "Synthetic Hall"),
        ("TAFAWUT_WIFI_PASSWORD", "only-a-test", "wifi_password", "only-a-test"),
        ("TAFAWUT_ROOM_PLACES", "8", "room_places", 8),
        ("TAFAWUT_SAVE_BATCH_LIMIT", "1", "save_batch_limit", 1),
        ("TAFAWUT_BODY_LIMIT_BYTES", "1024", "body_limit_bytes", 1024),
        ("TAFAWUT_PASSWORD_HASH_LIMIT", "4", "password_hash_limit", 4),
        ("TAFAWUT_SETTLE_SECONDS", "0.5", "settle_seconds", 0.5),
    ],
)
def test_a_variable_sets_its_field(
    variable: str, value: str, field: str, read: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)

    assert getattr(Settings(), field) == read


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("TAFAWUT_OUTSIDE_THRESHOLD", "4"),
        ("TAFAWUT_OUTSIDE_THRESHOLD", "many"),
        ("TAFAWUT_CLOSING_SECONDS", "-1"),
        ("TAFAWUT_LATE_HOURS", "73"),
        ("TAFAWUT_NAMES_DAYS", "0"),
        ("TAFAWUT_ANSWERS_MONTHS", "0"),
        ("TAFAWUT_LOG_MONTHS", "0"),
        ("TAFAWUT_TIDY_SECONDS", "0"),
        ("TAFAWUT_METRICS_PORT", "65536"),
        ("TAFAWUT_ROOM_PLACES", "-1"),
        ("TAFAWUT_SAVE_BATCH_LIMIT", "0"),
        ("TAFAWUT_BODY_LIMIT_BYTES", "10"),
        ("TAFAWUT_PASSWORD_HASH_LIMIT", "0"),
        ("TAFAWUT_SETTLE_SECONDS", "0"),
        ("TAFAWUT_SECOND_STEP_FOR", "admin,boss"),
        ("TAFAWUT_MODE", "http"),
        ("TAFAWUT_LAPTOP_ADDRESS", "the laptop"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused(
    variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)

    with pytest.raises(ValidationError) as refused:
        Settings()
    assert [error["loc"] for error in refused.value.errors()] == [
        (variable.removeprefix("TAFAWUT_").lower(),)
    ]


def test_every_setting_that_can_be_set_is_tried_here() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    names = {f"TAFAWUT_{name}".upper() for name in Settings.model_fields}

    assert [name for name in sorted(names) if f'("{name}"' not in source] == []


def test_a_variable_that_says_nothing_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder's name would mean the folder in which the command is started."""
    monkeypatch.setenv("TAFAWUT_KEY_BACKUP_DIR", "")
    monkeypatch.setenv("TAFAWUT_NAMES_DAYS", "")

    assert Settings().key_backup == Path("tafawut-data/keys-backup")
    assert Settings().names_days == 90


def test_settings_never_change() -> None:
    settings = Settings()

    with pytest.raises(ValidationError, match="frozen"):
        settings.outside_threshold = 1
    assert settings.outside_threshold == 10
