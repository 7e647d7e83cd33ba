"""What was, and going back to it."""

from __future__ import annotations

from typing import Any, Optional

from . import _rest
from ._model import Blame, Commit, Edit
from ._paths import PathLike, dotted


class AsyncHistory:
    """The past of the database. Going back is a new commit; nothing is ever rewritten."""

    def __init__(self, rest: _rest.Rest) -> None:
        self._rest = rest

    async def log(self, path: PathLike = (), *, limit: int = 100, start: Optional[int] = None) -> list[Commit]:
        """Commits that touched ``path``, newest first; ``start``: this revision and earlier."""
        query = {"path": dotted(path), "limit": limit, "from": start}
        return [Commit.of(commit) for commit in (await self._rest.ask("GET", "/_log", query)).value]

    async def diff(self, start: int, end: Optional[int] = None, path: PathLike = ()) -> list[Edit]:
        """What turns revision ``start`` into revision ``end`` (now, when it is not given)."""
        query = {"path": dotted(path), "from": start, "to": end}
        return _rest.edits((await self._rest.ask("GET", "/_diff", query)).value)

    async def blame(self, path: PathLike) -> list[Blame]:
        """For every leaf, the commit that last changed it."""
        told = (await self._rest.ask("GET", "/_blame", {"path": dotted(path)})).value
        return [Blame.of(leaf) for leaf in told]

    async def rollback(self, root: str, version: int) -> int:
        """Sets a root back to an earlier version, negative: so many versions back; the revision."""
        query = {"root_oid": root, "backto": version}
        return (await self._rest.ask("POST", "/_rollback", query)).revision

    async def revert(self, revision: int) -> Commit:
        """Undoes one older commit."""
        return Commit.of((await self._rest.ask("POST", "/_revert", {"revision": revision})).value)

    async def tag(self, name: str, revision: Optional[int] = None) -> Commit:
        """Gives a revision (the current one, when it is not given) a name."""
        return Commit.of((await self._rest.ask("POST", "/_tag", {"name": name, "revision": revision})).value)

    async def tags(self) -> dict[str, int]:
        """The names given to revisions."""
        return dict((await self._rest.ask("GET", "/_tag")).value)

    async def pending(self) -> list[Commit]:
        """The commits that wait to be confirmed, each with its ``deadline``."""
        return [Commit.of(commit) for commit in (await self._rest.ask("GET", "/_confirm")).value]

    async def confirm(self, revision: int) -> None:
        """Keeps a commit."""
        await self._confirm(revision, "confirm")

    async def extend(self, revision: int, seconds: int) -> None:
        """Gives a commit so many seconds from now to be confirmed in."""
        await self._confirm(revision, "extend", seconds)

    async def cancel(self, revision: int) -> None:
        """Takes a commit back now."""
        await self._confirm(revision, "cancel")

    async def _confirm(self, revision: int, action: str, window: Optional[int] = None) -> Any:
        await self._rest.ask("POST", "/_confirm", {"revision": revision, "action": action, "window": window})
