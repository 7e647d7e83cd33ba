package tega

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
)

const (
	protocol = "tega.v2"
	// outgoing is how many frames wait to be written.
	outgoing = 256
	// farewell is how long a client waits for the server to say good-bye too.
	farewell = 2 * time.Second

	closeReplaced = websocket.StatusCode(4409)
)

// frame is one that the client sends.
type frame map[string]any

// inbound is any frame of the server's.
type inbound struct {
	Op        string                     `json:"op"`
	ID        json.RawMessage            `json:"id"`
	Code      Code                       `json:"code"`
	Detail    string                     `json:"detail"`
	Server    string                     `json:"server"`
	Epoch     int64                      `json:"epoch"`
	Nodes     []nodeAt                   `json:"nodes"`
	Oldest    int64                      `json:"oldest"`
	Resume    int64                      `json:"resume"`
	Channel   Path                       `json:"channel"`
	Publisher string                     `json:"publisher"`
	Hearers   int                        `json:"hearers"`
	Path      Path                       `json:"path"`
	Caller    string                     `json:"caller"`
	Args      []json.RawMessage          `json:"args"`
	Kwargs    map[string]json.RawMessage `json:"kwargs"`
	Deadline  int64                      `json:"deadline"`
	Value     json.RawMessage            `json:"value"`
	Commit                               // of a change; Message is that of a message frame, too
	size      int
	payload   json.RawMessage // the message of a message frame
}

type nodeAt struct {
	Path  Path            `json:"path"`
	Value json.RawMessage `json:"value"`
}

func (in *inbound) UnmarshalJSON(text []byte) error {
	type plain inbound
	wire := struct {
		*plain
		Message json.RawMessage `json:"message"`
	}{plain: (*plain)(in)}
	if err := json.Unmarshal(text, &wire); err != nil {
		return err
	}
	in.size = len(text)
	in.payload = wire.Message
	if in.Op == "change" && wire.Message != nil {
		return json.Unmarshal(wire.Message, &in.Message)
	}
	return nil
}

// failed is the error that an error frame tells, or nil.
func (in *inbound) failed() error {
	if in.Op != "error" {
		return nil
	}
	return &Error{Code: in.Code, Message: in.Detail}
}

// stream takes the frames that follow from one request. It must return at once.
type stream interface {
	deliver(in *inbound)
}

// A parcel is a frame on its way. Whoever sends it can take it back until the writer has it.
type parcel struct {
	text []byte // empty: say good-bye
	gone atomic.Bool
}

// link is one WebSocket connection, from the session's beginning to the connection's end.
type link struct {
	conn    *websocket.Conn
	limits  *settings
	server  string
	epoch   int64
	out     chan *parcel
	done    chan struct{} // closed at the end
	err     error         // why it ended; after done
	call    func(*link, *inbound)
	running sync.WaitGroup

	mu      sync.Mutex
	pending map[int64]chan *inbound
	streams map[int64]stream
	ended   bool
}

// refused is an error that trying again cannot mend.
type refused struct{ error }

func (r refused) Unwrap() error { return r.error }

// abandoned is the error of an attempt that a slow server may still make a session of, in the place of a later one.
type abandoned struct{ error }

func (a abandoned) Unwrap() error { return a.error }

// openLink connects and says who the client is.
func openLink(ctx context.Context, r *rest, s *settings, call func(*link, *inbound)) (*link, error) {
	ctx, cancel := context.WithTimeout(ctx, s.patience)
	defer cancel()
	header := http.Header{}
	if s.token != "" {
		header.Set("Authorization", "Bearer "+s.token)
	}
	conn, response, err := websocket.Dial(ctx, r.base.String()+"/_pubsub", &websocket.DialOptions{
		HTTPClient:   r.http,
		HTTPHeader:   header,
		Subprotocols: []string{protocol},
	})
	if err != nil {
		return nil, handshake(ctx, r, response, err)
	}
	conn.SetReadLimit(s.frameBytes)
	if conn.Subprotocol() != protocol {
		_ = conn.CloseNow()
		return nil, &Error{Code: CodeUnavailable, Message: "the server at " + r.base.String() + " does not speak " + protocol}
	}
	in, err := begin(ctx, conn, s)
	if err != nil {
		_ = conn.CloseNow()
		if ctx.Err() != nil {
			return nil, abandoned{err}
		}
		return nil, err
	}
	l := &link{
		conn:    conn,
		limits:  s,
		server:  in.Server,
		epoch:   in.Epoch,
		out:     make(chan *parcel, outgoing),
		done:    make(chan struct{}),
		call:    call,
		pending: map[int64]chan *inbound{},
		streams: map[int64]stream{},
	}
	return l, nil
}

