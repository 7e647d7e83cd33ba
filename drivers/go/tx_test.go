package tega

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
)

// What was read and has changed is read again; everything else is for whoever called.
func TestTransactionsAreRepeatedForStaleReadsOnly(t *testing.T) {
	refusals := map[string]struct {
		status int
		body   string
		tries  int
		code   error
	}{
		"stale":    {412, `{"code":"PRECONDITION","detail":"changed","path":["a","read"]}`, 3, ErrPrecondition},
		"expected": {412, `{"code":"PRECONDITION","detail":"changed","path":["a","expected"]}`, 1, ErrPrecondition},
		"conflict": {409, `{"code":"CONFLICT","detail":"a scalar","path":["a","read"]}`, 1, ErrConflict},
		"vetoed":   {422, `{"code":"VETOED","detail":"no","path":["a","read"]}`, 1, ErrVetoed},
		"lost":     {0, ``, 1, ErrUnknownOutcome},
	}
	for name, refusal := range refusals {
		var commits atomic.Int64
		f := newFake(t, &fake{})
		f.answer(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodGet {
				w.Header().Set("ETag", `"7-gzip"`)
				_, _ = w.Write([]byte("1"))
				return
			}
			body, _ := io.ReadAll(r.Body)
			if !strings.Contains(string(body), `{"op":"expect","path":["a","read"],"revision":7}`) {
				t.Errorf("what was read is not expected in %s", body)
			}
			commits.Add(1)
			if refusal.status == 0 {
				panic(http.ErrAbortHandler)
			}
			w.WriteHeader(refusal.status)
			_, _ = w.Write([]byte(refusal.body))
		})
		c := f.dial()
		calls := 0
		_, err := c.Tx(within(t), func(tx *Tx) error {
			calls++
			var n int
			if err := tx.Get("a.read", &n); err != nil {
				return err
			}
			tx.Expect(Present(`a."expected"`)).Put("a.b", n)
			return nil
		}, Attempts(3))
		if !errors.Is(err, refusal.code) || calls != refusal.tries || int(commits.Load()) != refusal.tries {
			t.Errorf("%s: called %d times, committed %d times: %v", name, calls, commits.Load(), err)
		}
	}
}

func TestTransactionsReadNothingBack(t *testing.T) {
	c := newFake(t, &fake{}).dial()
	for _, path := range []Path{"", "a", "a.b", `a."b"`, "a.b.c"} {
		_, err := c.Tx(within(t), func(tx *Tx) error { return tx.Put("a.b", 1).Get(path, nil) })
		if !errors.Is(err, ErrInvalid) {
			t.Errorf("%q: %v", path, err)
		}
	}
	mine := errors.New("mine")
	if _, err := c.Tx(within(t), func(*Tx) error { return mine }); err != mine {
		t.Error(err)
	}
	if _, err := c.Tx(within(t), func(tx *Tx) error { tx.Put("a..b", 1); return nil }); !errors.Is(err, ErrInvalid) {
		t.Error(err)
	}
}
