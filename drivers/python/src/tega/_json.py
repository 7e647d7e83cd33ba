"""JSON as the server keeps it: numbers of any size, and decimals as they were given when that is asked for."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from ._errors import InvalidError


def dumps(value: Any) -> bytes:
    """One JSON text. ``Decimal`` is a number; NaN and what is not JSON are refused."""
    try:
        text = _compact(value)
        return text.encode()
    except (ValueError, TypeError) as e:
        raise InvalidError(f"this is not JSON: {e}") from None


def _compact(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except TypeError:
        return _slow(value)


def _slow(value: Any) -> str:
    """For what the library's encoder cannot write: decimals, tuples as keys of nothing else."""
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError(f"{value} is not a JSON number")
        return str(value)
    if isinstance(value, dict):
        for key in value:
            if not isinstance(key, str):
                raise TypeError(f"a name is a string, not {type(key).__name__}")
        return "{" + ",".join(f"{_compact(key)}:{_slow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(_slow(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _number(text: str) -> Any:
    number = float(text)
    return number if abs(number) < float("inf") else Decimal(text)


def loads(text: bytes | str, decimals: bool = False) -> Any:
    """A value. Numbers with a fraction are ``float``, or ``Decimal`` when asked for or when too large for one."""
    return json.loads(text, parse_float=Decimal if decimals else _number)
