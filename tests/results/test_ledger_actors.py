"""Actors: who a mention means, and what shows it."""

from __future__ import annotations

from pathlib import Path

import pycountry
import pytest

from extractor.errors import ConfigurationError
from extractor.results.ledger import Directory, read_aliases
from extractor.results.ledger.actors import ArticleActors
from extractor.results.ledger.names import data
from extractor.schema.ledger import Actor, Mention
from tests.support.stories import commitment, holding, ledger, story

PERSON = ("Overk Alend", "Deputy Prime Minister of Norvale", "Norvale", "person")


def resolve(mention: str, text: str = "", elsewhere: dict[str, str] | None = None) -> list[tuple[Mention, Actor]]:
    record = story("a", "2024-01-01", text or "Nothing.", speakers=[PERSON])
    names = ArticleActors(Directory(), record, elsewhere or {})
    return [(one.mention, one.actor) for one in names.resolve(mention)]


@pytest.mark.parametrize(
    ("mention", "actor", "basis"),
    [
        ("Russia", "state:RU", "name"),
        ("the Russian Federation", "state:RU", "name"),
        ("Islamic Republic of Iran", "state:IR", "name"),
        ("People’s Republic of China", "state:CN", "name"),
        ("Türkiye", "state:TR", "name"),
        ("Turkey", "state:TR", "name"),
        ("the U.S.", "state:US", "name"),
        ("US", "state:US", "name"),
        ("Russians", "state:RU", "people"),
        ("Moscow", "state:RU", "seat"),
        ("the Kremlin", "state:RU", "seat"),
        ("the White House", "state:US", "seat"),
        ("the Russian side", "state:RU", "government"),
        ("The Pakistani government", "state:PK", "government"),
        ("Pakistan's government", "state:PK", "government"),
        ("Government of Kazakhstan", "state:KZ", "government"),
        ("Government of Norvale", "name:norvale", "government"),
        ("President of Russia", "state:RU", "office"),
        ("the Turkish president", "state:TR", "office"),
        ("Norvale", "name:norvale", "written"),
        ("SCO", "org:shanghai-cooperation-organisation", "name"),
        ("Shanghai Cooperation Organization (SCO)", "org:shanghai-cooperation-organisation", "name"),
        ("SCO Council of Heads of State", "org:shanghai-cooperation-organisation", "body"),
        ("African Union member states", "org:african-union", "government"),
    ],
)
def test_names(mention: str, actor: str, basis: str) -> None:
    """States stand for their governments; words for their people, seats and offices lead to them."""
    [(told, found)] = resolve(mention)
    assert (found.id, told.basis, told.text) == (actor, basis, mention)


@pytest.mark.parametrize(
    ("mention", "id_", "state"),
    [
        ("Russian Foreign Ministry", "name:russian-foreign-ministry", "state:RU"),
        ("Ministry of Transport of Norvale", "name:ministry-of-transport-of-norvale", "name:norvale"),
        ("Iraqi Parliament", "name:iraqi-parliament", "state:IQ"),
        ("Syrian Army", "name:syrian-army", "state:SY"),
    ],
)
def test_bodies_keep_their_name(mention: str, id_: str, state: str) -> None:
    """A ministry, a parliament and an army are themselves, and linked to their state."""
    [(told, actor)] = resolve(mention)
    assert (actor.id, actor.state, actor.kind, told.basis) == (id_, state, "organization", "body")


@pytest.mark.parametrize(
    ("mention", "text", "id_", "state", "basis"),
    [
        ("Overk Alend", "", "person:overk-alend", "name:norvale", "affiliation"),
        ("Alend", "", "person:overk-alend", "name:norvale", "affiliation"),
        ("Deputy Prime Minister Alend", "", "person:overk-alend", "name:norvale", "affiliation"),
        ("Russian Energy Minister Tarv Molen", "", "person:tarv-molen", "state:RU", "office"),
        ("Tarv Molen", "The President of Kazakhstan Tarv Molen spoke.", "person:tarv-molen", "state:KZ", "text"),
        ("Tarv Molen", "Turkish Prime Minister Tarv Molen spoke.", "person:tarv-molen", "state:TR", "text"),
    ],
)
def test_persons(mention: str, text: str, id_: str, state: str, basis: str) -> None:
    """A person's state comes from the speakers, from the mention, or from the article's text; the evidence is kept."""
    [(told, actor)] = resolve(mention, text)
    assert (actor.id, actor.kind, actor.state, told.basis) == (id_, "person", state, basis)
    assert told.evidence


def test_a_person_known_from_an_earlier_article() -> None:
    """Where an article does not say whose minister somebody is, an earlier one may have."""
    [(told, actor)] = resolve("Tarv Molen", elsewhere={"person:tarv-molen": "state:KZ"})
    assert (actor.state, told.basis) == ("state:KZ", "elsewhere")


