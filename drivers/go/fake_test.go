package tega

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// fake is a server that does what a test wants, well or badly. By itself it begins sessions.
type fake struct {
	t        *testing.T
	http     *httptest.Server
	sessions atomic.Int64
	requests atomic.Int64
	// session plays one connection after its session has begun; n counts them from 1.
	session func(n int64, p *peer)
	// rest answers requests.
	rest http.HandlerFunc

	mu    sync.Mutex // guards rest, too
	peers []*peer
}

// answer sets how requests are answered from now on.
func (f *fake) answer(rest http.HandlerFunc) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.rest = rest
}

// peer is the server's side of a connection.
type peer struct {
	t    *testing.T
	conn *websocket.Conn
}

func newFake(t *testing.T, f *fake) *fake {
	f.t = t
	f.http = httptest.NewServer(f)
	t.Cleanup(func() {
		f.mu.Lock()
		for _, p := range f.peers {
			_ = p.conn.CloseNow()
		}
		f.mu.Unlock()
		f.http.Close()
	})
	return f
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/_pubsub" {
		f.requests.Add(1)
		f.mu.Lock()
		rest := f.rest
		f.mu.Unlock()
		if rest != nil {
			rest(w, r)
		}
		return
	}
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{protocol}})
	if err != nil {
		return
	}
	p := &peer{f.t, conn}
	f.mu.Lock()
	f.peers = append(f.peers, p)
	f.mu.Unlock()
	defer conn.CloseNow()
	hello, ok := p.read()
	if !ok {
		return
	}
	n := f.sessions.Add(1)
	p.write(`{"op":"session","id":%s,"server":"fake","epoch":%d,"revision":1}`, hello["id"], n)
	if f.session != nil {
		f.session(n, p)
	}
	for ok { // so that pings are answered
		_, ok = p.read()
	}
}

// read is the next frame; the end of a watch or subscription is answered here.
func (p *peer) read() (map[string]json.RawMessage, bool) {
	_, text, err := p.conn.Read(context.Background())
	if err != nil {
		return nil, false
	}
	var frame map[string]json.RawMessage
	if err := json.Unmarshal(text, &frame); err != nil {
		p.t.Errorf("the client sent %q", text)
	}
	if op := string(frame["op"]); op == `"unwatch"` || op == `"unsubscribe"` {
		p.write(`{"op":"ended","id":%s}`, frame["id"])
	}
	return frame, true
}

// expect reads up to a frame of this kind.
func (p *peer) expect(op string) (frame map[string]json.RawMessage) {
	for {
		frame, ok := p.read()
		if !ok {
			return nil
		}
		if string(frame["op"]) == `"`+op+`"` {
			return frame
		}
	}
}

func (p *peer) write(format string, values ...any) {
	_ = p.conn.Write(context.Background(), websocket.MessageText, fmt.Appendf(nil, format, values...))
}

func (p *peer) change(id json.RawMessage, revision int64) {
	p.write(`{"op":"change","id":%s,"revision":%d,"kind":"edit","time":"2026-01-01T00:00:00Z","edits":[{"op":"put","path":["a"],"value":"%s"}]}`,
		id, revision, strings.Repeat("x", 600))
}

const patience = 20 * time.Second

func within(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	return ctx
}

func (f *fake) dial(options ...Option) *Client {
	f.t.Helper()
	options = append([]Option{WithID("me"), WithBackoff(time.Millisecond, 20*time.Millisecond)}, options...)
	c, err := Dial(within(f.t), f.http.URL, options...)
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { c.Close() })
	return c
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not within %s: %s", patience, what)
		}
	}
}
