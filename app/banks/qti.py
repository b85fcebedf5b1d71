"""QTI 3.0 (1EdTech): items alone or as a package, in as a draft; what is lost is listed."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

from app.adapters.brought import MANIFEST
from app.adapters.xml_files import XmlElement
from app.banks.foreign import (
    ENDS_A_LINE,
    SAYS_NOTHING,
    Foreign,
    ForeignItem,
    ForeignOption,
    ForeignRow,
)
from app.banks.schemas import Spot
from app.core.scoring import ItemKind

_FILE = "QTI"
_ITEM = "qti-assessment-item"
_READ = frozenset(
    {"qti-response-declaration", "qti-outcome-declaration", "qti-item-body",
     "qti-response-processing", "qti-modal-feedback"}
)  # fmt: skip
_COMMENTS = frozenset(
    {"qti-feedback-block", "qti-feedback-inline", "qti-modal-feedback", "qti-rubric-block"}
)
_LINES = ENDS_A_LINE | {f"h{size}" for size in range(1, 7)} | {
    "blockquote", "pre", "qti-content-body", "qti-prompt", "section",
}  # fmt: skip
_PLAIN = _LINES | SAYS_NOTHING
_KNOWN_OUTCOMES = frozenset({"SCORE", "MAXSCORE", "MINSCORE"})
_OUR_TEMPLATES = frozenset({"", "map_response"})
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
_RESOURCES = {"imsqti_test": "a test with its parts and their order", "imsqti_stimulus": "a text"}


def is_qti(root: XmlElement) -> bool:
    """Whether a document is one item of QTI 3.0."""
    return _local(root.name) == _ITEM


def read_item(root: XmlElement) -> Foreign:
    """The question of one item."""
    foreign = Foreign()
    _read_items(foreign, [(_FILE, root)])
    return foreign


def read_package(documents: Mapping[str, XmlElement], others: Collection[str]) -> Foreign:
    """The questions that a package's manifest names, in its order."""
    foreign, manifest = Foreign(), _bare(documents[MANIFEST])
    _lose_about(foreign, manifest, Spot(MANIFEST, manifest.line))
    found, named = [], {MANIFEST}
    for part in manifest.find("resources"):
        for resource in part.find("resource"):
            spot, name = Spot(MANIFEST, resource.line), _href(resource)
            kind = resource.attributes.get("type", "")
            if not kind.startswith("imsqti_item"):
                told = next((each for each in _RESOURCES if kind.startswith(each)), "")
                foreign.lose(spot, f"{_RESOURCES.get(told, 'a file')}: {name}")
            elif name not in documents:
                foreign.lose(spot, f"a question whose file is missing: {name}")
            elif not is_qti(documents[name]):
                foreign.lose(spot, f"a question that is not of QTI 3.0: {name}")
            else:
                _lose_about(foreign, resource, spot)
                found.append((name, documents[name]))
            named |= {name, *map(_href, resource.find("file"))}
            for each in {_href(file) for file in resource.find("file")} - {name}:
                foreign.lose(spot, f"a file: {each}")
    for each in sorted({*documents, *others} - named):
        foreign.lose(Spot(each, 1), "a file that the manifest does not name")
    _read_items(foreign, found)
    return foreign


def _href(element: XmlElement) -> str:
    return unquote(element.attributes.get("href", "")).removeprefix("./")


def _lose_about(foreign: Foreign, element: XmlElement, spot: Spot) -> None:
    about = [each for part in element.find("metadata") for each in part.children]
    names = sorted({each.name for each in about} - {"schema", "schemaversion"})
    if names:
        foreign.lose(spot, f"data about it: {', '.join(names)}")


def _read_items(foreign: Foreign, found: list[tuple[str, XmlElement]]) -> None:
    """All items of a file are taken as of one language: that of the first that names one."""
    roots = [(file, _bare(root)) for file, root in found]
    told = [root.attributes.get("xml:lang", "") for _, root in roots]
    known = [code for code in told if _LANGUAGE.fullmatch(code)]
    foreign.language = known[0] if known else foreign.language
    for (file, root), code in zip(roots, told, strict=True):
        reading = _Reading(foreign, file, root)
        if code and code != foreign.language:
            reading.lose(root, f"its language {code}: it is taken as {foreign.language}")
        reading.read()


def _local(name: str) -> str:
    """A name without the prefix of its namespace."""
    return name if name.startswith("xml:") else name.rpartition(":")[2]


def _bare(element: XmlElement) -> XmlElement:
    attributes = {_local(name): value for name, value in element.attributes.items()}
    children = [_bare(child) for child in element.children]
    return replace(element, name=_local(element.name), attributes=attributes, children=children)


