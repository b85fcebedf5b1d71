"""The API's description is complete: ids, tags, problems, and nothing of a database table."""

import inspect
from typing import Any

import pytest
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from app.tables import metadata
from app.web.problems import STATUS
from app.web.routes import APIS, PAGES

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def document(client: TestClient) -> dict[str, Any]:
    told: dict[str, Any] = client.get("/api/v1/openapi.json").json()
    return told


def operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for path in document["paths"].values() for each in path.values()]


def test_every_operation_has_its_own_id_a_tag_and_a_sentence(document: dict[str, Any]) -> None:
    found = operations(document)
    assert len({each["operationId"] for each in found}) == len(found) > 50
    assert all(each["tags"] and each["description"] for each in found)


def test_every_operation_names_every_problem_answer(document: dict[str, Any]) -> None:
    wanted = {str(status) for status in STATUS.values()}
    for each in operations(document):
        assert wanted <= set(each["responses"])
        content = each["responses"]["409"]["content"]
        assert set(content) == {"application/problem+json"}, each["operationId"]


# Reviewed: what only an admin reads, who has corrected the key (tests/architecture/permissions.py).
TOLD_TO_ADMINS = {"ToldCorrection"}


def test_only_the_api_is_described_and_no_key_or_name_has_a_field(
    document: dict[str, Any],
) -> None:
    assert all(path.startswith("/api/v1/") for path in document["paths"])
    for name, schema in document["components"]["schemas"].items():
        if name.startswith("Told") and name not in TOLD_TO_ADMINS:
            fields = set(schema.get("properties", {}))
            assert not fields & {"key", "keys", "misconception", "units", "name_local", "local"}


def test_unknown_fields_are_refused_by_everything_that_is_sent(document: dict[str, Any]) -> None:
    sent = {
        name: schema
        for name, schema in document["components"]["schemas"].items()
        if name.startswith("Sent")
    }
    assert len(sent) > 15
    assert all(schema["additionalProperties"] is False for schema in sent.values())


def test_no_table_stands_in_any_signature() -> None:
    tables = {mapper.class_.__name__ for mapper in _mappers()}
    assert len(tables) == len(metadata.tables)
    for router in (*PAGES, *APIS):
        for route in router.routes:
            assert isinstance(route, APIRoute)
            signature = str(inspect.signature(route.endpoint))
            assert not tables & set(signature.replace("[", " ").replace("]", " ").split())


def _mappers() -> list[Any]:
    from app.adapters.rows import StoredRow

    return list(StoredRow._sa_registry.mappers)


def test_docs_are_served_where_the_setting_says_so_and_not_otherwise(client: TestClient) -> None:
    assert client.get("/docs").status_code == 404
