"""R13: every operation of the API is asked as its description says, and as it does not.

Each role asks each operation so often: with values that fit, with spoilt ones, with bodies that are
no JSON, of another kind or in another method. No answer may be of another status, type or shape
than the description says, and none a failure of the server. With `--python` Schemathesis does the
same by its own means: an interpreter that has requirements-bench.lock installed.
"""

import argparse
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

import httpx

from tests.fixtures.described import Description
from tests.fixtures.load_room import fresh_database
from tests.fixtures.spoiling import WORDS, spoil_text, spoil_value
from tests.long.api_scene import ROLES, Served, served_scene
from tests.long.schemathesis_run import run_schemathesis

TIMES, SHORT_TIMES = 60, 4
ENDS_ITSELF = frozenset({"revoke_token", "revoke_own_token"})
"""Who asks for these is somebody else afterwards; the matrix of permissions asks them."""
_FILES_DRAWN = 2  # of one operation: a file takes a second to draw
_LONGEST_SAID = 300


class Answer(Protocol):
    """What a client of either kind gives back."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes


Ask = Callable[..., Answer]


@dataclass(frozen=True)
class Asked:
    """One request; `is_described`: in the operation's own method."""

    method: str
    is_described: bool
    path: str
    address: str
    headers: dict[str, str]
    content: bytes | None


@dataclass
class Passage:
    """What a role was answered; `findings`: what is wrong -> the first request of that kind."""

    requests: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    good: set[str] = field(default_factory=set)
    findings: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Role:
    """Who asks: what stands in the header, and the values of paths that mean something."""

    name: str
    authorization: str
    values: Mapping[str, str]


def ask_everything(
    ask: Ask, description: Description, role: Role, *, times: int, seed: int = 1
) -> Passage:
    """Ask every operation; the same requests from the same seed."""
    passage = Passage()
    for method, path, operation in description.operations():
        if operation["operationId"] in ENDS_ITSELF:
            continue
        maker = _Maker(description, role, method, path, operation)
        drawn = 0
        for number in range(times):
            asked = maker.make(random.Random(f"{operation['operationId']} {seed} {number}"))
            answer = ask(asked.method, asked.address, headers=asked.headers, content=asked.content)
            passage.requests += 1
            passage.statuses[answer.status_code] += 1
            _judge(description, operation, asked, answer, passage)
            drawn += answer.status_code == 200 and "json" not in answer.headers["content-type"]
            if drawn >= _FILES_DRAWN:
                break
    return passage


@dataclass(frozen=True)
class _Maker:
    """Makes the requests of one operation."""

    description: Description
    role: Role
    method: str
    path: str
    operation: Mapping[str, Any]

    def make(self, chance: random.Random) -> Asked:
        is_odd = chance.random() < 0.4
        method = "PATCH" if chance.random() < 0.04 else self.method
        headers = {"Authorization": self.role.authorization} if self.role.authorization else {}
        content = None
        if "requestBody" in self.operation:
            content, kind = self._body(chance, is_odd=is_odd and chance.random() < 0.7)
            headers["Content-Type"] = kind
        address = self._address(chance, is_odd=is_odd)
        return Asked(method, method == self.method, self.path, address, headers, content)

    def _address(self, chance: random.Random, *, is_odd: bool) -> str:
        address, query = self.path, []
        for each in self.operation.get("parameters", ()):
            name = each["name"]
            value = self.role.values.get(name) if each["in"] == "path" else None
            if value is None or (each["in"] == "query" and chance.random() < 0.5):
                value = _as_word(self.description.make(each["schema"], chance))
            if is_odd and chance.random() < 0.3:
                value = spoil_text(value, chance)
            if each["in"] == "path":
                address = address.replace(f"{{{name}}}", quote(value, safe="") or "-")
            elif each.get("required") or chance.random() < 0.6:
                query.append(f"{quote(name)}={quote(value, safe='')}")
        return address + ("?" + "&".join(query) if query else "")

    def _body(self, chance: random.Random, *, is_odd: bool) -> tuple[bytes, str]:
        ((kind, described),) = self.operation["requestBody"]["content"].items()
        value = self.description.make(described["schema"], chance)
        step = chance.random() if is_odd else 1.0
        if step < 0.6:
            value = spoil_value(value, chance)
        content = json.dumps(value).encode()
        if step < 0.1:
            content = spoil_text(content.decode(), chance).encode("utf-8", "surrogatepass")
        elif step < 0.15:
            content = chance.choice(WORDS).encode() * 3
        return content, chance.choice(("text/plain", "")) if step < 0.05 else kind


def _as_word(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _judge(
    description: Description,
    operation: Mapping[str, Any],
    asked: Asked,
    answer: Answer,
    passage: Passage,
) -> None:
    name = operation["operationId"]
    if answer.status_code < 400:
        passage.good.add(name)
    for fault in _faults(description, operation, asked, answer):
        said = f"{asked.method} {asked.address} {asked.content!r}"[:_LONGEST_SAID]
        passage.findings.setdefault(f"{name}: {fault}"[:_LONGEST_SAID], said)


def _faults(
    description: Description, operation: Mapping[str, Any], asked: Asked, answer: Answer
) -> Iterator[str]:
    """What of an answer is not as described."""
    status = answer.status_code
    if status >= 500:
        yield f"a failure of the server: {status}"
    if status == 405 and (allowed := _allowed(answer)) != description.methods_of(asked.path):
        yield f"405 that allows {sorted(allowed)}"
    if not asked.is_described:
        return
    described = operation["responses"].get(str(status))
    if described is None:
        yield f"a status that is not described: {status}"
        return
    kind = answer.headers.get("content-type", "").partition(";")[0]
    kinds = described.get("content", {})
    if not kinds:
        if answer.content:
            yield f"{status} with a body that is not described"
        return
    if kind not in kinds:
        yield f"{status} is {kind}, not {', '.join(kinds)}"
    elif kind.endswith("json") and "schema" in kinds[kind]:
        yield from description.faults(kinds[kind]["schema"], json.loads(answer.content))


def _allowed(answer: Answer) -> set[str]:
    return set(answer.headers.get("allow", "").replace(" ", "").split(","))


def run(chosen: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """R13 for the command line."""
    times = SHORT_TIMES if chosen.short else TIMES
    figures: dict[str, Any] = {"seed": chosen.seed, "times": times}
    findings: dict[str, dict[str, str]] = {}
    for role in ROLES:
        own = folder / role
        with (
            fresh_database(own, is_postgres=chosen.postgres) as url,
            served_scene(url, own) as served,
        ):
            passage = _ask_served(served, role, times, chosen.seed)
            figures[role] = _figures(passage)
            findings[role] = passage.findings
            if chosen.python:
                said, failed = run_schemathesis(served, role, own, chosen.python, times)
                figures[f"{role}_schemathesis"] = said
                findings[role] |= failed
    return {
        **figures,
        "findings": sum(map(len, findings.values())),
        "which": {role: each for role, each in findings.items() if each},
        "is_ok": not any(findings.values()),
    }


def _ask_served(served: Served, role: str, times: int, seed: int) -> Passage:
    with httpx.Client(base_url=served.base_url, timeout=60) as client:
        description = Description(client.get("/api/v1/openapi.json").json())
        who = Role(role, served.tokens[role], served.values)
        return ask_everything(client.request, description, who, times=times, seed=seed)


def _figures(passage: Passage) -> str:
    kinds = Counter(f"{status // 100}xx" for status in passage.statuses.elements())
    told = ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))
    return f"{passage.requests} requests ({told}), {len(passage.good)} operations answered well"