def test_knowledge_travels_forward_in_time_only() -> None:
    """What a later article says of a person changes nothing in an earlier one's step."""
    words = "open the Holm bridge"
    bare = commitment(words, words, "Overk Alend")
    early = story("early", "2024-01-01", f"Overk Alend will {words}.", bare, speakers=[])
    middle = story("middle", "2024-02-01", f"Overk Alend will {words}.", bare, speakers=[PERSON])
    late = story("late", "2024-03-01", f"Overk Alend will {words}.", bare, speakers=[])
    told = {
        step.article.id: step.actors[0].state for thread in ledger(late, early, middle).threads for step in thread.steps
    }
    assert told == {"early": None, "middle": "name:norvale", "late": "name:norvale"}


def test_an_office_without_a_state() -> None:
    """ "The minister" is the one who holds that office in the article, or else nobody outside of it."""
    [(told, actor)] = resolve("the Deputy Prime Minister")
    assert (actor.id, told.basis, told.evidence) == ("person:overk-alend", "office", "Deputy Prime Minister of Norvale")
    [(told, actor)] = resolve("the minister")
    assert (actor.id, actor.name) == ("name:minister@a", "minister")


def test_nameless_actors_share_nothing() -> None:
    """ "The minister" of one article is not that of another: only near-equal words would link what they do."""

    def ministers(who: str) -> int:
        actions = ["open the Holm bridge", "open the old bridge over the strait at Holm"]
        told = [story(f"{n}", "2024-01-01", f"He will {x}.", commitment(x, x, who)) for n, x in enumerate(actions)]
        return len(ledger(*told).threads)

    assert (ministers("Norvale"), ministers("the minister")) == (1, 2)


def test_two_in_one_mention() -> None:
    """ "Pakistan and Russia" are two actors; a name with "and" in it is one."""
    assert [actor.id for _, actor in resolve("Pakistan and Russia")] == ["state:PK", "state:RU"]
    assert [actor.id for _, actor in resolve("Bosnia and Herzegovina")] == ["state:BA"]


def test_acronyms_are_written_as_such() -> None:
    """ "us" is no state, and "who" no health organisation."""
    directory = Directory()
    assert directory.find("us") is None
    assert directory.find("who") is None
    assert [one.actor.name for one in directory.named("The WHO asked us who it was.")] == ["World Health Organization"]


def test_names_in_running_text() -> None:
    """Names are found with their places; a capital city is a government only where it is plainly no place."""
    text = "Talks in Moscow between Islamabad and the Russian Federation’s SCO envoy"
    named = list(Directory().named(text))
    assert [(one.actor.id, text[one.start : one.end]) for one in named] == [
        ("state:PK", "Islamabad"),
        ("state:RU", "Russian Federation"),
        ("org:shanghai-cooperation-organisation", "SCO"),
    ]


def test_every_state_is_one() -> None:
    """Each code is in ISO 3166-1; the members of the United Nations, its two observers and Taiwan are there."""
    codes = set(data("states"))
    assert all(pycountry.countries.get(alpha_2=code) for code in codes)
    assert len(codes) == 193 + 3
    assert {"VA", "PS", "TW"} <= codes


def test_an_alias_file_wins(tmp_path: Path) -> None:
    """A user's names win over the program's own, and may name whom it does not know."""
    file = tmp_path / "aliases.toml"
    file.write_text('[actors]\n"Norvale" = ["Moscow", "the Silver Palace"]\n"Russia" = ["Smolenka"]\n', "utf-8")
    directory = Directory(read_aliases(file))
    told = [directory.find(name) for name in ("Moscow", "Silver Palace", "Smolenka")]
    assert [found and found.actor.id for found in told] == ["name:norvale", "name:norvale", "state:RU"]
    assert {found.basis for found in told if found} == {"alias file"}


@pytest.mark.parametrize("text", ["[actors", "x = 1", "[actors]\na = 1", "[actors]\na = [1]", "[other]\na = []"])
def test_a_bad_alias_file_is_told(tmp_path: Path, text: str) -> None:
    """What is no alias file is an error that says so, with the form it should have."""
    file = tmp_path / "aliases.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(ConfigurationError, match=r"aliases\.toml") as error:
        read_aliases(file)
    assert "[actors]" in error.value.hint
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read_aliases(tmp_path / "none.toml")


def test_a_state_for_its_ministry() -> None:
    """A promise of the government and its repetition by the ministry are one thread with both actors."""
    words = "reopen the Holm airport"
    first = story("one", "2024-01-01", f"Pakistan will {words}.", commitment(words, words, "Pakistan"))
    second = story("two", "2024-02-01", f"They will {words}.", commitment(words, words, "Pakistani Aviation Ministry"))
    thread = holding(ledger(first, second), words)
    assert [(actor.name, actor.state) for actor in thread.actors] == [
        ("Pakistan", "state:PK"),
        ("Pakistani Aviation Ministry", "state:PK"),
    ]
