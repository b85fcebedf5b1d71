"""Every setting of the service, read once from TAFAWUT_… variables and never changed."""

from enum import StrEnum
from functools import cached_property
from ipaddress import ip_address
from pathlib import Path

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROLES = frozenset({"admin", "trainer", "evaluator", "viewer"})


class Mode(StrEnum):
    """How phones reach the service: over TLS, or plainly on a room's own network."""

    HTTPS = "https"
    LAN = "lan"


class Settings(BaseSettings):
    """Each field says what it changes, and what breaks without it (guides/settings.md)."""

    model_config = SettingsConfigDict(
        env_prefix="TAFAWUT_", frozen=True, extra="ignore", env_ignore_empty=True
    )

    data_dir: Path = Field(default=Path("tafawut-data"))
    database_url: str = Field(default="")
    key_dir: Path | None = Field(default=None)
    key_backup_dir: Path | None = Field(default=None)
    banks_dir: Path | None = Field(default=None)
    mode: Mode = Field(default=Mode.LAN)
    base_url: str = Field(default="http://127.0.0.1:8000")
    laptop_address: str = Field(default="")
    wifi_name: str = Field(default="", max_length=32)
    wifi_password: str = Field(default="", max_length=63)
    room_places: int = Field(default=0, ge=0, le=1000)
    is_demo: bool = Field(default=False)
    has_docs: bool = Field(default=False)
    outside_threshold: int = Field(default=10, ge=5)
    closing_seconds: int = Field(default=120, ge=0, le=3600)
    late_hours: int = Field(default=24, ge=0, le=72)
    names_days: int = Field(default=90, ge=1, le=3650)
    answers_months: int = Field(default=24, ge=1, le=600)
    log_months: int = Field(default=24, ge=1, le=600)
    tidy_seconds: float = Field(default=3600.0, gt=0)
    metrics_port: int = Field(default=0, ge=0, le=65535)
    sign_in_idle_minutes: int = Field(default=30, ge=1)
    sign_in_hours: int = Field(default=12, ge=1)
    second_step_for: str = Field(default="", max_length=80)
    save_batch_limit: int = Field(default=1024, ge=1)
    body_limit_bytes: int = Field(default=65_536, ge=1024)
    password_hash_limit: int = Field(default=2, ge=1)
    settle_seconds: float = Field(default=5.0, gt=0)

    @field_validator("laptop_address")
    @classmethod
    def _check_address(cls, address: str) -> str:
        """A name would never be compared with an address of a connection, and open nothing."""
        return str(ip_address(address)) if address else ""

    @field_validator("second_step_for")
    @classmethod
    def _check_roles(cls, said: str) -> str:
        """A role that is spelled wrongly would be asked for nothing."""
        roles = {each.strip() for each in said.split(",")}
        if said not in ("", "nobody", "everybody") and not roles <= ROLES:
            raise ValueError(f"say nobody, everybody, or some of: {', '.join(sorted(ROLES))}")
        return said

    @cached_property
    def second_step_roles(self) -> frozenset[str]:
        """The roles that must set up a second step: as set, else everybody on https."""
        if self.second_step_for == "":
            return ROLES if self.is_https and not self.is_demo else frozenset()
        if self.second_step_for == "everybody":
            return ROLES
        return frozenset(each.strip() for each in self.second_step_for.split(",")) & ROLES

    @cached_property
    def database(self) -> str:
        """The database's address: as set, or an SQLite file in the data folder."""
        return self.database_url or f"sqlite:///{self.data_dir / 'tafawut.sqlite3'}"

    @cached_property
    def keys(self) -> Path:
        """The folder of the keys, outside database and backup."""
        return self.key_dir or self.data_dir / "keys"

    @cached_property
    def key_backup(self) -> Path:
        """The keys' own backup, destroyed with them."""
        return self.key_backup_dir or self.data_dir / "keys-backup"

    @cached_property
    def banks(self) -> Path:
        """The folder of the question banks."""
        return self.banks_dir or Path(__file__).parent.parent / "question_banks"

    @property
    def is_https(self) -> bool:
        """Whether cookies are Secure and HSTS is sent."""
        return self.mode is Mode.HTTPS
