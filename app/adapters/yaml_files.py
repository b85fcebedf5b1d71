"""YAML as data: every scalar stays a string, aliases are refused, every value knows its line."""

from dataclasses import dataclass
from typing import Any

import yaml

_MAX_BYTES = 2_000_000
_MAX_DEPTH = 20


class YamlRefused(Exception):
    """The file is not the YAML we accept; carries the line (from 1) and the reason."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line = line
        self.reason = reason


@dataclass(frozen=True)
class YamlFile:
    """The plain value (dicts, lists, strings) and the line of each of its places."""

    value: Any
    lines: dict[tuple[str | int, ...], int]


def read_yaml(content: bytes) -> YamlFile:
    """Read a file's bytes; raises YamlRefused with the line for anything but plain data."""
    if len(content) > _MAX_BYTES:
        raise YamlRefused(1, f"larger than {_MAX_BYTES} bytes")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise YamlRefused(line, "not UTF-8 text") from error
    try:
        _refuse_aliases(text)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        place = error.problem_mark or error.context_mark
        raise YamlRefused(place.line + 1 if place else 1, error.problem or "not YAML") from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise YamlRefused(line, "not YAML") from error
    except RecursionError as error:
        raise YamlRefused(1, "nested too deeply") from error
    except (yaml.YAMLError, ValueError) as error:
        raise YamlRefused(1, "not YAML") from error
    lines: dict[tuple[str | int, ...], int] = {}
    return YamlFile(_plain(node, (), lines), lines)


def _refuse_aliases(text: str) -> None:
    for token in yaml.scan(text, Loader=yaml.SafeLoader):
        if isinstance(token, yaml.AliasToken | yaml.AnchorToken | yaml.TagToken):
            raise YamlRefused(
                token.start_mark.line + 1, "anchors, aliases and tags are not accepted"
            )


def _plain(node: Any, place: tuple[str | int, ...], lines: dict[Any, int]) -> Any:
    if node is None:
        return None
    line = node.start_mark.line + 1
    lines[place] = line
    if len(place) > _MAX_DEPTH:
        raise YamlRefused(line, "nested too deeply")
    if isinstance(node, yaml.ScalarNode):
        return node.value
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, (*place, i), lines) for i, child in enumerate(node.value)]
    value: dict[str, Any] = {}
    for key_node, child in node.value:
        key_line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise YamlRefused(key_line, "a name must be plain text")
        if key_node.value in value:
            raise YamlRefused(key_line, f"“{key_node.value}” stands here twice")
        value[key_node.value] = _plain(child, (*place, key_node.value), lines)
        lines[(*place, key_node.value)] = key_line
    return value