def _interactions(element: XmlElement) -> Iterator[XmlElement]:
    for child in element.children:
        if child.name.endswith("-interaction"):
            yield child
        else:
            yield from _interactions(child)


@dataclass
class _Reading:
    """One item while it is read."""

    foreign: Foreign
    file: str
    root: XmlElement
    response: XmlElement = field(default_factory=lambda: XmlElement("", 1))
    keys: tuple[str, ...] = ()

    def lose(self, at: XmlElement, message: str) -> None:
        """List what is not carried, where it stands."""
        self.foreign.lose(Spot(self.file, at.line), message)

    def read(self) -> None:
        """Add the question, or list it whole."""
        root = self.root
        name = root.attributes.get("title", "").strip() or root.attributes.get("identifier", "")
        body = root.first("qti-item-body") or XmlElement("", root.line)
        asked = list(_interactions(body))
        if len(asked) != 1:
            what = "several questions in one" if asked else "a text without answers"
            self.lose(root, f"{what}: “{name}”")
            return
        way = asked[0].name.removeprefix("qti-").removesuffix("-interaction")
        ways: dict[str, Callable[[XmlElement, ForeignItem], ForeignItem | None]] = {
            "choice": self._choices, "match": self._pairs, "order": self._steps,
            "extended-text": lambda _asked, item: item,
        }  # fmt: skip
        if way not in ways:
            self.lose(root, f"a question of the kind {way}: “{name}”")
            return
        self._find_key(asked[0])
        stem = self._words(body)
        item = ForeignItem(
            Spot(self.file, root.line), name or stem, ItemKind.SHORT_TEXT, self._told(stem),
            points=self._points(),
        )  # fmt: skip
        answered = ways[way](asked[0], item)
        self._lose_rest(answered)
        if answered is not None:
            self.foreign.items.append(answered)
        else:
            self.lose(root, f"the question “{name}”")

    def _told(self, text: str) -> dict[str, str]:
        return {self.foreign.language: text}

    def _choices(self, asked: XmlElement, item: ForeignItem) -> ForeignItem:
        choices = asked.find("qti-simple-choice")
        is_single = self.response.attributes.get("cardinality", "single") == "single"
        is_shuffled = asked.attributes.get("shuffle") == "true"
        if is_shuffled and any(each.attributes.get("fixed") == "true" for each in choices):
            self.lose(asked, "that one of the choices keeps its place")
        if not is_single:
            self._lose_bounds(asked, len(choices))
        options = tuple(
            ForeignOption(self._told(self._words(each)), _id(each) in self.keys) for each in choices
        )
        kind = ItemKind.SINGLE_CHOICE if is_single else ItemKind.MULTI_SELECT
        return replace(item, kind=kind, options=options, is_fixed=not is_shuffled)

    def _pairs(self, asked: XmlElement, item: ForeignItem) -> ForeignItem | None:
        """The set whose lines each have one partner are the rows, the other the columns."""
        sets = [each.find("qti-simple-associable-choice") for each in asked.children
                if each.name == "qti-simple-match-set"]  # fmt: skip
        pairs = [key.split() for key in self.keys if len(key.split()) == 2]
        for rows, columns in (sets, sets[::-1]) if len(sets) == 2 else ():
            at = {_id(each): number for number, each in enumerate(columns)}
            found = {each: at[other] for pair in pairs for each, other in (pair, pair[::-1])
                     if other in at}  # fmt: skip
            if len(found) < len(self.keys) or {_id(each) for each in rows} != set(found):
                continue
            return replace(
                item,
                kind=ItemKind.MATCH,
                options=tuple(ForeignOption(self._told(self._words(each))) for each in columns),
                rows=tuple(
                    ForeignRow(self._told(self._words(each)), found[_id(each)]) for each in rows
                ),
                is_fixed=asked.attributes.get("shuffle") != "true",
            )
        self.lose(asked, "pairs of which a line has no column or several")
        return None

    def _steps(self, asked: XmlElement, item: ForeignItem) -> ForeignItem | None:
        choices = {_id(each): each for each in asked.find("qti-simple-choice")}
        self._lose_bounds(asked, len(choices))
        lines = len(asked.find("qti-simple-choice"))
        if len(self.keys) != lines or set(self.keys) != set(choices) or lines != len(choices):
            self.lose(asked, "an order in which not every line has its place")
            return None
        rows = tuple(ForeignRow(self._told(self._words(choices[key]))) for key in self.keys)
        return replace(item, kind=ItemKind.ORDER, rows=rows)

    def _lose_bounds(self, asked: XmlElement, count: int) -> None:
        for name, said in (("min-choices", "least"), ("max-choices", "most")):
            told = asked.attributes.get(name, "0")
            if told not in {"0", str(count)}:
                self.lose(asked, f"that at {said} {told} are to be chosen")

    def _find_key(self, asked: XmlElement) -> None:
        """The right answers: those that are said to be, else those that bring points."""
        wanted = asked.attributes.get("response-identifier", "")
        for each in self.root.find("qti-response-declaration"):
            if each.attributes.get("identifier") == wanted:
                self.response = each
        right = [each for part in self.response.find("qti-correct-response")
                 for each in part.find("qti-value")]  # fmt: skip
        points = {
            " ".join(each.attributes.get("map-key", "").split()):
                _number(each.attributes.get("mapped-value", "0"))
            for part in self.response.find("qti-mapping") for each in part.find("qti-map-entry")
        }  # fmt: skip
        self.keys = tuple(" ".join(each.text.split()) for each in right) or tuple(
            key for key, value in points.items() if value > 0
        )
        of_keys = {points[key] for key in self.keys if key in points}
        of_others = {value for key, value in points.items() if key not in self.keys}
        if len(of_keys) > 1 or of_others - {0.0, *(-value for value in of_keys)}:
            self.lose(self.response, "points of its own for each answer")

    def _points(self) -> int:
        outcomes = {_id(each): each for each in self.root.find("qti-outcome-declaration")}
        told = outcomes.get("MAXSCORE", XmlElement("", 1)).words("qti-default-value", "qti-value")
        if not told.strip():
            told = outcomes.get("SCORE", XmlElement("", 1)).attributes.get("normal-maximum", "1")
        points = _number(told)
        if points != int(points) or not 1 <= points <= 10:
            self.lose(self.root, f"its points: {points:g}, which is no whole number from 1 to 10")
            return 1
        return int(points)

    def _lose_rest(self, item: ForeignItem | None) -> None:
        """Feedback, styles, templates, outcomes, other ways of counting."""
        for child in self.root.children:
            if child.name in _COMMENTS:
                self.lose(child, f"a comment: {self._words(child)}")
            elif child.name not in _READ:
                self.lose(child, f"the part {child.name.removeprefix('qti-')}")
            elif child.name == "qti-outcome-declaration" and _id(child) not in _KNOWN_OUTCOMES:
                self.lose(child, f"the outcome {_id(child)}")
            elif child.name == "qti-response-processing":
                self._lose_counting(child, item)
        for name in ("adaptive", "time-dependent"):
            if self.root.attributes.get(name) == "true":
                self.lose(self.root, f"that it is {name}")

    def _lose_counting(self, told: XmlElement, item: ForeignItem | None) -> None:
        """Of one right answer both templates say the same; several are counted by parts here."""
        name = told.attributes.get("template", "").rpartition("/")[2].removesuffix(".xml")
        is_one = item is not None and item.kind is ItemKind.SINGLE_CHOICE
        if told.children:
            self.lose(told, "its way of counting: rules of its own")
        elif name not in _OUR_TEMPLATES and not (is_one and name == "match_correct"):
            self.lose(told, f"its way of counting: {name}")

    def _words(self, element: XmlElement) -> str:
        """The text, a line for each block; what markup said is listed."""
        lost: set[str] = set()
        text = "".join(self._pieces(element, lost))
        if lost:
            self.lose(element, f"markup: {', '.join(sorted(lost))}")
        return "\n".join(" ".join(line.split()) for line in text.split("\n") if line.split())

    def _pieces(self, element: XmlElement, lost: set[str]) -> Iterator[str]:
        """Of an interaction only what it asks; comments are listed."""
        for each in element.in_order():
            if isinstance(each, str):
                yield " ".join(re.split(r"\s+", each))
            elif each.name in _COMMENTS:
                self.lose(each, f"a comment: {self._words(each)}")
            elif each.name.endswith("-interaction"):
                for prompt in each.find("qti-prompt"):
                    yield from ("\n", *self._pieces(prompt, lost), "\n")
            else:
                lost |= {each.name} - _PLAIN
                around = "\n" if each.name in _LINES else ""
                yield from (around, *self._pieces(each, lost), around)


def _id(element: XmlElement) -> str:
    return element.attributes.get("identifier", "")


def _number(text: str) -> float:
    try:
        found = float(text.strip())
    except ValueError:
        return 0.0
    return found if abs(found) < 1e6 else 0.0
