package tega

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// idle is how long an unused connection is kept.
	idle = 30 * time.Second
	// steady is how long a connection must have held for the pauses to begin anew.
	steady = 10 * time.Second
)

// A Client is a session at a server. It holds one WebSocket and connects again when that is lost. Close it.
type Client struct {
	rest     *rest
	settings *settings
	// abandoned is how many attempts to connect were given up that may have got through; run's own.
	abandoned int
	ctx       context.Context // ends with the client
	cancel    context.CancelFunc
	running   sync.WaitGroup
	ids       atomic.Int64

	mu       sync.Mutex
	link     *link         // nil while there is no connection
	changed  chan struct{} // closed, and made anew, when link or err changes
	err      error         // why the client has ended
	leases   map[Path]*Lease
	handlers map[Path]HandlerFunc
	handling int
}

// Dial connects to a server, for example http://127.0.0.1:8739, and begins a session. The context is for connecting only; the
// client lives until it is closed.
func Dial(ctx context.Context, url string, options ...Option) (*Client, error) {
	base, err := address(url)
	if err != nil {
		return nil, err
	}
	s := defaults()
	for _, option := range options {
		if err := option(s); err != nil {
			return nil, err
		}
	}
	if s.id == "" {
		s.id = randomID()
	}
	c := &Client{
		rest:     newRest(base, s),
		settings: s,
		changed:  make(chan struct{}),
		leases:   map[Path]*Lease{},
		handlers: map[Path]HandlerFunc{},
	}
	c.ctx, c.cancel = context.WithCancel(context.Background())
	pauses := s.backoff
	for {
		l, err := openLink(ctx, c.rest, s, c.called)
		if err == nil {
			c.enter(l)
			c.running.Add(1)
			go c.run(l)
			return c, nil
		}
		var final refused
		if errors.As(err, &final) || !s.wait || ctx.Err() != nil || !pause(ctx, pauses.next()) {
			c.cancel()
			c.rest.http.CloseIdleConnections()
			return nil, plain(err)
		}
	}
}

// plain is the error without the mark that trying again cannot help.
func plain(err error) error {
	var final refused
	if errors.As(err, &final) {
		return final.error
	}
	var late abandoned
	if errors.As(err, &late) {
		return late.error
	}
	return err
}

// ID is the name the client goes by, its tega_id.
func (c *Client) ID() string { return c.settings.id }

// URL is where the server is.
func (c *Client) URL() string { return c.rest.base.String() }

// Server is the id of the server that the client is, or was last, connected to.
func (c *Client) Server() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.link == nil {
		return ""
	}
	return c.link.server
}

// enter makes l the connection.
func (c *Client) enter(l *link) {
	l.start()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.link = l
	c.tell()
}

// tell wakes whoever waits for a change; c.mu is held.
func (c *Client) tell() {
	close(c.changed)
	c.changed = make(chan struct{})
}

// run looks after the connection until the client ends.
func (c *Client) run(l *link) {
	defer c.running.Done()
	pauses := c.settings.backoff
	for {
		began := time.Now()
		c.renew(l)
		select {
		case <-l.done:
		case <-c.ctx.Done():
			l.goodBye()
		}
		l.running.Wait()
		c.mu.Lock()
		c.link = nil
		c.tell()
		c.mu.Unlock()
		var final refused
		if c.ctx.Err() != nil {
			return
		}
		if errors.As(l.err, &final) {
			if !errors.Is(l.err, ErrReplaced) || c.abandoned == 0 {
				c.end(final.error)
				return
			}
			c.abandoned-- // it was this client's own earlier attempt, come late
		}
		c.settings.log.Info("tega: the connection is lost", "server", c.URL(), "why", l.err)
		if time.Since(began) > steady {
			pauses.reset()
		}
		if l = c.again(&pauses); l == nil {
			return
		}
		c.settings.log.Info("tega: connected again", "server", c.URL())
	}
}

// again connects again; nil when the client has ended.
func (c *Client) again(pauses *backoff) *link {
	for pause(c.ctx, pauses.next()) {
		l, err := openLink(c.ctx, c.rest, c.settings, c.called)
		if err == nil {
			c.enter(l)
			return l
		}
		var final refused
		if errors.As(err, &final) {
			c.end(final.error)
			return nil
		}
		if errors.As(err, new(abandoned)) {
			c.abandoned++
		}
		c.settings.log.Debug("tega: still not connected", "server", c.URL(), "why", err)
	}
	return nil
}

// end ends the client; the first reason counts.
func (c *Client) end(why error) {
	c.mu.Lock()
	if c.err == nil {
		c.err = why
		c.tell()
	}
	c.mu.Unlock()
	c.cancel()
}

// Close ends the session: ephemeral nodes and RPCs of the client are gone at once, watches and subscriptions end. It waits for
// that, but not for handlers of calls that do not heed their context. It returns nil; closing again does nothing.
func (c *Client) Close() error {
	c.end(&Error{Code: CodeUnavailable, Message: "the client is closed", Cause: ErrClosed})
	c.running.Wait()
	c.rest.http.CloseIdleConnections()
	return nil
}

// Done is closed when the client has ended: by Close, or because the server refuses it for good.
func (c *Client) Done() <-chan struct{} { return c.ctx.Done() }

// Err is why the client has ended, nil while it has not.
func (c *Client) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// current is the connection; an error when there is none now.
func (c *Client) current() (*link, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil {
		return nil, c.err
	}
	if c.link == nil {
		return nil, &Error{Code: CodeUnavailable, Message: "the connection to " + c.URL() + " is lost and not found again yet; nothing was sent"}
	}
	return c.link, nil
}

// Ready waits until the client is connected.
func (c *Client) Ready(ctx context.Context) error {
	_, err := c.await(ctx, nil)
	return err
}

// await is the connection, as soon as there is one that is not l.
func (c *Client) await(ctx context.Context, not *link) (*link, error) {
	for {
		c.mu.Lock()
		l, err, changed := c.link, c.err, c.changed
		c.mu.Unlock()
		if err != nil {
			return nil, err
		}
		if l != nil && l != not {
			return l, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, &Error{Code: CodeUnavailable, Message: "there is no connection to " + c.URL() + " yet", Cause: ctx.Err()}
		}
	}
}

// bounded gives a context a deadline if it has none.
func (c *Client) bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, has := ctx.Deadline(); has {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, c.settings.answer)
}

// spawn runs f on a goroutine that Close waits for, unless the client has ended.
func (c *Client) spawn(f func()) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil {
		return c.err
	}
	c.running.Add(1)
	go func() {
		defer c.running.Done()
		f()
	}()
	return nil
}
