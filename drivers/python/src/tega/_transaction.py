"""Changes to make together: collected here, sent as one request."""

from __future__ import annotations

import copy
from typing import Any, Optional, Union

from . import _rest
from ._errors import InvalidError, Names, NotFoundError, TegaError
from ._model import ABSENT, Commit, Preview
from ._paths import PathLike, dotted, names

#: Seconds to confirm in, or "auto".
Confirm = Union[int, str]


class Operations:
    """What a transaction does, in order; no I/O. Writes return nothing: what is wrong with them is told at the commit."""

    def __init__(self, message: Optional[str] = None, confirm: Optional[Confirm] = None) -> None:
        self.message = message
        self.confirm = confirm
        self._operations: list[dict[str, Any]] = []
        self._closed = False
        #: the commit, once there is one
        self.result: Optional[Commit] = None

    def _add(self, op: str, path: PathLike, **members: Any) -> None:
        if self._closed:
            raise InvalidError("the transaction has ended")
        self._operations.append({"op": op, "path": list(names(path)), **members})

    def put(self, path: PathLike, value: Any, *, ephemeral: bool = False) -> None:
        """Sets a node, replacing what is there."""
        more = {"ephemeral": True} if ephemeral else {}
        self._add("put", path, value=copy.deepcopy(value), **more)

    def merge(self, path: PathLike, value: Any) -> None:
        """Merges into a node (RFC 7396): ``None`` removes."""
        self._add("merge", path, value=copy.deepcopy(value))

    def patch(self, path: PathLike, operations: list[dict[str, Any]]) -> None:
        """Patches a node (RFC 6902)."""
        self._add("patch", path, value=copy.deepcopy(operations))

    def delete(self, path: PathLike) -> None:
        """Removes a node."""
        self._add("delete", path)

    def expect(
        self,
        path: PathLike,
        *,
        absent: bool = False,
        present: bool = False,
        revision: Optional[int] = None,
        version: Optional[int] = None,
        value: Any = ABSENT,
    ) -> None:
        """Adds a precondition: one of what is there, or not, or its revision, its root's version, its value."""
        given: dict[str, Any] = {}
        if absent:
            given["absent"] = True
        if present:
            given["present"] = True
        if revision is not None:
            given["revision"] = revision
        if version is not None:
            given["version"] = version
        if value is not ABSENT:
            given["value"] = copy.deepcopy(value)
        if len(given) != 1:
            raise InvalidError("expect one of absent, present, revision, version and value")
        self._add("expect", path, **given)

    def request(self, dry_run: bool = False) -> dict[str, Any]:
        """The body of the request."""
        body: dict[str, Any] = {"ops": self._operations}
        if self.message is not None:
            body["message"] = self.message
        if self.confirm is not None:
            body["confirm"] = self.confirm
        if dry_run:
            body["dry_run"] = True
        return body

    @property
    def is_empty(self) -> bool:
        """Whether it changes and expects nothing."""
        return not self._operations

    def leases(self) -> list[tuple[Names, Any]]:
        """The ephemeral nodes it puts."""
        return [(tuple(op["path"]), op["value"]) for op in self._operations if op.get("ephemeral")]

    def has_read(self, path: Names, revision: Optional[int]) -> None:
        """What was read must be unchanged at the commit. Goes before the writes, which would hide it."""
        expected: dict[str, Any] = {"absent": True} if revision is None else {"revision": revision}
        self._operations.insert(0, {"op": "expect", "path": list(path), **expected})

    def overlaid(self, path: Names, value: Any) -> Any:
        """What this transaction makes of a node that is ``value`` (ABSENT: that is not) outside."""
        seen = copy.deepcopy(value)
        for op in self._operations:
            where = tuple(op["path"])
            if op["op"] == "expect" or where[: len(path)] != path[: len(where)]:
                continue
            if op["op"] == "patch":
                raise InvalidError(f"'{dotted(path)}' was patched in this transaction; read it in a draft", path)
            seen = _applied(op, where, path, seen)
        return seen


def _applied(op: dict[str, Any], where: Names, path: Names, seen: Any) -> Any:
    if len(where) > len(path):
        return _below(op, where[len(path) :], seen)
    rest = path[len(where) :]
    if op["op"] == "delete":
        return ABSENT
    if op["op"] == "put":
        return _at(op["value"], rest)
    # A merge above the node: the part of the patch that is about the node.
    part = op["value"]
    for name in rest:
        if not isinstance(part, dict):
            return ABSENT
        if name not in part:
            return seen
        part = part[name]
    return ABSENT if part is None and rest else _merged(seen, part)


def _at(value: Any, rest: Names) -> Any:
    for name in rest:
        if not isinstance(value, dict) or name not in value:
            return ABSENT
        value = value[name]
    return copy.deepcopy(value)


def _merged(value: Any, patch: Any) -> Any:
    if not isinstance(patch, dict):
        return copy.deepcopy(patch)
    result = dict(value) if isinstance(value, dict) else {}
    for name, part in patch.items():
        if part is None:
            result.pop(name, None)
        else:
            result[name] = _merged(result.get(name, ABSENT), part)
    return result


