"""RFC 8785: the one JSON text of a value."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from decimal import Decimal


def canonical_json(value: object) -> str:
    """The value's JSON by RFC 8785. Raises ValueError for a number that a double cannot carry, TypeError for what is not JSON."""
    if isinstance(value, Mapping):
        members = sorted(value.items(), key=lambda member: str(member[0]).encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(f"{_text(name)}:{canonical_json(one)}" for name, one in members) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(canonical_json(one) for one in value) + "]"
    if isinstance(value, str):
        return _text(value)
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, (int, float)):
        return _number(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a member of an object is named by text")
    return json.dumps(value, ensure_ascii=False)


def _number(value: float) -> str:
    """A number as ECMAScript writes it, which differs from Python in where exponents begin."""
    number = float(value)
    # An integer may be spelled by the digits that tell its double from the others, or by those of the double itself.
    if not math.isfinite(number) or value not in (number, int(Decimal(repr(number)))):
        raise ValueError(f"{value} is no number that a double carries")
    if number == 0:
        return "0"
    mantissa, _, exponent = f"{number!r}".partition("e")
    sign = "-" if mantissa.startswith("-") else ""
    whole, _, fraction = mantissa.lstrip("-").partition(".")
    digits = (whole + fraction).lstrip("0")
    # The value is 0.digits × 10 to the power of point.
    point = len(whole.lstrip("0")) + int(exponent or 0)
    if whole == "0":
        point -= len(fraction) - len(fraction.lstrip("0"))
    digits = digits.rstrip("0")
    if len(digits) <= point <= 21:
        return sign + digits + "0" * (point - len(digits))
    if 0 < point <= 21:
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    power = f"{point - 1:+d}"
    return f"{sign}{digits[0]}{'.' if len(digits) > 1 else ''}{digits[1:]}e{power}"
