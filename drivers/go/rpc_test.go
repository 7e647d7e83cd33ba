package tega

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
)

// okTransactions answers every transaction as done.
func okTransactions(w http.ResponseWriter, _ *http.Request) {
	_, _ = w.Write([]byte(`{"revision":1,"kind":"lease","time":"2026-01-01T00:00:00Z","versions":{}}`))
}

// Whatever a handler does, its caller is answered and the connection stays.
func TestHandlers(t *testing.T) {
	begin, answers := make(chan struct{}), make(chan map[string]json.RawMessage, 10)
	call := func(p *peer, id, path string) {
		p.write(`{"op":"call","id":"%s","path":["rpc","%s"],"caller":"x","args":[1],"kwargs":{},"deadline":10000}`, id, path)
	}
	f := newFake(t, &fake{rest: okTransactions, session: func(_ int64, p *peer) {
		<-begin
		ask := func(id, path string) {
			call(p, id, path)
			frame, _ := p.read()
			answers <- frame
		}
		ask("1", "nosuch")
		ask("2", "panics")
		ask("3", "fails")
		ask("4", "unspeakable")
		ask("5", "null")
		call(p, "6", "waits")
		call(p, "7", "waits")
		ask("8", "null") // one too many
		for range 2 {
			frame, _ := p.read()
			answers <- frame
		}
		ask("9", "null")
	}})
	c := f.dial(WithMaxHandlers(2))
	waiting, release := make(chan struct{}, 2), make(chan struct{})
	for name, handler := range map[string]HandlerFunc{
		"panics":      func(context.Context, *Call) (any, error) { panic("oh") },
		"fails":       func(_ context.Context, call *Call) (any, error) { return nil, call.Arg(1, nil) },
		"unspeakable": func(context.Context, *Call) (any, error) { return func() {}, nil },
		"null":        func(context.Context, *Call) (any, error) { return nil, nil },
		"waits": func(ctx context.Context, _ *Call) (any, error) {
			waiting <- struct{}{}
			<-release
			return 1, ctx.Err()
		},
	} {
		if _, err := c.Handle(within(t), PathOf("rpc", name), handler); err != nil {
			t.Fatal(err)
		}
	}
	close(begin)
	go func() {
		<-waiting
		<-waiting
	}()
	for _, want := range []struct{ id, said string }{
		{"1", "does not answer for"},
		{"2", "oh"},
		{"3", "argument 1 is missing"},
		{"4", "no JSON form"},
		{"5", ""},
		{"8", "which is its limit"},
	} {
		frame := <-answers
		if string(frame["id"]) != `"`+want.id+`"` || !strings.Contains(string(frame["detail"]), want.said) || want.said == "" && string(frame["value"]) != "null" {
			t.Errorf("call %s is answered %s", want.id, frame)
		}
	}
	close(release)
	for range 3 {
		if frame := <-answers; string(frame["op"]) != `"result"` {
			t.Errorf("answered %s", frame)
		}
	}
}

func TestHandlerEndsWithItsConnection(t *testing.T) {
	begin := make(chan struct{})
	f := newFake(t, &fake{rest: okTransactions, session: func(n int64, p *peer) {
		if n == 1 {
			<-begin
			p.write(`{"op":"call","id":"1","path":["rpc","waits"],"caller":"x","args":[],"kwargs":{},"deadline":60000}`)
			<-begin
			_ = p.conn.CloseNow()
		}
	}})
	c := f.dial()
	ended := make(chan error, 1)
	_, err := c.Handle(within(t), "rpc.waits", func(ctx context.Context, _ *Call) (any, error) {
		begin <- struct{}{}
		<-ctx.Done()
		ended <- ctx.Err()
		return nil, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	begin <- struct{}{}
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestNamesThatCannotAnswer(t *testing.T) {
	f := newFake(t, &fake{rest: okTransactions})
	c := f.dial(WithID("a.b"))
	if _, err := c.Handle(within(t), "rpc.x", nil); !errors.Is(err, ErrInvalid) {
		t.Errorf("a name with a dot: %v", err)
	}
	c = f.dial(WithID("ab"))
	if _, err := c.Handle(within(t), "rpc", nil); !errors.Is(err, ErrInvalid) {
		t.Errorf("a root: %v", err)
	}
	if _, err := c.Handle(within(t), "rpc.x", nil); err != nil {
		t.Error(err)
	}
	if _, err := c.Handle(within(t), `rpc."x"`, nil); !errors.Is(err, ErrConflict) {
		t.Errorf("twice: %v", err)
	}
}
