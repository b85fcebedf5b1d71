"""A bank as the plain data of its files, and as the JSON in which it is kept and sent."""

import json
import re
from typing import Any

from app.banks.reading import read_files
from app.banks.schemas import ItemBank, Problem, SourceFile

_FILE = re.compile(r"(?:forms/)?[^/]+\.yaml")


def plain_files(bank: ItemBank) -> dict[str, Any]:
    """The values of bank.yaml, xx.yaml and forms/xx.yaml by name, as they would be read."""
    plain: dict[str, Any] = {
        "bank.yaml": bank.source.model_dump(mode="json", exclude_defaults=True)
    }
    plain |= {
        f"{language}.yaml": texts.model_dump(mode="json")
        for language, texts in sorted(bank.languages.items())
    }
    return plain | {
        f"forms/{form.form}.yaml": form.model_dump(mode="json")
        for form in sorted(bank.forms, key=lambda form: f"{form.form}.yaml")
    }


def source_files(bank: ItemBank) -> dict[str, SourceFile]:
    """The same, ready to be read again; each file is its own spot."""
    ref = bank.source.bank
    return {
        name: SourceFile(f"{ref}/{name}", value, {}) for name, value in plain_files(bank).items()
    }


def as_json(bank: ItemBank) -> str:
    """The bank as one text: the same bank is the same text."""
    return json.dumps(plain_files(bank), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def from_json(text: str) -> tuple[ItemBank | None, list[Problem]]:
    """The bank of such a text, checked as its files would be; ValueError for what is none."""
    try:
        plain = json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(plain, dict) or not isinstance(plain.get("bank.yaml"), dict):
        raise ValueError("no bank")
    if not all(_FILE.fullmatch(name) for name in plain):
        raise ValueError("no file of a bank")
    ref = str(plain["bank.yaml"].get("bank", ""))
    return read_files(
        ref, {name: SourceFile(f"{ref}/{name}", value, {}) for name, value in plain.items()}
    )
