"""Documents that cannot drift: the tree, the settings, the numbers of the decisions."""

import re
from pathlib import Path

import pytest

from app.settings import Settings
from tests.architecture.source import APP, modules, name_of

TREE_DOCUMENT = APP / "ARCHITECTURE.md"
SETTINGS_GUIDE = APP / "guides" / "settings.md"
DECISIONS = APP / "decisions"

# A name in the tree stands at the line's beginning or after two spaces; the rest is prose.
NAME = re.compile(r"(?:^|(?<=  ))(\w[\w.]*(?:/|\.py|\.md))(?=\s|$)")
BARE_MODULES = re.compile(r"[a-z][a-z0-9_]*(?:\s+[a-z][a-z0-9_]*)*")


def test_the_tree_names_nothing_that_does_not_exist() -> None:
    assert not sorted(name for name in _names_in_tree() if not (APP / name).exists())


def test_the_tree_names_every_folder_and_module() -> None:
    assert not sorted(_names_to_expect() - _names_in_tree())


def test_every_setting_is_documented_and_every_documented_setting_exists() -> None:
    prefix = Settings.model_config["env_prefix"]
    exist = {f"{prefix}{name}".upper() for name in Settings.model_fields}
    guide = SETTINGS_GUIDE.read_text(encoding="utf-8")
    named = set(re.findall(r"TAFAWUT_(?!TEST_)[A-Z0-9_]*[A-Z0-9]", guide))
    assert named == exist


def test_decisions_are_numbered_without_a_gap() -> None:
    names = sorted(path.name for path in DECISIONS.glob("*.md"))
    assert names, "no decision is recorded"
    assert not [name for name in names if not re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", name)]
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))


@pytest.mark.parametrize(
    ("tree", "names"),
    [
        ("  main.py    the only place\n  core/  PURE. in web/ no\n    gains  items\n",
         {"main.py", "core/", "core/gains.py", "core/items.py"}),
        ("  web/   HTTP\n    deps.py  access\n    pages/  api/\n",
         {"web/", "web/deps.py", "web/pages/", "web/api/"}),
        ("  guides/   deployment, …    locales/  fonts/   folders\n",
         {"guides/", "locales/", "fonts/"}),
        ("  gains/   rollups, pairs: the ONLY door\n           to numbers\n", {"gains/"}),
    ],
)  # fmt: skip
def test_the_tree_is_read_as_people_read_it(tree: str, names: set[str]) -> None:
    assert _names_in(tree.splitlines()) == names


def _names_in_tree() -> set[str]:
    text = TREE_DOCUMENT.read_text(encoding="utf-8")
    block = re.search(r"^```\w*\napp/[^\n]*\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
    assert block, f"{name_of(TREE_DOCUMENT)} has no fenced tree that begins with app/"
    return _names_in(block.group(1).splitlines())


def _names_in(lines: list[str]) -> set[str]:
    """Paths below app/: two spaces deep is app's own, four or five deep the folder's above."""
    names: set[str] = set()
    parent = ""
    for line in lines:
        depth = len(line) - len(line.lstrip())
        if depth == 0 and line:
            break  # what stands beside app/
        found = NAME.findall(line.strip())
        if depth == 2:
            names.update(found)
            parent = found[0] if found and found[0].endswith("/") else ""
        elif depth == 4 and parent:
            bare = BARE_MODULES.fullmatch(line.strip())
            found = [f"{name}.py" for name in line.split()] if bare else found
            names.update(f"{parent}{name}" for name in found)
    return names


def _names_to_expect() -> set[str]:
    """Every folder of app and of app/web that holds a file, and every module of app's own,
    of core and of adapters; other rooms have the same files everywhere.
    """
    folders = (path for parent in (APP, APP / "web") for path in parent.iterdir() if path.is_dir())
    listed = (
        path for path in modules("app") if path.parent in {APP, APP / "core", APP / "adapters"}
    )
    return {f"{path.relative_to(APP).as_posix()}/" for path in folders if _holds_files(path)} | {
        path.relative_to(APP).as_posix() for path in listed if path.name != "__init__.py"
    }


def _holds_files(folder: Path) -> bool:
    if folder.name == "__pycache__":
        return False
    return any(path.is_file() and path.suffix != ".pyc" for path in folder.rglob("*"))
