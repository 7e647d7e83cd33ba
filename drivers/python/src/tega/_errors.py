"""What can be refused or fail: one exception for each of the server's codes, which never change their meaning."""

from __future__ import annotations

from typing import Any, Optional

Names = tuple[str, ...]


class TegaError(Exception):
    """A refusal or a failure. ``code`` is stable; the text is a sentence for people."""

    code = "INTERNAL"

    def __init__(self, detail: str, path: Optional[Names] = None, oldest: Optional[int] = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.path = path
        #: with COMPACTED: the oldest revision that is kept
        self.oldest = oldest


class NotFoundError(TegaError):
    """The path, version, revision, draft or name does not exist."""

    code = "NOT_FOUND"


class ConflictError(TegaError):
    """Something changed, or is in the way."""

    code = "CONFLICT"


class PreconditionError(ConflictError):
    """What the request expected does not hold; something read in a transaction has changed."""

    code = "PRECONDITION"


class InvalidError(TegaError):
    """The request is malformed; repeating it cannot help."""

    code = "INVALID"


class LimitError(TegaError):
    """A limit was exceeded; the text names it."""

    code = "LIMIT"


class VetoedError(TegaError):
    """A guard of the server refused the commit; the text is the guard's."""

    code = "VETOED"


class UnauthenticatedError(TegaError):
    """No valid credentials were given."""

    code = "UNAUTHENTICATED"


class ForbiddenError(TegaError):
    """One may not do this here."""

    code = "FORBIDDEN"


class UnavailableError(TegaError):
    """The server was not reached or cannot do this now; nothing was changed; trying later can help."""

    code = "UNAVAILABLE"


class CompactedError(TegaError):
    """The history asked for is no longer kept; ``oldest`` is."""

    code = "COMPACTED"


class DeadlineError(TegaError):
    """No answer within the deadline. Of a call: whether it happened is not known."""

    code = "TIMEOUT"


class NoOwnerError(TegaError):
    """Nobody answers for the path of the call."""

    code = "NO_OWNER"


class NotDeliveredError(TegaError):
    """The call surely did not reach its callee."""

    code = "NOT_DELIVERED"


class CalleeFailedError(TegaError):
    """The callee failed; the text is the callee's."""

    code = "CALLEE_FAILED"


class UnknownOutcomeError(TegaError):
    """Whether it happened is not known: the connection or the disk failed after it was sent. It was not repeated."""

    code = "UNKNOWN_OUTCOME"


class DamagedError(TegaError):
    """Stored data is damaged; the text says where and what to do."""

    code = "DAMAGED"


class ServerError(TegaError):
    """A defect in the server."""

    code = "INTERNAL"


_BY_CODE: dict[str, type[TegaError]] = {
    kind.code: kind
    for kind in (
        NotFoundError,
        ConflictError,
        PreconditionError,
        InvalidError,
        LimitError,
        VetoedError,
        UnauthenticatedError,
        ForbiddenError,
        UnavailableError,
        CompactedError,
        DeadlineError,
        NoOwnerError,
        NotDeliveredError,
        CalleeFailedError,
        UnknownOutcomeError,
        DamagedError,
        ServerError,
    )
}


def error(document: dict[str, Any]) -> TegaError:
    """The exception of a problem document (RFC 9457) or an error frame; codes of later servers are TegaErrors."""
    code = str(document.get("code", "INTERNAL"))
    path = document.get("path")
    failure = _BY_CODE.get(code, TegaError)(
        str(document.get("detail", code)),
        tuple(path) if isinstance(path, list) else None,
        document.get("oldest") if isinstance(document.get("oldest"), int) else None,
    )
    failure.code = code
    return failure
