"""What happened before the demonstration begins. All of it is invented but for the recommendations themselves.

Days are counted back from the day on which the demonstration is made.
"""

from dataclasses import dataclass
from datetime import date

from tracker.domain.vocabulary import Channel, Implementation, Response, TermKind

A, P, C, N = Response.ACCEPTED, Response.ACCEPTED_IN_PART, Response.UNDER_CONSIDERATION, Response.NOT_ACCEPTED
NOT_STARTED, IN_PROGRESS = Implementation.NOT_STARTED, Implementation.IN_PROGRESS
PARTIALLY, FULLY = Implementation.PARTIALLY, Implementation.FULLY
CONTINUING, OVERTAKEN = Implementation.CONTINUING, Implementation.OVERTAKEN
NOT_IMPLEMENTED, NOT_VERIFIABLE = Implementation.NOT_IMPLEMENTED, Implementation.NOT_VERIFIABLE

CELL, PARLIAMENT, POLICE = "cellule-interdepartementale-de-coordination", "parlements", "police"
INTERIOR, JUSTICE, EMPLOYMENT = "ministre-de-l-interieur", "ministre-de-la-justice", "ministre-de-l-emploi"
NETWORK, REFERENCE, PROSECUTOR = "reseau-d-expertise-de-la-magistrature", "magistrats-de-reference", "parquet-federal"
ECOSOC, CENTRES, GUARDIANSHIP = "equipes-ecosoc", "centres-specialises", "service-des-tutelles"
TRAINING = "services-de-formation-de-la-police"


@dataclass(frozen=True)
class Said:
    """A body's answer, so many days ago."""

    ago: int
    code: str
    body: str
    response: Response
    reported: Implementation | None = None
    done: str = ""
    reason: str = ""
    links: tuple[str, ...] = ()
    channel: Channel = Channel.FORM
    answered_by: str = ""


@dataclass(frozen=True)
class Found:
    """The issuer's finding, so many days ago; without one the answer is filed."""

    ago: int
    code: str
    body: str
    assessed: Implementation | None = None
    reason: str = ""
    is_public: bool = True
    """Published at once, with the answer that it deals with."""


@dataclass(frozen=True)
class Returned:
    """An answer goes back with a question, so many days ago, with so many days to reply."""

    ago: int
    code: str
    body: str
    question: str
    days: int


@dataclass(frozen=True)
class Asked:
    """A round over a report, so many days ago, due so many days ago."""

    ago: int
    report: str
    title: str
    due_ago: int


ISSUED = {"2018": date(2018, 12, 18), "2023": date(2023, 12, 18)}
"""Invented days: the annexes carry none."""
ACCEPTED_AGO = 560
PUBLISHED_AGO = 545

FOCAL_POINTS = (
    (POLICE, "police", "nl", "Point de contact, police"),
    (CELL, "cellule", "fr", "Point de contact, cellule de coordination"),
    (ECOSOC, "ecosoc", "fr", "Point de contact, ECOSOC"),
    (PARLIAMENT, "parlements", "fr", "Point de contact, parlements"),
    (JUSTICE, "justice", "fr", "Point de contact, cabinet Justice"),
    (INTERIOR, "interieur", "nl", "Point de contact, cabinet Intérieur"),
    (EMPLOYMENT, "emploi", "fr", "Point de contact, cabinet Emploi"),
    (NETWORK, "reseau", "fr", "Point de contact, réseau d’expertise"),
    (REFERENCE, "reference", "nl", "Point de contact, magistrats de référence"),
    (PROSECUTOR, "parquet", "fr", "Point de contact, parquet fédéral"),
    (CENTRES, "centres", "en", "Point de contact, centres spécialisés"),
    (GUARDIANSHIP, "tutelles", "fr", "Point de contact, Service des Tutelles"),
    (TRAINING, "formation", "nl", "Point de contact, formation de la police"),
    ("magistrats", "magistrats", "fr", "Point de contact, magistrats"),
    ("sirs", "sirs", "fr", "Point de contact, SIRS"),
    ("bourgmestres", "bourgmestres", "nl", "Point de contact, bourgmestres"),
    ("gouverneurs", "gouverneurs", "fr", "Point de contact, gouverneurs"),
)
"""Body, mailbox, language, role. Two bodies have no focal point: the local ones of the large cities."""