def _below(op: dict[str, Any], rest: Names, seen: Any) -> Any:
    name, more = rest[0], rest[1:]
    members = dict(seen) if isinstance(seen, dict) else {}
    child = members.get(name, ABSENT)
    if more:
        child = _below(op, more, child)
    elif op["op"] == "delete":
        child = ABSENT
    elif op["op"] == "put":
        child = copy.deepcopy(op["value"])
    else:
        child = _merged(child, op["value"])
    if child is ABSENT:
        members.pop(name, None)
        return members if members or not isinstance(seen, dict) or not seen else ABSENT
    members[name] = child
    return members


class AsyncTransaction(Operations):
    """``async with client.tx() as tx``: commits at the end, drops everything when the block raises.

    What is read through it must be unchanged at the commit, else that raises ``PreconditionError`` and nothing is applied.
    Reads see the transaction's own writes.
    """

    def __init__(self, client: Any, message: Optional[str], confirm: Optional[Confirm]) -> None:
        super().__init__(message, confirm)
        self._client = client

    async def get(self, path: PathLike, default: Any = ABSENT) -> Any:
        """The value; ``default``, or ``NotFoundError`` without one, when there is none."""
        where = names(path)
        rest: _rest.Rest = self._client.rest
        value: Any = ABSENT
        try:
            answer = await rest.ask("GET", _rest.tree(where))
            value = answer.value
            self.has_read(where, answer.tag)
        except NotFoundError:
            self.has_read(where, None)
        seen = self.overlaid(where, value)
        if seen is not ABSENT:
            return seen
        if default is not ABSENT:
            return default
        raise NotFoundError(f"there is no '{dotted(where)}'", where)

    async def preview(self) -> Preview:
        """What a commit would change now; changes nothing."""
        answer = await self._client.rest.ask("POST", "/_tx", body=self.request(dry_run=True), changes=False)
        return Preview.of(answer.value)

    async def commit(self) -> Commit:
        """Commits now; the transaction has ended, whatever comes of it."""
        if self._closed:
            raise InvalidError("the transaction has ended")
        self._closed = True
        self.result = await self._client.commit(self)
        return self.result

    def cancel(self) -> None:
        """Drops it."""
        self._closed = True

    async def __aenter__(self) -> AsyncTransaction:
        return self

    async def __aexit__(self, kind: Optional[type[BaseException]], *rest: object) -> None:
        if kind is not None:
            self.cancel()
        elif not self._closed:
            if self.is_empty:
                self.cancel()
            else:
                await self.commit()


class AsyncDraft:
    """Changes kept on the server until they are committed, cancelled, or not used for ten minutes."""

    def __init__(self, client: Any, txid: str) -> None:
        self._client = client
        self.id = txid

    def _query(self, **more: Any) -> dict[str, Any]:
        return {"txid": self.id, **more}

    async def _tree(self, method: str, path: PathLike, body: Any = None, **more: Any) -> Any:
        return await self._client.rest.ask(method, _rest.tree(path), self._query(), body, **more)

    async def get(self, path: PathLike, default: Any = ABSENT) -> Any:
        """The value as the draft would leave it."""
        try:
            return (await self._tree("GET", path)).value
        except NotFoundError as e:
            if default is ABSENT or e.path is None:
                raise
            return default

    async def put(self, path: PathLike, value: Any) -> None:
        """Sets a node."""
        await self._tree("PUT", path, _rest.encoded(value))

    async def merge(self, path: PathLike, value: Any) -> None:
        """Merges into a node (RFC 7396)."""
        await self._tree("PATCH", path, _rest.encoded(value), kind=_rest.MERGE)

    async def patch(self, path: PathLike, operations: list[dict[str, Any]]) -> None:
        """Patches a node (RFC 6902)."""
        await self._tree("PATCH", path, _rest.encoded(operations), kind=_rest.PATCH)

    async def delete(self, path: PathLike) -> None:
        """Removes a node."""
        await self._tree("DELETE", path)

    async def edits(self) -> Any:
        """What it changes."""
        answer = await self._client.rest.ask("POST", "/_cand", self._query(edits=True), changes=False)
        return _rest.edits(answer.value)

    async def commit(self, message: Optional[str] = None, confirm: Optional[Confirm] = None) -> int:
        """Commits; the revision."""
        answer = await self._client.rest.ask("POST", "/_commit", self._query(confirm=confirm), headers=_rest.said(message))
        return int(answer.revision)

    async def cancel(self) -> None:
        """Drops it."""
        await self._client.rest.ask("POST", "/_cancel", self._query())

    async def __aenter__(self) -> AsyncDraft:
        return self

    async def __aexit__(self, kind: Optional[type[BaseException]], *rest: object) -> None:
        """Cancels it when the block raises; committing is said by hand, drafts may live on."""
        if kind is not None:
            try:
                await self.cancel()
            except TegaError:
                return
