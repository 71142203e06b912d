"""Numbers, ordinals, and amounts of time ("two and a half years", "a couple of weeks", "ten business days")."""

from __future__ import annotations

from extractor.text.dates import vocabulary as v
from extractor.text.dates.calendar import Amount, amount_of
from extractor.text.dates.tokens import Cursor

_STARTS = frozenset({*v.NUMBERS, *v.TENS, *v.AMOUNTS, *v.AMOUNT_PREFIXES, "a", "an"})
_INTEGERS = frozenset({*v.NUMBERS, *v.TENS, "a"})
SUFFIXES = {"st", "nd", "rd", "th"}


def starts_amount(word: str) -> bool:
    """Whether a number or an amount of time can begin with this word."""
    return word in _STARTS or word.isdecimal()


def digits(c: Cursor, most: int = 4) -> int | None:
    """A number in at most `most` digits."""
    word = c.words[c.i]
    if word.isdecimal() and len(word) <= most:
        c.i += 1
        return int(word)
    return None


def below_hundred(c: Cursor) -> int | None:
    """A number word from zero to ninety-nine."""
    word = c.words[c.i]
    if word in v.NUMBERS:
        c.i += 1
        return v.NUMBERS[word]
    if word not in v.TENS:
        return None
    c.i += 1
    start = c.i
    c.skip("-")
    unit = v.NUMBERS.get(c.words[c.i], 0)
    if 0 < unit < 10:
        c.i += 1
        return v.TENS[word] + unit
    c.i = start
    return v.TENS[word]


def integer(c: Cursor) -> int | None:
    """A number in digits or words, up to 9999."""
    if c.words[c.i] not in _INTEGERS:
        return digits(c)
    start = c.i
    found: int | None
    if c.skip("a", "one") and c.skip("hundred"):
        found = 100
    else:
        c.i = start
        found = below_hundred(c)
        if found is not None and c.skip("hundred"):
            found *= 100
    if found is not None and found >= 100:
        rest = c.i
        c.skip("and")
        more = below_hundred(c)
        if more is None:
            c.i = rest
        else:
            found += more
    return found


def ordinal(c: Cursor) -> int | None:
    """ "3rd", "third", "twenty-third"."""
    start = c.i
    word = c.words[c.i]
    if word in v.ORDINALS:
        c.i += 1
        return v.ORDINALS[word]
    if word in v.TENS:
        c.i += 1
        c.skip("-")
        unit = v.ORDINALS.get(c.words[c.i], 10)
        if unit < 10:
            c.i += 1
            return v.TENS[word] + unit
    elif word.isdecimal() and len(word) <= 2 and c.words[c.i + 1] in SUFFIXES and c.glued(c.i + 1):
        c.i += 2
        return int(word)
    c.i = start
    return None


def year_in_words(c: Cursor) -> int | None:
    """ "Two thousand and nineteen", "nineteen ninety-six", "twenty thirty"."""
    start = c.i
    first = below_hundred(c)
    if first is not None:
        if first <= 9 and c.skip("thousand"):
            mark = c.i
            c.skip("and")
            rest = below_hundred(c)
            if rest is None:
                c.i = mark
            return first * 1000 + (rest or 0)
        if 10 <= first <= 29:
            hundred = c.skip("hundred")
            if hundred:
                c.skip("and")
            second = below_hundred(c)
            if second is not None and (hundred or second >= 10):
                return first * 100 + second
            if hundred and second is None:
                return first * 100
    c.i = start
    return None


def _quantity(c: Cursor) -> float | None:
    """A count before a unit, -1 for a vague one ("several")."""
    start = c.i
    if (name := c.phrase(v.AMOUNTS)) is not None:
        # "a" is a count only where a unit follows, and "a dozen" where it counts one.
        return {"half": 0.5, "one": 1.0, "two": 2.0, "twelve": 12.0, "vague": -1.0}[name]
    whole = integer(c)
    if whole is None:
        c.i = start
        return None
    if c.words[c.i] == "." and c.words[c.i + 1].isdecimal() and c.glued(c.i + 1):
        fraction = c.words[c.i + 1]
        c.i += 2
        return float(f"{whole}.{fraction[:3]}")
    mark = c.i
    c.skip("-")
    if c.skip("and") and c.skip("a", "one") and c.skip("-", "half"):
        c.skip("half")
        return whole + 0.5
    c.i = mark
    return float(whole)


def _unit(c: Cursor) -> tuple[str, bool] | None:
    """A unit word with its adjectives; True for working days."""
    start = c.i
    c.skip("-")
    business = False
    for _ in range(3):
        if not (
            c.words[c.i] in v.AMOUNT_ADJECTIVES or (c.words[c.i] in v.BUSINESS and c.words[c.i + 1] in ("day", "days"))
        ):
            break
        business = business or c.words[c.i] in v.BUSINESS
        c.i += 1
    unit = v.UNITS.get(c.words[c.i])
    if unit is None or (unit == "half" and c.words[c.i] == "half"):
        c.i = start
        return None
    c.i += 1
    return unit, business


def _single(c: Cursor) -> Amount | None:
    start = c.i
    count = _quantity(c)
    unit = _unit(c) if count is not None else None
    if count is None or unit is None:
        c.i = start
        return None
    mark = c.i
    if c.skip("and") and c.skip("a", "one") and c.skip("half") and c.words[c.i] not in v.UNITS:
        count += 0.5
    else:
        c.i = mark
    if count < 0:
        return Amount(0, 0, vague=True, unit=unit[0])
    amount = amount_of(count, unit[0])
    return amount._replace(business=True) if unit[1] and unit[0] == "day" else amount


def amount(c: Cursor) -> Amount | None:
    """An amount of time, perhaps of several units: "2 years, 1 month and 21 days"."""
    start = c.i
    sense = c.phrase(v.AMOUNT_PREFIXES) or "exact"
    total = _single(c)
    if total is None:
        if c.i == start:
            return None
        c.i = start
        sense = "exact"
        total = _single(c)
        if total is None:
            return None
    for _ in range(3):
        if total.vague:
            break
        mark = c.i
        c.skip(",")
        c.skip("and")
        more = _single(c)
        if more is None or more.vague or more.business:
            c.i = mark
            break
        total = Amount(total.months + more.months, total.days + more.days, unit=more.unit)
    return total if sense == "exact" or total.vague else total._replace(sense=sense)


def amounts(c: Cursor) -> tuple[Amount, Amount] | None:
    """The least and the most of an amount: "two to three weeks" has two, "ten days" the same twice."""
    start = c.i
    if not starts_amount(c.words[start]):
        return None
    low = integer(c)
    if low is None and c.skip("a", "an"):
        low = 1
    # "a day or two"
    if low == 1 and c.words[c.i] in v.UNITS and c.words[c.i + 1] == "or" and c.words[c.i + 2] in ("two", "so"):
        unit = v.UNITS[c.words[c.i]]
        c.i += 3
        return amount_of(1, unit), amount_of(2 if c.words[c.i - 1] == "two" else 1, unit)
    if low is not None and c.skip("to", "or", "-", "–"):
        high = integer(c)
        unit_found = _unit(c) if high is not None else None
        if high is not None and unit_found is not None and high > low:
            unit, business = unit_found
            return amount_of(low, unit)._replace(business=business), amount_of(high, unit)._replace(business=business)
    c.i = start
    found = amount(c)
    return None if found is None else (found, found)