RESTATED = (("2023/4", "2018/40"), ("2023/2", "2018/42"))
"""Which recommendation asks again what an earlier one asked."""

TERMS: tuple[tuple[TermKind, dict[str, str], tuple[str, ...]], ...] = (
    (TermKind.THEME, {"fr": "Mineurs", "nl": "Minderjarigen", "en": "Minors"}, ("2018/32", "2018/33", "2023/12")),
    (TermKind.THEME, {"fr": "Argent", "nl": "Geldstromen", "en": "Money"}, ("2018/40", "2023/4", "2023/5")),
    (TermKind.GROUP, {"fr": "Chaîne pénale", "nl": "Strafketen", "en": "Criminal justice"}, ("2018/40", "2023/4")),
    (TermKind.PRIORITY, {"fr": "Haute", "nl": "Hoog", "en": "High"}, ("2023/4", "2023/12")),
)
"""The issuer's own lists, with what is of each."""

STORY: tuple[Asked | Said | Found | Returned, ...] = (
    Asked(540, "myria-2018", "Suivi des recommandations 2018", 360),
    Said(
        520,
        "2018/32",
        GUARDIANSHIP,
        A,
        CONTINUING,
        "Chaque nouveau tuteur suit un module sur la traite ; une session de rappel a lieu chaque automne.",
    ),
    Said(515, "2018/32", CELL, A, None, "La formation figure au plan de la cellule ; les acteurs ont été invités."),
    Said(
        505,
        "2018/35",
        POLICE,
        A,
        IN_PROGRESS,
        "Een module over minderjarige slachtoffers is in voorbereiding met de opleidingsdienst.",
    ),
    Said(
        500,
        "2018/36",
        POLICE,
        A,
        PARTIALLY,
        "In twee arrondissementen werkt een team samen met een opvangcentrum en een ervaringsdeskundige.",
    ),
    Said(
        498,
        "2018/40",
        PROSECUTOR,
        A,
        FULLY,
        "Chaque dossier de trafic comporte désormais une enquête patrimoniale, selon une note interne.",
    ),
    Found(490, "2018/32", GUARDIANSHIP, CONTINUING, "Le programme et les listes de présence ont été produits."),
    Found(488, "2018/32", CELL),
    Said(480, "2018/40", REFERENCE, A, PARTIALLY, "De aanpak wordt gevolgd in de grote arrondissementen."),
    Said(
        478, "2018/42", NETWORK, A, CONTINUING, "Deux journées d’étude par an, ouvertes aux magistrats et à la police."
    ),
    Said(470, "2018/33", CELL, A, None, "Le dossier de reconnaissance a été mis à l’ordre du jour."),
    Said(468, "2018/34", CELL, A, None, "Une brochure pour les mineurs est en cours de rédaction."),
    Found(460, "2018/35", POLICE, IN_PROGRESS, "Le module est annoncé ; il n’est pas encore donné."),
    Found(459, "2018/36", POLICE, PARTIALLY),
    Found(
        455,
        "2018/40",
        PROSECUTOR,
        PARTIALLY,
        "La note existe ; dans cinq des douze dossiers consultés, l’enquête patrimoniale manque.",
    ),
    Said(440, "2018/39", JUSTICE, A, None, "La circulaire de politique criminelle met l’accent sur les passeurs."),
    Said(438, "2018/39", INTERIOR, P, None, "De prioriteit is bevestigd; de capaciteit hangt af van de begroting."),
    Found(430, "2018/39", JUSTICE),
    Found(430, "2018/39", INTERIOR),
    Found(425, "2018/40", REFERENCE, PARTIALLY),
    Found(424, "2018/42", NETWORK, CONTINUING, "Programmes des quatre dernières journées vus."),
    Said(420, "2018/41", CELL, C, None, "", "La création d’un groupe distinct est encore discutée."),
    Found(410, "2018/33", CELL),
    Found(410, "2018/34", CELL),
    Found(409, "2018/41", CELL),
    Said(400, "2018/35", NETWORK, A, PARTIALLY, "Le thème est repris dans la formation de base des magistrats."),
    Found(390, "2018/35", NETWORK, PARTIALLY),
    Asked(200, "myria-2023", "Suivi des recommandations 2023", 7),
    Said(
        190,
        "2023/11",
        CENTRES,
        A,
        FULLY,
        "Since the start of the year a lawyer is appointed within five days of a victim's arrival.",
        "",
        ("https://www.myria.be/fr/traite",),
    ),
    Said(180, "2023/4", REFERENCE, A, IN_PROGRESS, "Het financieel onderzoek start nu samen met het strafonderzoek."),
    Said(170, "2023/2", CELL, A, None, "Les inspections régionales participent à la cellule depuis l’an dernier."),
    Found(165, "2023/11", CENTRES, FULLY, "Vérifié dans les trois centres : délai moyen de quatre jours."),
    Found(160, "2023/2", CELL),
    Found(158, "2023/4", REFERENCE, NOT_VERIFIABLE, "Aucun chiffre n’est tenu sur le début des enquêtes financières."),
    Said(150, "2023/5", REFERENCE, A, PARTIALLY, "Drie dossiers zijn tot bij de opdrachtgever onderzocht."),
    Said(140, "2023/1", INTERIOR, A, None, "De gezamenlijke controles staan in het nationaal veiligheidsplan."),
    Said(139, "2023/1", JUSTICE, A, None, "Les auditorats ont reçu instruction d’y participer."),
    Said(135, "2023/8", ECOSOC, A, PARTIALLY, "Une liste d’indicateurs est utilisée lors de chaque contrôle."),
    Found(130, "2023/5", REFERENCE, PARTIALLY),
    Found(128, "2023/1", INTERIOR),
    Found(128, "2023/1", JUSTICE),
    Found(
        120,
        "2023/8",
        ECOSOC,
        IN_PROGRESS,
        "La liste existe ; les rapports de contrôle ne la citent pas encore.",
        is_public=False,
    ),
    Said(
        90,
        "2023/6",
        PARLIAMENT,
        C,
        NOT_STARTED,
        "",
        "Une proposition de loi est pendante en commission.",
        (),
        Channel.LETTER,
        "Secrétariat de la commission",
    ),
    Said(
        88,
        "2023/7",
        PARLIAMENT,
        C,
        NOT_STARTED,
        "",
        "Liée à la recommandation 2023/6.",
        (),
        Channel.LETTER,
        "Secrétariat de la commission",
    ),
    Found(80, "2023/6", PARLIAMENT, NOT_STARTED),
    Found(80, "2023/7", PARLIAMENT, NOT_STARTED),
    Said(60, "2023/3", JUSTICE, A, None, "Les affectations sont revues avec la police judiciaire fédérale."),
    Found(50, "2023/3", JUSTICE, is_public=False),
    Said(45, "2023/6", CELL, A, None, "Avis favorable rendu."),
    Said(45, "2023/7", CELL, A, None, "Avis favorable rendu."),
    Found(40, "2023/6", CELL),
    Found(40, "2023/7", CELL),
    Said(
        12,
        "2023/1",
        ECOSOC,
        A,
        PARTIALLY,
        "Deux contrôles conjoints par province et par an sont planifiés avec les auditorats.",
    ),
    Said(9, "2023/12", CELL, A, None, "Deux petites structures ont ouvert ; une troisième est prévue."),
    Said(9, "2018/40", NETWORK, A, FULLY, "L’approche en chaîne est au programme de chaque réunion du réseau."),
    Said(
        8, "2018/36", POLICE, A, PARTIALLY, "Ook in een derde arrondissement werkt nu een team met een opvangcentrum."
    ),
    Returned(7, "2018/36", POLICE, "Dans quel arrondissement, et depuis quand ? Une note ou un lien suffit.", 30),
    Said(7, "2023/3", INTERIOR, P, None, "Specialisatie wordt per arrondissement bekeken."),
    Said(
        4,
        "2023/10",
        PARLIAMENT,
        P,
        OVERTAKEN,
        "",
        "La loi de réforme couvre déjà deux des trois points.",
        (),
        Channel.LETTER,
        "Secrétariat de la commission",
    ),
    Said(2, "2018/42", TRAINING, A, CONTINUING, "Elk jaar zes opleidingsdagen, met evaluatie."),
)
