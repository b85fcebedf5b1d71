"""Every word on a screen can be translated, and every catalogue holds exactly these words.

Messages are extracted anew from the templates and the code, so that a catalogue can neither miss
a sentence nor keep one that no page says any more.
"""

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from html.parser import HTMLParser

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

from app.adapters.i18n import Catalogues
from app.core.languages import DRAFT_LANGUAGES, FULL_LANGUAGES
from app.core.languages import LANGUAGES as LANGUAGES_BY_CODE
from app.core.reasons import REASONS
from app.web.event_words import DEEDS, KINDS
from app.web.view import make_environment
from app.workshops.schemas import WorkshopState
from tests.architecture.participant_words import participant_words
from tests.architecture.source import APP, calls, modules, parse

LOCALES = APP / "locales"
TEMPLATES = APP / "web" / "templates"
LANGUAGES = sorted(path.stem for path in LOCALES.glob("*.po"))
FULL = [language for language in LANGUAGES if language in FULL_LANGUAGES]
DRAFTS = [language for language in LANGUAGES if language in DRAFT_LANGUAGES]
PLACES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))

PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w+\}")
# Written in parts, so that this file holds neither of them.
BANNED = tuple("انسانی " + word for word in ("سمگلنگ", "اسمگلنگ"))
ARABIC_LETTERS = set("يىكهةۀ")  # Urdu writes ی ک ہ
LATIN_PUNCTUATION = re.compile(r"[,;?]|[\u0600-\u06ff]\.")
# Reviewed: what stays in Latin letters inside an Urdu sentence.
LATIN_WORDS = {
    "A", "AA", "CSV", "E", "EU", "Enter", "Excel", "GIFT", "IOM", "JPEG", "JSON", "MB", "Moodle",
    "Numbers", "OpenDocument", "PDF", "PK", "PK-SD", "PNG", "QR", "QTI", "UNODC", "UTC", "WCAG",
    "XLS", "XLSB", "XLSForm", "XLSX", "XML", "YAML", "ZIP", "bank", "banks", "migrate", "yaml",
}  # fmt: skip

URDU_DRAFT = "The Urdu words of the pages are a draft until a native reader signs them."

# Reviewed: visible text that is the same in every language.
SAME_EVERYWHERE = {"Tafawut", "تفاوت", "Apache License 2.0", "openapi.json", "CSV", "A4", "PDF"}
# Reviewed: blocks and macros that make an attribute or a value, never text.
NOT_TEXT = {
    "back", "body_attributes", "described", "error_link",
    "language_address", "points_to", "sheet", "way_of", "way_of_figures", "wrong",
}  # fmt: skip
# Reviewed: two words that name styles, given to a macro.
STYLES = {"primary large"}
VISIBLE_ATTRIBUTES = {"alt", "aria-label", "aria-description", "placeholder", "title"}
SENTENCE = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}|^[A-Z][a-z]+$")
_MARK = re.compile("\ue000(\\d+)\ue001")


def test_there_is_a_catalogue_for_every_language() -> None:
    assert {*FULL, "en"} == set(FULL_LANGUAGES) == {"en", "ur"}
    assert set(DRAFTS) == set(DRAFT_LANGUAGES) == {"ps", "fa-AF", "fa", "sd", "ar", "ckb", "bn"}
    assert set(LANGUAGES) == {*FULL, *DRAFTS}


@pytest.mark.parametrize("language", DRAFTS)
def test_a_draft_holds_exactly_the_words_of_the_participants(language: str) -> None:
    known = {str(message.id) for message in _messages(language)}
    assert sorted(participant_words() - known) == [], "not translated"
    assert sorted(known - participant_words()) == [], "no participant reads it"
    assert Catalogues().count_missing(language, set(participant_words())) == 0


