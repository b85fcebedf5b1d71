"""`python -m app analyse`: the command line gives the numbers of the gold cases."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fixtures.server import ROOT, run_app
from tests.golden.compute import compute

CASE = json.loads(
    (ROOT / "tests" / "golden" / "cases" / "03_workshop_n20.json").read_text(encoding="utf-8")
)


@pytest.fixture
def scores(tmp_path: Path) -> Path:
    """The workshop of the gold case as a spreadsheet saves it."""
    file = tmp_path / "scores.csv"
    pairs = zip(CASE["data"]["pre"], CASE["data"]["post"], strict=True)
    rows = [
        f"p{place};{pre};{post};{'M' if place % 2 else 'F'}"
        for place, (pre, post) in enumerate(pairs)
    ]
    file.write_text("Participant;Pre;Post;Sex\r\n" + "\r\n".join(rows) + "\r\n", "utf-8-sig")
    return file


def test_json_holds_the_keys_of_the_gold_case(scores: Path) -> None:
    limits = ["--max-score", "10", "--pass-mark", "7"]
    done = run_app(["analyse", str(scores), "--json", *limits], {})

    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert found["paired"] == compute("paired", CASE["data"])
    assert found["groups"]["sex"] == compute(
        "groups", CASE["data"] | {"group": ["M" if place % 2 else "F" for place in range(20)]}
    )
    assert (found["file"], found["withheld"], found["bad_rows"]) == ("scores.csv", {}, [])


def test_the_table_is_for_reading(scores: Path) -> None:
    done = run_app(["analyse", str(scores), "--max-score", "10", "--pass-mark", "7"], {})

    assert (done.returncode, done.stderr) == (0, "")
    assert "points                5.80   7.60   1.80  1.15 to 2.45\n" in done.stdout
    assert "percent of 10           58     76     18      11 to 25\n" in done.stdout
    assert "improved 15, same 4, declined 1\n" in done.stdout


@pytest.mark.parametrize(
    ("content", "more", "says"),
    [
        (None, [], "cannot be read (No such file or directory). Is the name right?\n"),
        (b"", [], "t.csv cannot be used. There is no row in it.\n"),
        (b"id,score\n", [], "t.csv cannot be used. The first row has no heading for: pre, post."),
        (b"id,pre,post\n", ["--max-score", "ten"], "--max-score is a number, not 'ten'.\n"),
        (b"id,pre,post\n", ["--max-score", "0"], "--max-score is a number above 0.\n"),
        (
            b"id,pre,post\n",
            ["--max-score", "10", "--pass-mark", "11"],
            "--pass-mark is a number of points from 0 to 10.\n",
        ),
    ],
)
def test_what_cannot_be_analysed_is_a_sentence(
    tmp_path: Path, content: bytes | None, more: list[str], says: str
) -> None:
    file = tmp_path / "t.csv"
    if content is not None:
        file.write_bytes(content)
    done = run_app(["analyse", str(file), *more], {})

    assert (done.returncode, done.stdout) == (1, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_other_commands_do_not_wait_for_the_libraries_of_statistics() -> None:
    heavy = "import sys, app.__main__; print({'numpy', 'scipy'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", heavy], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "set()\n"
