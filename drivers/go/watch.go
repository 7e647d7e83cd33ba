package tega

import (
	"context"
	"encoding/json"
	"sync"
)

// An EventKind says what a watch tells.
type EventKind int

const (
	// Changed: a commit touched what is watched; Event.Commit.
	Changed EventKind = iota
	// Initial: the watched nodes as they are; Event.Nodes. The first event of a watch [WithInitial].
	Initial
	// Progress: everything up to the revision has been told, though nothing here changed: a place to resume from.
	Progress
	// Slow: the reader was so slow that the server ended the watch, and the driver has resumed it. Nothing is missing.
	Slow
)

func (k EventKind) String() string {
	return [...]string{"changed", "initial", "progress", "slow"}[k]
}

// An Event is what a watch tells.
type Event struct {
	Kind     EventKind
	Revision int64 // everything up to it has been told
	Commit   *Commit
	Nodes    []Node
	// Inventory marks a change that is no change: after the server was restarted, or when a watch resumed from far back, it names
	// the ephemeral nodes there are. Any other that was known from before is gone.
	Inventory bool
}

// A Node is one node of the tree.
type Node struct {
	Path     Path
	Value    json.RawMessage
	Revision int64 // of the last commit at or below it; 0 when that was not told
	At       int64 // the revision at which it was read
}

// Decode puts the value where into points; numbers in interfaces become json.Number.
func (n *Node) Decode(into any) error { return decode(n.Value, into) }

// A WatchOption changes what a watch tells.
type WatchOption func(frame)

// Since begins with the commit after this revision; without it a watch begins now.
func Since(revision int64) WatchOption { return func(f frame) { f["since"] = revision } }

// WithInitial first tells the watched nodes as they are.
func WithInitial() WatchOption { return func(f frame) { f["initial"] = true } }

// InState combines what waits for a slow reader, path by path; Commit.Skipped tells how many commits.
func InState() WatchOption { return func(f frame) { f["mode"] = "state" } }

// WithoutOwn leaves out the client's own commits.
func WithoutOwn() WatchOption { return func(f frame) { f["own"] = false } }

// WithWindow sets how many changes the server sends ahead of the reader, 1 to 100000; 256 when not given.
func WithWindow(changes int) WatchOption { return func(f frame) { f["window"] = changes } }

// A Watch tells every commit that touches the watched nodes: whole, once, in order. It goes on over lost connections and
// restarted servers, behind the last revision it has told. It ends when its context does, when it or the client is closed, or
// with an error, such as ErrCompacted when what it would have to resume from is no longer kept.
type Watch struct {
	client *Client
	spec   frame
	window int
	events chan Event
	queue  *queue[queued]
	parent context.Context
	ctx    context.Context
	cancel context.CancelFunc
	over   chan struct{} // closed when nothing more will be queued

	mu      sync.Mutex
	last    int64 // everything up to it has been queued; -1 before anything was
	told    int64 // everything up to it has been given to the reader
	initial bool  // the nodes as they are, are still to be told
	err     error
}

// queued is an event, and where it came from.
type queued struct {
	Event
	turn *turn
}

// turn is a watch's stay on one connection. Its end and what led to it are guarded by the watch's mutex.
type turn struct {
	watch *Watch
	link  *link
	id    int64
	over  chan struct{} // closed when done
	done  bool
	full  bool  // there was no room: resume when there is
	final error // do not resume
	unack int   // changes given to the reader and not acknowledged; the pump's own
}

// Watch begins to watch the node at path: what happens at, below and above it. When it returns the watch has begun.
func (c *Client) Watch(ctx context.Context, path Path, options ...WatchOption) (*Watch, error) {
	if _, err := path.Names(); err != nil {
		return nil, err
	}
	return c.watch(ctx, frame{"path": path}, options)
}

// WatchPattern watches all nodes that a pattern means: * is any one name, ** any number of names; devices.*.up.
func (c *Client) WatchPattern(ctx context.Context, pattern string, options ...WatchOption) (*Watch, error) {
	return c.watch(ctx, frame{"pattern": pattern}, options)
}

func (c *Client) watch(ctx context.Context, spec frame, options []WatchOption) (*Watch, error) {
	spec["op"] = "watch"
	spec["window"] = 256
	for _, option := range options {
		option(spec)
	}
	window, _ := spec["window"].(int)
	if window < 1 {
		return nil, invalid("a window is one change or more")
	}
	w := &Watch{
		client: c,
		spec:   spec,
		window: window,
		events: make(chan Event),
		queue:  newQueue[queued](c.settings.queueBytes),
		parent: ctx,
		over:   make(chan struct{}),
		last:   -1,
	}
	if since, ok := spec["since"].(int64); ok {
		w.last, w.told = since, since
	}
	_, w.initial = spec["initial"]
	l, err := c.current()
	if err != nil {
		return nil, err
	}
	first, cancel := c.bounded(ctx)
	defer cancel()
	t, err := w.begin(first, l)
	if err != nil {
		return nil, err
	}
	w.ctx, w.cancel = context.WithCancel(ctx)
	stop := context.AfterFunc(c.ctx, w.cancel)
	err = c.spawn(func() {
		var supervisor sync.WaitGroup
		supervisor.Add(1)
		go func() {
			defer supervisor.Done()
			w.end(w.supervise(t))
		}()
		w.pump()
		stop()
		w.cancel()
		supervisor.Wait()
		close(w.events)
	})
	if err != nil {
		t.leave()
		w.cancel()
		return nil, err
	}
	return w, nil
}

// Events are what the watch tells; closed when it has ended, for the reason that Err tells.
func (w *Watch) Events() <-chan Event { return w.events }

