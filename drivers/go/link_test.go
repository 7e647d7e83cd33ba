package tega

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// The other connection is the newer one: whoever came first must not fight for the name.
func TestClientThatIsReplacedEnds(t *testing.T) {
	f := newFake(t, &fake{session: func(n int64, p *peer) { _ = p.conn.Close(4409, "another connection is 'me' now") }})
	c := f.dial()
	<-c.Done()
	if !errors.Is(c.Err(), ErrReplaced) {
		t.Errorf("it ended with %v", c.Err())
	}
	if _, err := c.Publish(within(t), "a", 1); !errors.Is(err, ErrReplaced) {
		t.Errorf("used afterwards: %v", err)
	}
	if n := f.sessions.Load(); n != 1 {
		t.Errorf("it came %d times", n)
	}
}

func TestRefusedCredentialsAreFinal(t *testing.T) {
	tries := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		tries++
		if r.Header.Get("Authorization") != "Bearer wrong" {
			t.Errorf("no token in %v", r.Header)
		}
		w.WriteHeader(401)
		_, _ = w.Write([]byte(`{"code":"UNAUTHENTICATED","detail":"this token is none of ours"}`))
	}))
	defer server.Close()
	_, err := Dial(within(t), server.URL, WithToken("wrong"), WithWait())
	if !errors.Is(err, ErrUnauthenticated) || tries != 1 {
		t.Errorf("%d tries: %v", tries, err)
	}
}

func TestWhatIsNoServer(t *testing.T) {
	html := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(404)
		_, _ = w.Write([]byte("<html>\nnothing here"))
	}))
	defer html.Close()
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	for _, url := range []string{html.URL, closed.URL} {
		if _, err := Dial(within(t), url); !errors.Is(err, ErrUnavailable) || !strings.Contains(err.Error(), url) {
			t.Errorf("%s: %v", url, err)
		}
	}
	for _, url := range []string{"", "127.0.0.1:8739", "ftp://x", "http://", "http://x/?a=1"} {
		if _, err := Dial(within(t), url); !errors.Is(err, ErrInvalid) {
			t.Errorf("%q: %v", url, err)
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Millisecond)
	defer cancel()
	if _, err := Dial(ctx, closed.URL, WithWait()); !errors.Is(err, ErrUnavailable) {
		t.Errorf("waited for: %v", err)
	}
}

// A server that takes no more, and says nothing: the connection is half open.
func TestSilentServerIsLeft(t *testing.T) {
	hold := make(chan struct{})
	defer close(hold)
	f := newFake(t, &fake{session: func(n int64, _ *peer) {
		if n == 1 {
			<-hold // reads nothing, so answers no ping
		}
	}})
	c := f.dial(WithHeartbeat(20*time.Millisecond, 50*time.Millisecond))
	eventually(t, "a second session", func() bool { return f.sessions.Load() == 2 })
	if err := c.Ready(within(t)); err != nil {
		t.Error(err)
	}
}

// Wrong frames end the connection, not the client; unknown ones are for later releases.
func TestWrongFrames(t *testing.T) {
	wrong := []func(p *peer){
		func(p *peer) { p.write(`{"op":`) },
		func(p *peer) { p.write(`[1]`) },
		func(p *peer) { _ = p.conn.Write(context.Background(), websocket.MessageBinary, []byte{0}) },
	}
	f := newFake(t, &fake{session: func(n int64, p *peer) {
		if int(n) <= len(wrong) {
			wrong[n-1](p)
			return
		}
		p.write(`{"op":"surprise","id":77,"new":true}`)
		p.write(`{"op":"error","id":null,"code":"INVALID","detail":"what?"}`)
		p.write(`{"op":"result","id":12345,"value":1}`)
		p.write(`{"op":"result","id":"x","value":1}`)
		frame := p.expect("publish")
		p.write(`{"op":"published","id":%s,"hearers":3}`, frame["id"])
		p.write(`{"op":"published","id":%s,"hearers":4}`, frame["id"]) // twice
	}})
	c := f.dial()
	eventually(t, "sessions enough", func() bool { return int(f.sessions.Load()) > len(wrong) })
	for {
		hearers, err := c.Publish(within(t), "a", 1)
		if errors.Is(err, ErrUnavailable) { // not connected again yet
			time.Sleep(time.Millisecond)
			continue
		}
		if hearers != 3 || err != nil {
			t.Errorf("%d %v", hearers, err)
		}
		break
	}
	if c.Err() != nil {
		t.Error(c.Err())
	}
}

