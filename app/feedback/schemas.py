"""Values of the feedback room."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

SHEET_BYTES = 16_384
LEAST_SHEETS = 5


@dataclass(frozen=True)
class SheetAnswer:
    """What was said to one question: a choice, or words."""

    item: str
    option: str | None
    text: str | None


@dataclass(frozen=True)
class QuestionnaireState:
    """Where a workshop's questionnaire stands."""

    form_id: str
    is_open: bool
    is_closed: bool


@dataclass(frozen=True)
class OptionCount:
    """How often a choice was made."""

    option: str
    text: dict[str, str]
    count: int


@dataclass(frozen=True)
class QuestionCounts:
    """One question's answers as counts; blanks are told, never guessed."""

    item: str
    stem: dict[str, str]
    options: tuple[OptionCount, ...]
    answered: int
    blank: int
    top_two: int
    texts: tuple[str, ...]


@dataclass(frozen=True)
class QuestionnaireResult:
    """All questions, from 5 sheets; `questions` is empty below that."""

    sheets: int
    is_closed: bool
    questions: tuple[QuestionCounts, ...]

    @property
    def is_shown(self) -> bool:
        """Whether there are enough sheets to show counts."""
        return bool(self.questions)


@dataclass(frozen=True)
class ClosedRound:
    """A workshop's closed questionnaire and how many sheets it has."""

    workshop_id: str
    form_id: str
    sheets: int


@dataclass(frozen=True)
class Share:
    """A share and Wilson's 95 % interval as printed percent; `exact`: 0..1. None of nobody."""

    exact: Fraction | None
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True)
class Opinion:
    """A question on a scale over several workshops.

    `agreed`: the two highest answers; `disagreed`: the two lowest, in percent. Blanks are in no
    share.
    """

    item: str
    stem: dict[str, str]
    choices: tuple[OptionCount, ...]
    answered: int
    blank: int
    agreed: Share
    disagreed: Decimal | None


@dataclass(frozen=True)
class Opinions:
    """One questionnaire over workshops; `questions`, most agreed with first, are empty without any.

    `few`: workshops with too few sheets; `others`: with another questionnaire.
    """

    form_id: str | None
    workshops: int
    few: int
    others: int
    sheets: int
    questions: tuple[Opinion, ...]


@dataclass(frozen=True)
class BallotTold:
    """What a country and year say of the minority ballot; `yes` is None as long as it waits.

    `share`: the percentage of "yes" as printed.
    """

    country: str
    year: int
    is_synthetic: bool
    yes: int | None
    no: int | None
    workshops: int | None
    share: Decimal | None
