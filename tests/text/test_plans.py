"""Plans: what somebody is to do after the article's date."""

from __future__ import annotations

import datetime as dt
import time

import pytest

from extractor.text.attribution.analysis import analyse
from extractor.text.plans import Plan, find_plans

PUBLISHED = dt.date(2025, 2, 12)


def only(text: str) -> Plan:
    (plan,) = find_plans(text, PUBLISHED)
    return plan


@pytest.mark.parametrize(
    ("text", "actor", "action", "firmness", "when"),
    [
        ("Chile and Peru will build a railway by 2030.", "Chile and Peru", "build a railway", "pledged", "by 2030"),
        (
            "On June 8, Ann Lee will meet the president in Rome.",
            "Ann Lee",
            "meet the president in Rome",
            "scheduled",
            "On June 8",
        ),
        ("Chile plans to open a plant in May 2026.", "Chile", "open a plant", "planned", "in May 2026"),
        ("The two sides agreed to share water.", "The two sides", "share water", "agreed", None),
        ("Chile agreed to share water.", "Chile", "share water", "pledged", None),
        (
            "The ministry is considering cutting taxes next year.",
            "The ministry",
            "cut taxes",
            "considered",
            "next year",
        ),
        ("Ann Lee hopes to return in August.", "Ann Lee", "return", "hoped", "in August"),
        ("The two leaders are expected to discuss trade.", "The two leaders", "discuss trade", "hoped", None),
        ("The council is scheduled to vote on Friday.", "The council", "vote", "scheduled", "on Friday"),
        ("Chile stands ready to send aid.", "Chile", "send aid", "hoped", None),
        ("They reaffirmed their commitment to strengthening trade.", "their", "strengthen trade", "pledged", None),
        (
            "The president looks forward to meeting the king in May.",
            "The president",
            "meet the king",
            "hoped",
            "in May",
        ),
        ("Peru's decision to leave the union was long.", "Peru's", "leave the union was long", "pledged", None),
        ("Let us build the bridge.", "us", "build the bridge", "considered", None),
        ("The firm said it will close the plant in June.", "it", "close the plant", "pledged", "in June"),
        ("Ann Lee is travelling to Rome on Friday.", "Ann Lee", "travel to Rome", "scheduled", "on Friday"),
        ("Acme to build a plant in Lima", "Acme", "build a plant in Lima", "planned", None),
    ],
)
def test_a_trigger_gives_actor_action_firmness_and_date(
    text: str, actor: str, action: str, firmness: str, when: str | None
) -> None:
    """Each way of planning is read; the action is an infinitive phrase without its date."""
    plan = only(text)
    assert plan.actor is not None
    assert (text[slice(*plan.actor)], plan.action, plan.firmness) == (actor, action, firmness)
    assert (None if plan.when is None else text[slice(*plan.when)]) == when


@pytest.mark.parametrize(
    ("text", "telling", "action"),
    [
        (
            "They praised the launching of a train between Chile and Peru in August 2025.",
            "the launching of a train between Chile and Peru in August 2025",
            "launch a train between Chile and Peru",
        ),
        ("All spoke of the upcoming summit in Lima.", "the upcoming summit in Lima", "hold the summit in Lima"),
        (
            "Talks are now underway between the two countries to launch a mill.",
            "Talks are now underway between the two countries to launch a mill",
            "launch a mill",
        ),
        (
            "The modernisation of the line is currently being considered.",
            "The modernisation of the line is currently being considered",
            "modernise the line",
        ),
        (
            "A package of treaties will be signed in May.",
            "A package of treaties will be signed in May",
            "sign a package of treaties",
        ),
    ],
)
def test_nominal_and_passive_plans_are_put_into_the_active(text: str, telling: str, action: str) -> None:
    """The telling is a passage of the text; the action has the verb behind the noun."""
    plan = only(text)
    assert (text[plan.start : plan.end], plan.action) == (telling, action)


def test_coordinated_verbs_are_plans_of_their_own_with_the_same_actor_and_date() -> None:
    """“will meet X and sign Y” promises two things."""
    text = "On June 8, Ann Lee will meet the king and sign the treaty."
    first, second = find_plans(text, PUBLISHED)
    assert (first.action, second.action) == ("meet the king", "sign the treaty")
    assert text[second.start : second.end] == "sign the treaty"
    assert first.when == second.when == (0, 9)


def test_a_condition_is_kept_apart() -> None:
    """What a plan depends on is a span of the text."""
    text = "If parliament approves, the firm will build a plant."
    plan = only(text)
    assert plan.condition is not None
    assert text[slice(*plan.condition)] == "If parliament approves"


def test_a_plan_ends_where_the_reported_words_end() -> None:
    """The frame behind the words, and its date, are no part of the plan."""
    text = "Chile stands ready to send aid, the ambassador said in a release issued on Tuesday."
    plan = only(text)
    assert (plan.action, plan.when) == ("send aid", None)


def test_the_agenda_has_the_date_of_its_meeting() -> None:
    """Talks that were dated in the sentence before date what is to be discussed."""
    text = "Ann Lee will meet the king on June 8. The two leaders will discuss trade."
    first, second = find_plans(text, PUBLISHED)
    assert first.when == second.when
    assert text[slice(*(second.when or (0, 0)))] == "on June 8"


def test_a_time_that_hangs_on_another_event_keeps_its_words_and_that_events_date() -> None:
    """“Following the talks” is the expression, the date of the talks its anchor."""
    text = "Ann Lee will hold talks on June 8. Following the talks, the leaders will sign a treaty."
    _, plan = find_plans(text, PUBLISHED)
    assert plan.when is not None
    assert plan.anchor is not None
    assert (text[slice(*plan.when)], text[slice(*plan.anchor)]) == ("Following the talks", "on June 8")


def test_a_date_before_publication_makes_no_plan() -> None:
    """What was over by the article's date is left out; without the date of publication nothing is."""
    text = "The firm will open the plant in May 2020."
    assert find_plans(text, PUBLISHED) == []
    assert len(find_plans(text)) == 1


def test_a_refusal_is_marked() -> None:
    """What is not to be done is a plan that says so."""
    assert only("The firm will not open the plant in May.").negated


@pytest.mark.parametrize(
    "text",
    [
        "Prices will rise next year.",
        "The weather will be fine tomorrow.",
        "The goal is to help the poor.",
        "The company went on to sell cars.",
        "He was told to leave the room.",
        "The line was modernised in 2010.",
        "Trade is considered important by all.",
        "The jet was set to land after the flight.",
    ],
)
def test_forecasts_aims_and_the_past_are_no_plans(text: str) -> None:
    """Only what an actor undertakes or arranges counts."""
    assert find_plans(text, PUBLISHED) == []


@pytest.mark.parametrize(
    "unit", ["we will go and ", "the launch of X in May 2026 is being considered. ", "Chile plans to "]
)
def test_time_grows_with_the_length_of_the_text(unit: str) -> None:
    """Twice as much text takes about twice as long."""

    def seconds(length: int) -> float:
        text = (unit * (length // len(unit) + 1))[:length]
        analyse.cache_clear()
        begin = time.process_time()
        find_plans(text, PUBLISHED)
        return time.process_time() - begin

    seconds(2_000)
    assert seconds(24_000) < 4 * 3 * max(seconds(6_000), 0.002)


def test_a_plan_of_which_nothing_is_left_is_none() -> None:
    """Its words belong to what follows."""
    assert [p.action for p in find_plans('G will on June.S aim to"b', dt.date(2020, 5, 14))] == ["on June"]
