package tega

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
)

// A Code is the stable name of something that can be refused or fail: the same in every client, in REST, in WebSocket frames and
// in the shell.
type Code string

// The codes of a server. Each has an error to compare with: [ErrNotFound] for CodeNotFound, and so on.
const (
	CodeNotFound        Code = "NOT_FOUND"
	CodeConflict        Code = "CONFLICT"
	CodePrecondition    Code = "PRECONDITION"
	CodeInvalid         Code = "INVALID"
	CodeLimit           Code = "LIMIT"
	CodeVetoed          Code = "VETOED"
	CodeUnauthenticated Code = "UNAUTHENTICATED"
	CodeForbidden       Code = "FORBIDDEN"
	CodeUnavailable     Code = "UNAVAILABLE"
	CodeCompacted       Code = "COMPACTED"
	CodeTimeout         Code = "TIMEOUT"
	CodeNoOwner         Code = "NO_OWNER"
	CodeNotDelivered    Code = "NOT_DELIVERED"
	CodeCalleeFailed    Code = "CALLEE_FAILED"
	CodeUnknownOutcome  Code = "UNKNOWN_OUTCOME"
	CodeDamaged         Code = "DAMAGED"
	CodeInternal        Code = "INTERNAL"
)

type sentinel Code

func (s sentinel) Error() string { return "tega: " + string(s) }

// Errors to compare with by [errors.Is].
var (
	// ErrNotFound: the path, version, revision, draft or name does not exist.
	ErrNotFound error = sentinel(CodeNotFound)
	// ErrConflict: something changed, or is in the way.
	ErrConflict error = sentinel(CodeConflict)
	// ErrPrecondition: what was expected does not hold.
	ErrPrecondition error = sentinel(CodePrecondition)
	// ErrInvalid: the request is malformed; repeating it cannot help.
	ErrInvalid error = sentinel(CodeInvalid)
	// ErrLimit: a limit was exceeded; the message names it.
	ErrLimit error = sentinel(CodeLimit)
	// ErrVetoed: a guard refused the commit; the message is the guard's.
	ErrVetoed error = sentinel(CodeVetoed)
	// ErrUnauthenticated: no valid credentials were given.
	ErrUnauthenticated error = sentinel(CodeUnauthenticated)
	// ErrForbidden: the identity may not do this here.
	ErrForbidden error = sentinel(CodeForbidden)
	// ErrUnavailable: not now, and nothing was changed; trying later can help.
	ErrUnavailable error = sentinel(CodeUnavailable)
	// ErrCompacted: the history asked for is no longer kept; Error.Oldest tells what is.
	ErrCompacted error = sentinel(CodeCompacted)
	// ErrTimeout: no answer within the deadline; whether it happened is not known.
	ErrTimeout error = sentinel(CodeTimeout)
	// ErrNoOwner: nobody answers for the RPC.
	ErrNoOwner error = sentinel(CodeNoOwner)
	// ErrNotDelivered: the request surely did not reach its target.
	ErrNotDelivered error = sentinel(CodeNotDelivered)
	// ErrCalleeFailed: the callee of an RPC failed; the message is the callee's.
	ErrCalleeFailed error = sentinel(CodeCalleeFailed)
	// ErrUnknownOutcome: whether it happened is not known: the connection was lost, or nobody waited any longer.
	ErrUnknownOutcome error = sentinel(CodeUnknownOutcome)
	// ErrDamaged: stored data is damaged.
	ErrDamaged error = sentinel(CodeDamaged)
	// ErrInternal: a defect in tega.
	ErrInternal error = sentinel(CodeInternal)

	// ErrClosed: the client was closed, by Close or for the reason that Client.Err tells.
	ErrClosed = errors.New("tega: the client is closed")
	// ErrReplaced: another connection goes by this client's name now, so this client has ended.
	ErrReplaced = errors.New("tega: another connection goes by this client's name")
)

// An Error is what was refused or failed. Branch on its Code, or with [errors.Is], never on the text.
type Error struct {
	Code    Code
	Path    Path   // what it is about; empty when it is about no single path
	Message string // a sentence for a person
	Oldest  int64  // with CodeCompacted: the oldest revision still kept
	Cause   error  // what it comes from on this side, or nil
}

func (e *Error) Error() string { return "tega: " + string(e.Code) + ": " + e.Message }

// Unwrap is the cause, so that errors.Is finds context.DeadlineExceeded and the like.
func (e *Error) Unwrap() error { return e.Cause }

// Is compares by code.
func (e *Error) Is(target error) bool {
	code, ok := target.(sentinel)
	return ok && Code(code) == e.Code
}

// CodeOf is the code of an error of this package, and empty for any other.
func CodeOf(err error) Code {
	var told *Error
	if errors.As(err, &told) {
		return told.Code
	}
	return ""
}

// problem makes an error of an answer that is none of the 200s. A server's own refusals are problem documents (RFC 9457).
func problem(status int, body []byte, server string, writes bool) *Error {
	var document struct {
		Code   Code   `json:"code"`
		Detail string `json:"detail"`
		Path   Path   `json:"path"`
		Oldest int64  `json:"oldest"`
	}
	if json.Unmarshal(body, &document) == nil && document.Code != "" {
		return &Error{Code: document.Code, Message: document.Detail, Path: document.Path, Oldest: document.Oldest}
	}
	line, _, _ := strings.Cut(strings.TrimSpace(string(body)), "\n")
	if line == "" {
		line = http.StatusText(status)
	}
	sentence := "what answers at " + server + " is no tega server, or one behind a proxy: status " + strconv.Itoa(status) + ", " + line
	if writes && status >= 500 {
		return &Error{Code: CodeUnknownOutcome, Message: sentence + "; whether the change happened is not known"}
	}
	return &Error{Code: CodeUnavailable, Message: sentence}
}
