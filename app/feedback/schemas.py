"""Values of the feedback room."""

from dataclasses import dataclass

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
