package tega

import (
	"context"
	"encoding/json"
	"sync"
)

// Publish sends a message to all who subscribe to the channel at this moment, except for this client, and tells how many there
// were on its server. None is no error.
func (c *Client) Publish(ctx context.Context, channel Path, message any) (int, error) {
	in, err := c.request(ctx, frame{"op": "publish", "channel": channel, "message": message}, nil)
	if err != nil {
		return 0, err
	}
	return in.Hearers, nil
}

// request asks by WebSocket.
func (c *Client) request(ctx context.Context, f, abandon frame) (*inbound, error) {
	l, err := c.current()
	if err != nil {
		return nil, err
	}
	ctx, cancel := c.bounded(ctx)
	defer cancel()
	return l.request(ctx, c.ids.Add(1), f, nil, abandon)
}

// A Message was published to a channel.
type Message struct {
	Channel   Path
	Publisher string // its tega_id
	Value     json.RawMessage
	// Missed tells that there may have been others before this one: the connection was lost for a while, or so many waited that
	// the oldest were dropped.
	Missed bool
}

// Decode puts the message where into points; numbers in interfaces become json.Number.
func (m *Message) Decode(into any) error { return decode(m.Value, into) }

// A SubscribeOption changes what a subscription hears.
type SubscribeOption func(frame)

// Globally hears what is published anywhere in the network of servers.
func Globally() SubscribeOption { return func(f frame) { f["scope"] = "global" } }

// A Subscription hears the messages to a channel. It is made anew after the connection was lost. It ends when its context does,
// when it or the client is closed, or with an error.
type Subscription struct {
	client   *Client
	spec     frame
	messages chan Message
	queue    *queue[Message]
	parent   context.Context
	ctx      context.Context
	cancel   context.CancelFunc

	mu     sync.Mutex
	missed bool
	err    error
}

// Subscribe hears the messages to a channel, a path. When it returns the subscription has begun.
func (c *Client) Subscribe(ctx context.Context, channel Path, options ...SubscribeOption) (*Subscription, error) {
	return c.subscribe(ctx, frame{"channel": channel}, options)
}

// SubscribePattern hears the messages to all channels that a pattern means: * is any one name, ** any number of names.
func (c *Client) SubscribePattern(ctx context.Context, pattern string, options ...SubscribeOption) (*Subscription, error) {
	return c.subscribe(ctx, frame{"pattern": pattern}, options)
}

func (c *Client) subscribe(ctx context.Context, spec frame, options []SubscribeOption) (*Subscription, error) {
	spec["op"] = "subscribe"
	for _, option := range options {
		option(spec)
	}
	s := &Subscription{
		client:   c,
		spec:     spec,
		messages: make(chan Message),
		queue:    newQueue[Message](c.settings.queueBytes),
		parent:   ctx,
	}
	l, err := c.current()
	if err != nil {
		return nil, err
	}
	first, cancel := c.bounded(ctx)
	defer cancel()
	id, err := s.begin(first, l)
	if err != nil {
		return nil, err
	}
	s.ctx, s.cancel = context.WithCancel(ctx)
	stop := context.AfterFunc(c.ctx, s.cancel)
	err = c.spawn(func() {
		var supervisor sync.WaitGroup
		supervisor.Add(1)
		go func() {
			defer supervisor.Done()
			defer s.cancel()
			s.end(s.supervise(l, id))
		}()
		s.pump()
		stop()
		supervisor.Wait()
		close(s.messages)
	})
	if err != nil {
		l.leave(id, "unsubscribe")
		s.cancel()
		return nil, err
	}
	return s, nil
}

// Messages are what is heard; closed when the subscription has ended, for the reason that Err tells.
func (s *Subscription) Messages() <-chan Message { return s.messages }

// Err is why the subscription has ended; nil while it goes on, and after Close.
func (s *Subscription) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// Close ends the subscription. Messages is closed as soon as the server knows.
func (s *Subscription) Close() { s.cancel() }

func (s *Subscription) end(err error) {
	if err == nil {
		if err = s.parent.Err(); err == nil {
			err = s.client.Err()
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err = err
}

func (s *Subscription) begin(ctx context.Context, l *link) (int64, error) {
	f := frame{}
	for name, value := range s.spec {
		f[name] = value
	}
	id := s.client.ids.Add(1)
	_, err := l.request(ctx, id, f, s, frame{"op": "unsubscribe"})
	return id, err
}

func (s *Subscription) supervise(l *link, id int64) error {
	for {
		select {
		case <-s.ctx.Done():
			l.leave(id, "unsubscribe")
			return nil
		case <-l.done:
		}
		for lost := l; ; {
			var err error
			if l, err = s.client.await(s.ctx, lost); err != nil {
				return nil
			}
			s.miss()
			if id, err = s.begin(s.ctx, l); err == nil {
				break
			}
			select {
			case <-s.ctx.Done():
				return nil
			case <-l.done:
				lost = l
				continue
			default:
			}
			if CodeOf(err) != CodeUnavailable {
				return err
			}
			if !pause(s.ctx, s.client.settings.backoff.most/4) {
				return nil
			}
		}
	}
}

func (s *Subscription) miss() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.missed = true
}

// deliver queues a message; where there is no room the oldest make some.
func (s *Subscription) deliver(in *inbound) {
	if in.Op != "message" {
		return
	}
	message := Message{Channel: in.Channel, Publisher: in.Publisher, Value: in.payload}
	for !s.queue.put(message, in.size+overhead) {
		s.queue.take()
		s.miss()
	}
}

func (s *Subscription) pump() {
	for {
		next, ok := s.queue.take()
		if !ok {
			select {
			case <-s.queue.wake:
				continue
			case <-s.ctx.Done():
				return
			}
		}
		s.mu.Lock()
		next.Missed, s.missed = s.missed, false
		s.mu.Unlock()
		select {
		case s.messages <- next:
		case <-s.ctx.Done():
			return
		}
	}
}
