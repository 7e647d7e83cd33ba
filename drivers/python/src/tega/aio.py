"""The asyncio API."""

from __future__ import annotations

import asyncio
import os
import secrets
import ssl as tls
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Optional, TypeVar, Union

from . import _rest
from ._errors import InvalidError, NotFoundError, TegaError
from ._handlers import AnyHandler, Handler, Handlers
from ._history import AsyncHistory
from ._leases import Leases
from ._model import ABSENT, Commit, Edge
from ._paths import PathLike, dotted, names
from ._session import Session
from ._transaction import AsyncDraft, AsyncTransaction, Confirm, Operations
from ._watch import AsyncSubscription, AsyncWatch, subscribe_request, watch_request

T = TypeVar("T")


def settings(
    url: str,
    token: Optional[str],
    tega_id: Optional[str],
    ca: Union[str, Path, None],
    cert: Union[str, Path, tuple[Union[str, Path], Union[str, Path]], None],
    timeout: float,
    ttl: float,
    decimals: bool,
) -> _rest.Settings:
    """What the constructors of both clients take."""
    context: Optional[tls.SSLContext] = None
    if ca is not None or cert is not None:
        context = tls.create_default_context(cafile=str(ca) if ca is not None else None)
        if isinstance(cert, tuple):
            context.load_cert_chain(str(cert[0]), str(cert[1]))
        elif cert is not None:
            context.load_cert_chain(str(cert))
    name = tega_id or f"python-{os.getpid()}-{secrets.token_hex(4)}"
    chosen = _rest.Settings(url, name, token, context, timeout, min(5.0, timeout), ttl, decimals)
    _ = chosen.base
    return chosen