// Revision is up to where everything has been told: the place to resume from in another watch, by Since.
func (w *Watch) Revision() int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.told
}

// Err is why the watch has ended; nil while it goes on, and after Close.
func (w *Watch) Err() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.err
}

// Close ends the watch; Events is closed soon.
func (w *Watch) Close() { w.cancel() }

// end says why there is nothing more to come.
func (w *Watch) end(err error) {
	if err == nil {
		// It ended with its context, the client, or by Close.
		if err = w.parent.Err(); err == nil {
			err = w.client.Err()
		}
	}
	w.mu.Lock()
	w.err = err
	w.mu.Unlock()
	close(w.over)
}

// begin registers the watch on a connection.
func (w *Watch) begin(ctx context.Context, l *link) (*turn, error) {
	t := &turn{watch: w, link: l, id: w.client.ids.Add(1), over: make(chan struct{})}
	f := frame{}
	for name, value := range w.spec {
		f[name] = value
	}
	w.mu.Lock()
	if w.last >= 0 {
		f["since"] = w.last
	}
	if !w.initial {
		delete(f, "initial")
	}
	w.mu.Unlock()
	in, err := l.request(ctx, t.id, f, t, frame{"op": "unwatch"})
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.initial && w.last < 0 {
		w.last, w.told = in.Revision, in.Revision
	}
	return t, nil
}

// supervise keeps the watch registered; nil when it was ended from this side.
func (w *Watch) supervise(t *turn) error {
	for {
		select {
		case <-w.ctx.Done():
			t.leave()
			return nil
		case <-t.link.done:
		case <-t.over:
		}
		w.mu.Lock()
		full, final := t.full, t.final
		w.mu.Unlock()
		if final != nil {
			return final
		}
		if full {
			t.leave()
			for !w.queue.isHalfEmpty() {
				select {
				case <-w.queue.room:
				case <-w.ctx.Done():
					return nil
				}
			}
		}
		var err error
		if t, err = w.resume(); t == nil {
			return err
		}
	}
}

// resume registers the watch again, on this connection or a later one; nothing when it was ended from this side.
func (w *Watch) resume() (*turn, error) {
	var lost *link
	for {
		l, err := w.client.await(w.ctx, lost)
		if err != nil {
			return nil, nil
		}
		t, err := w.begin(w.ctx, l)
		if err == nil {
			return t, nil
		}
		select {
		case <-w.ctx.Done():
			return nil, nil
		case <-l.done:
			lost = l
			continue
		default:
		}
		if CodeOf(err) != CodeUnavailable {
			return nil, err
		}
		if !pause(w.ctx, w.client.settings.backoff.most/4) {
			return nil, nil
		}
	}
}

// What an event costs beside its text.
const overhead = 256

// deliver queues what the server tells.
func (t *turn) deliver(in *inbound) {
	w := t.watch
	w.mu.Lock()
	defer w.mu.Unlock()
	if t.done {
		return
	}
	switch in.Op {
	case "change":
		inventory := in.Kind == KindLease && in.RefersTo == in.Revision
		if in.Revision < w.last || in.Revision == w.last && !inventory {
			return // told before
		}
		commit := in.Commit
		t.put(Event{Kind: Changed, Revision: in.Revision, Commit: &commit, Inventory: inventory}, in.size)
	case "initial":
		nodes := make([]Node, 0, len(in.Nodes))
		for _, node := range in.Nodes {
			nodes = append(nodes, Node{Path: node.Path, Value: node.Value, At: in.Revision})
		}
		if t.put(Event{Kind: Initial, Revision: in.Revision, Nodes: nodes}, in.size) {
			w.initial = false
		}
	case "progress":
		if in.Revision > w.last {
			t.put(Event{Kind: Progress, Revision: in.Revision}, 0)
		}
	case "slow":
		if t.put(Event{Kind: Slow, Revision: max(in.Resume, w.last)}, 0) {
			t.finish()
		}
	case "compacted":
		t.final = &Error{Code: CodeCompacted, Oldest: in.Oldest, Message: "what happened behind the last revision told is no longer kept; read anew, and watch from there"}
		t.finish()
	}
}

// put queues an event, or else ends the turn.
func (t *turn) put(event Event, size int) bool {
	if t.watch.queue.put(queued{event, t}, size+overhead) {
		t.watch.last = event.Revision
		return true
	}
	t.full = true
	t.finish()
	return false
}

func (t *turn) finish() {
	if !t.done {
		t.done = true
		close(t.over)
	}
}

// leave tells the server that nothing more is wanted.
func (t *turn) leave() {
	t.watch.mu.Lock()
	t.finish()
	t.watch.mu.Unlock()
	t.link.leave(t.id, "unwatch")
}

// pump gives the events to the reader, and acknowledges them.
func (w *Watch) pump() {
	for {
		next, ok := w.queue.take()
		if !ok {
			select {
			case <-w.queue.wake:
				continue
			case <-w.ctx.Done():
				return
			case <-w.over:
			}
			if next, ok = w.queue.take(); !ok {
				return
			}
		}
		select {
		case w.events <- next.Event:
		case <-w.ctx.Done():
			return
		}
		w.mu.Lock()
		w.told = next.Revision
		w.mu.Unlock()
		if next.Kind == Changed {
			next.turn.acknowledge(next.Revision)
		}
	}
}

func (t *turn) acknowledge(revision int64) {
	t.unack++
	if t.unack < max(1, t.watch.window/2) {
		return
	}
	t.unack = 0
	if text, err := encoded(frame{"op": "ack", "id": t.id, "revision": revision}); err == nil {
		_ = t.link.post(t.watch.ctx, text)
	}
}
