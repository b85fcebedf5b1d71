"""What has changed between two versions of a form, in words.

Questions are compared by their names in the bank, so that one that moved is not a new one. The
order of options is drawn for each version and is no change.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.banks.table_cells import show_table
from app.banks.versions import choices_of
from app.core.reasons import N_

CHANGE_WORDS: dict[str, str] = {
    "title": N_("The title in {language} was “{old}”, now “{new}”."),
    "language_added": N_("There is a new language: {language}."),
    "language_removed": N_("A language is gone: {language}."),
    "objective": N_("The topic {name} in {language} was “{old}”, now “{new}”."),
    "belief": N_("The mistaken belief {name} in {language} was “{old}”, now “{new}”."),
    "item_added": N_("Question {item} is new, as number {new}."),
    "item_removed": N_("Question {item} is gone; it was number {old}."),
    "item_moved": N_("Question {item} was number {old}, now {new}."),
    "kind": N_("Question {item} was of the kind {old}, now {new}."),
    "item_objective": N_("Question {item} belonged to the topic {old}, now to {new}."),
    "points": N_("Question {item} gave {old} points, now {new}."),
    "flags": N_("Question {item} was marked {old}, now {new}."),
    "stem": N_("Question {item} in {language} was “{old}”, now “{new}”."),
    "stimulus": N_("The text above question {item} in {language} was “{old}”, now “{new}”."),
    "option_added": N_("Question {item} has a new answer {name}: “{new}”."),
    "option_removed": N_("Question {item} no longer has the answer {name}: “{old}”."),
    "option_text": N_("Question {item}: answer {name} in {language} was “{old}”, now “{new}”."),
    "key": N_("Question {item}: right was {old}, now {new}."),
    "misconception": N_("Question {item}: behind answer {name} stood {old}, now {new}."),
    "scored": N_("Question {item}: counted {old}, now {new}."),
}
"""One sentence for each kind of change."""


@dataclass(frozen=True)
class Change:
    """One change: its kind, and what its sentence names."""

    kind: str
    facts: Mapping[str, str] = field(default_factory=dict)


def say_change(change: Change, translate: Callable[[str], str] = str) -> str:
    """The change as a sentence."""
    return translate(CHANGE_WORDS[change.kind]).format(**change.facts)


@dataclass(frozen=True)
class FormText:
    """A published form as it is stored: its document, and its key."""

    document: Mapping[str, Any]
    key: Mapping[str, Any]

    def items(self) -> dict[str, dict[str, Any]]:
        """The items by their names in the bank, each with what its key says."""
        return {
            each["ref"]: {**each, "scoring": self.key["items"].get(each["item"])}
            for each in self.document["items"]
        }


def find_changes(old: FormText, new: FormText) -> list[Change]:
    """Every change from the old version to the new one; empty where only the order was drawn."""
    found = list(_languages(old.document["languages"], new.document["languages"]))
    found += _texts("title", old.document["title"], new.document["title"])
    for name, texts in new.document["objectives"].items():
        found += _texts("objective", old.document["objectives"].get(name, {}), texts, name=name)
    for name, texts in new.key["misconceptions"].items():
        found += _texts("belief", old.key["misconceptions"].get(name, {}), texts, name=name)
    before, after = old.items(), new.items()
    for ref, item in before.items():
        if ref not in after:
            found.append(Change("item_removed", {"item": ref, "old": item["item"]}))
    for ref, item in after.items():
        if ref not in before:
            found.append(Change("item_added", {"item": ref, "new": item["item"]}))
        else:
            found += _item(ref, before[ref], item)
    return found


def _languages(old: list[str], new: list[str]) -> Iterator[Change]:
    for language in new:
        if language not in old:
            yield Change("language_added", {"language": language})
    for language in old:
        if language not in new:
            yield Change("language_removed", {"language": language})


def _texts(
    kind: str, old: Mapping[str, str] | None, new: Mapping[str, str] | None, **names: str
) -> Iterator[Change]:
    """Texts in languages that both have; a text that came or went as a whole is "–" once."""
    before, after = old or {}, new or {}
    if bool(before) != bool(after) and kind == "stimulus":
        language, text = next(iter((before or after).items()))
        words = {"old": text, "new": "–"} if before else {"old": "–", "new": text}
        yield Change(kind, {**names, "language": language, **words})
        return
    for language in after:
        if language in before and before[language] != after[language]:
            words = {"old": before[language], "new": after[language]}
            yield Change(kind, {**names, "language": language, **words})


_PLAIN = (("item_moved", "item"), ("kind", "kind"), ("item_objective", "objective"))


def _item(ref: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for kind, name in _PLAIN:
        if old[name] != new[name]:
            yield Change(kind, {"item": ref, "old": str(old[name]), "new": str(new[name])})
    if old["flags"] != new["flags"]:
        flags = {"old": ", ".join(old["flags"]) or "–", "new": ", ".join(new["flags"]) or "–"}
        yield Change("flags", {"item": ref, **flags})
    yield from _texts("stimulus", old["stimulus"], new["stimulus"], item=ref)
    yield from _texts("stimulus", _table(old), _table(new), item=ref)
    yield from _texts("stem", old["stem"], new["stem"], item=ref)
    yield from _options(ref, _by_ref(old), _by_ref(new))
    yield from _scoring(ref, old, new)


def _table(item: Mapping[str, Any]) -> dict[str, str]:
    """The table under the shared text, by language, as lines."""
    tables = item.get("table") or {}
    return {language: show_table(table) for language, table in tables.items()}


def _by_ref(item: Mapping[str, Any]) -> dict[str, Mapping[str, str]]:
    return {each["ref"]: each["text"] for each in (*item["options"], *item.get("rows", ()))}


def _options(
    item: str, old: Mapping[str, Mapping[str, str]], new: Mapping[str, Mapping[str, str]]
) -> Iterator[Change]:
    for name, texts in old.items():
        if name not in new:
            text = next(iter(texts.values()))
            yield Change("option_removed", {"item": item, "name": name, "old": text})
    for name, texts in new.items():
        if name not in old:
            text = next(iter(texts.values()))
            yield Change("option_added", {"item": item, "name": name, "new": text})
        else:
            yield from _texts("option_text", old[name], texts, item=item, name=name)


def _scoring(ref: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    before, after = old["scoring"], new["scoring"]
    if before is None or after is None:
        if before is not after:
            words = {True: "–", False: "yes"}
            said = {"old": words[before is None], "new": words[after is None]}
            yield Change("scored", {"item": ref, **said})
        return
    if before["points"] != after["points"]:
        points = {"old": str(before["points"]), "new": str(after["points"])}
        yield Change("points", {"item": ref, **points})
    old_names, new_names = _names(old), _names(new)
    keys = [
        ", ".join(sorted(names[each] for each in scoring["keys"]))
        for names, scoring in ((old_names, before), (new_names, after))
    ]
    if keys[0] != keys[1]:
        yield Change("key", {"item": ref, "old": keys[0], "new": keys[1]})
    behind = [
        {names[letter]: belief for letter, belief in scoring["misconceptions"].items()}
        for names, scoring in ((old_names, before), (new_names, after))
    ]
    for name in sorted(set(old_names.values()) & set(new_names.values())):
        was, now = (each.get(name, "–") for each in behind)
        if was != now:
            yield Change("misconception", {"item": ref, "name": name, "old": was, "new": now})


def _names(item: Mapping[str, Any]) -> dict[str, str]:
    """Letter -> the option's name in the bank."""
    return {option: ref for option, ref, _ in choices_of(item)}