func handshake(ctx context.Context, r *rest, response *http.Response, err error) error {
	if response != nil && response.StatusCode != http.StatusSwitchingProtocols {
		var body []byte
		if response.Body != nil {
			body, _ = io.ReadAll(io.LimitReader(response.Body, 64<<10))
		}
		told := problem(response.StatusCode, body, r.base.String(), false)
		if told.Code == CodeUnauthenticated || told.Code == CodeForbidden {
			return refused{told}
		}
		return told
	}
	cause := err
	if ctx.Err() != nil {
		cause = ctx.Err()
	}
	return &Error{Code: CodeUnavailable, Message: "no server answers at " + r.base.String() + "; is it running there, and is that its port? (" + err.Error() + ")", Cause: cause}
}

func begin(ctx context.Context, conn *websocket.Conn, s *settings) (*inbound, error) {
	hello, err := encoded(frame{"op": "session", "id": 0, "tega_id": s.id, "ttl": int64(s.ttl / time.Second)})
	if err != nil {
		return nil, err
	}
	if err := conn.Write(ctx, websocket.MessageText, hello); err != nil {
		return nil, &Error{Code: CodeUnavailable, Message: "the session was not begun: " + err.Error(), Cause: err}
	}
	_, text, err := conn.Read(ctx)
	if err != nil {
		return nil, &Error{Code: CodeUnavailable, Message: "the session was not begun: " + err.Error(), Cause: err}
	}
	var in inbound
	if err := json.Unmarshal(text, &in); err != nil || in.Op != "session" && in.Op != "error" {
		return nil, &Error{Code: CodeUnavailable, Message: "the server begins no session; is it another release?", Cause: err}
	}
	if err := in.failed(); err != nil {
		switch in.Code {
		case CodeInvalid, CodeForbidden, CodeUnauthenticated:
			return nil, refused{err}
		}
		return nil, err
	}
	return &in, nil
}

func (l *link) start() {
	l.running.Add(3)
	go l.read()
	go l.write()
	go l.beat()
}

// fail ends the link; the first reason counts.
func (l *link) fail(why error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended {
		return
	}
	l.ended = true
	l.err = why
	close(l.done)
	go func() { _ = l.conn.CloseNow() }()
}

// why is the reason it ended for.
func (l *link) why() error { return plain(l.err) }

func (l *link) read() {
	defer l.running.Done()
	for {
		kind, text, err := l.conn.Read(context.Background())
		if err != nil {
			l.fail(closed(err))
			return
		}
		in := &inbound{}
		if kind != websocket.MessageText || json.Unmarshal(text, in) != nil {
			l.fail(&Error{Code: CodeUnavailable, Message: "the server sent a frame that is none of " + protocol})
			return
		}
		l.take(in)
	}
}

// closed says why a connection ended, as far as the server told.
func closed(err error) error {
	sentence := "the connection was lost (" + err.Error() + ")"
	if errors.Is(err, websocket.ErrMessageTooBig) {
		return refused{&Error{Code: CodeLimit, Message: "a frame of the server's is larger than this client's limit; see WithMaxFrame", Cause: err}}
	}
	var told websocket.CloseError
	if errors.As(err, &told) {
		sentence = "the server closed the connection: " + strconv.Itoa(int(told.Code)) + " " + told.Reason
		if told.Code == closeReplaced {
			return refused{&Error{Code: CodeUnavailable, Message: sentence, Cause: ErrReplaced}}
		}
	}
	return &Error{Code: CodeUnavailable, Message: sentence, Cause: err}
}

func (l *link) take(in *inbound) {
	if in.Op == "call" {
		l.call(l, in)
		return
	}
	id, err := strconv.ParseInt(string(in.ID), 10, 64)
	if err != nil {
		l.limits.log.Warn("tega: the server did not understand a frame", "code", in.Code, "detail", in.Detail)
		return
	}
	l.mu.Lock()
	waiting := l.pending[id]
	delete(l.pending, id)
	following := l.streams[id]
	l.mu.Unlock()
	if waiting != nil {
		waiting <- in // has room for one
	} else if following != nil {
		following.deliver(in)
	}
}

func (l *link) write() {
	defer l.running.Done()
	for {
		select {
		case <-l.done:
			return
		case p := <-l.out:
			if !p.gone.CompareAndSwap(false, true) {
				continue
			}
			if len(p.text) == 0 {
				_ = l.conn.Close(websocket.StatusNormalClosure, "")
				l.fail(&Error{Code: CodeUnavailable, Message: "the client was closed", Cause: ErrClosed})
				return
			}
			ctx, cancel := context.WithTimeout(context.Background(), l.limits.patience+l.limits.heartbeat)
			err := l.conn.Write(ctx, websocket.MessageText, p.text)
			cancel()
			if err != nil {
				l.fail(closed(err))
				return
			}
		}
	}
}