def test_the_words_of_the_participants_are_found_wherever_they_stand() -> None:
    assert {
        "Before you start",  # a template
        "Go to the content",  # its base
        "Somebody of my choice helps me",  # a macro
        "The post-test comes later",  # an imported template's macro
        "Sindh", "Pre-test",  # code
        "This card is in use on another phone. Nothing is lost.",  # a refusal
        "The service cannot save at this moment.",  # one of the service
        "It is too long.",  # a reason
    } <= participant_words() < _extracted()  # fmt: skip
    assert not {"Cards to print", "Take the answers in", "Room"} & participant_words()


@pytest.mark.parametrize("language", DRAFTS)
def test_a_draft_says_in_its_file_that_nobody_reviewed_it(language: str) -> None:
    header = " ".join(_catalogue(language).header_comment.split())
    assert "DRAFT: not yet reviewed by a native reader" in header


@pytest.mark.parametrize("language", DRAFTS)
def test_a_draft_writes_its_own_digits(language: str) -> None:
    own = set(LANGUAGES_BY_CODE[language].digits)
    for english, said in ((str(m.id), str(m.string)) for m in _messages(language)):
        digits = {sign for sign in PLACEHOLDER.sub("", said) if sign.isdigit()}
        assert digits <= own, english


@pytest.mark.parametrize("language", FULL)
def test_a_catalogue_holds_exactly_the_messages_of_the_product(language: str) -> None:
    known = {str(message.id) for message in _messages(language)}
    assert sorted(_extracted() - known) == [], "not translated"
    assert sorted(known - _extracted()) == [], "said nowhere any more"
    assert Catalogues().count_missing(language, set(_extracted())) == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_is_tidy(language: str) -> None:
    catalogue = _catalogue(language)
    ids = [str(message.id) for message in _messages(language)]
    assert str(catalogue.locale) == language.replace("-", "_")
    assert not catalogue.obsolete
    assert not [message.id for message in _messages(language) if message.fuzzy]
    assert not [message.id for message in _messages(language) if message.locations]
    assert ids == sorted(ids)


def test_the_catalogue_and_the_page_say_the_same_about_the_urdu_draft() -> None:
    is_draft = "DRAFT: not yet reviewed by a native reader" in _catalogue("ur").header_comment
    assert is_draft is (URDU_DRAFT in _extracted())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_keeps_every_placeholder(language: str) -> None:
    assert not _where(language, lambda en, said: _placeholders(en) != _placeholders(said))
    assert not _where(language, lambda _, said: "%" in PLACEHOLDER.sub("", said).replace("%%", ""))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_brings_no_markup_into_a_page(language: str) -> None:
    # Templates take a message for finished HTML: only what is filled in is escaped.
    assert not _where(language, lambda _, said: bool(re.search(r"[<>&\"]", said)))
    assert not [message for message in _extracted() if re.search(r"[<>&\"]", message)]


def test_urdu_avoids_the_word_that_means_both_crimes() -> None:
    text = (LOCALES / "ur.po").read_text(encoding="utf-8")
    assert not [word for word in BANNED if word in re.sub(r"\s+", " ", text)]


def test_urdu_is_written_with_urdu_letters_and_punctuation() -> None:
    assert not _where("ur", lambda _, said: bool(ARABIC_LETTERS & set(said)))
    assert not _where("ur", lambda _, said: bool(LATIN_PUNCTUATION.search(said)))


def test_urdu_keeps_only_reviewed_words_in_latin_letters() -> None:
    found = {
        word
        for message in _messages("ur")
        for word in re.findall(r"[A-Za-z][\w-]*", PLACEHOLDER.sub(" ", str(message.string)))
    }
    assert found <= LATIN_WORDS


def test_every_reason_of_a_refusal_is_a_sentence_of_the_catalogue() -> None:
    given = {
        reason
        for name, call in _calls()
        if name.endswith(("ValueRefused", "NameRefused"))
        for reason in _texts_of(call, "reason", None)
    }
    assert given <= set(REASONS)
    assert "not_in_range" in given


