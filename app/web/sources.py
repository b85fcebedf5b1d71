"""Where the formulas come from, and how far each source was checked by us.

Authors, journals and editors stand in Latin letters in every language.
"""

from dataclasses import dataclass
from enum import StrEnum

from app.core.reasons import N_


class Checked(StrEnum):
    """How a source was read: the place cited, its abstract, or not yet."""

    READ = "read"
    ABSTRACT = "abstract"
    NOT_YET = "not_yet"


CHECKED_WORDS: dict[Checked, str] = {
    Checked.READ: N_("read"),
    Checked.ABSTRACT: N_("abstract read, details not yet checked"),
    Checked.NOT_YET: N_("not yet checked"),
}


@dataclass(frozen=True)
class Source:
    """One paper, report or program, as it is cited."""

    text: str
    checked: Checked = Checked.READ


SOURCES: dict[str, Source] = {
    "anderson": Source("Anderson 1957, J. Am. Stat. Assoc. 52:200", Checked.NOT_YET),
    "bao": Source("Bao 2006, Am. J. Phys. 74:917", Checked.ABSTRACT),
    "betts": Source("Betts et al. 2022, Educ. Psychol. Meas. 82:151"),
    "bonett": Source("Bonett 2008, Psychol. Methods 13:99, eq. 10; SMCRPH of R metafor"),
    "bonett_price": Source("Bonett & Price 2012, J. Educ. Behav. Stat.; R statpsych"),
    "fagerland": Source("Fagerland, Lydersen & Laake 2013, BMC Med. Res. Methodol. 13:91"),
    "feldt": Source("Feldt 1965, Psychometrika", Checked.NOT_YET),
    "hake": Source("Hake 1998, Am. J. Phys. 66:64; PhysPort"),
    "higgins": Source("Higgins, Thompson & Spiegelhalter 2009", Checked.NOT_YET),
    "ghosh": Source(
        "Ghosh, Roughgarden & Sundararajan 2012, SIAM J. Comput. 41:1673", Checked.NOT_YET
    ),
    "holm": Source("Holm 1979, Scand. J. Stat. 6:65", Checked.NOT_YET),
    "inthout": Source("IntHout et al. 2014, BMC Med. Res. Methodol. 14:25"),
    "lakens": Source("Lakens 2013, Front. Psychol. 4:863", Checked.NOT_YET),
    "lord": Source("Lord 1967, Psychol. Bull. 68:304", Checked.NOT_YET),
    "marx": Source("Marx & Cummings 2007, Am. J. Phys. 75:87", Checked.ABSTRACT),
    "moodle": Source("Moodle, question/classes/statistics/questions/calculator.php"),
    "nces": Source("NCES 2011-603; Wisconsin, New York and Delaware school rules"),
    "ncsbn": Source("NCSBN, Next Generation NCLEX, +/- scoring and 0/1 scoring by row"),
    "newcombe": Source("Newcombe 1998, Stat. Med. 17:2635", Checked.NOT_YET),
    "nissen": Source("Nissen, Donatello & Van Dusen 2019, arXiv 1809.00035"),
    "paule": Source("Veroniki et al. 2016, Res. Synth. Methods (Paule & Mandel)"),
    "pratt": Source("Pratt 1959, J. Am. Stat. Assoc. 54:655", Checked.NOT_YET),
    "rover": Source("Röver, Knapp & Friede 2015, BMC Med. Res. Methodol. 15:99"),
    "student": Source("Student 1908, Biometrika 6:1", Checked.NOT_YET),
    "tarrant": Source("Tarrant, Ware & Mohammed 2009, BMC Med. Educ. 9:40"),
    "utah": Source("Utah, extremes from 10 to 39 people", Checked.NOT_YET),
    "walstad": Source("Walstad & Wagner 2016, J. Econ. Educ. 47:121"),
    "welch": Source("Welch 1947, Biometrika 34:28", Checked.NOT_YET),
    "wwc": Source("IES, What Works Clearinghouse, baseline limits .05 and .25"),
}
