"""The stay of a client at its server: one WebSocket, opened when first needed, opened again when it is lost."""

from __future__ import annotations

import asyncio
import itertools
import logging
import random
from collections.abc import Awaitable, Callable
from typing import Any, Optional, Protocol

import aiohttp

from . import _json
from ._errors import (
    ConflictError,
    DeadlineError,
    LimitError,
    TegaError,
    UnavailableError,
    UnknownOutcomeError,
    error,
)
from ._rest import Rest, problem

log = logging.getLogger("tega")

_FIRST_PAUSE = 0.05
_LONGEST_PAUSE = 5.0
_STEADY = 10.0
_HEARTBEAT = 15.0
_MOST_ASKED = 1024
_TAKEN = 4409
_GIVEN_UP = 4000
_WRONG_FRAME = 1002


class Guest(Protocol):
    """What lives on the connection under an id: a watch, a subscription."""

    def request(self) -> dict[str, Any]:
        """The frame that begins it, as of now."""

    def told(self, frame: dict[str, Any]) -> None:
        """A frame about it."""

    def ended(self, why: TegaError) -> None:
        """It is over for good."""


class Session:
    """Frames out and in. Guests are begun anew after every connection; callers in between wait or are told."""

    def __init__(self, rest: Rest, restore: Callable[[], Awaitable[None]]) -> None:
        self._rest = rest
        self._restore = restore
        self._ids = itertools.count(1)
        self._asked: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._guests: dict[int, Guest] = {}
        self._socket: Optional[aiohttp.ClientWebSocketResponse] = None
        self._task: Optional[asyncio.Task[None]] = None
        self._open = asyncio.Event()
        self._restored = asyncio.Event()
        self._over: Optional[TegaError] = None
        self._trouble = "not tried yet"
        self.answer: Callable[[dict[str, Any]], None] = lambda frame: None
        #: how often it has been connected
        self.connections = 0
        self.server = ""

    async def ready(self, timeout: float, restored: bool = True) -> None:
        """Waits until the server knows this client, and has got back what was lost."""
        if self._over is not None:
            raise self._over
        if self._task is None:
            self._task = asyncio.create_task(self._stay(), name="tega session")
        waiting = asyncio.ensure_future((self._restored if restored else self._open).wait())
        try:
            await asyncio.wait({waiting, self._task}, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()
        if self._over is not None:
            raise self._over
        if not self._open.is_set():
            raise UnavailableError(f"no session at {self._rest.settings.base} within {timeout:g} s: {self._trouble}")

    async def ask(self, frame: dict[str, Any], timeout: float, changes: bool = False) -> dict[str, Any]:
        """Sends a frame and waits for its answer."""
        await self.ready(timeout)
        return await self._ask(next(self._ids), frame, timeout, changes)

    async def _ask(self, number: int, frame: dict[str, Any], timeout: float, changes: bool) -> dict[str, Any]:
        if len(self._asked) >= _MOST_ASKED:
            raise LimitError(f"{_MOST_ASKED} requests of this client wait for an answer, which is the limit")
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._asked[number] = answer
        try:
            await self.send({**frame, "id": number})
            return await asyncio.wait_for(answer, timeout)
        except asyncio.TimeoutError:
            late = f"the server did not answer a '{frame['op']}' within {timeout:g} s"
            raise (UnknownOutcomeError(late) if changes else DeadlineError(late)) from None
        except UnavailableError as e:
            if changes and answer.done():
                raise UnknownOutcomeError(f"{e}; whether it happened is not known") from None
            raise
        finally:
            self._asked.pop(number, None)

    async def begin(self, guest: Guest, timeout: float) -> tuple[int, dict[str, Any]]:
        """Begins a guest; from then on it is begun again by itself. Its id, and what the server said to it."""
        await self.ready(timeout)
        number = next(self._ids)
        self._guests[number] = guest
        try:
            return number, await self._ask(number, guest.request(), timeout, changes=False)
        except UnavailableError:
            if self._over is None and number in self._guests:
                # The connection broke meanwhile: it begins with the next one.
                await self.ready(timeout)
                return number, {}
            raise
        except BaseException:
            self._guests.pop(number, None)
            raise

    def restart(self, number: int) -> None:
        """Begins one guest anew on the connection there is; with the next one when there is none."""
        if self._open.is_set() and number in self._guests:
            _background(self._begin_again(number, self._guests[number]))

    async def end(self, number: int, op: str) -> None:
        """Ends a guest."""
        if self._guests.pop(number, None) is not None and self._open.is_set():
            try:
                await self._ask(number, {"op": op}, 5.0, changes=False)
            except TegaError as e:
                log.debug("tega: %s of %d: %s", op, number, e)

    async def send(self, frame: dict[str, Any]) -> None:
        """Sends a frame; UNAVAILABLE when there is no connection."""
        socket = self._socket
        if socket is None or socket.closed:
            raise UnavailableError(f"there is no connection to {self._rest.settings.base}: {self._trouble}")
        try:
            await socket.send_str(_json.dumps(frame).decode())
        except (ConnectionError, aiohttp.ClientError, RuntimeError) as e:
            raise UnavailableError(f"the connection to {self._rest.settings.base} broke: {e}") from e

    def tell(self, frame: dict[str, Any]) -> None:
        """Sends a frame soon; it is dropped when the connection is lost before."""
        if self._open.is_set():
            _background(self._tell(frame))

    async def _tell(self, frame: dict[str, Any]) -> None:
        try:
            await self.send(frame)
        except UnavailableError as e:
            log.debug("tega: %s", e)

    async def close(self) -> None:
        """Says good-bye."""
        self._finish(UnavailableError("the client is closed"))
        socket, task = self._socket, self._task
        if socket is not None and not socket.closed:
            try:
                await asyncio.wait_for(socket.close(code=1000), 5.0)
            except (asyncio.TimeoutError, ConnectionError, aiohttp.ClientError) as e:
                log.debug("tega: closing: %s", e)
        if task is not None and task is not asyncio.current_task():
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def _finish(self, why: TegaError) -> None:
        if self._over is None:
            self._over = why
            guests, self._guests = list(self._guests.values()), {}
            for guest in guests:
                guest.ended(why)

    async def _stay(self) -> None:
        pause = _FIRST_PAUSE
        clock = asyncio.get_running_loop().time
        while self._over is None:
            before, began = self.connections, clock()
            try:
                await self._connection()
            except (UnavailableError, DeadlineError) as e:
                self._trouble = str(e)
            except TegaError as e:
                self._finish(e)
            except (aiohttp.ClientError, OSError, asyncio.TimeoutError) as e:
                self._trouble = f"{type(e).__name__}: {e}"
            finally:
                self._lost()
            if self._over is None:
                # A server that takes connections and drops them at once is not stormed.
                held = self.connections > before and clock() - began > _STEADY
                pause = _FIRST_PAUSE if held else min(pause * 2, _LONGEST_PAUSE)
                await asyncio.sleep(pause * (0.5 + random.random()))

    def _lost(self) -> None:
        self._open.clear()
        self._restored.clear()
        self._socket = None
        why = UnavailableError(f"the connection to {self._rest.settings.base} was lost")
        for answer in self._asked.values():
            if not answer.done():
                answer.set_exception(why)

    async def _connection(self) -> None:
        settings = self._rest.settings
        address = settings.base.replace("http", "ws", 1) + "/_pubsub"
        try:
            socket = await asyncio.wait_for(
                self._rest.session().ws_connect(
                    address,
                    protocols=("tega.v2",),
                    heartbeat=_HEARTBEAT,
                    max_msg_size=64 << 20,
                    headers=settings.headers(),
                ),
                settings.connect_timeout,
            )
        except aiohttp.WSServerHandshakeError as e:
            raise await self._refused(e) from e
        async with socket:
            self._socket = socket
            asking = asyncio.create_task(self._introduce())
            try:
                async for message in socket:
                    if message.type == aiohttp.WSMsgType.ERROR:
                        break
                    try:
                        self._take(_json.loads(message.data, settings.decimals))
                    except (ValueError, TypeError, KeyError, AttributeError) as e:
                        # Not with 1000: that would be a good-bye, and ephemeral nodes would go.
                        await socket.close(code=_WRONG_FRAME)
                        raise UnavailableError(f"the server sent a frame that is none of tega.v2: {e!r}") from e
                if socket.close_code == _TAKEN:
                    self._finish(ConflictError(f"another client is '{settings.tega_id}' now; this one has ended"))
                self._trouble = f"it was closed with {socket.close_code}"
            finally:
                asking.cancel()
                await asyncio.gather(asking, return_exceptions=True)

    async def _refused(self, e: aiohttp.WSServerHandshakeError) -> TegaError:
        """A refused handshake says only a number; a request for something harmless says why."""
        if e.status not in (401, 403):
            return problem(e.status, b"", self._rest.settings.base)
        try:
            await self._rest.ask("GET", "/_tag")
        except TegaError as why:
            return why
        return error({"code": "FORBIDDEN", "detail": f"the server takes no session ({e.status})"})

    async def _introduce(self) -> None:
        settings = self._rest.settings
        try:
            hello = {"op": "session", "tega_id": settings.tega_id, "ttl": round(settings.ttl)}
            told = await self._ask(0, hello, settings.connect_timeout, changes=False)
            self.server = str(told.get("server", ""))
            self._open.set()
            self.connections += 1
            await asyncio.gather(*(self._begin_again(number, guest) for number, guest in list(self._guests.items())))
            if self.connections > 1:
                await self._restore()
            self._restored.set()
        except UnavailableError:
            return
        except DeadlineError as e:
            self._trouble = str(e)
            await self._drop()
        except TegaError as e:
            self._finish(e)
            await self._drop()

    async def _drop(self) -> None:
        if self._socket is not None:
            # Not with 1001: that would be a good-bye, and ephemeral nodes would go.
            await self._socket.close(code=_GIVEN_UP)

    async def _begin_again(self, number: int, guest: Guest) -> None:
        try:
            guest.told(await self._ask(number, guest.request(), self._rest.settings.timeout, changes=False))
        except (UnavailableError, DeadlineError) as e:
            log.debug("tega: %d begins later: %s", number, e)
        except TegaError as e:
            self._guests.pop(number, None)
            guest.ended(e)

    def _take(self, frame: dict[str, Any]) -> None:
        op, number = frame.get("op"), frame.get("id")
        if op == "call":
            self.answer(frame)
            return
        waiting = self._asked.get(number) if isinstance(number, int) else None
        if waiting is not None and not waiting.done() and op not in ("change", "initial", "progress", "message"):
            if op == "error":
                waiting.set_exception(error(frame))
            else:
                waiting.set_result(frame)
        elif isinstance(number, int) and number in self._guests:
            self._guests[number].told(frame)
        elif op == "error":
            log.warning("tega: the server says: %s", frame.get("detail"))


_tasks: set[asyncio.Task[Any]] = set()


def _background(work: Any) -> None:
    task = asyncio.ensure_future(work)
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)
