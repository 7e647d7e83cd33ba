package tega_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"syscall"
	"testing"
	"time"

	"tega"
)

// Many clients lose one server: they come back, each with all it had, after the server was killed, and after it stood still for
// longer than they wait.
func TestManyClientsComeBack(t *testing.T) {
	const clients = 20
	s, err := newServer(t.TempDir())
	if err == nil {
		err = s.start()
	}
	if err != nil {
		t.Fatal(err)
	}
	defer s.kill()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	all := make([]*tega.Client, clients)
	watches := make([]*tega.Watch, clients)
	for i := range all {
		id := fmt.Sprintf("storm%d", i)
		c, err := tega.Dial(ctx, s.url, tega.WithID(id), tega.WithHeartbeat(300*time.Millisecond, time.Second))
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if _, err := c.PutEphemeral(ctx, tega.PathOf("here", id), i); err != nil {
			t.Fatal(err)
		}
		answer := func(context.Context, *tega.Call) (any, error) { return id, nil }
		if _, err := c.Handle(ctx, tega.PathOf("rpc", id), answer); err != nil {
			t.Fatal(err)
		}
		if watches[i], err = c.Watch(ctx, "told"); err != nil {
			t.Fatal(err)
		}
		all[i] = c
	}
	for round, disturb := range []func(){
		func() {
			s.kill()
			if err := s.start(); err != nil {
				t.Fatal(err)
			}
		},
		func() {
			_ = s.process.Process.Signal(syscall.SIGSTOP)
			time.Sleep(3 * time.Second)
			_ = s.process.Process.Signal(syscall.SIGCONT)
		},
	} {
		disturb()
		began := time.Now()
		var both sync.WaitGroup
		for i, c := range all {
			both.Add(1)
			go func() {
				defer both.Done()
				id := fmt.Sprintf("storm%d", i)
				for {
					var said string
					var there int
					if c.Get(ctx, tega.PathOf("here", id), &there) == nil && c.Call(ctx, tega.PathOf("rpc", id), nil, nil, &said) == nil && said == id {
						return
					}
					if ctx.Err() != nil || c.Err() != nil {
						t.Errorf("round %d: %s has not come back: %v", round, id, c.Err())
						return
					}
					time.Sleep(20 * time.Millisecond)
				}
			}()
		}
		both.Wait()
		t.Logf("round %d: all back after %s", round, time.Since(began))
		for {
			if _, err := all[0].Put(ctx, "told.round", round); err == nil {
				break
			} else if !errors.Is(err, tega.ErrUnavailable) || ctx.Err() != nil {
				t.Fatal(err)
			}
		}
		for i, w := range watches {
			for event := range w.Events() {
				if event.Kind == tega.Changed && !event.Inventory {
					if got := string(event.Commit.Edits[0].Value); got != fmt.Sprint(round) {
						t.Errorf("client %d is told of %s in round %d", i, got, round)
					}
					break
				}
			}
			if w.Err() != nil {
				t.Fatalf("client %d: %v", i, w.Err())
			}
		}
	}
}
