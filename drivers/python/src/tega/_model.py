"""What servers tell: commits, edits, events, messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Optional, Union

from ._errors import Names


class _Absent:
    """Stands for a value that is not there, where null is one that is."""

    def __repr__(self) -> str:
        return "ABSENT"

    def __bool__(self) -> bool:
        return False

    def __deepcopy__(self, memo: Any) -> _Absent:
        return self


#: No value; ``None`` is JSON's null.
ABSENT: Any = _Absent()


@dataclass(frozen=True)
class Edit:
    """One node put or deleted. ``previous`` is told to watchers only."""

    op: str
    path: Names
    value: Any = ABSENT
    previous: Any = ABSENT
    ephemeral: bool = False
    owner: Optional[str] = None

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Edit:
        return cls(
            told["op"],
            tuple(told["path"]),
            told.get("value", ABSENT),
            told.get("previous", ABSENT),
            told.get("ephemeral", False),
            told.get("owner"),
        )


@dataclass(frozen=True)
class Commit:
    """What changed the database, and who, when, why. ``edits`` is empty where the server tells only the head."""

    revision: int
    time: datetime
    author: str
    tega_id: str
    origin: str
    kind: str
    versions: Mapping[str, int]
    message: Optional[str] = None
    refers_to: Optional[int] = None
    confirm: Optional[int] = None
    deadline: Optional[datetime] = None
    notes: tuple[str, ...] = ()
    edits: tuple[Edit, ...] = ()

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Commit:
        return cls(**_commit(told))


def _commit(told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "revision": told["revision"],
        "time": _time(told["time"]),
        "author": told["author"],
        "tega_id": told["tega_id"],
        "origin": told["origin"],
        "kind": told["kind"],
        "versions": told.get("versions", {}),
        "message": told.get("message"),
        "refers_to": told.get("refers_to"),
        "confirm": told.get("confirm"),
        "deadline": _time(told["deadline"]) if "deadline" in told else None,
        "notes": tuple(told.get("notes", ())),
        "edits": tuple(Edit.of(edit) for edit in told.get("edits", ())),
    }


def _time(text: str) -> datetime:
    """Python before 3.11 reads neither Z nor nanoseconds."""
    whole, _, rest = text.rstrip("Z").partition(".")
    micros = (rest + "000000")[:6]
    return datetime.fromisoformat(f"{whole}.{micros}+00:00")


@dataclass(frozen=True)
class Change(Commit):
    """A commit as a watcher gets it: the edits that concern what is watched, with what was there before.

    ``skipped`` is how many commits before it were combined into it (mode ``state``).
    """

    skipped: int = 0

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Change:
        return cls(skipped=told.get("skipped", 0), **_commit(told))

    @property
    def roll_call(self) -> bool:
        """Whether it names the ephemeral nodes there are, for a watch that resumed; others that were known are gone."""
        return self.kind == "lease" and self.refers_to == self.revision


class Node(NamedTuple):
    """A path with its value."""

    path: Names
    value: Any


@dataclass(frozen=True)
class Initial:
    """The watched nodes as they are at ``revision``; the first event when it was asked for."""

    revision: int
    nodes: tuple[Node, ...]

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Initial:
        return cls(told["revision"], tuple(Node(tuple(node["path"]), node["value"]) for node in told["nodes"]))


Event = Union[Change, Initial]


@dataclass(frozen=True)
class Message:
    """What somebody published."""

    channel: Names
    publisher: str
    message: Any


@dataclass(frozen=True)
class Blame:
    """A leaf, and the commit that last changed it (None when that is no longer kept)."""

    path: Names
    value: Any
    revision: int
    commit: Optional[Commit]

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Blame:
        commit = told.get("commit")
        return cls(tuple(told["path"]), told["value"], told["revision"], Commit.of(commit) if commit else None)


@dataclass(frozen=True)
class Preview:
    """What a transaction would change now, and what the guards say to it."""

    accepted: bool
    edits: tuple[Edit, ...]
    notes: tuple[str, ...]
    refusals: tuple[str, ...]

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Preview:
        return cls(
            told["accepted"],
            tuple(Edit.of(edit) for edit in told["edits"]),
            tuple(told["notes"]),
            tuple(told["refusals"]),
        )


class Edge(NamedTuple):
    """From a node to one below it, each ``path(version)``; rows for pandas, pairs for networkx."""

    source: str
    target: str


@dataclass(frozen=True)
class Call:
    """The call that is being answered: :func:`tega.current_call` in a handler."""

    path: Names
    caller: str
    #: seconds the caller still waits, when it arrived
    remaining: float
    kwargs: Mapping[str, Any] = field(default_factory=dict)