def test_every_line_of_the_audit_log_has_its_words() -> None:
    verbs = {state.value for state in WorkshopState if state is not WorkshopState.ACTIVE}
    kinds: set[str] = set()
    for name, call in _calls():
        if name in {"accounts.record_event", "record_event", "_log"}:
            verbs.update(_texts_of(call, "verb", 2))
            kinds.update(_texts_of(call, "object_kind", None))
        elif name in {"_changed", "_record"}:
            verbs.update(f"{verb}_certificate" for verb in _texts_of(call, "verb", 2))
    assert verbs == set(DEEDS)
    assert kinds == set(KINDS)


@pytest.mark.parametrize("place", PLACES)
def test_every_visible_text_of_a_template_can_be_translated(place: str) -> None:
    source = (TEMPLATES / place).read_text(encoding="utf-8")
    assert not list(untranslatable(source))


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>Send</p>", ["Send"]),
        ('<p>{{ _("Send") }}</p>', []),
        ('<p>{{ _("Send") }} now</p>', ["now"]),
        ("<p>بھیجیں</p>", ["بھیجیں"]),
        ('<a aria-label="Next" href="/next">→</a>', ["Next"]),
        ('<a aria-label="{{ _(\'Next\') }}" href="/next">→</a>', []),
        ('<p>{{ "yes" if x else _("no") }}</p>', ["yes"]),
        ('<p>{{ x or "none" }} {{ 2 ~ "nd" }} {{ "up"|upper }}</p>', ["none", "nd", "up"]),
        ('<p class="chip{{ " good" if x }}"{% if x %} id="y"{% endif %}>1</p>', []),
        ("{% if x %}<b>a</b>{% else %}<b>1</b>{% endif %}", ["a"]),
        ("{# a note #}<!-- a note --><script>var x;</script>", []),
        ('{% set heading = "Thank you" %}{{ heading }}', ["Thank you"]),
        ('{% for name, label in (("room", "Room"),) %}{{ label }}{% endfor %}', ["Room"]),
        ('{% set kind = "checkbox" %}{{ refused(error, "item-1") }}', []),
        ("{% macro points_to(x) %}yes{% endmacro %}<p>{{ points_to(1) }}</p>", []),
        ("{% macro other(x) %}yes{% endmacro %}<p>{{ other(1) }}</p>", ["yes"]),
        ("<title>{{ x }} – Tafawut</title>", []),
    ],
)
def test_the_rule_sees_text_as_a_reader_does(source: str, found: list[str]) -> None:
    assert list(untranslatable(source)) == found


def untranslatable(source: str) -> Iterator[str]:
    """The visible texts of a template that stand outside of `_()`."""
    environment = make_environment()
    page, expressions = _as_html(environment, source)
    reader = _Reader()
    reader.feed(page)
    reader.close()
    for text in reader.texts:
        for piece in _MARK.split(text)[::2]:
            yield from _foreign(piece)
        for index in _MARK.findall(text):
            tree = environment.parse("{{" + expressions[int(index)] + "}}")
            for output in tree.find_all(nodes.Output):
                for node in output.nodes:
                    yield from (said for each in _shown(node) for said in _foreign(each))
    for constant in _constants(environment.parse(source)):
        if SENTENCE.search(constant) and constant not in STYLES:
            yield from _foreign(constant)


def _as_html(environment: Environment, source: str) -> tuple[str, list[str]]:
    """The page with a mark for each {{ }}; statements, comments and what is no text left out."""
    page: list[str] = []
    expressions: list[str] = []
    open_ones: list[str] = []
    pieces: list[str] = []
    for _, kind, value in environment.lex(source):
        is_text = not NOT_TEXT & set(open_ones)
        if kind in {"block_begin", "variable_begin", "comment_begin"}:
            pieces = []
        elif kind == "block_end":
            _note(open_ones, [piece for piece in pieces if piece.strip()])
        elif kind == "variable_end" and is_text:
            page.append(f"\ue000{len(expressions)}\ue001")
            expressions.append("".join(pieces))
        elif kind == "data" and is_text:
            page.append(value)
        else:
            pieces.append(value)
    return "".join(page), expressions


