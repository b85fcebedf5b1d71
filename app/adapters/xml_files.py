"""XML as a tree of plain values: no document type, no entity of its own, nothing from outside.

The parser is expat, which reads no external entity by itself; here a document type is refused as
such, so that no entity can be declared, and depth and number of elements are bounded.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

MOST_ELEMENTS = 60_000
_MOST_DEPTH = 60


class XmlRefused(Exception):
    """The reason as a key of `core.reasons.REASONS`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass
class XmlElement:
    """An element: its name, its line from 1, its attributes, the text in it, and its children.

    `text` is all of its own text; `before` the part of its parent's text that stands before it.
    """

    name: str
    line: int
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    before: str = ""
    children: list["XmlElement"] = field(default_factory=list)

    def find(self, name: str) -> list["XmlElement"]:
        """The children of that name."""
        return [child for child in self.children if child.name == name]

    def first(self, name: str) -> "XmlElement | None":
        """The first child of that name."""
        return next(iter(self.find(name)), None)

    def words(self, *way: str) -> str:
        """The text at the end of a way of names; empty where there is none."""
        here: XmlElement | None = self
        for name in way:
            here = here.first(name) if here is not None else None
        return here.text if here is not None else ""

    def in_order(self) -> Iterator["str | XmlElement"]:
        """Text and children as they follow each other."""
        told = 0
        for child in self.children:
            told += len(child.before)
            yield child.before
            yield child
        yield self.text[told:]

    def size(self) -> int:
        """How many elements it has, itself too."""
        return 1 + sum(child.size() for child in self.children)

    def as_plain(self) -> list[Any]:
        """Lists, strings and numbers, for JSON."""
        children = [child.as_plain() for child in self.children]
        return [self.name, self.line, self.attributes, self.text, self.before, children]

    @classmethod
    def from_plain(cls, plain: list[Any]) -> "XmlElement":
        """The same back."""
        name, line, attributes, text, before, children = plain
        inside = [cls.from_plain(each) for each in children]
        return cls(name, line, attributes, text, before, inside)


class _Builder:
    """Puts the tree together while expat reads."""

    def __init__(self, most: int) -> None:
        self.root: XmlElement | None = None
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        for name, handler in (
            ("StartElementHandler", self._start),
            ("EndElementHandler", self._end),
            ("CharacterDataHandler", self._text),
            ("StartDoctypeDeclHandler", self._refuse),
            ("EntityDeclHandler", self._refuse),
            ("ExternalEntityRefHandler", self._refuse),
        ):
            setattr(self.parser, name, handler)
        self._open: list[tuple[XmlElement, list[str]]] = []
        self._since: list[str] = []
        self._left = most

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._left -= 1
        if self._left < 0 or len(self._open) >= _MOST_DEPTH:
            raise XmlRefused("bank_too_heavy")
        before, self._since = "".join(self._since), []
        element = XmlElement(name, self.parser.CurrentLineNumber, attributes, before=before)
        if self._open:
            self._open[-1][0].children.append(element)
        else:
            self.root = element
        self._open.append((element, []))

    def _end(self, _name: str) -> None:
        element, texts = self._open.pop()
        element.text = "".join(texts)
        self._since = []

    def _text(self, text: str) -> None:
        if self._open:
            self._open[-1][1].append(text)
            self._since.append(text)

    @staticmethod
    def _refuse(*_told: object) -> int:
        raise XmlRefused("bank_doctype")


def read_xml(content: bytes, most: int = MOST_ELEMENTS) -> XmlElement:
    """The document's root; raises XmlRefused, also for more than `most` elements."""
    builder = _Builder(most)
    try:
        builder.parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise XmlRefused("bank_damaged") from error
    if builder.root is None:
        raise XmlRefused("bank_damaged")
    return builder.root


def escape_xml(text: str) -> str:
    """Text as it stands in an element; signs that XML cannot hold become spaces."""
    kept = "".join(sign if sign >= " " or sign in "\n\t" else " " for sign in text)
    return kept.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
