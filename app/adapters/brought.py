"""A file that somebody brings, opened in a process of its own with little memory and time.

A workbook becomes its cells, a ZIP of YAML or a YAML file plain data with its lines, XML a tree, a
package with a manifest a tree for each of its XML files, anything else text. A file is known by its
first bytes, never by its name; no name in an archive is a path.
"""

import io
import stat
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.adapters.apart import ApartReader
from app.adapters.csv_files import CsvUnreadable, decode_any
from app.adapters.sheets import SheetRefused, load_reader, refuse_other_kinds
from app.adapters.workbooks import TableRow, Tables, read_tables
from app.adapters.xml_files import MOST_ELEMENTS, XmlElement, XmlRefused, read_xml
from app.adapters.yaml_files import YamlFile, YamlRefused, read_yaml

MOST_BYTES = 4 << 20
MOST_MEMBERS = 200
MOST_UNPACKED = 8 << 20
MOST_A_MEMBER = 2 << 20
MOST_RATIO = 100
MANIFEST = "imsmanifest.xml"
"""A package that has it is another tool's (IMS Content Packaging)."""

_READER = ApartReader(
    __name__, seconds=10, megabytes=640, busy="bank_busy", heavy="bank_too_heavy",
    refusal=SheetRefused,
)  # fmt: skip


@dataclass(frozen=True)
class Complaint:
    """What is wrong in one file of a package, and in which line."""

    name: str
    line: int
    reason: str


@dataclass(frozen=True)
class Brought:
    """What the file holds; only what it was is filled.

    `documents`: the XML files of a package by their names below its manifest; `others`: the names
    of all that is no XML there.
    """

    tables: Tables = field(default_factory=dict)
    package: Mapping[str, YamlFile] = field(default_factory=dict)
    complaints: tuple[Complaint, ...] = ()
    xml: XmlElement | None = None
    documents: Mapping[str, XmlElement] = field(default_factory=dict)
    others: tuple[str, ...] = ()
    text: str = ""


def read_brought_apart(content: bytes) -> Brought:
    """The file's content; raises SheetRefused with a reason of `core.reasons`."""
    if len(content) > MOST_BYTES:
        raise SheetRefused("bank_too_large")
    if not content.strip():
        raise SheetRefused("list_empty")
    refuse_other_kinds(content)
    return _from_plain(_READER.ask(content))


def serve_apart() -> None:
    """The other side of `read_brought_apart`."""
    _READER.serve(load_reader, lambda content: _as_plain(read_brought(content)))


def read_brought(content: bytes) -> Brought:
    """The same without bounds of time and memory; not for the process that serves."""
    if content.startswith(b"PK"):
        return _read_archive(content)
    bare = content.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if bare.startswith(b"<"):
        try:
            return Brought(xml=read_xml(content))
        except XmlRefused as refused:
            raise SheetRefused(refused.reason) from refused
    if bare.startswith((b"bank:", b"---", b"#")) or b"\nbank:" in bare[:4000]:
        return _read_members([("bank.yaml", content)])
    try:
        return Brought(text=decode_any(content))
    except CsvUnreadable as error:
        raise SheetRefused("bank_unknown") from error


def _read_archive(content: bytes) -> Brought:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            # A workbook says what it is; the refusals of `sheets` know the kinds beside it.
            if (
                "[Content_Types].xml" in names
                or "mimetype" in names
                or "Index/Document.iwa" in names
            ):
                return Brought(tables=read_tables(content))
            manifests = [name for name in names if f"/{name}".endswith(f"/{MANIFEST}")]
            if manifests and not any(name.endswith("bank.yaml") for name in names):
                folder = min(manifests, key=len).removesuffix(MANIFEST)
                return _read_documents(_members(archive, folder))
            return _read_members(_members(archive, _folder_around(names)))
    except XmlRefused as refused:
        raise SheetRefused(refused.reason) from refused
    except (SheetRefused, MemoryError, RecursionError):
        raise
    except Exception as error:  # a broken archive raises whatever it likes
        raise SheetRefused("bank_damaged") from error


