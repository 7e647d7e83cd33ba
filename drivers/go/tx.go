package tega

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"
)

// attempts is how often a transaction is tried when what it read changes under it.
const attempts = 10

// A Tx collects changes to make together, all or none. It is for one goroutine at a time.
type Tx struct {
	client *Client
	ctx    context.Context
	body   transaction
	reads  map[Path]bool
	// writes and expects are paths in their one form.
	writes  []Path
	expects map[Path]bool
	// leases are the ephemeral nodes it sets.
	leases map[Path]json.RawMessage
	err    error
}

// Tx commits what f does, in one commit. What f reads through the Tx must be unchanged when it commits; if it is not, f is called
// again, up to ten times. So f should do nothing else that must not happen twice. An error of f ends it, and nothing is
// changed. Changes are checked by the server at the commit, not when they are made.
//
// What f has written is not read back through the Tx (ErrInvalid); a draft, see [Client.Begin], does that.
func (c *Client) Tx(ctx context.Context, f func(tx *Tx) error, options ...WriteOption) (*Commit, error) {
	pauses := backoff{first: 5 * time.Millisecond, most: 500 * time.Millisecond}
	for try := 1; ; try++ {
		tx, err := c.collect(ctx, f, options)
		if err != nil {
			return nil, err
		}
		commit, err := c.transact(ctx, tx.body)
		if err == nil {
			tx.keep()
			return commit, nil
		}
		if try >= tx.body.attempts || !tx.isStale(err) || !pause(ctx, pauses.next()) {
			return nil, err
		}
	}
}

// Preview tells what a transaction would do, and changes nothing.
func (c *Client) Preview(ctx context.Context, f func(tx *Tx) error, options ...WriteOption) (*Preview, error) {
	tx, err := c.collect(ctx, f, options)
	if err != nil {
		return nil, err
	}
	tx.body.DryRun = true
	var preview Preview
	ask := c.rest.ask(http.MethodPost, "/_tx").json(jsonType, tx.body)
	ask.writes = false
	if err := ask.into(ctx, &preview); err != nil {
		return nil, err
	}
	return &preview, nil
}

func (c *Client) collect(ctx context.Context, f func(tx *Tx) error, options []WriteOption) (*Tx, error) {
	tx := &Tx{client: c, ctx: ctx, reads: map[Path]bool{}, expects: map[Path]bool{}, leases: map[Path]json.RawMessage{}}
	tx.body.Ops = []frame{}
	tx.body.attempts = attempts
	for _, option := range options {
		option(&tx.body)
	}
	for _, op := range tx.body.Ops {
		tx.expected(op)
	}
	if err := f(tx); err != nil {
		return nil, err
	}
	return tx, tx.err
}

// isStale tells whether the error is that something changed since it was read, and nothing else.
func (tx *Tx) isStale(err error) bool {
	var told *Error
	if !errors.As(err, &told) || told.Code != CodePrecondition {
		return false
	}
	path, malformed := told.Path.canonical()
	return malformed == nil && tx.reads[path] && !tx.expects[path]
}

// Get puts the value at path where into points; ErrNotFound when there is none, which is then expected at the commit, too.
func (tx *Tx) Get(path Path, into any) error {
	path, err := path.canonical()
	if err != nil {
		return err
	}
	for _, written := range tx.writes {
		if overlap(written, path) {
			return &Error{Code: CodeInvalid, Path: path, Message: "what this transaction has written is not read through it; use a draft for '" + string(path) + "'"}
		}
	}
	node, err := tx.client.Node(tx.ctx, path)
	switch {
	case err == nil:
		tx.body.Ops = append(tx.body.Ops, UnchangedSince(path, node.Revision).op)
	case errors.Is(err, ErrNotFound):
		tx.body.Ops = append(tx.body.Ops, Absent(path).op)
	default:
		return err
	}
	tx.reads[path] = true
	if err != nil {
		return err
	}
	return node.Decode(into)
}

// overlap tells whether one of two paths in their one form is at or above the other.
func overlap(a, b Path) bool {
	return a == b || a == "" || b == "" || strings.HasPrefix(string(a), string(b)+".") || strings.HasPrefix(string(b), string(a)+".")
}

func (tx *Tx) change(op string, path Path, value any) *Tx {
	path, err := path.canonical()
	if err != nil && tx.err == nil {
		tx.err = err
	}
	tx.writes = append(tx.writes, path)
	f := frame{"op": op, "path": path}
	if op != "delete" {
		f["value"] = value
	}
	tx.body.Ops = append(tx.body.Ops, f)
	return tx
}

// Put sets a node, replacing what is there.
func (tx *Tx) Put(path Path, value any) *Tx { return tx.change("put", path, value) }

// PutEphemeral sets an ephemeral node, which the client keeps, see [Client.PutEphemeral].
func (tx *Tx) PutEphemeral(path Path, value any) *Tx {
	text, err := encoded(value)
	if err != nil && tx.err == nil {
		tx.err = err
	}
	tx.change("put", path, text)
	tx.body.Ops[len(tx.body.Ops)-1]["ephemeral"] = true
	tx.leases[tx.writes[len(tx.writes)-1]] = text
	return tx
}

// keep looks after the ephemeral nodes that were set.
func (tx *Tx) keep() {
	for path, value := range tx.leases {
		lease := tx.client.lease(path)
		lease.mu.Lock()
		lease.value = value
		lease.mu.Unlock()
	}
}

// Merge merges into a node (RFC 7396).
func (tx *Tx) Merge(path Path, patch any) *Tx { return tx.change("merge", path, patch) }

// Patch patches a node (RFC 6902).
func (tx *Tx) Patch(path Path, operations []PatchOp) *Tx { return tx.change("patch", path, operations) }

// Delete removes a node.
func (tx *Tx) Delete(path Path) *Tx { return tx.change("delete", path, nil) }

// Expect adds preconditions.
func (tx *Tx) Expect(expectations ...Expectation) *Tx {
	for _, expectation := range expectations {
		tx.body.Ops = append(tx.body.Ops, expectation.op)
		tx.expected(expectation.op)
	}
	return tx
}

func (tx *Tx) expected(op frame) {
	if path, ok := op["path"].(Path); ok {
		if path, err := path.canonical(); err == nil {
			tx.expects[path] = true
		}
	}
}

// Message says what the commit is for.
func (tx *Tx) Message(message string) *Tx {
	tx.body.Message = message
	return tx
}