class AsyncClient:
    """One client of one server, for use in one event loop.

    ``async with AsyncClient("http://127.0.0.1:8739", tega_id="me") as client: …``

    Requests are made as they are asked for. The session (one WebSocket: watches, messages, answering calls, ephemeral nodes)
    is opened when first needed and opened again, with a growing and jittered pause, when it is lost.
    """

    def __init__(
        self,
        url: str = "http://127.0.0.1:8739",
        *,
        token: Optional[str] = None,
        tega_id: Optional[str] = None,
        ca: Union[str, Path, None] = None,
        cert: Union[str, Path, tuple[Union[str, Path], Union[str, Path]], None] = None,
        timeout: float = 35.0,
        ttl: float = 10.0,
        decimals: bool = False,
    ) -> None:
        self.settings = settings(url, token, tega_id, ca, cert, timeout, ttl, decimals)
        self.rest = _rest.Rest(self.settings)
        #: what was, and going back to it
        self.history = AsyncHistory(self.rest)
        self._leases = Leases(self.rest)
        self._stay: Optional[Session] = None
        self._answering: Optional[Handlers] = None
        self._marked: list[tuple[PathLike, Handler]] = []
        self._closed = False

    @property
    def tega_id(self) -> str:
        """The name this client goes by."""
        return self.settings.tega_id

    @property
    def _session(self) -> Session:
        """Made inside the event loop."""
        if self._closed:
            raise InvalidError("the client is closed")
        if self._stay is None:
            self._stay = Session(self.rest, self._leases.restore)
        return self._stay

    @property
    def _handlers(self) -> Handlers:
        if self._answering is None:
            self._answering = Handlers(self._session)
        return self._answering

    # Reading and writing

    async def get(
        self,
        path: PathLike,
        default: Any = ABSENT,
        *,
        version: Optional[int] = None,
        revision: Optional[int] = None,
        depth: Optional[int] = None,
        fields: Optional[str] = None,
    ) -> Any:
        """The value at ``path``, now or in the past; ``default``, or ``NotFoundError`` without one, when there is none."""
        query = {"version": version, "revision": revision, "depth": depth, "fields": fields}
        try:
            return (await self.rest.ask("GET", _rest.tree(path), query)).value
        except NotFoundError:
            if default is ABSENT:
                raise
            return default

    async def put(
        self,
        path: PathLike,
        value: Any,
        *,
        message: Optional[str] = None,
        revision: Optional[int] = None,
        absent: bool = False,
        ephemeral: bool = False,
    ) -> int:
        """Sets a node; the revision. ``revision``, ``absent``: only if it is that, or is not there.

        An ephemeral node is there as long as this client: it goes when the client is closed, or is not heard of for ``ttl``
        seconds; when the client is back, it is put again.
        """
        where = names(path)
        if ephemeral:
            await self._session.ready(self.settings.timeout)
            return await self._leases.put(where, value)
        headers = {**_rest.said(message), **_conditions(revision, absent)}
        body = _rest.encoded(value)
        return (await self.rest.ask("PUT", _rest.tree(where), None, body, headers=headers)).revision

    async def merge(self, path: PathLike, value: Any, *, message: Optional[str] = None, revision: Optional[int] = None) -> int:
        """Merges into a node (RFC 7396): ``None`` removes; the revision."""
        return await self._patch(path, value, _rest.MERGE, message, revision)

    async def patch(
        self,
        path: PathLike,
        operations: list[dict[str, Any]],
        *,
        message: Optional[str] = None,
        revision: Optional[int] = None,
    ) -> int:
        """Patches a node (RFC 6902); the revision."""
        return await self._patch(path, operations, _rest.PATCH, message, revision)

    async def _patch(self, path: PathLike, value: Any, kind: str, message: Optional[str], revision: Optional[int]) -> int:
        headers = {**_rest.said(message), **_conditions(revision, False)}
        body = _rest.encoded(value)
        return (await self.rest.ask("PATCH", _rest.tree(path), None, body, kind=kind, headers=headers)).revision

    async def delete(self, path: PathLike, *, message: Optional[str] = None, revision: Optional[int] = None) -> int:
        """Removes a node, and ancestors left empty; the revision."""
        headers = {**_rest.said(message), **_conditions(revision, False)}
        answer = await self.rest.ask("DELETE", _rest.tree(path), headers=headers)
        self._leases.drop(names(path))
        return answer.revision

    def tx(self, message: Optional[str] = None, *, confirm: Optional[Confirm] = None) -> AsyncTransaction:
        """A transaction, for ``async with``."""
        return AsyncTransaction(self, message, confirm)

    async def transact(
        self, work: Callable[[AsyncTransaction], Awaitable[T]], *, message: Optional[str] = None, attempts: int = 5
    ) -> T:
        """Runs ``work`` in a transaction, again when what it read has changed meanwhile; what it returned."""
        for attempt in range(attempts):
            try:
                async with self.tx(message) as tx:
                    result = await work(tx)
                return result
            except TegaError as e:
                if e.code not in ("PRECONDITION", "CONFLICT") or attempt == attempts - 1:
                    raise
        raise InvalidError("there is at least one attempt")

    async def commit(self, operations: Operations) -> Commit:
        """Sends a transaction that was put together; ``tx`` does this by itself."""
        leases = operations.leases()
        if leases:
            await self._session.ready(self.settings.timeout)
        answer = await self.rest.ask("POST", "/_tx", body=operations.request())
        for path, value in leases:
            self._leases.add(path, value)
        return Commit.of(answer.value)

    async def draft(self) -> AsyncDraft:
        """Begins a draft on the server."""
        answer = await self.rest.ask("POST", "/_begin", changes=False)
        return AsyncDraft(self, answer.value["txid"])

    # What happens

    async def watch(
        self,
        path: Optional[PathLike] = None,
        *,
        pattern: Optional[str] = None,
        since: Optional[int] = None,
        initial: bool = False,
        mode: str = "log",
        own: bool = True,
        queue: int = 256,
    ) -> AsyncWatch:
        """Begins to watch a subtree, or a pattern with ``*`` and ``**``; ``since``: from the commit after this revision."""
        request = watch_request(path, pattern, since, initial, mode, own)
        return await AsyncWatch(self._session, request, queue).begin(self.settings.timeout)

    async def subscribe(
        self,
        channel: Optional[PathLike] = None,
        *,
        pattern: Optional[str] = None,
        scope: str = "local",
        queue: int = 1024,
    ) -> AsyncSubscription:
        """Begins to hear what is published to a channel (and those below it), or to a pattern."""
        request = subscribe_request(channel, pattern, scope)
        return await AsyncSubscription(self._session, request, queue).begin(self.settings.timeout)

    async def publish(self, channel: PathLike, message: Any) -> int:
        """Publishes; how many heard it."""
        frame = {"op": "publish", "channel": list(names(channel)), "message": message}
        return int((await self._session.ask(frame, self.settings.timeout, changes=True))["hearers"])

    # Calls

    async def call(self, path: PathLike, *args: Any, deadline: Optional[float] = None, **kwargs: Any) -> Any:
        """Calls whoever answers for ``path``; ``deadline`` in seconds, 30 when not given. Never repeated by itself."""
        seconds = 30.0 if deadline is None else deadline
        query = {"path": dotted(path), "deadline": max(1, round(seconds * 1000))}
        body = {"args": args, "kwargs": kwargs}
        answer = await self.rest.ask("POST", "/_rpc", query, body, timeout=seconds + self.settings.connect_timeout)
        return answer.value["result"]

    async def serve(self, path: PathLike, handler: Handler) -> None:
        """Answers the calls of ``path`` from now on: ``handler(*args, **kwargs)``, a function or a coroutine function.

        The path is an ephemeral node: it goes with this client.
        """
        where = names(path)
        if not where or "." in self.tega_id:
            raise InvalidError("an RPC has a path, and its owner's tega_id has no dot", where)
        await self._session.ready(self.settings.timeout)
        self._handlers.add(where, handler)
        try:
            await self._leases.put(where, f"%{self.tega_id}.{where[-1]}%")
        except BaseException:
            self._handlers.remove(where)
            raise

    async def unserve(self, path: PathLike) -> None:
        """Answers for ``path`` no more."""
        if self._handlers.remove(names(path)):
            await self.delete(path)

    def rpc(self, path: PathLike) -> Callable[[AnyHandler], AnyHandler]:
        """``@client.rpc("lan.restart")``: marks a function to answer for a path; :meth:`run` begins to."""

        def mark(handler: AnyHandler) -> AnyHandler:
            self._marked.append((path, handler))
            return handler

        return mark

    async def serve_marked(self) -> None:
        """Begins to answer for everything that ``rpc`` marked."""
        while self._marked:
            path, handler = self._marked.pop(0)
            await self.serve(path, handler)

    async def run(self) -> None:
        """Answers for everything that ``rpc`` marked, until cancelled."""
        await self.serve_marked()
        await asyncio.Event().wait()

    # The server

    async def roots(self) -> dict[str, int]:
        """The roots with their versions."""
        return dict((await self.rest.ask("GET", "/_roots")).value)

    async def old(self) -> dict[str, list[int]]:
        """The older versions that are kept, by root."""
        told = (await self.rest.ask("GET", "/_old")).value
        return {root: versions for one in told for root, versions in one.items()}

    async def owner(self, path: PathLike) -> Optional[str]:
        """Who owns the ephemeral node; None when the node is durable."""
        return (await self.rest.ask("GET", _rest.tree(path), {"internal": True})).owner

    async def graph(self, root: Optional[str] = None, *, old: bool = False) -> list[Edge]:
        """The edges of a root (of all of them without one), each node ``path(version)``; ``old``: of kept versions too.

        ``networkx.from_edgelist(edges)`` and ``pandas.DataFrame(edges)`` take them as they are.
        """
        edges: dict[Edge, None] = {}
        for name in [root] if root is not None else await self.roots():
            told = (await self.rest.ask("GET", "/_edges", {"root_oid": name, "old_roots": old})).value
            edges.update((Edge(*edge), None) for edge in told[::2])
        return list(edges)

    async def ids(self) -> list[str]:
        """The clients that are connected."""
        return list((await self.rest.ask("GET", "/_ids")).value)

    async def health(self) -> dict[str, Any]:
        """How the server is."""
        return dict((await self.rest.ask("GET", "/_health")).value)

    async def snapshot(self) -> int:
        """Makes the server write a picture of its state beside the log; its revision."""
        return (await self.rest.ask("POST", "/_ss")).revision

    async def clear(self) -> int:
        """Removes all data, history and log; the revision."""
        return (await self.rest.ask("POST", "/_clear")).revision

    async def close(self) -> None:
        """Says good-bye: ephemeral nodes go, watches end."""
        self._closed = True
        if self._answering is not None:
            await self._answering.close()
        if self._stay is not None:
            await self._stay.close()
        await self.rest.close()

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.close()


def _conditions(revision: Optional[int], absent: bool) -> dict[str, str]:
    if absent:
        return {"If-None-Match": "*"}
    return {} if revision is None else {"If-Match": f'"{revision}"'}
