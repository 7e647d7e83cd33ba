"""Watches and subscriptions: bounded queues that outlive connections."""

from __future__ import annotations

import asyncio
import collections
from typing import Any, Optional

from ._errors import CompactedError, TegaError
from ._model import Change, Event, Initial, Message
from ._paths import PathLike, dotted, names
from ._session import Session


class _Queue:
    """What waits for its reader, and how it ends."""

    def __init__(self, most: Optional[int]) -> None:
        self.items: collections.deque[Any] = collections.deque(maxlen=most)
        self._some = asyncio.Event()
        self._end: Optional[Exception] = None
        self.closed = False

    def add(self, item: Any) -> None:
        self.items.append(item)
        self._some.set()

    def end(self, why: Optional[Exception]) -> None:
        if not self.closed:
            self._end = why
            self.closed = True
            self._some.set()

    async def take(self, timeout: Optional[float]) -> Any:
        """The next; StopAsyncIteration at the end, asyncio.TimeoutError after ``timeout``."""
        while not self.items:
            if self.closed:
                if self._end is not None:
                    raise self._end
                raise StopAsyncIteration
            self._some.clear()
            await asyncio.wait_for(self._some.wait(), timeout)
        return self.items.popleft()


class AsyncWatch:
    """Every commit that touches what is watched, in order, each once; an asynchronous iterator and context manager.

    When the connection is lost it resumes where it was. When what it missed is no longer kept, iterating raises
    ``CompactedError``. No more than ``queue`` changes wait here; the server keeps the others back.
    """

    def __init__(self, session: Session, request: dict[str, Any], queue: int) -> None:
        self._session = session
        self._request = {**request, "window": queue}
        self._initial = bool(request.get("initial"))
        self._queue = _Queue(None)
        self._window = queue
        self._unacknowledged = 0
        self._number = -1
        self._at: Optional[int] = request.get("since")
        #: everything up to this revision has been given
        self.revision = self._at or 0

    async def begin(self, timeout: float) -> AsyncWatch:
        self._number, told = await self._session.begin(self, timeout)
        self.told(told)
        self.revision = self.revision or self._at or 0
        return self

    def request(self) -> dict[str, Any]:
        frame = dict(self._request)
        if self._at is not None:
            frame["since"] = self._at
        if self._initial:
            frame.pop("since", None)
        else:
            frame.pop("initial", None)
        self._unacknowledged = 0
        return frame

    def told(self, frame: dict[str, Any]) -> None:
        op = frame.get("op")
        if op == "change":
            change = Change.of(frame)
            if self._at is None or change.revision > self._at or change.roll_call:
                self._at = max(change.revision, self._at or 0)
                self._queue.add(change)
        elif op == "initial":
            self._initial = False
            self._at = frame["revision"]
            self._queue.add(Initial.of(frame))
        elif op == "watching" and self._at is None and not self._initial:
            self._at = frame["revision"]
        elif op == "progress":
            self._at = max(frame["revision"], self._at or 0)
        elif op == "slow":
            self._at = frame["resume"]
            self._session.restart(self._number)
        elif op == "compacted":
            oldest = frame["oldest"]
            why = f"what changed since revision {self._at} is no longer kept; the oldest kept revision is {oldest}"
            self.ended(CompactedError(why, oldest=oldest))

    def ended(self, why: TegaError) -> None:
        self._queue.end(why)

    async def next(self, timeout: Optional[float] = None) -> Event:
        """The next event; ``asyncio.TimeoutError`` when there is none for so many seconds."""
        event: Event = await self._queue.take(timeout)
        self.revision = max(self.revision, event.revision)
        if isinstance(event, Change):
            self._unacknowledged += 1
            if self._unacknowledged >= max(1, self._window // 2):
                self._unacknowledged = 0
                self._session.tell({"op": "ack", "id": self._number, "revision": event.revision})
        return event

    async def close(self) -> None:
        """Ends it; what waits is dropped."""
        self._queue.items.clear()
        if not self._queue.closed:
            self._queue.end(None)
            await self._session.end(self._number, "unwatch")

    def __aiter__(self) -> AsyncWatch:
        return self

    async def __anext__(self) -> Event:
        return await self.next()

    async def __aenter__(self) -> AsyncWatch:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.close()


class AsyncSubscription:
    """Messages as they are published; an asynchronous iterator and context manager.

    Messages are not stored anywhere: those of the time without a connection are missed, and when more than ``queue`` wait
    here the oldest are dropped and counted (``dropped``).
    """

    def __init__(self, session: Session, request: dict[str, Any], queue: int) -> None:
        self._session = session
        self._request = request
        self._queue = _Queue(queue)
        self._most = queue
        self._number = -1
        self.dropped = 0

    async def begin(self, timeout: float) -> AsyncSubscription:
        self._number, _ = await self._session.begin(self, timeout)
        return self

    def request(self) -> dict[str, Any]:
        return self._request

    def told(self, frame: dict[str, Any]) -> None:
        if frame.get("op") == "message":
            if len(self._queue.items) >= self._most:
                self.dropped += 1
            self._queue.add(Message(tuple(frame["channel"]), frame["publisher"], frame["message"]))

    def ended(self, why: TegaError) -> None:
        self._queue.end(why)

    async def next(self, timeout: Optional[float] = None) -> Message:
        """The next message; ``asyncio.TimeoutError`` when there is none for so many seconds."""
        message: Message = await self._queue.take(timeout)
        return message

    async def close(self) -> None:
        """Ends it; what waits is dropped."""
        self._queue.items.clear()
        if not self._queue.closed:
            self._queue.end(None)
            await self._session.end(self._number, "unsubscribe")

    def __aiter__(self) -> AsyncSubscription:
        return self

    async def __anext__(self) -> Message:
        return await self.next()

    async def __aenter__(self) -> AsyncSubscription:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.close()


def watch_request(
    path: Optional[PathLike], pattern: Optional[str], since: Optional[int], initial: bool, mode: str, own: bool
) -> dict[str, Any]:
    """The frame that begins a watch."""
    frame: dict[str, Any] = {"op": "watch", "mode": mode, "own": own}
    if pattern is not None:
        frame["pattern"] = pattern
    if path is not None or pattern is None:
        frame["path"] = list(names(path or ()))
    if since is not None:
        frame["since"] = since
    if initial:
        frame["initial"] = True
    return frame


def subscribe_request(channel: Optional[PathLike], pattern: Optional[str], scope: str) -> dict[str, Any]:
    """The frame that begins a subscription."""
    frame: dict[str, Any] = {"op": "subscribe", "scope": scope}
    if pattern is not None:
        frame["pattern"] = pattern
    if channel is not None:
        frame["channel"] = dotted(channel)
    return frame
