"""A draft's words stand below the full language's, in their own element, and never alone."""

import pytest

from app.adapters.i18n import Catalogues
from app.core.errors import CodeMistyped, NameRefused
from app.web.view import environment
from app.web.voices import Voice

CATALOGUES = Catalogues()
PASHTO = Voice(CATALOGUES, "ur", "ps")
SEND = '<span class="draft" lang="ps" dir="rtl">ولېږئ</span>'


def rendered(template: str, voice: Voice, **context: object) -> str:
    """A page of this template, laid out."""
    text = environment.from_string(template).render({"voice": voice} | context)
    return voice.lay_out(text)


def test_a_sentence_is_followed_by_its_draft() -> None:
    assert rendered('<p>{{ _("Send") }}</p>', PASHTO) == f"<p>بھیجیں{SEND}</p>"


def test_without_a_draft_nothing_is_added() -> None:
    assert rendered('<p>{{ _("Send") }}</p>', Voice(CATALOGUES, "ur")) == "<p>بھیجیں</p>"


def test_what_the_draft_lacks_is_said_in_the_full_language_alone() -> None:
    assert rendered('<p>{{ _("Cards to print") }}</p>', Voice(CATALOGUES, "en", "ps")) == (
        "<p>Cards to print</p>"
    )


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        ('<title>{{ _("Send") }} – Tafawut</title>', "<title>بھیجیں – Tafawut</title>"),
        ('<a aria-label="{{ _("Send") }}" href="/">x</a>', '<a aria-label="بھیجیں" href="/">x</a>'),
        (
            '<option value="1">{{ _("Send") }}</option>',
            '<option value="1">بھیجیں \u2068ولېږئ\u2069</option>',
        ),
    ],
)
def test_where_no_element_can_stand(template: str, shown: str) -> None:
    assert rendered(template, PASHTO) == shown


def test_a_number_is_in_the_drafts_digits_and_a_code_is_not() -> None:
    template = (
        '{% from "_parts.html" import card, ltr with context %}'
        '{{ _("Answers: %(count)s", count=ltr(20)) }}|'
        '{{ _("Tell the admin this: %(reference)s", reference=card("4183")) }}'
    )
    said = rendered(template, Voice(CATALOGUES, "en", "ps"), grouped=lambda value, _: (value,))
    count, reference = said.split("|")
    assert count.startswith('Answers: <bdi dir="ltr">20</bdi><span')
    assert '<bdi dir="ltr">۲۰</bdi></span>' in count
    assert said.count("4183") == 2
    assert "۴۱۸۳" not in reference


def test_what_somebody_typed_is_escaped_in_both() -> None:
    template = '{{ _("%(organisation)s keeps the answers, under your card\'s number.", organisation=name) }}'  # noqa: E501
    said = rendered(template, PASHTO, name="<b>")
    assert said.count("&lt;b&gt;") == 2
    assert "<b>" not in said


def test_a_refusal_is_whole_in_both_with_its_reason() -> None:
    both = Voice(CATALOGUES, "en", "ps").refusal_in_both(NameRefused(reason="too_long"))
    assert both == (
        "This name cannot be kept as it is typed. It is too long.",
        "دا نوم لکه چې لیکل شوی نه شي ساتل کېدای. ډېر اوږد دی.",
    )
    mistyped = CodeMistyped(typed="48271", kind="join_code")
    said = PASHTO.lay_out(PASHTO.say_refusal(mistyped))
    assert said.count("48271") == 2
    assert said.count('<span class="draft"') == 1