def _note(open_ones: list[str], statement: list[str]) -> None:
    if statement[0] in {"block", "macro"}:
        open_ones.append(statement[1])
    elif statement[0] in {"endblock", "endmacro"}:
        open_ones.pop()


def _shown(node: nodes.Node) -> Iterator[str]:
    """The plain texts that an expression may print."""
    match node:
        case nodes.Const(value=str(text)):
            yield text
        case nodes.Call():
            return
        case nodes.CondExpr(expr1=first, expr2=second):
            yield from (text for each in (first, second) if each for text in _shown(each))
        case nodes.Filter(node=inner) if inner:
            yield from _shown(inner)
        case nodes.Concat(nodes=parts):
            yield from (text for each in parts for text in _shown(each))
        case nodes.BinExpr(left=left, right=right):
            yield from (text for each in (left, right) for text in _shown(each))


def _constants(node: nodes.Node) -> Iterator[str]:
    """The strings of a template's statements and expressions, outside of `_()`."""
    if (
        isinstance(node, nodes.Call)
        and isinstance(node.node, nodes.Name)
        and node.node.name in {"_", "N_"}
    ):
        return
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.value
    for child in node.iter_child_nodes():
        yield from _constants(child)


def _foreign(text: str) -> Iterator[str]:
    """What is left of a text without the words that are the same everywhere, if it has letters."""
    for same in SAME_EVERYWHERE:
        text = text.replace(same, "")
    text = re.sub(r"%\d*d", "", text)
    if any(letter.isalpha() for letter in text):
        yield text.strip()


class _Reader(HTMLParser):
    """Collects what is read or heard: text nodes and the attributes that hold words."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._is_code = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._is_code = tag in {"script", "style"}
        self.texts += [value for name, value in attrs if name in VISIBLE_ATTRIBUTES and value]

    def handle_endtag(self, tag: str) -> None:
        self._is_code = False

    def handle_data(self, data: str) -> None:
        if not self._is_code:
            self.texts.append(data)


def _calls() -> Iterator[tuple[str, ast.Call]]:
    """Every call in the product's code, with its name."""
    for path in modules("app"):
        yield from calls(parse(path))


def _texts_of(call: ast.Call, keyword: str, position: int | None) -> Iterator[str]:
    """The plain texts that one argument of a call may be."""
    given = [each.value for each in call.keywords if each.arg == keyword]
    if position is not None:
        given += call.args[position : position + 1]
    for value in given:
        ways = [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
        for way in ways:
            if isinstance(way, ast.JoinedStr):
                continue  # made of a verb and a noun: the verb is found where it is given
            if isinstance(way, ast.Constant) and isinstance(way.value, str):
                yield way.value


@cache
def _extracted() -> frozenset[str]:
    """Every message that the templates and the code can say."""
    options = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
    found = extract_from_dir(
        APP,
        method_map=[("**/templates/**.html", "jinja2"), ("**.py", "python")],
        options_map={"**/templates/**.html": options},
        keywords={"_": None, "N_": None},
    )
    return frozenset(str(message) for _, _, message, _, _ in found)


@cache
def _catalogue(language: str) -> Catalog:
    with (LOCALES / f"{language}.po").open("rb") as file:
        return read_po(file)


def _messages(language: str) -> list[Message]:
    return [message for message in _catalogue(language) if message.id]


def _placeholders(text: str) -> Counter[str]:
    return Counter(PLACEHOLDER.findall(text))


def _where(language: str, is_wrong: Callable[[str, str], bool]) -> list[str]:
    """The messages whose translation is wrong in that way."""
    said = {str(message.id): str(message.string) for message in _messages(language)}
    return [english for english, translated in said.items() if is_wrong(english, translated)]
