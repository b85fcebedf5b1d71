"""Reads a bank's folder: every complaint names its file and line."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from app.adapters.yaml_files import YamlRefused, read_yaml
from app.banks.reading_rows import check_rows, check_tables
from app.banks.schemas import (
    BankFile,
    BankItem,
    FileModel,
    FormFile,
    ItemBank,
    LanguageFile,
    Place,
    Problem,
    Purpose,
    SourceFile,
    Spot,
)
from app.core.errors import BankBroken
from app.core.scoring import ROW_KINDS, SCORED_KINDS, ItemKind

_Model = TypeVar("_Model", bound=FileModel)


def read_banks(folder: Path) -> tuple[list[ItemBank], list[Problem]]:
    """Every bank below the folder, and everything that is wrong with them."""
    banks: list[ItemBank] = []
    problems: list[Problem] = []
    for path in sorted(folder.glob("*/bank.yaml")):
        bank, found = read_bank(path.parent)
        problems += found
        if bank is not None and not found:
            banks.append(bank)
    if not banks and not problems:
        problems.append(Problem(str(folder), 1, "no bank.yaml found in any folder here"))
    return banks, sorted(problems)


def require_banks(folder: Path) -> list[ItemBank]:
    """Every bank below the folder; raises BankBroken with all problems."""
    banks, problems = read_banks(folder)
    if problems:
        raise BankBroken(problems="\n".join(str(problem) for problem in problems))
    return banks


def read_bank(folder: Path) -> tuple[ItemBank | None, list[Problem]]:
    """One bank's folder: bank.yaml, one file per further language, forms/*.yaml."""
    paths = [folder / "bank.yaml", *sorted(folder.glob("*.yaml"))]
    paths += sorted((folder / "forms").glob("*.yaml"))
    files: dict[str, SourceFile] = {}
    problems: list[Problem] = []
    for path in dict.fromkeys(paths):
        name = path.relative_to(folder).as_posix()
        try:
            files[name] = yaml_source(f"{folder.name}/{name}", path.read_bytes())
        except YamlRefused as refused:
            problems.append(Problem(f"{folder.name}/{name}", refused.line, refused.reason))
        except OSError:
            problems.append(Problem(f"{folder.name}/{name}", 1, "the file cannot be read"))
    bank, found = read_files(folder.name, files)
    return bank, problems + found


def yaml_source(name: str, content: bytes) -> SourceFile:
    """A YAML file as plain data with its lines; raises YamlRefused."""
    file = read_yaml(content)
    spots: dict[Place, Spot] = {place: Spot(name, line) for place, line in file.lines.items()}
    return SourceFile(name, file.value, spots)


def read_files(name: str, files: Mapping[str, SourceFile]) -> tuple[ItemBank | None, list[Problem]]:
    """A bank called `name` from plain data, whatever it was written in.

    The files are called bank.yaml, xx.yaml and forms/xx.yaml; each problem names its spot.
    """
    problems: list[Problem] = []
    source = _checked("bank.yaml", BankFile, files, problems)
    names = [each for each in files if each != "bank.yaml"]
    languages = {
        _stem(each): _checked(each, LanguageFile, files, problems)
        for each in names
        if not each.startswith("forms/")
    }
    forms = {
        _stem(each): _checked(each, FormFile, files, problems)
        for each in names
        if each.startswith("forms/")
    }
    if source is None:
        return None, problems
    problems += _located(files["bank.yaml"], _check_bank(source, name))
    for stem, texts in languages.items():
        if texts is not None:
            problems += _located(files[f"{stem}.yaml"], _check_language(source, texts, stem))
    for stem, form in forms.items():
        if form is not None:
            found = _check_form(source, form, stem, {source.language, *languages})
            problems += _located(files[f"forms/{stem}.yaml"], found)
    whole = ItemBank(
        source=source,
        languages={stem: texts for stem, texts in languages.items() if texts is not None},
        forms=tuple(form for form in forms.values() if form is not None),
        files={f"{name}/{each}": file for each, file in files.items()},
    )
    return whole, problems


def _stem(name: str) -> str:
    return name.rpartition("/")[2].removesuffix(".yaml")


