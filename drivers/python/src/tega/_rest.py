"""Requests to one server. Nothing that changes something is ever sent twice."""

from __future__ import annotations

import asyncio
import ssl
from types import SimpleNamespace
from typing import Any, NamedTuple, Optional, Union
from urllib.parse import quote, unquote, urlsplit

import aiohttp
from yarl import URL

from . import _json, _paths
from ._errors import (
    DeadlineError,
    InvalidError,
    TegaError,
    UnavailableError,
    UnknownOutcomeError,
    error,
)
from ._model import Edit

MERGE = "application/merge-patch+json"
PATCH = "application/json-patch+json"


class Settings(NamedTuple):
    """How to reach a server, and as whom."""

    url: str
    tega_id: str
    token: Optional[str] = None
    ssl: Optional[ssl.SSLContext] = None
    timeout: float = 35.0
    connect_timeout: float = 5.0
    ttl: float = 10.0
    decimals: bool = False

    @property
    def base(self) -> str:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise InvalidError(f"a server's address begins with http:// or https://, not '{self.url}'")
        return self.url.rstrip("/")

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}


class Answer(NamedTuple):
    """What came back: the value (None when there is none), the revision it is about, the node's own revision, its owner."""

    value: Any
    revision: int
    tag: int
    owner: Optional[str]


class _SentTwiceError(Exception):
    """aiohttp is about to repeat a request whose connection broke."""


async def _at_most_once(session: aiohttp.ClientSession, context: SimpleNamespace, params: Any) -> None:
    attempt = context.trace_request_ctx
    if attempt is not None:
        if attempt.connections:
            raise _SentTwiceError
        attempt.connections += 1


class Rest:
    """One pool of connections."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._base = settings.base
        self._session: Optional[aiohttp.ClientSession] = None

    def session(self) -> aiohttp.ClientSession:
        """Made when first needed, inside the event loop."""
        if self._session is None:
            trace = aiohttp.TraceConfig()
            trace.on_connection_create_start.append(_at_most_once)
            trace.on_connection_reuseconn.append(_at_most_once)
            connector = aiohttp.TCPConnector(limit=100, ssl=self.settings.ssl or True)
            self._session = aiohttp.ClientSession(
                connector=connector,
                headers=self.settings.headers(),
                trace_configs=[trace],
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=True,
            )
        return self._session

    async def close(self) -> None:
        """Closes the pool. Another request opens one anew."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def ask(
        self,
        method: str,
        target: str,
        query: Optional[dict[str, Any]] = None,
        body: Any = None,
        *,
        kind: str = "application/json",
        headers: Optional[dict[str, str]] = None,
        timeout: Optional[float] = None,
        changes: Optional[bool] = None,
    ) -> Answer:
        """Asks. ``changes``: whether a lost answer leaves something unknown; as the method says when not given."""
        changing = method != "GET" if changes is None else changes
        limit = self.settings.timeout if timeout is None else timeout
        sending = dict(headers or {})
        data: Optional[bytes] = None
        if body is not None:
            data = body if isinstance(body, bytes) else _json.dumps(body)
            sending["Content-Type"] = kind
        try:
            async with self.session().request(
                method,
                URL(self._base + target + self._query(query), encoded=True),
                data=data,
                headers=sending,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=limit, sock_connect=self.settings.connect_timeout),
                trace_request_ctx=SimpleNamespace(connections=0) if changing else None,
            ) as response:
                content = await response.read()
                return self._answer(response, content)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as e:
            raise UnavailableError(f"no server answers at {self._base} ({e}); is it running there?") from e
        except asyncio.TimeoutError as e:
            raise self._lost(changing, f"did not answer within {limit:g} s", late=True) from e
        except (aiohttp.ClientError, OSError, _SentTwiceError) as e:
            raise self._lost(changing, f"broke the connection ({type(e).__name__}: {e})") from e

    def _query(self, query: Optional[dict[str, Any]]) -> str:
        parts = [f"tega_id={quote(self.settings.tega_id, safe='')}"]
        for name, value in (query or {}).items():
            if value is not None:
                text = ("True" if value else "False") if isinstance(value, bool) else str(value)
                parts.append(f"{name}={quote(text, safe='')}")
        return "?" + "&".join(parts)

    def _answer(self, response: aiohttp.ClientResponse, content: bytes) -> Answer:
        if response.status >= 300:
            raise self._problem(response.status, content)
        value = _json.loads(content, self.settings.decimals) if content else None
        revision = int(response.headers.get("Tega-Revision", "-1"))
        tag = response.headers.get("ETag", "").strip('"').partition("-")[0]
        owner = response.headers.get("Tega-Owner")
        return Answer(value, revision, int(tag) if tag.isdigit() else revision, unquote(owner) if owner else None)

    def _problem(self, status: int, content: bytes) -> TegaError:
        return problem(status, content, self._base)

    def _lost(self, changing: bool, what: str, late: bool = False) -> TegaError:
        if changing:
            return UnknownOutcomeError(f"the server at {self._base} {what}; whether it happened is not known")
        kind: Union[type[DeadlineError], type[UnavailableError]] = DeadlineError if late else UnavailableError
        return kind(f"the server at {self._base} {what}")


def problem(status: int, content: bytes, address: str) -> TegaError:
    """The exception an answer with this status stands for."""
    try:
        document = _json.loads(content)
    except ValueError:
        document = None
    if isinstance(document, dict) and "code" in document:
        return error(document)
    first = content.decode(errors="replace").strip().partition("\n")[0][:200]
    return UnavailableError(f"what answers at {address} is no tega server, or one behind a proxy: {status} {first}")


def tree(path: _paths.PathLike) -> str:
    """A node's URL."""
    return _paths.url(path)


def encoded(value: Any) -> bytes:
    """A value as a body; null is one too."""
    return _json.dumps(value)


def edits(told: list[dict[str, Any]]) -> list[Edit]:
    """Edits as they were told."""
    return [Edit.of(edit) for edit in told]


def said(message: Optional[str]) -> dict[str, str]:
    """The header that says what a commit is for."""
    return {} if message is None else {"Tega-Message": quote(message, safe=" !#$&'()*+,-./:;<=>?@[]^_`{|}~")}
