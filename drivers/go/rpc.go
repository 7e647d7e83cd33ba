package tega

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"time"
)

// longest is the longest deadline of a call that servers grant, unless they were set up otherwise.
const longest = 30 * time.Second

// Args are the arguments of a call in their order.
type Args []any

// Kwargs are the arguments of a call that have names.
type Kwargs map[string]any

// Call calls the RPC at path and puts its result where result points; nil drops it. The deadline of the context is told to the
// callee, and is 30 s at most. The outcomes that are no result: ErrNoOwner, ErrNotDelivered, ErrCalleeFailed with the callee's
// message, and ErrTimeout and ErrUnknownOutcome, when it is not known whether it was done.
func (c *Client) Call(ctx context.Context, path Path, args Args, kwargs Kwargs, result any) error {
	if _, err := path.Names(); err != nil {
		return err
	}
	left := longest
	if deadline, has := ctx.Deadline(); has {
		left = min(left, time.Until(deadline))
	} else {
		var cancel context.CancelFunc
		// The server's answer, that it was too long, should have time to arrive.
		ctx, cancel = context.WithTimeout(ctx, longest+c.settings.patience)
		defer cancel()
	}
	if args == nil {
		args = Args{}
	}
	if kwargs == nil {
		kwargs = Kwargs{}
	}
	ask := c.rest.ask(http.MethodPost, "/_rpc").with("path", string(path)).number("deadline", max(1, left.Milliseconds()))
	var answer struct {
		Result json.RawMessage `json:"result"`
	}
	if err := ask.json(jsonType, frame{"args": args, "kwargs": kwargs}).into(ctx, &answer); err != nil {
		return unanswered(err)
	}
	if result == nil {
		return nil
	}
	return decode(answer.Result, result)
}

// unanswered calls it a timeout when the deadline passed on this side first.
func unanswered(err error) error {
	if told, ok := err.(*Error); ok && told.Code == CodeUnknownOutcome && errors.Is(told.Cause, context.DeadlineExceeded) {
		told.Code = CodeTimeout
	}
	return err
}

// A Call is what a handler is asked.
type Call struct {
	Path   Path
	Caller string // the tega_id of whoever calls
	Args   []json.RawMessage
	Kwargs map[string]json.RawMessage
}

// Arg puts the argument at index where into points; ErrInvalid when there is none, or it does not fit.
func (c *Call) Arg(index int, into any) error {
	if index < 0 || index >= len(c.Args) {
		return invalid("argument " + strconv.Itoa(index) + " is missing")
	}
	return decode(c.Args[index], into)
}

// Kwarg puts the argument of this name where into points; ErrInvalid when there is none, or it does not fit.
func (c *Call) Kwarg(name string, into any) error {
	text, ok := c.Kwargs[name]
	if !ok {
		return invalid("the argument '" + name + "' is missing")
	}
	return decode(text, into)
}

// A HandlerFunc answers a call, with a result or an error whose text is told to the caller. Its context ends at the caller's
// deadline, when the connection is lost, and when the client is closed. Several may run at a time; one that panics fails only
// its call.
type HandlerFunc func(ctx context.Context, call *Call) (any, error)

// A Handler is an RPC that this client answers.
type Handler struct {
	client *Client
	lease  *Lease
}

// Handle lets handler answer for the RPC at path, until the Handler or the client is closed. The path is an ephemeral node that
// names this client: callers are told ErrNoOwner once the client is gone.
func (c *Client) Handle(ctx context.Context, path Path, handler HandlerFunc) (*Handler, error) {
	names, err := path.Names()
	if err != nil {
		return nil, err
	}
	if len(names) < 2 {
		return nil, &Error{Code: CodeInvalid, Path: path, Message: "an RPC is at least one name below a root"}
	}
	if strings.ContainsAny(c.ID(), ".%") {
		return nil, &Error{Code: CodeInvalid, Path: path, Message: "a client that answers calls has no dot and no percent sign in its name; '" + c.ID() + "' has"}
	}
	path = PathOf(names...)
	c.mu.Lock()
	_, taken := c.handlers[path]
	if !taken {
		c.handlers[path] = handler
	}
	c.mu.Unlock()
	if taken {
		return nil, &Error{Code: CodeConflict, Path: path, Message: "this client answers for '" + string(path) + "' already"}
	}
	lease, err := c.PutEphemeral(ctx, path, "%"+c.ID()+"."+names[len(names)-1])
	if err != nil {
		c.unhandle(path)
		return nil, err
	}
	return &Handler{client: c, lease: lease}, nil
}

// Lost is closed when somebody else answers for the path now, or the server no longer lets this client.
func (h *Handler) Lost() <-chan struct{} { return h.lease.Lost() }

// Err is why the RPC was lost.
func (h *Handler) Err() error { return h.lease.Err() }

// Close takes the RPC back.
func (h *Handler) Close(ctx context.Context) error {
	err := h.lease.Close(ctx)
	h.client.unhandle(h.lease.path)
	return err
}

func (c *Client) unhandle(path Path) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.handlers, path)
}

// called begins to answer a call of the server's. It returns at once.
func (c *Client) called(l *link, in *inbound) {
	c.mu.Lock()
	handler := c.handlers[in.Path]
	busy := c.handling >= c.settings.handlers
	if handler != nil && !busy {
		c.handling++
	}
	c.mu.Unlock()
	switch {
	case handler == nil:
		l.offer(answer(in.ID, nil, fmt.Errorf("'%s' does not answer for '%s'", c.ID(), in.Path)))
	case busy:
		l.offer(answer(in.ID, nil, fmt.Errorf("'%s' handles %d calls already, which is its limit", c.ID(), c.settings.handlers)))
	default:
		go c.handle(l, in, handler)
	}
}

func (c *Client) handle(l *link, in *inbound, handler HandlerFunc) {
	left := longest
	if in.Deadline > 0 {
		left = time.Duration(in.Deadline) * time.Millisecond
	}
	ctx, cancel := context.WithTimeout(c.ctx, left)
	defer cancel()
	ended := make(chan struct{})
	defer close(ended)
	go func() {
		select {
		case <-l.done:
			cancel()
		case <-ended:
		}
	}()
	result, err := c.guarded(ctx, handler, &Call{Path: in.Path, Caller: in.Caller, Args: in.Args, Kwargs: in.Kwargs})
	c.mu.Lock()
	c.handling-- // before the answer, which may bring the next call
	c.mu.Unlock()
	_ = l.post(context.Background(), answer(in.ID, result, err))
}

// guarded turns a panic into an error.
func (c *Client) guarded(ctx context.Context, handler HandlerFunc, call *Call) (result any, err error) {
	defer func() {
		if reason := recover(); reason != nil {
			c.settings.log.Error("tega: a handler panicked", "path", call.Path, "reason", reason, "stack", string(debug.Stack()))
			err = fmt.Errorf("the handler failed: %v", reason)
		}
	}()
	return handler(ctx, call)
}

func answer(id json.RawMessage, result any, failure error) []byte {
	if failure == nil {
		text, err := encoded(frame{"op": "result", "id": id, "value": result})
		if err == nil {
			return text
		}
		failure = err
	}
	sentence := failure.Error()
	if told, ok := failure.(*Error); ok {
		sentence = told.Message
	}
	text, _ := encoded(frame{"op": "error", "id": id, "detail": sentence})
	return text
}
