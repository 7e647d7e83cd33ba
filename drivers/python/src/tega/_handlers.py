"""Answering calls: which function answers for which path, and with how many at a time."""

from __future__ import annotations

import asyncio
import contextvars
import functools
import inspect
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Optional, TypeVar

from . import _json
from ._errors import InvalidError, Names, TegaError
from ._model import Call
from ._session import Session

log = logging.getLogger("tega")

Handler = Callable[..., Any]
AnyHandler = TypeVar("AnyHandler", bound=Handler)

_AT_ONCE = 64
_THREADS = 16

_call: contextvars.ContextVar[Call] = contextvars.ContextVar("tega call")


def current_call() -> Call:
    """Inside a handler: the call it answers. ``LookupError`` elsewhere."""
    return _call.get()


class Handlers:
    """Functions by path. Coroutine functions run in the event loop, others in threads."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._handlers: dict[Names, Handler] = {}
        self._threads: Optional[ThreadPoolExecutor] = None
        self._running: set[asyncio.Task[None]] = set()
        session.answer = self._arrived

    def add(self, path: Names, handler: Handler) -> None:
        if path in self._handlers:
            raise InvalidError(f"this client answers for {'.'.join(path)} already", path)
        self._handlers[path] = handler

    def remove(self, path: Names) -> bool:
        return self._handlers.pop(path, None) is not None

    def _arrived(self, frame: dict[str, Any]) -> None:
        if len(self._running) >= _AT_ONCE:
            self._session.tell({"op": "error", "id": frame["id"], "detail": f"busy with {_AT_ONCE} calls"})
            return
        task = asyncio.ensure_future(self._answer(frame))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _answer(self, frame: dict[str, Any]) -> None:
        path = tuple(frame["path"])
        seconds = frame.get("deadline", 30_000) / 1000
        try:
            result = await asyncio.wait_for(self._run(path, frame, seconds), seconds)
            answer = {"op": "result", "id": frame["id"], "value": result}
            _json.dumps(answer)
        except asyncio.TimeoutError:
            log.warning("tega: %s took longer than its caller waits (%g s)", ".".join(path), seconds)
            return
        except Exception as e:
            answer = {"op": "error", "id": frame["id"], "detail": str(e) or type(e).__name__}
            if not isinstance(e, TegaError):
                log.info("tega: %s failed", ".".join(path), exc_info=True)
        self._session.tell(answer)

    async def _run(self, path: Names, frame: dict[str, Any], seconds: float) -> Any:
        handler = self._handlers.get(path)
        if handler is None:
            raise InvalidError(f"this client does not answer for {'.'.join(path)}", path)
        args, kwargs = frame.get("args", []), frame.get("kwargs", {})
        context = contextvars.copy_context()
        context.run(_call.set, Call(path, str(frame.get("caller", "")), seconds, kwargs))
        if inspect.iscoroutinefunction(handler):
            task = context.run(asyncio.ensure_future, handler(*args, **kwargs))
            return await task
        if self._threads is None:
            self._threads = ThreadPoolExecutor(_THREADS, "tega call")
        work = functools.partial(context.run, functools.partial(handler, *args, **kwargs))
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    async def close(self) -> None:
        """Stops answering; what runs in threads runs on, heard by nobody."""
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        if self._threads is not None:
            self._threads.shutdown(wait=False)
            self._threads = None
