"""Ephemeral nodes of this client, put again when the server has lost them."""

from __future__ import annotations

import logging
from typing import Any

from . import _rest
from ._errors import Names, NotFoundError, TegaError, UnavailableError
from ._paths import dotted

log = logging.getLogger("tega")


class Leases:
    """What this client wants to be there for as long as it is."""

    def __init__(self, rest: _rest.Rest) -> None:
        self._rest = rest
        self._wanted: dict[Names, Any] = {}

    def add(self, path: Names, value: Any) -> None:
        self._wanted[path] = value

    def drop(self, path: Names) -> None:
        """The node and those below it are no longer wanted."""
        for known in [known for known in self._wanted if known[: len(path)] == path]:
            del self._wanted[known]

    async def put(self, path: Names, value: Any) -> int:
        """Puts one now."""
        body = _rest.encoded(value)
        answer = await self._rest.ask("PUT", _rest.tree(path), {"ephemeral": True}, body)
        self._wanted[path] = value
        return answer.revision

    async def restore(self) -> None:
        """After a new connection: within the TTL all of it is still there, and nothing is written."""
        for path, value in list(self._wanted.items()):
            try:
                if not await self._is_there(path, value):
                    await self._rest.ask("PUT", _rest.tree(path), {"ephemeral": True}, _rest.encoded(value))
            except UnavailableError as e:
                log.info("tega: '%s' is put again with the next connection: %s", dotted(path), e)
                return
            except TegaError as e:
                log.warning("tega: the ephemeral node '%s' is lost: %s", dotted(path), e)
                self._wanted.pop(path, None)

    async def _is_there(self, path: Names, value: Any) -> bool:
        try:
            answer = await self._rest.ask("GET", _rest.tree(path))
        except NotFoundError:
            return False
        return _rest.encoded(answer.value) == _rest.encoded(value)
