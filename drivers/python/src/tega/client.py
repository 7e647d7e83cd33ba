"""The API for threads: the same as the asyncio one, each call waiting for its answer."""

from __future__ import annotations

import asyncio
import atexit
import threading
import weakref
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any, Optional, TypeVar, Union

from ._errors import DeadlineError, InvalidError, TegaError
from ._handlers import AnyHandler, Handler
from ._model import ABSENT, Blame, Commit, Edge, Edit, Event, Message, Preview
from ._paths import PathLike
from ._portal import Portal
from ._transaction import AsyncDraft, AsyncTransaction, Confirm
from ._watch import AsyncSubscription, AsyncWatch
from .aio import AsyncClient

T = TypeVar("T")
_Run = Callable[[Coroutine[Any, Any, Any]], Any]

_open_clients: weakref.WeakSet[Client] = weakref.WeakSet()


@atexit.register
def _say_good_bye() -> None:
    for client in list(_open_clients):
        client.close()


class Transaction:
    """``with client.tx() as tx``: commits at the end, drops everything when the block raises.

    What is read through it must be unchanged at the commit, else that raises ``PreconditionError`` and nothing is applied.
    Reads see the transaction's own writes.
    """

    def __init__(self, inner: AsyncTransaction, run: _Run) -> None:
        self._inner = inner
        self._run = run
        self.put = inner.put
        self.merge = inner.merge
        self.patch = inner.patch
        self.delete = inner.delete
        self.expect = inner.expect
        self.cancel = inner.cancel

    @property
    def result(self) -> Optional[Commit]:
        """The commit, once there is one."""
        return self._inner.result

    def get(self, path: PathLike, default: Any = ABSENT) -> Any:
        """The value; ``default``, or ``NotFoundError`` without one, when there is none."""
        return self._run(self._inner.get(path, default))

    def preview(self) -> Preview:
        """What a commit would change now; changes nothing."""
        preview: Preview = self._run(self._inner.preview())
        return preview

    def commit(self) -> Commit:
        """Commits now; the transaction has ended, whatever comes of it."""
        commit: Commit = self._run(self._inner.commit())
        return commit

    def __enter__(self) -> Transaction:
        return self

    def __exit__(self, kind: Optional[type[BaseException]], *rest: object) -> None:
        self._run(self._inner.__aexit__(kind, *rest))


class Draft:
    """Changes kept on the server until they are committed, cancelled, or not used for ten minutes."""

    def __init__(self, inner: AsyncDraft, run: _Run) -> None:
        self._inner = inner
        self._run = run
        self.id = inner.id

    def get(self, path: PathLike, default: Any = ABSENT) -> Any:
        """The value as the draft would leave it."""
        return self._run(self._inner.get(path, default))

    def put(self, path: PathLike, value: Any) -> None:
        """Sets a node."""
        self._run(self._inner.put(path, value))

    def merge(self, path: PathLike, value: Any) -> None:
        """Merges into a node (RFC 7396)."""
        self._run(self._inner.merge(path, value))

    def patch(self, path: PathLike, operations: list[dict[str, Any]]) -> None:
        """Patches a node (RFC 6902)."""
        self._run(self._inner.patch(path, operations))

    def delete(self, path: PathLike) -> None:
        """Removes a node."""
        self._run(self._inner.delete(path))

    def edits(self) -> list[Edit]:
        """What it changes."""
        return list(self._run(self._inner.edits()))

    def commit(self, message: Optional[str] = None, confirm: Optional[Confirm] = None) -> int:
        """Commits; the revision."""
        return int(self._run(self._inner.commit(message, confirm)))

    def cancel(self) -> None:
        """Drops it."""
        self._run(self._inner.cancel())

    def __enter__(self) -> Draft:
        return self

    def __exit__(self, kind: Optional[type[BaseException]], *rest: object) -> None:
        """Cancels it when the block raises; committing is said by hand, drafts may live on."""
        self._run(self._inner.__aexit__(kind, *rest))


class _Stream:
    """What both kinds of iterators have."""

    def __init__(self, inner: Union[AsyncWatch, AsyncSubscription], run: _Run) -> None:
        self._inner = inner
        self._run = run

    def _next(self, timeout: Optional[float]) -> Any:
        try:
            return self._run(_given(lambda: self._inner.next(timeout)))
        except asyncio.TimeoutError:
            raise DeadlineError(f"nothing came within {timeout:g} s") from None

    def close(self) -> None:
        """Ends it; what waits is dropped. Another thread may do so."""
        self._run(self._inner.close())

    def __exit__(self, *exc: object) -> None:
        self.close()


class _Ended(Exception):
    """An iterator is at its end; StopAsyncIteration cannot leave a coroutine."""