def _checked(
    name: str, model: type[_Model], files: Mapping[str, SourceFile], problems: list[Problem]
) -> _Model | None:
    if name not in files:
        return None
    file = files[name]
    try:
        return model.model_validate(file.value)
    except ValidationError as error:
        problems += [
            Problem.at(file.spot_of(tuple(each["loc"])), _in_words(each))
            for each in error.errors(include_url=False)
        ]
        return None


def _in_words(error: Any) -> str:
    field = str(error["loc"][-1]) if error["loc"] else "the file"
    match error["type"]:
        case "missing":
            return f"“{field}” is missing"
        case "model_type" | "model_attributes_type" | "dict_type":
            return f"{field} must be a list of names with a value each"
        case "extra_forbidden":
            return f"“{field}” is not a known name here"
        case "enum" | "literal_error":
            return f"“{error['input']}” is not one of {error['ctx']['expected']}"
        case "string_pattern_mismatch":
            return f"“{error['input']}” is not a valid {field}"
        case _:
            return f"{field}: {error['msg'].lower()}"


def _located(file: SourceFile, found: Iterable[tuple[Place, str]]) -> list[Problem]:
    return [Problem.at(file.spot_of(place), message) for place, message in found]


def _check_bank(bank: BankFile, folder: str) -> Iterator[tuple[Place, str]]:
    if bank.bank != folder:
        yield ("bank",), f"the bank is called “{bank.bank}” but its folder “{folder}”"
    yield from _check_twice("items", [item.ref for item in bank.items])
    yield from _check_twice("objectives", [row.ref for row in bank.objectives])
    yield from _check_twice("misconceptions", [row.ref for row in bank.misconceptions])
    yield from _check_twice("stimuli", [row.ref for row in bank.stimuli])
    objectives = {row.ref for row in bank.objectives}
    misconceptions = {row.ref for row in bank.misconceptions}
    stimuli = {row.ref for row in bank.stimuli}
    yield from check_tables(bank)
    for number, item in enumerate(bank.items):
        place: Place = ("items", number)
        if item.objective not in objectives:
            yield (*place, "objective"), f"no objective is called “{item.objective}”"
        if item.stimulus is not None and item.stimulus not in stimuli:
            yield (*place, "stimulus"), f"no stimulus is called “{item.stimulus}”"
        for at, option in enumerate(item.options):
            if option.misconception is not None and option.misconception not in misconceptions:
                where = (*place, "options", at, "misconception")
                yield where, f"no misconception is called “{option.misconception}”"
        yield from _check_options(item, place)
        yield from (((*place, *at), said) for at, said in check_rows(bank, item))
        if bank.purpose is Purpose.TEST:
            yield from _check_scored(item, place)


def _check_twice(part: str, refs: list[str]) -> Iterator[tuple[Place, str]]:
    seen: Counter[str] = Counter()
    for number, ref in enumerate(refs):
        seen[ref] += 1
        if seen[ref] == 2:
            yield (part, number, "ref"), f"“{ref}” stands twice in {part}"


def _check_options(item: BankItem, place: Place) -> Iterator[tuple[Place, str]]:
    refs = [option.ref for option in item.options]
    if len(set(refs)) != len(refs):
        yield (*place, "options"), f"“{item.ref}” has the same option twice"
    allowed = {
        ItemKind.SINGLE_CHOICE: range(2, 8),
        ItemKind.TRUE_FALSE: range(2, 3),
        ItemKind.MULTI_SELECT: range(4, 8),
        ItemKind.MATCH: range(2, 7),
        ItemKind.CLASSIFY: range(2, 5),
        ItemKind.ORDER: range(1),
        ItemKind.LIKERT: range(3, 8),
        ItemKind.SHORT_TEXT: range(1),
    }[item.kind]
    if len(refs) not in allowed:
        yield (
            (*place, "options"),
            f"“{item.ref}” has {len(refs)} options; a {item.kind} item has "
            f"{allowed.start} to {allowed.stop - 1}",
        )


