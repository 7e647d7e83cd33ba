"""An event loop in a thread of its own, and the way into it."""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
from collections.abc import Coroutine
from typing import Any, Optional, TypeVar

from ._errors import InvalidError

T = TypeVar("T")


class Portal:
    """Runs coroutines for threads that wait. The loop's thread is a daemon: it does not keep a program from ending."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="tega", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    def run(self, work: Coroutine[Any, Any, T], timeout: Optional[float] = None) -> T:
        """What the coroutine gives. An interrupt (Ctrl-C) cancels it."""
        if self._loop.is_closed() or threading.current_thread() is self._thread:
            work.close()
            raise InvalidError(
                "the client is closed"
                if self._loop.is_closed()
                else "this would wait for itself: coroutines use an AsyncClient, a Client is for threads"
            )
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result(timeout)
        except concurrent.futures.CancelledError:
            raise InvalidError("the client is closed") from None
        except BaseException:
            future.cancel()
            raise

    def close(self) -> None:
        """Ends the loop; what still waits is cancelled."""
        if self._loop.is_closed():
            return
        asyncio.run_coroutine_threadsafe(self._cancel_all(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    @staticmethod
    async def _cancel_all() -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
