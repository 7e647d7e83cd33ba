"""Paths: names one below the other, as a sequence of strings, dotted, or in a URL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Union
from urllib.parse import quote

from ._errors import InvalidError, Names

PathLike = Union[str, Sequence[str]]

_QUOTED = frozenset('."\\*()|;>')
_LETTERS = {"n": "\n", "r": "\r", "t": "\t"}
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def names(path: PathLike) -> Names:
    """The names of a path: a string is dotted (``a.b."10.0.0.1/24"``), anything else is the names themselves."""
    if isinstance(path, str):
        return _Reader(path).read()
    result = tuple(path)
    for name in result:
        if not isinstance(name, str):
            raise InvalidError(f"a path is made of strings, not of {type(name).__name__}: {path!r}")
    return result


def dotted(path: PathLike) -> str:
    """The form for people; ``names(dotted(p)) == p`` for all names."""
    return ".".join(name if _is_plain(name) else _quote(name) for name in names(path))


def url(path: PathLike) -> str:
    """The form in a URL; a few names have none."""
    parts = names(path)
    if parts and parts[0].startswith("_"):
        raise InvalidError(f"a root may not begin with an underscore: '{parts[0]}'", parts)
    for name in parts:
        if name in ("", ".", "..") or "\0" in name:
            raise InvalidError(f"the name {name!r} cannot be written in a URL; a transaction can write it", parts)
    try:
        return "/" + "/".join(quote(name, safe="") for name in parts)
    except UnicodeEncodeError:
        raise InvalidError(f"the path {parts!r} has half a character in it", parts) from None


def _is_plain(name: str) -> bool:
    return bool(name) and all(
        c > " " and c not in _QUOTED and not c.isspace() and not 0x7F <= ord(c) <= 0x9F and ord(c) < 0x10000 for c in name
    )


def _quote(name: str) -> str:
    text = "".join(_ESCAPES.get(c) or (f"\\u{ord(c):04x}" if c < " " else c) for c in name)
    return f'"{text}"'


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def read(self) -> Names:
        if not self._text:
            return ()
        found = [self._name()]
        while self._at < len(self._text):
            self._at += 1
            found.append(self._name())
        return tuple(found)

    def _more(self) -> bool:
        return self._at < len(self._text)

    def _next(self, otherwise: str) -> str:
        if not self._more():
            raise self._invalid(otherwise)
        self._at += 1
        return self._text[self._at - 1]

    def _name(self) -> str:
        if self._more() and self._text[self._at] == '"':
            return self._quoted()
        found = []
        while self._more() and self._text[self._at] != ".":
            c = self._next("")
            found.append(self._next("ends with a backslash") if c == "\\" else c)
        if not found:
            raise self._invalid('has an empty name (an empty name is written "")')
        return "".join(found)

    def _quoted(self) -> str:
        unended = "has a quote that does not end"
        found = []
        self._at += 1
        while (c := self._next(unended)) != '"':
            if c != "\\":
                found.append(c)
                continue
            c = self._next(unended)
            found.append(self._unicode() if c == "u" else _LETTERS.get(c, c))
        if self._more() and self._text[self._at] != ".":
            raise self._invalid("has text between a closing quote and the next dot")
        return "".join(found).encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")

    def _unicode(self) -> str:
        digits = self._text[self._at : self._at + 4]
        self._at += 4
        try:
            return chr(int(digits, 16)) if len(digits) == 4 else chr(int("", 16))
        except ValueError:
            raise self._invalid("has a \\u without four hexadecimal digits") from None

    def _invalid(self, what: str) -> InvalidError:
        return InvalidError(f"the path '{self._text}' {what}")
