"""A workshop's printed things as values: card sheet, poster, the trainer's list. Nothing is drawn.

They hold no name and no answer. A card sheet holds the cards' secret addresses.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from app.core.reasons import N_
from app.participants.schemas import CardRecord, PrintedCard
from app.workshops.schemas import WorkshopRecord

CARDS_A_SHEET = 24
MOST_LANGUAGES = 2  # more do not fit on a card

Translate = Callable[[str, str], str]
"""Language and English message to the message in that language, or the English one."""


@dataclass(frozen=True)
class Sentence:
    """One sentence in one language."""

    language: str
    text: str


@dataclass(frozen=True)
class Door:
    """How a phone comes in: the address to type, the six digits, and both as one address."""

    address: str
    join_code: str
    join_url: str


@dataclass(frozen=True)
class Wifi:
    """The room's own network; without a password it is open."""

    ssid: str
    password: str = ""


@dataclass(frozen=True)
class CardFace:
    """One card: its number, and the secret address its QR carries."""

    number: str
    url: str


@dataclass(frozen=True)
class CardSheet:
    """Cards to cut, 24 to an A4."""

    heading: Sentence
    square_name: Sentence
    sentences: tuple[Sentence, ...]
    door: Door
    cards: tuple[CardFace, ...]
    notice: tuple[Sentence, ...]
    made_at: datetime


@dataclass(frozen=True)
class Poster:
    """An A4 for the wall: numbered steps, each in the workshop's languages, and the way in."""

    heading: Sentence
    square_name: Sentence
    title: str
    steps: tuple[tuple[Sentence, ...], ...]
    door: Door
    wifi: Wifi | None
    notice: tuple[Sentence, ...]
    made_at: datetime


@dataclass(frozen=True)
class RoomSheet:
    """The trainer's own list: numbers to tick, and an empty line for a name by hand."""

    language: str
    heading: str
    title: str
    place: str
    starts_on: date
    ends_on: date
    door: Door
    caution: str
    columns: tuple[str, ...]
    numbers: tuple[str, ...]
    notice: tuple[Sentence, ...]
    made_at: datetime


def build_card_sheet(
    workshop: WorkshopRecord,
    cards: Iterable[PrintedCard],
    *,
    door: Door,
    card_url: Callable[[str, str], str],
    translate: Translate,
) -> CardSheet:
    """The sheet of these cards; `card_url` makes a card's address from its number and token."""
    return CardSheet(
        heading=_in_main(workshop, N_("Cards"), translate),
        square_name=_in_main(workshop, N_("Secret square of this card"), translate),
        sentences=_in_languages(workshop, N_("Keep this card for both tests."), translate),
        door=door,
        notice=notice_of(workshop, translate),
        cards=tuple(
            CardFace(number=each.card.number, url=card_url(each.card.number, each.token))
            for each in cards
        ),
        made_at=workshop.created_at,
    )


def build_poster(
    workshop: WorkshopRecord, *, door: Door, translate: Translate, wifi: Wifi | None = None
) -> Poster:
    """The poster: two steps, and a network to join before them where there is one."""
    join_wifi = (N_("First join this Wi-Fi network."),) if wifi is not None else ()
    steps = (
        *join_wifi,
        N_("Scan this square, or type the address and the six digits."),
        N_("Type the number on your card. Choose your language."),
    )
    return Poster(
        heading=_in_main(workshop, N_("For the wall"), translate),
        square_name=_in_main(workshop, N_("Square to scan; the address is beside it"), translate),
        title=workshop.title,
        steps=tuple(_in_languages(workshop, step, translate) for step in steps),
        door=door,
        wifi=wifi,
        notice=notice_of(workshop, translate),
        made_at=workshop.created_at,
    )


def build_room_sheet(
    workshop: WorkshopRecord,
    cards: Iterable[CardRecord],
    *,
    door: Door,
    language: str,
    translate: Translate,
) -> RoomSheet:
    """The trainer's list in the trainer's language, by number."""
    columns = (N_("Card"), N_("Given"), N_("Pre-test"), N_("Post-test"), N_("Name, by hand"))
    caution = N_("Numbers beside names: keep this sheet, and shred it after the post-test.")
    return RoomSheet(
        language=language,
        heading=translate(language, N_("Room sheet")),
        title=workshop.title,
        place=workshop.place,
        starts_on=workshop.starts_on,
        ends_on=workshop.ends_on,
        door=door,
        caution=translate(language, caution),
        columns=tuple(translate(language, column) for column in columns),
        numbers=tuple(sorted(card.number for card in cards)),
        notice=notice_of(workshop, translate),
        made_at=workshop.created_at,
    )


def _in_languages(
    workshop: WorkshopRecord, message: str, translate: Translate
) -> tuple[Sentence, ...]:
    """The message in the workshop's first languages; what has no translation is said once."""
    said: dict[str, Sentence] = {}
    for language in workshop.languages:
        text = translate(language, message)
        said.setdefault(text, Sentence("en" if text == message else language, text))
    return tuple(said.values())[:MOST_LANGUAGES]


def notice_of(workshop: WorkshopRecord, translate: Translate) -> tuple[Sentence, ...]:
    """The word that tells the demonstration's paper from real paper; nothing on real paper."""
    if not workshop.is_synthetic:
        return ()
    return _in_languages(workshop, N_("synthetic"), translate)


def _in_main(workshop: WorkshopRecord, message: str, translate: Translate) -> Sentence:
    return _in_languages(workshop, message, translate)[0]