// beat finds out whether the server is still there.
func (l *link) beat() {
	defer l.running.Done()
	ticker := time.NewTicker(l.limits.heartbeat)
	defer ticker.Stop()
	for {
		select {
		case <-l.done:
			return
		case <-ticker.C:
			ctx, cancel := context.WithTimeout(context.Background(), l.limits.patience)
			err := l.conn.Ping(ctx)
			cancel()
			if err != nil {
				l.fail(&Error{Code: CodeUnavailable, Message: "the server no longer answers", Cause: err})
				return
			}
		}
	}
}

// goodBye tells the server that the client leaves for good, behind all that waits to be sent.
func (l *link) goodBye() {
	timer := time.NewTimer(farewell)
	defer timer.Stop()
	select {
	case l.out <- &parcel{}:
	case <-timer.C:
	case <-l.done:
	}
	select {
	case <-l.done:
	case <-timer.C:
		l.fail(&Error{Code: CodeUnavailable, Message: "the client was closed", Cause: ErrClosed})
	}
}

// post sends a frame that is not answered, or whose answer nobody waits for.
func (l *link) post(ctx context.Context, text []byte) error {
	p := &parcel{text: text}
	select {
	case l.out <- p:
		return nil
	case <-l.done:
		return l.why()
	case <-ctx.Done():
		return notSent(ctx.Err())
	}
}

// offer sends a frame if there is room now.
func (l *link) offer(text []byte) bool {
	select {
	case l.out <- &parcel{text: text}:
		return true
	default:
		return false
	}
}

func notSent(cause error) error {
	return &Error{Code: CodeUnavailable, Message: "nothing was sent: it was not waited for any longer", Cause: cause}
}

// request sends a frame and waits for what answers it; what follows under the same id goes to then, if there is one. When
// whoever waits gives up, abandon tells the server.
func (l *link) request(ctx context.Context, id int64, f frame, then stream, abandon frame) (*inbound, error) {
	f["id"] = id
	text, err := encoded(f)
	if err != nil {
		return nil, err
	}
	answer := make(chan *inbound, 1)
	l.mu.Lock()
	if l.ended {
		l.mu.Unlock()
		return nil, l.why()
	}
	l.pending[id] = answer
	if then != nil {
		l.streams[id] = then
	}
	l.mu.Unlock()
	p := &parcel{text: text}
	select {
	case l.out <- p:
	case <-l.done:
		l.forget(id)
		return nil, l.why()
	case <-ctx.Done():
		l.forget(id)
		return nil, notSent(ctx.Err())
	}
	select {
	case in := <-answer:
		return l.answered(id, in)
	case <-l.done:
	case <-ctx.Done():
	}
	select {
	case in := <-answer: // it came at the last moment
		return l.answered(id, in)
	default:
	}
	l.forget(id)
	if p.gone.CompareAndSwap(false, true) {
		if ctx.Err() != nil {
			return nil, notSent(ctx.Err())
		}
		return nil, l.why()
	}
	if err := ctx.Err(); err != nil {
		if abandon != nil {
			abandon["id"] = id
			if text, err := encoded(abandon); err == nil {
				l.offer(text)
			}
		}
		if errors.Is(err, context.DeadlineExceeded) {
			return nil, &Error{Code: CodeTimeout, Message: "there was no answer within the deadline; whether it happened is not known", Cause: err}
		}
		return nil, &Error{Code: CodeUnknownOutcome, Message: "the answer was not waited for; whether it happened is not known", Cause: err}
	}
	return nil, &Error{Code: CodeUnknownOutcome, Message: "the connection was lost before the answer; whether it happened is not known (" + l.err.Error() + ")", Cause: l.why()}
}

func (l *link) answered(id int64, in *inbound) (*inbound, error) {
	if err := in.failed(); err != nil {
		l.forget(id)
		return nil, err
	}
	return in, nil
}

func (l *link) forget(id int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.pending, id)
	delete(l.streams, id)
}

// ending takes what comes under an id up to the word that it has ended.
type ending chan struct{}

func (e ending) deliver(in *inbound) {
	if in.Op == "ended" || in.Op == "error" {
		select {
		case e <- struct{}{}:
		default:
		}
	}
}

// leave tells the server that nothing more is wanted under this id, and waits until it knows, though not for long.
func (l *link) leave(id int64, op string) {
	ctx, cancel := context.WithTimeout(context.Background(), farewell)
	defer cancel()
	ended := make(ending, 1)
	l.mu.Lock()
	l.streams[id] = ended
	l.mu.Unlock()
	defer l.forget(id)
	text, err := encoded(frame{"op": op, "id": id})
	if err != nil || l.post(ctx, text) != nil {
		return
	}
	select {
	case <-ended:
	case <-l.done:
	case <-ctx.Done():
	}
}
