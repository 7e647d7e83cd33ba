package tega

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"testing"
	"time"
)

func since(frame map[string]json.RawMessage) int64 {
	n, err := strconv.ParseInt(string(frame["since"]), 10, 64)
	if err != nil {
		return -1
	}
	return n
}

// next is the next event.
func next(t *testing.T, w *Watch) Event {
	t.Helper()
	select {
	case event, ok := <-w.Events():
		if !ok {
			t.Fatalf("the watch has ended: %v", w.Err())
		}
		return event
	case <-time.After(patience):
		t.Fatal("no event came")
	}
	panic("unreachable")
}

// A watch goes on where it was, over lost connections and the server's word that it was too slow; what comes twice is told once.
func TestWatchResumes(t *testing.T) {
	asked := make(chan int64, 10)
	f := newFake(t, &fake{session: func(n int64, p *peer) {
		frame := p.expect("watch")
		id := frame["id"]
		asked <- since(frame)
		p.write(`{"op":"watching","id":%s,"revision":10}`, id)
		switch n {
		case 1:
			p.change(id, 11)
			p.change(id, 12)
			p.write(`{"op":"progress","id":%s,"revision":20}`, id)
			_ = p.conn.CloseNow()
		case 2:
			p.change(id, 20) // again
			p.write(`{"op":"change","id":%s,"revision":20,"kind":"lease","refers_to":20,"time":"2026-01-01T00:00:00Z","edits":[]}`, id)
			p.change(id, 21)
			p.write(`{"op":"slow","id":%s,"resume":23}`, id)
			frame = p.expect("watch")
			asked <- since(frame)
			p.write(`{"op":"watching","id":%s,"revision":30}`, frame["id"])
			p.change(id, 24) // of the registration that has ended
			p.change(frame["id"], 25)
			p.write(`{"op":"compacted","id":%s,"oldest":40}`, frame["id"])
		}
	}})
	c := f.dial()
	w, err := c.Watch(within(t), "a")
	if err != nil {
		t.Fatal(err)
	}
	want := []Event{
		{Kind: Changed, Revision: 11},
		{Kind: Changed, Revision: 12},
		{Kind: Progress, Revision: 20},
		{Kind: Changed, Revision: 20, Inventory: true},
		{Kind: Changed, Revision: 21},
		{Kind: Slow, Revision: 23},
		{Kind: Changed, Revision: 25},
	}
	for _, wanted := range want {
		got := next(t, w)
		if got.Kind != wanted.Kind || got.Revision != wanted.Revision || got.Inventory != wanted.Inventory {
			t.Fatalf("%s at %d, instead of %s at %d", got.Kind, got.Revision, wanted.Kind, wanted.Revision)
		}
	}
	if _, more := <-w.Events(); more {
		t.Error("more was told")
	}
	var told *Error
	if !errors.As(w.Err(), &told) || told.Code != CodeCompacted || told.Oldest != 40 || w.Revision() != 25 {
		t.Errorf("ended at %d: %v", w.Revision(), w.Err())
	}
	for _, wanted := range []int64{-1, 20, 23} {
		if got := <-asked; got != wanted {
			t.Errorf("asked since %d, instead of %d", got, wanted)
		}
	}
}

// A reader that is slow is told everything, and no more waits for it than was agreed.
func TestSlowReaderMissesNothing(t *testing.T) {
	const last = 60
	turns := make(chan int64, 100)
	f := newFake(t, &fake{session: func(_ int64, p *peer) {
		for {
			frame := p.expect("watch")
			if frame == nil {
				return
			}
			from := max(0, since(frame))
			turns <- from
			p.write(`{"op":"watching","id":%s,"revision":0}`, frame["id"])
			for revision := from + 1; revision <= last; revision++ {
				p.change(frame["id"], revision) // heeds no window
			}
		}
	}})
	c := f.dial(WithMaxQueue(4 << 10))
	w, err := c.Watch(within(t), "a", Since(0))
	if err != nil {
		t.Fatal(err)
	}
	for revision := int64(1); revision <= last; revision++ {
		time.Sleep(time.Millisecond)
		if event := next(t, w); event.Revision != revision {
			t.Fatalf("%d came in the place of %d", event.Revision, revision)
		}
		w.queue.mu.Lock()
		waiting := w.queue.bytes
		w.queue.mu.Unlock()
		if waiting > 4<<10 {
			t.Fatalf("%d bytes wait", waiting)
		}
	}
	if len(turns) < 2 {
		t.Error("the queue never was full: this test shows nothing")
	}
}

func TestWatchAcknowledges(t *testing.T) {
	acknowledged := make(chan string, 100)
	f := newFake(t, &fake{session: func(_ int64, p *peer) {
		frame := p.expect("watch")
		if string(frame["window"]) != "4" {
			t.Errorf("a window of %s", frame["window"])
		}
		p.write(`{"op":"watching","id":%s,"revision":0}`, frame["id"])
		for revision := int64(1); revision <= 4; revision++ {
			p.change(frame["id"], revision)
		}
		for range 2 {
			acknowledged <- string(p.expect("ack")["revision"])
		}
		if p.expect("unwatch") != nil {
			acknowledged <- "left"
		}
	}})
	c := f.dial()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	w, err := c.Watch(ctx, "a", WithWindow(4))
	if err != nil {
		t.Fatal(err)
	}
	for range 4 {
		next(t, w)
	}
	if first, second := <-acknowledged, <-acknowledged; first != "2" || second != "4" {
		t.Errorf("acknowledged %s and %s", first, second)
	}
	cancel()
	if left := <-acknowledged; left != "left" {
		t.Error(left)
	}
	if _, more := <-w.Events(); more || !errors.Is(w.Err(), context.Canceled) {
		t.Errorf("ended by %v", w.Err())
	}
}

// Messages that do not fit are dropped from the oldest on, and that is told.
func TestSubscriptionToldWhatItMissed(t *testing.T) {
	f := newFake(t, &fake{session: func(n int64, p *peer) {
		id := p.expect("subscribe")["id"]
		p.write(`{"op":"subscribed","id":%s}`, id)
		for i := range 50 {
			p.write(`{"op":"message","id":%s,"channel":["a"],"publisher":"b","message":%d}`, id, 100*int(n)+i)
		}
		p.expect("publish")
		_ = p.conn.CloseNow()
	}})
	c := f.dial(WithMaxQueue(2 << 10))
	s, err := c.Subscribe(within(t), "a")
	if err != nil {
		t.Fatal(err)
	}
	take := func(until string) (count, missed int) {
		for m := range s.Messages() {
			count++
			if m.Missed {
				missed++
			}
			if string(m.Value) == until {
				break
			}
		}
		return count, missed
	}
	eventually(t, "the queue is full", func() bool { s.mu.Lock(); defer s.mu.Unlock(); return s.missed })
	if count, missed := take("149"); count >= 50 || missed == 0 {
		t.Errorf("%d messages, %d times some were missed", count, missed)
	}
	_, _ = c.Publish(within(t), "x", 1)
	if _, missed := take("249"); missed == 0 {
		t.Error("a lost connection was not told")
	}
	s.Close()
	for range s.Messages() {
	}
	if s.Err() != nil {
		t.Error(s.Err())
	}
}