def _check_scored(item: BankItem, place: Place) -> Iterator[tuple[Place, str]]:
    if item.kind not in SCORED_KINDS:
        return
    if item.kind not in ROW_KINDS:  # their keys stand in the rows
        yield from _check_keys(item, place)
    for field in ("level", "source", "pinpoint", "law_as_of", "jurisdiction", "stability"):
        if getattr(item, field) is None:
            yield place, f"“{item.ref}” does not say its {field}"


def _check_keys(item: BankItem, place: Place) -> Iterator[tuple[Place, str]]:
    keys = sum(option.key for option in item.options)
    if item.kind is ItemKind.MULTI_SELECT:
        if not 1 <= keys <= len(item.options) / 2:
            yield (*place, "options"), f"“{item.ref}” needs 1 key to half of its options as keys"
    elif keys != 1:
        yield (*place, "options"), f"“{item.ref}” has {keys} keys; exactly one is needed"
    for at, option in enumerate(item.options):
        if not option.key and option.misconception is None:
            yield (*place, "options", at), f"distractor “{option.ref}” names no misconception"
        if option.key and option.misconception is not None:
            yield (*place, "options", at), f"key “{option.ref}” cannot be a misconception"


def _check_language(bank: BankFile, texts: LanguageFile, stem: str) -> Iterator[tuple[Place, str]]:
    if texts.language != stem:
        yield ("language",), f"the file is called {stem}.yaml but says “{texts.language}”"
    if texts.bank != bank.bank:
        yield ("bank",), f"the bank is “{bank.bank}”, not “{texts.bank}”"
    parts: tuple[tuple[str, set[str], set[str]], ...] = (
        ("objectives", {row.ref for row in bank.objectives}, set(texts.objectives)),
        ("misconceptions", {row.ref for row in bank.misconceptions}, set(texts.misconceptions)),
        ("stimuli", {row.ref for row in bank.stimuli}, set(texts.stimuli)),
        ("tables", {row.ref for row in bank.stimuli if row.table}, set(texts.tables)),
        ("items", {row.ref for row in bank.items}, set(texts.items)),
    )
    for part, wanted, given in parts:
        yield from _check_same((part,), wanted, given)
    for item in bank.items:
        if item.ref in texts.items:
            wanted = {option.ref for option in item.options}
            given = set(texts.items[item.ref].options)
            yield from _check_same(("items", item.ref, "options"), wanted, given)
            wanted, given = {row.ref for row in item.rows}, set(texts.items[item.ref].rows)
            yield from _check_same(("items", item.ref, "rows"), wanted, given)
    yield from check_tables(bank, texts)


def _check_same(place: Place, wanted: set[str], given: set[str]) -> Iterator[tuple[Place, str]]:
    for ref in sorted(wanted - given):
        yield (*place, ref), f"“{ref}” is not translated in {place[-1]}"
    for ref in sorted(given - wanted):
        yield (*place, ref), f"“{ref}” does not exist in the bank"


def _check_form(
    bank: BankFile, form: FormFile, stem: str, languages: set[str]
) -> Iterator[tuple[Place, str]]:
    if form.form != stem:
        yield ("form",), f"the file is called {stem}.yaml but says “{form.form}”"
    if form.bank != bank.bank:
        yield ("bank",), f"the bank is “{bank.bank}”, not “{form.bank}”"
    items = {item.ref: item for item in bank.items}
    yield from _check_twice("items", list(form.items))
    for number, ref in enumerate(form.items):
        if ref not in items:
            yield ("items", number), f"no item is called “{ref}” in the bank"
    for number, language in enumerate(form.languages):
        if language not in languages:
            yield (
                ("languages", number),
                f"nothing is translated into “{language}”: there is no file {language}.yaml",
            )
        if language not in form.title:
            yield ("title",), f"the title is missing in “{language}”"
    counted = Counter(items[ref].objective for ref in form.items if ref in items)
    if form.blueprint and dict(counted) != {k: v for k, v in form.blueprint.items() if v}:
        has = ", ".join(f"{ref} {counted[ref]}" for ref in sorted(counted))
        yield ("blueprint",), f"the blueprint does not fit the items, which are: {has}"
