package tega

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"sync"
)

// A Lease is an ephemeral node of this client. It is kept while the client lives: when the connection was lost for so long that
// the server dropped the node, it is set again. It goes at once when the lease or the client is closed, and after the TTL when
// the client dies.
type Lease struct {
	client *Client
	path   Path
	lost   chan struct{}

	busy  sync.Mutex // held over requests about the node
	mu    sync.Mutex
	value json.RawMessage
	ended bool
	err   error
}

// PutEphemeral sets an ephemeral node; ErrConflict where a durable one, or another client's, is.
func (c *Client) PutEphemeral(ctx context.Context, path Path, value any) (*Lease, error) {
	path, err := path.canonical()
	if err != nil {
		return nil, err
	}
	if _, err := c.current(); err != nil {
		return nil, err
	}
	lease := c.lease(path)
	if err := lease.Set(ctx, value); err != nil {
		lease.mu.Lock()
		never := lease.value == nil
		lease.mu.Unlock()
		if never && !errors.Is(err, ErrUnknownOutcome) {
			lease.end(err)
		}
		return nil, err
	}
	return lease, nil
}

// Owner is the tega_id of the client that owns the ephemeral node at path; empty when the node is durable.
func (c *Client) Owner(ctx context.Context, path Path) (string, error) {
	answer, err := c.rest.askNode(http.MethodGet, path).with("internal", "True").send(ctx)
	if err != nil {
		return "", err
	}
	owner, err := url.QueryUnescape(answer.owner)
	if err != nil {
		return "", &Error{Code: CodeUnavailable, Path: path, Message: "the server tells no proper owner: '" + answer.owner + "'", Cause: err}
	}
	return owner, nil
}

// lease is the one that is kept for path.
func (c *Client) lease(path Path) *Lease {
	c.mu.Lock()
	defer c.mu.Unlock()
	lease := c.leases[path]
	if lease == nil {
		lease = &Lease{client: c, path: path, lost: make(chan struct{})}
		c.leases[path] = lease
	}
	return lease
}

// Path is where the node is.
func (l *Lease) Path() Path { return l.path }

// Lost is closed when the node could not be kept: somebody else has set one there meanwhile, or the client may no longer.
func (l *Lease) Lost() <-chan struct{} { return l.lost }

// Err is why the node was lost.
func (l *Lease) Err() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}

// Set gives the node another value.
func (l *Lease) Set(ctx context.Context, value any) error {
	text, err := encoded(value)
	if err != nil {
		return err
	}
	l.busy.Lock()
	defer l.busy.Unlock()
	l.mu.Lock()
	ended := l.ended
	l.mu.Unlock()
	if ended {
		return &Error{Code: CodeInvalid, Path: l.path, Message: "the ephemeral node '" + string(l.path) + "' was given up"}
	}
	if _, err := l.client.transact(ctx, transaction{Ops: []frame{l.put(text)}}); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.value = text
	return nil
}

func (l *Lease) put(value json.RawMessage) frame {
	return frame{"op": "put", "path": l.path, "value": value, "ephemeral": true}
}

// Close removes the node.
func (l *Lease) Close(ctx context.Context) error {
	l.busy.Lock()
	defer l.busy.Unlock()
	l.mu.Lock()
	ended := l.ended
	l.mu.Unlock()
	if ended {
		return nil
	}
	_, err := l.client.transact(ctx, transaction{Ops: []frame{{"op": "delete", "path": l.path}}})
	if errors.Is(err, ErrNotFound) {
		err = nil
	}
	if err == nil || errors.Is(err, ErrClosed) {
		l.end(nil)
	}
	return err
}

// end gives the node up; with an error it was lost.
func (l *Lease) end(err error) {
	l.mu.Lock()
	if !l.ended {
		l.ended = true
		l.err = err
		if err != nil {
			close(l.lost)
		}
	}
	l.mu.Unlock()
	l.client.mu.Lock()
	defer l.client.mu.Unlock()
	if l.client.leases[l.path] == l {
		delete(l.client.leases, l.path)
	}
}

// renew sees to it, on a new connection, that the ephemeral nodes are there.
func (c *Client) renew(l *link) {
	c.mu.Lock()
	leases := make([]*Lease, 0, len(c.leases))
	for _, lease := range c.leases {
		leases = append(leases, lease)
	}
	c.mu.Unlock()
	if len(leases) == 0 {
		return
	}
	_ = c.spawn(func() {
		ctx, cancel := context.WithCancel(c.ctx)
		defer cancel()
		stop := make(chan struct{})
		defer close(stop)
		go func() {
			select {
			case <-l.done:
				cancel()
			case <-stop:
			}
		}()
		for _, lease := range leases {
			lease.renew(ctx)
		}
	})
}

// renew sets the node again if it is gone. Where it is not, a rehearsal tells whether it is still this client's.
func (l *Lease) renew(ctx context.Context) {
	pauses := l.client.settings.backoff
	for {
		err := l.keep(ctx)
		if err == nil || ctx.Err() != nil {
			return
		}
		switch CodeOf(err) {
		case CodeConflict, CodeForbidden, CodeVetoed:
			l.client.settings.log.Warn("tega: an ephemeral node is lost", "path", l.path, "why", err)
			l.end(err)
			return
		}
		// Anything else may pass: a server that is not quite up, or has lost this connection before the client noticed.
		if !pause(ctx, pauses.next()) {
			return
		}
	}
}

func (l *Lease) keep(ctx context.Context) error {
	l.busy.Lock()
	defer l.busy.Unlock()
	l.mu.Lock()
	value, ended := l.value, l.ended
	l.mu.Unlock()
	if ended || value == nil {
		return nil
	}
	put := l.put(value)
	var preview Preview
	body := transaction{Ops: []frame{put, {"op": "expect", "path": l.path, "absent": true}}}
	_, err := l.client.transact(ctx, body)
	if !errors.Is(err, ErrPrecondition) {
		return err
	}
	// It is there. Setting it is refused if it is not this client's, and is not done if it is.
	body = transaction{Ops: []frame{put}, DryRun: true}
	if err := l.client.rest.ask("POST", "/_tx").json(jsonType, body).into(ctx, &preview); err != nil {
		return err
	}
	if !preview.Accepted {
		sentence := "it is refused"
		if len(preview.Refusals) > 0 {
			sentence = preview.Refusals[0]
		}
		return &Error{Code: CodeConflict, Path: l.path, Message: sentence}
	}
	return nil
}