def _members(archive: zipfile.ZipFile, folder: str) -> Iterator[tuple[str, bytes]]:
    """The files by name below that folder; raises SheetRefused."""
    parts = [part for part in archive.infolist() if not part.is_dir()]
    if len(parts) > MOST_MEMBERS:
        raise SheetRefused("bank_too_many")
    _refuse_names([part.filename for part in parts])
    kinds = {stat.S_IFMT(part.external_attr >> 16) for part in parts}
    if kinds - {0, stat.S_IFREG}:
        raise SheetRefused("bank_paths")
    if any(part.flag_bits & 1 for part in parts):
        raise SheetRefused("list_locked")
    packed_too_well = any(
        part.file_size > MOST_RATIO * max(part.compress_size, 1) for part in parts
    )
    if packed_too_well or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise SheetRefused("bank_too_heavy")
    left = MOST_UNPACKED  # what a part says of its size may be a lie
    for part in parts:
        with archive.open(part) as file:
            inside = file.read(min(left, MOST_A_MEMBER) + 1)
        left -= len(inside)
        if left < 0 or len(inside) > MOST_A_MEMBER:
            raise SheetRefused("bank_too_heavy")
        yield part.filename.removeprefix(folder), inside


def _refuse_names(names: list[str]) -> None:
    """No name leads out of the archive, and none stands there twice."""
    for name in names:
        steps = name.split("/")
        if "\\" in name or ":" in name or name.startswith("/") or {"..", ".", ""} & set(steps):
            raise SheetRefused("bank_paths")
    if len({name.casefold() for name in names}) < len(names):
        raise SheetRefused("bank_paths")


def _folder_around(names: list[str]) -> str:
    """The one folder around bank.yaml, if there is one."""
    names = [name for name in names if not name.endswith("/")]
    around = [name.removesuffix("bank.yaml") for name in names if name.endswith("/bank.yaml")]
    is_around = len(around) == 1 and all(name.startswith(around[0]) for name in names)
    return around[0] if is_around else ""


def _read_documents(members: Iterable[tuple[str, bytes]]) -> Brought:
    """The XML of a package; all of it together is bounded as one document is."""
    documents, others, left = {}, [], MOST_ELEMENTS
    for name, content in members:
        if not name.lower().endswith(".xml"):
            others.append(name)
            continue
        documents[name] = read_xml(content, left)
        left -= documents[name].size()
    return Brought(documents=documents, others=tuple(others))


def _read_members(members: Iterable[tuple[str, bytes]]) -> Brought:
    files: dict[str, YamlFile] = {}
    complaints = []
    for name, content in members:
        if not _is_bank_file(name):
            complaints.append(Complaint(name, 1, "only the YAML files of one bank may stand here"))
            continue
        try:
            files[name] = read_yaml(content)
        except YamlRefused as refused:
            complaints.append(Complaint(name, refused.line, refused.reason))
    if "bank.yaml" not in files and not any(each.name == "bank.yaml" for each in complaints):
        raise SheetRefused("bank_no_bank")
    return Brought(package=files, complaints=tuple(complaints))


def _is_bank_file(name: str) -> bool:
    steps = name.split("/")
    is_placed = len(steps) == 1 or (len(steps) == 2 and steps[0] == "forms")
    return is_placed and name.endswith(".yaml")


def _as_plain(brought: Brought) -> dict[str, Any]:
    return {
        "tables": [
            (name, [(row.line, row.cells, row.formulas) for row in rows])
            for name, rows in brought.tables.items()
        ],
        "package": [
            (name, file.value, [(*place, line) for place, line in file.lines.items()])
            for name, file in brought.package.items()
        ],
        "complaints": [(each.name, each.line, each.reason) for each in brought.complaints],
        "xml": None if brought.xml is None else brought.xml.as_plain(),
        "documents": {name: each.as_plain() for name, each in brought.documents.items()},
        "others": brought.others,
        "text": brought.text,
    }


def _from_plain(told: dict[str, Any]) -> Brought:
    return Brought(
        tables={
            name: tuple(
                TableRow(line, {int(at): text for at, text in cells.items()}, tuple(formulas))
                for line, cells, formulas in rows
            )
            for name, rows in told["tables"]
        },
        package={
            name: YamlFile(value, {tuple(place): line for *place, line in lines})
            for name, value, lines in told["package"]
        },
        complaints=tuple(Complaint(*each) for each in told["complaints"]),
        xml=None if told["xml"] is None else XmlElement.from_plain(told["xml"]),
        documents={name: XmlElement.from_plain(each) for name, each in told["documents"].items()},
        others=tuple(told["others"]),
        text=told["text"],
    )