// A server that takes connections and drops them at once is not stormed.
func TestPausesGrow(t *testing.T) {
	f := newFake(t, &fake{session: func(_ int64, p *peer) { _ = p.conn.CloseNow() }})
	f.dial(WithBackoff(20*time.Millisecond, 10*time.Second))
	time.Sleep(400 * time.Millisecond) // pauses of at most 20, 40, 80, 160, 320 ms, and at least a tenth of that
	if n := f.sessions.Load(); n < 2 || n > 9 {
		t.Errorf("%d connections", n)
	}
	pauses := backoff{first: time.Millisecond, most: time.Second}
	for range 100 {
		if d := pauses.next(); d <= 0 || d > time.Second {
			t.Fatalf("a pause of %s", d)
		}
	}
}

func TestFrameThatIsTooLargeEndsTheClient(t *testing.T) {
	f := newFake(t, &fake{session: func(_ int64, p *peer) { p.write(`{"op":"x","detail":"%s"}`, strings.Repeat("x", 4096)) }})
	c := f.dial(WithMaxFrame(2048))
	<-c.Done()
	if !errors.Is(c.Err(), ErrLimit) {
		t.Error(c.Err())
	}
	f.answer(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, 4096)) })
	if _, err := c.Node(within(t), "a"); !errors.Is(err, ErrLimit) {
		t.Error(err)
	}
}

// What was sent and not answered is unknown, and is not sent again.
func TestLostAnswersAreUnknownAndNothingIsRepeated(t *testing.T) {
	published := make(chan string, 10)
	f := newFake(t, &fake{session: func(n int64, p *peer) {
		for {
			frame := p.expect("publish")
			if frame == nil {
				return
			}
			published <- string(frame["message"])
			if n == 1 {
				_ = p.conn.CloseNow()
				return
			}
			p.write(`{"op":"published","id":%s,"hearers":1}`, frame["id"])
		}
	}})
	f.answer(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }) // breaks the connection
	c := f.dial()
	if _, err := c.Publish(within(t), "a", 1); !errors.Is(err, ErrUnknownOutcome) {
		t.Errorf("published: %v", err)
	}
	eventually(t, "connected again", func() bool { _, err := c.Publish(within(t), "a", 2); return err == nil })
	if first, second := <-published, <-published; first != "1" || second != "2" || len(published) > 0 {
		t.Errorf("sent: %s, %s and %d more", first, second, len(published))
	}
	if _, err := c.Put(within(t), "a.b", 1); !errors.Is(err, ErrUnknownOutcome) || f.requests.Load() != 1 {
		t.Errorf("put: %v, in %d requests", err, f.requests.Load())
	}
	if err := c.Get(within(t), "a.b", nil); !errors.Is(err, ErrUnavailable) {
		t.Errorf("got: %v", err)
	}
	f.requests.Store(0)
	f.answer(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(502) })
	if _, err := c.Put(within(t), "a.b", 1); !errors.Is(err, ErrUnknownOutcome) || f.requests.Load() != 1 {
		t.Errorf("put through a gateway: %v, in %d requests", err, f.requests.Load())
	}
}

func TestDeadlines(t *testing.T) {
	f := newFake(t, &fake{rest: func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // only then the end of the connection is noticed
		<-r.Context().Done()
	}})
	c := f.dial()
	soon := func() context.Context {
		ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
		t.Cleanup(cancel)
		return ctx
	}
	if err := c.Get(soon(), "a", nil); !errors.Is(err, ErrUnavailable) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("get: %v", err)
	}
	if _, err := c.Put(soon(), "a.b", 1); !errors.Is(err, ErrUnknownOutcome) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("put: %v", err)
	}
	if err := c.Call(soon(), "a.b", nil, nil, nil); !errors.Is(err, ErrTimeout) {
		t.Errorf("call: %v", err)
	}
	if _, err := c.Publish(soon(), "a", 1); !errors.Is(err, ErrTimeout) {
		t.Errorf("publish: %v", err)
	}
	canceled, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := c.Put(canceled, "a.b", 1); !errors.Is(err, ErrUnavailable) || !errors.Is(err, context.Canceled) {
		t.Errorf("put after the end: %v", err)
	}
	c.Close()
	for _, err := range []error{c.Err(), c.Ready(within(t))} {
		if !errors.Is(err, ErrClosed) {
			t.Errorf("closed: %v", err)
		}
	}
}