async def _given(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    try:
        return await work()
    except StopAsyncIteration:
        raise _Ended from None


class Watch(_Stream):
    """Every commit that touches what is watched, in order, each once; an iterator and context manager.

    When the connection is lost it resumes where it was. When what it missed is no longer kept, iterating raises
    ``CompactedError``. ``next(timeout)`` waits only so long (``DeadlineError``).
    """

    _inner: AsyncWatch

    @property
    def revision(self) -> int:
        """Everything up to this revision has been given."""
        return self._inner.revision

    def next(self, timeout: Optional[float] = None) -> Event:
        """The next event."""
        event: Event = self._next(timeout)
        return event

    def __iter__(self) -> Iterator[Event]:
        return self

    def __next__(self) -> Event:
        try:
            return self.next()
        except _Ended:
            raise StopIteration from None

    def __enter__(self) -> Watch:
        return self


class Subscription(_Stream):
    """Messages as they are published; an iterator and context manager.

    Those of the time without a connection are missed; when more than ``queue`` wait, the oldest are ``dropped``.
    """

    _inner: AsyncSubscription

    @property
    def dropped(self) -> int:
        """How many messages were dropped because too many waited."""
        return self._inner.dropped

    def next(self, timeout: Optional[float] = None) -> Message:
        """The next message."""
        message: Message = self._next(timeout)
        return message

    def __iter__(self) -> Iterator[Message]:
        return self

    def __next__(self) -> Message:
        try:
            return self.next()
        except _Ended:
            raise StopIteration from None

    def __enter__(self) -> Subscription:
        return self


class History:
    """The past of the database. Going back is a new commit; nothing is ever rewritten."""

    def __init__(self, client: AsyncClient, run: _Run) -> None:
        self._inner = client.history
        self._run = run

    def log(self, path: PathLike = (), *, limit: int = 100, start: Optional[int] = None) -> list[Commit]:
        """Commits that touched ``path``, newest first; ``start``: this revision and earlier."""
        return list(self._run(self._inner.log(path, limit=limit, start=start)))

    def diff(self, start: int, end: Optional[int] = None, path: PathLike = ()) -> list[Edit]:
        """What turns revision ``start`` into revision ``end`` (now, when it is not given)."""
        return list(self._run(self._inner.diff(start, end, path)))

    def blame(self, path: PathLike) -> list[Blame]:
        """For every leaf, the commit that last changed it."""
        return list(self._run(self._inner.blame(path)))

    def rollback(self, root: str, version: int) -> int:
        """Sets a root back to an earlier version, negative: so many versions back; the revision."""
        return int(self._run(self._inner.rollback(root, version)))

    def revert(self, revision: int) -> Commit:
        """Undoes one older commit."""
        commit: Commit = self._run(self._inner.revert(revision))
        return commit

    def tag(self, name: str, revision: Optional[int] = None) -> Commit:
        """Gives a revision (the current one, when it is not given) a name."""
        commit: Commit = self._run(self._inner.tag(name, revision))
        return commit

    def tags(self) -> dict[str, int]:
        """The names given to revisions."""
        return dict(self._run(self._inner.tags()))

    def pending(self) -> list[Commit]:
        """The commits that wait to be confirmed, each with its ``deadline``."""
        return list(self._run(self._inner.pending()))

    def confirm(self, revision: int) -> None:
        """Keeps a commit."""
        self._run(self._inner.confirm(revision))

    def extend(self, revision: int, seconds: int) -> None:
        """Gives a commit so many seconds from now to be confirmed in."""
        self._run(self._inner.extend(revision, seconds))

    def cancel(self, revision: int) -> None:
        """Takes a commit back now."""
        self._run(self._inner.cancel(revision))


class Client:
    """One client of one server, for any number of threads.

    ``with Client("http://127.0.0.1:8739", tega_id="me") as client: …``

    Everything happens in the event loop of a thread in the background, so that leases are kept and calls are answered while
    the program does something else.
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
        self._inner = AsyncClient(
            url, token=token, tega_id=tega_id, ca=ca, cert=cert, timeout=timeout, ttl=ttl, decimals=decimals
        )
        self._portal: Optional[Portal] = None
        self._lock = threading.Lock()
        self._closed = False
        #: what was, and going back to it
        self.history = History(self._inner, self._run)

    @property
    def tega_id(self) -> str:
        """The name this client goes by."""
        return self._inner.tega_id

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        portal = self._portal
        if portal is None:
            with self._lock:
                if self._closed:
                    work.close()
                    raise InvalidError("the client is closed")
                if self._portal is None:
                    self._portal = Portal()
                    _open_clients.add(self)
                portal = self._portal
        return portal.run(work)

    # Reading and writing

    def get(
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
        return self._run(self._inner.get(path, default, version=version, revision=revision, depth=depth, fields=fields))

    def put(
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
        return self._run(self._inner.put(path, value, message=message, revision=revision, absent=absent, ephemeral=ephemeral))

    def merge(self, path: PathLike, value: Any, *, message: Optional[str] = None, revision: Optional[int] = None) -> int:
        """Merges into a node (RFC 7396): ``None`` removes; the revision."""
        return self._run(self._inner.merge(path, value, message=message, revision=revision))

    def patch(
        self,
        path: PathLike,
        operations: list[dict[str, Any]],
        *,
        message: Optional[str] = None,
        revision: Optional[int] = None,
    ) -> int:
        """Patches a node (RFC 6902); the revision."""
        return self._run(self._inner.patch(path, operations, message=message, revision=revision))

    def delete(self, path: PathLike, *, message: Optional[str] = None, revision: Optional[int] = None) -> int:
        """Removes a node, and ancestors left empty; the revision."""
        return self._run(self._inner.delete(path, message=message, revision=revision))

    def tx(self, message: Optional[str] = None, *, confirm: Optional[Confirm] = None) -> Transaction:
        """A transaction, for ``with``. ``confirm``: seconds after which it is taken back unless confirmed, or "auto"."""
        return Transaction(self._inner.tx(message, confirm=confirm), self._run)

    def transact(self, work: Callable[[Transaction], T], *, message: Optional[str] = None, attempts: int = 5) -> T:
        """Runs ``work`` in a transaction, again when what it read has changed meanwhile; what it returned."""
        for attempt in range(attempts):
            try:
                with self.tx(message) as tx:
                    result = work(tx)
                return result
            except TegaError as e:
                if e.code not in ("PRECONDITION", "CONFLICT") or attempt == attempts - 1:
                    raise
        raise InvalidError("there is at least one attempt")

    def draft(self) -> Draft:
        """Begins a draft on the server."""
        return Draft(self._run(self._inner.draft()), self._run)

    # What happens

    def watch(
        self,
        path: Optional[PathLike] = None,
        *,
        pattern: Optional[str] = None,
        since: Optional[int] = None,
        initial: bool = False,
        mode: str = "log",
        own: bool = True,
        queue: int = 256,
    ) -> Watch:
        """Begins to watch a subtree, or a pattern with ``*`` and ``**``; ``since``: from the commit after this revision."""
        watch = self._inner.watch(path, pattern=pattern, since=since, initial=initial, mode=mode, own=own, queue=queue)
        return Watch(self._run(watch), self._run)

    def subscribe(
        self,
        channel: Optional[PathLike] = None,
        *,
        pattern: Optional[str] = None,
        scope: str = "local",
        queue: int = 1024,
    ) -> Subscription:
        """Begins to hear what is published to a channel (and those below it), or to a pattern."""
        subscription = self._inner.subscribe(channel, pattern=pattern, scope=scope, queue=queue)
        return Subscription(self._run(subscription), self._run)

    def publish(self, channel: PathLike, message: Any) -> int:
        """Publishes; how many heard it."""
        return self._run(self._inner.publish(channel, message))

    # Calls

    def call(self, path: PathLike, *args: Any, deadline: Optional[float] = None, **kwargs: Any) -> Any:
        """Calls whoever answers for ``path``; ``deadline`` in seconds, 30 when not given. Never repeated by itself."""
        return self._run(self._inner.call(path, *args, deadline=deadline, **kwargs))

    def serve(self, path: PathLike, handler: Handler) -> None:
        """Answers the calls of ``path`` from now on: ``handler(*args, **kwargs)``, in a thread of the client's.

        The path is an ephemeral node: it goes with this client.
        """
        self._run(self._inner.serve(path, handler))

    def unserve(self, path: PathLike) -> None:
        """Answers for ``path`` no more."""
        self._run(self._inner.unserve(path))

    def rpc(self, path: PathLike) -> Callable[[AnyHandler], AnyHandler]:
        """``@client.rpc("lan.restart")``: the function answers for the path from now on."""

        def mark(handler: AnyHandler) -> AnyHandler:
            self.serve(path, handler)
            return handler

        return mark

    # The server

    def roots(self) -> dict[str, int]:
        """The roots with their versions."""
        return self._run(self._inner.roots())

    def old(self) -> dict[str, list[int]]:
        """The older versions that are kept, by root."""
        return self._run(self._inner.old())

    def owner(self, path: PathLike) -> Optional[str]:
        """Who owns the ephemeral node; None when the node is durable."""
        return self._run(self._inner.owner(path))

    def graph(self, root: Optional[str] = None, *, old: bool = False) -> list[Edge]:
        """The edges of a root (of all of them without one), each node ``path(version)``; ``old``: of kept versions too.

        ``networkx.from_edgelist(edges)`` and ``pandas.DataFrame(edges)`` take them as they are.
        """
        return self._run(self._inner.graph(root, old=old))

    def ids(self) -> list[str]:
        """The clients that are connected."""
        return self._run(self._inner.ids())

    def health(self) -> dict[str, Any]:
        """How the server is."""
        return self._run(self._inner.health())

    def snapshot(self) -> int:
        """Makes the server write a picture of its state beside the log; its revision."""
        return self._run(self._inner.snapshot())

    def clear(self) -> int:
        """Removes all data, history and log; the revision."""
        return self._run(self._inner.clear())

    def close(self) -> None:
        """Says good-bye: ephemeral nodes go, watches end."""
        with self._lock:
            self._closed = True
            portal, self._portal = self._portal, None
        _open_clients.discard(self)
        if portal is not None:
            portal.run(self._inner.close())
            portal.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()
