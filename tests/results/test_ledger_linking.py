"""The ledger by rules: which tellings are one thread, and what each is to the one before."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from pathlib import Path

import pytest

from extractor.results.ledger import Directory, Earlier, Ledger, by_rules, finish, plan
from extractor.schema.record import Record
from tests.support.stories import (
    ALL,
    BRIDGE,
    DELAY,
    ESTMARK,
    FERRIES,
    NORVALE,
    OPENING,
    commitment,
    holding,
    ledger,
    of_gold,
    relations,
    story,
)

SEEDS = Path(__file__).parents[1] / "gold" / "seeds.jsonl"


def lines(result: Ledger) -> list[str]:
    return [thread.model_dump_json() for thread in result.threads]


def continued(earlier: Ledger, *records: Record, as_of: str = "2025-07-20") -> Ledger:
    """The earlier ledger with more records."""
    known = Earlier(earlier.threads, frozenset(earlier.manifest.articles), earlier.manifest.persons)
    planned = plan(records, Directory(), known)
    return finish(planned, by_rules(planned), dt.date.fromisoformat(as_of))


def test_seeds_steel_mill() -> None:
    """The modernisation of the Karachi Steel Mills and, five months later, the talks on a new one are one thread."""
    thread = holding(ledger(*of_gold(SEEDS)), "new steel mill")
    assert [step.article.id[:3] for step in thread.steps] == ["000", "004"]
    assert "Karachi Steel Mills" in thread.steps[0].text
    assert relations(thread) == ["first", "update weaker"]
    assert [actor.id for actor in thread.actors] == ["state:RU", "state:PK"]
    assert (thread.state.name, thread.latest) == ("due", dt.date(2025, 12, 31))


def test_seeds_transport_links() -> None:
    """The corridors, the railway that is named with them, and the pilot cargo train are one thread, and ever firmer."""
    thread = holding(ledger(*of_gold(SEEDS)), "pilot cargo train")
    assert [step.firmness for step in thread.steps] == ["hoped", "considered", "scheduled"]
    assert "corridors" in thread.steps[0].text
    assert "Quetta-Taftan" in thread.steps[1].text
    assert relations(thread) == ["first", "same", "update firmer"]
    assert (thread.state.name, thread.earliest) == ("upcoming", dt.date(2025, 8, 1))


def test_seeds_everything_else_stands_alone() -> None:
    """No other two commitments of the seeds are linked, and none is lost."""
    records = of_gold(SEEDS)
    result = ledger(*records)
    assert sorted(len(thread.steps) for thread in result.threads) == [1, 1, 1, 1, 1, 1, 2, 3]
    assert sum(len(record.commitments) for record in records) == sum(len(thread.steps) for thread in result.threads)


def test_a_date_that_moves_twice() -> None:
    """Each step tells what changed and by how many days; the thread tells the sum; the opening fulfils it."""
    thread = holding(ledger(*ALL, as_of="2026-04-01"), "build a bridge")
    assert relations(thread) == ["first", "update later weaker", "update later weaker", "fulfilled"]
    assert [step.link.slip_days for step in thread.steps if step.link] == [181, 274, None]
    assert (thread.slip_days, thread.state.name) == (455, "fulfilled")
    assert thread.state.evidence == [thread.steps[-1].id]


def test_a_report_in_the_articles_own_voice() -> None:
    """What an article tells as done needs no speaker: the sentence is quoted where it stands."""
    step = holding(ledger(*ALL, as_of="2026-04-01"), "build a bridge").steps[-1]
    assert (step.kind, step.speaker) == ("report", None)
    assert step.quote.exact == "The Holm bridge between Norvale and Estmark was opened on Friday."
    assert OPENING.article.text[step.quote.start : step.quote.end] == step.quote.exact


def test_a_claim_fulfils_in_part() -> None:
    """A claim of fact that tells of half the ferries fulfils the promise of five in part."""
    thread = holding(ledger(BRIDGE, FERRIES), "deliver five ferries")
    assert relations(thread) == ["first", "partly_fulfilled"]
    assert (thread.state.name, thread.steps[1].kind) == ("partly", "claim")


def test_outcomes_count_from_their_day() -> None:
    """As of a day before the report, the thread does not know of it."""
    before = holding(ledger(*ALL, as_of="2026-03-19"), "build a bridge")
    assert (before.state.name, before.state.reason) == ("due", "due by 2026-03-31, in 12 days")


@pytest.mark.parametrize(
    ("sentence", "relation"),
    [
        ("Norvale has cancelled the lake patrols with Estmark.", "abandoned"),
        ("The lake patrols of Norvale and Estmark began on Monday.", "fulfilled"),
        ("The lake patrols of Norvale and Estmark were postponed.", "update later"),
        ("The lake patrols of Norvale and Estmark will begin soon.", None),
        ("The lake patrols of Norvale and Estmark have not begun.", None),
        ("Norvale and Estmark discussed sports.", None),
    ],
)
def test_what_a_sentence_tells(sentence: str, relation: str | None) -> None:
    """Words of dropping, doing and delaying decide what a report is; plans and denials before the time are nothing."""
    patrols = story(
        "patrols",
        "2023-02-01",
        "Norvale and Estmark plan to start lake patrols from 2024.",
        commitment(
            "to start lake patrols from 2024",
            "start lake patrols",
            when=("from 2024", "2024-01-01", None),
        ),
    )
    thread = holding(ledger(patrols, story("later", "2024-06-03", sentence)), "start lake patrols")
    assert relations(thread)[1:] == ([relation] if relation else [])


def test_a_refusal_contradicts() -> None:
    """The same actor undertaking not to do it contradicts what it undertook."""
    treaty = commitment("Norvale will join the Lake Treaty", "join the Lake Treaty", NORVALE, firmness="pledged")
    refusal = commitment("Norvale will not join the Lake Treaty", "not join the Lake Treaty", NORVALE)
    first = story("treaty-1", "2023-01-10", "Norvale will join the Lake Treaty.", treaty)
    second = story("treaty-2", "2023-06-10", "Norvale will not join the Lake Treaty.", refusal)
    thread = ledger(first, second).threads[0]
    assert relations(thread) == ["first", "contradicted"]
    assert thread.state.name == "contradicted"


def test_amounts_grow() -> None:
    """More of the same is an update."""
    three = commitment("sell 3 million tonnes of grain", "sell 3 million tonnes of grain to Estmark", NORVALE)
    five = commitment("sell 5 million tonnes of grain", "sell 5 million tonnes of grain to Estmark", NORVALE)
    first = story("grain-1", "2023-01-10", "Norvale is to sell 3 million tonnes of grain to Estmark.", three)
    second = story("grain-2", "2023-03-10", "Norvale is to sell 5 million tonnes of grain to Estmark.", five)
    assert relations(ledger(first, second).threads[0]) == ["first", "update larger"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("build a bridge over the Holm strait", "build a bridge over the river Lund"),
        ("build a nuclear power plant at Holm", "build a coal power plant at Lund"),
        ("strengthen bilateral cooperation", "expand relations in all areas"),
        ("pay a visit to Holm", "sign a treaty in Holm"),
        ("hold the 4th lake forum in Holm", "hold the 5th lake forum in Holm"),
    ],
)
def test_likeness_is_not_sameness(one: str, other: str) -> None:
    """Another place, matter, act or number is another undertaking, between the same two states."""
    first = story("one", "2023-01-10", f"They plan to {one}.", commitment(one, one))
    second = story("other", "2023-03-10", f"They plan to {other}.", commitment(other, other))
    assert len(ledger(first, second).threads) == 2


def test_other_actors_are_another_thread() -> None:
    """The same words about other states are not linked."""
    words = "build a bridge over the Holm strait"
    first = story("one", "2023-01-10", f"They will {words}.", commitment(words, words, NORVALE))
    second = story("other", "2023-02-10", f"They will {words}.", commitment(words, words, "Sudmark"))
    assert len(ledger(first, second).threads) == 2


def test_next_years_summit_is_no_delay() -> None:
    """An event whose day has passed is not put off by news of the next one; one that is still ahead can be."""

    def summit(name: str, said: str, first: str, last: str) -> Record:
        text = "The lake summit of Norvale and Estmark will be held in Holm."
        quote = commitment(text, "attend the lake summit in Holm", when=("then", first, last), firmness="scheduled")
        return story(name, said, text, quote)

    this_year = summit("a", "2023-05-01", "2023-06-08", "2023-06-09")
    next_year = summit("b", "2024-05-01", "2024-06-08", "2024-06-09")
    put_off = summit("c", "2023-05-20", "2023-08-01", "2023-08-02")
    assert len(ledger(this_year, next_year).threads) == 2
    assert relations(ledger(this_year, put_off).threads[0]) == ["first", "update later"]


def test_the_same_matter_links_only_without_a_rival() -> None:
    """A railway between the same two states is taken for the railway plan they have, unless they have two."""

    def rail(name: str, said: str, action: str) -> Record:
        return story(name, said, f"They plan to {action}.", commitment(action, action))

    corridor = rail("a", "2023-01-10", "use the northern transport corridor")
    train = rail("c", "2023-05-10", "launch a weekly cargo train")
    alone = ledger(corridor, train).threads
    assert relations(alone[0]) == ["first", "same"]
    assert alone[0].steps[1].link is not None
    assert alone[0].steps[1].link.confidence == 0.5
    two = story(
        "b",
        "2023-01-11",
        "They plan to lay a second railway track. They plan to use the northern transport corridor.",
        commitment("lay a second railway track", "lay a second railway track"),
        commitment("use the northern transport corridor", "use the northern transport corridor"),
    )
    assert [len(thread.steps) for thread in ledger(two, train).threads] == [1, 1, 1]


def test_commitments_of_one_article_stay_apart() -> None:
    """An article tells each commitment once, so that two of its own are two."""
    text = "Norvale will repair the Holm bridge. Norvale will repair the Holm bridge road."
    one = commitment("repair the Holm bridge.", "repair the Holm bridge", NORVALE)
    other = commitment("repair the Holm bridge road", "repair the Holm bridge road", NORVALE)
    assert len(ledger(story("both", "2023-01-10", text, one, other)).threads) == 2


def test_two_runs_are_byte_identical_in_any_order_of_input() -> None:
    """The same records give the same bytes, however they are ordered."""
    expected = lines(ledger(*ALL))
    shuffled = list(ALL)
    random.Random(7).shuffle(shuffled)
    assert lines(ledger(*shuffled)) == expected
    assert lines(ledger(*ALL)) == expected


@pytest.mark.parametrize("cut", range(1, len(ALL)))
def test_a_continued_ledger_is_the_same_as_a_new_one(cut: int) -> None:
    """Articles added in the order of their dates give the bytes that a run over all of them gives."""
    earlier = ledger(*ALL[:cut])
    assert lines(continued(earlier, *ALL[cut:])) == lines(ledger(*ALL))
    assert continued(earlier, *ALL).manifest == ledger(*ALL).manifest


def test_a_continued_ledger_decides_only_new_pairs() -> None:
    """Pairs of which both articles were there before are not decided again."""
    earlier = ledger(*ALL[:3])
    known = Earlier(earlier.threads, frozenset(earlier.manifest.articles), earlier.manifest.persons)
    planned = plan(ALL, Directory(), known)
    new = {record.article.id for record in ALL[3:]}
    pairs = [(later.step.article.id, one.step.article.id) for later, found in planned.open() for one in found]
    assert pairs
    assert all(later in new or one in new for later, one in pairs)
    assert list(plan(ALL[:3], Directory(), known).open()) == []


def test_ids_stay_when_an_older_article_is_added() -> None:
    """A thread keeps its id when an article turns up that told of it before all others."""
    later = ledger(DELAY)
    grown = continued(later, BRIDGE)
    thread = holding(grown, "build a bridge")
    assert thread.id == later.threads[0].id
    assert [step.article.id for step in thread.steps] == ["bridge-1", "bridge-2"]


def test_ids_are_made_of_the_first_commitment() -> None:
    """However much follows, the id is that of the first commitment."""
    ids = [holding(ledger(*ALL[:count]), "build a bridge").id for count in range(1, len(ALL) + 1)]
    assert set(ids) == {f"t{BRIDGE.commitments[0].id}"}


def test_articles_without_a_date_are_kept() -> None:
    """An article without a date comes last, links by its words, and moves no date."""
    undated = story(
        "undated", None, "They will open the Holm bridge.", commitment("open the Holm bridge", "open the Holm bridge")
    )
    thread = holding(ledger(BRIDGE, DELAY, undated), "build a bridge")
    assert [step.article.id for step in thread.steps] == ["bridge-1", "bridge-2", "undated"]
    assert thread.steps[-1].said is None


def test_nothing_gives_nothing() -> None:
    """No records, or records without commitments, give an empty ledger."""
    assert ledger().threads == []
    assert ledger(OPENING).threads == []


def test_every_commitment_stands_in_one_thread() -> None:
    """Threads part the commitments: none is lost, none stands twice."""
    result = ledger(*ALL, *of_gold(SEEDS))
    told = [step.id for thread in result.threads for step in thread.steps if step.kind == "commitment"]
    assert sorted(told) == sorted(one.id for record in (*ALL, *of_gold(SEEDS)) for one in record.commitments)


def test_pairs_are_few() -> None:
    """Candidates are capped, so that work grows with the number of items: 300 like commitments give at most 10 each."""
    records = [
        story(f"n{day}", str(dt.date(2023, 1, 1) + dt.timedelta(days=day)), "They will repair the Holm bridge.",
              commitment("repair the Holm bridge", "repair the Holm bridge"))
        for day in range(300)
    ]  # fmt: skip
    planned = plan(records, Directory())
    assert max(len(found) for _, found in planned.pairs) == 10
    assert len(finish(planned, by_rules(planned), dt.date(2024, 1, 1)).threads) == 1


def test_links_point_to_earlier_steps_of_the_thread() -> None:
    """Every link leads to a step that stands before it in the same thread."""
    for thread in ledger(*ALL, *of_gold(SEEDS)).threads:
        seen: set[str] = set()
        for step in thread.steps:
            assert (step.link is None) == (not seen)
            assert step.link is None or step.link.to in seen
            seen.add(step.id)
        days = [step.said for step in thread.steps if step.said]
        assert all(one <= other for one, other in itertools.pairwise(days))


def test_a_users_alias_links_what_names_keep_apart() -> None:
    """A name that only the user knows to be another's joins the threads."""
    words = "open the Holm bridge"
    first = story("one", "2023-01-10", f"Estmark will {words}.", commitment(words, words, ESTMARK))
    second = story(
        "two", "2023-02-10", f"The Silver Palace will {words}.", commitment(words, words, "The Silver Palace")
    )
    assert len(ledger(first, second).threads) == 2
    joined = ledger(first, second, aliases={"Estmark": ["Silver Palace"]})
    assert [step.actors[0].basis for step in joined.threads[0].steps] == ["alias file", "alias file"]
