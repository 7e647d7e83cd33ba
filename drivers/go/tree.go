package tega

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	jsonType       = "application/json"
	mergePatchType = "application/merge-patch+json"
	jsonPatchType  = "application/json-patch+json"
)

// A GetOption changes what is read.
type GetOption func(*ask)

// AtVersion reads the node as it was when its root had this version; negative: so many versions ago.
func AtVersion(version int64) GetOption { return func(a *ask) { a.number("version", version) } }

// AtRevision reads the node as it was at this revision of the server.
func AtRevision(revision int64) GetOption { return func(a *ask) { a.number("revision", revision) } }

// Depth reads objects deeper than this as {}.
func Depth(depth int) GetOption { return func(a *ask) { a.number("depth", int64(depth)) } }

// Fields reads these members only: paths below the node.
func Fields(paths ...Path) GetOption {
	return func(a *ask) {
		texts := make([]string, len(paths))
		for i, path := range paths {
			texts[i] = string(path)
		}
		a.with("fields", strings.Join(texts, ","))
	}
}

// Page reads at most limit members, those after a name; none: from the first.
func Page(after string, limit int) GetOption {
	return func(a *ask) {
		if after != "" {
			a.with("after", after)
		}
		a.number("limit", int64(limit))
	}
}

// Get puts the value at path where into points; ErrNotFound when there is none. Numbers in interfaces become json.Number.
func (c *Client) Get(ctx context.Context, path Path, into any, options ...GetOption) error {
	node, err := c.Node(ctx, path, options...)
	if err != nil {
		return err
	}
	return node.Decode(into)
}

// Node reads the node at path, with its revision; ErrNotFound when there is none.
func (c *Client) Node(ctx context.Context, path Path, options ...GetOption) (*Node, error) {
	return node(ctx, c.rest.askNode(http.MethodGet, path), path, options)
}

func node(ctx context.Context, a *ask, path Path, options []GetOption) (*Node, error) {
	for _, option := range options {
		option(a)
	}
	answer, err := a.send(ctx)
	if err != nil {
		return nil, err
	}
	return &Node{Path: path, Value: answer.body, Revision: tagRevision(answer.tag, answer.revision), At: answer.revision}, nil
}

// Roots are the roots there are, each with its version.
func (c *Client) Roots(ctx context.Context) (map[string]int64, error) {
	var roots map[string]int64
	err := c.rest.ask(http.MethodGet, "/_roots").into(ctx, &roots)
	return roots, err
}

// A WriteOption says more about a commit.
type WriteOption func(*transaction)

// WithMessage says what the commit is for.
func WithMessage(message string) WriteOption {
	return func(t *transaction) { t.Message = message }
}

// ConfirmWithin makes it a confirmed commit: it is undone unless [Client.Confirm] keeps it within the window (whole seconds).
func ConfirmWithin(window time.Duration) WriteOption {
	return func(t *transaction) { t.Confirm = frame{"window": seconds(window), "auto": false} }
}

// ConfirmAutomatically is ConfirmWithin, and the server confirms by itself when it has reached its global server again.
func ConfirmAutomatically(window time.Duration) WriteOption {
	return func(t *transaction) { t.Confirm = frame{"window": seconds(window), "auto": true} }
}

// seconds rounds up.
func seconds(d time.Duration) int64 { return int64((d + time.Second - 1) / time.Second) }

// Expecting adds preconditions; ErrPrecondition when one does not hold, and nothing is changed.
func Expecting(expectations ...Expectation) WriteOption {
	return func(t *transaction) {
		for _, expectation := range expectations {
			t.Ops = append(t.Ops, expectation.op)
		}
	}
}

// An Expectation is what a commit expects of a node.
type Expectation struct{ op frame }

func expect(path Path, name string, value any) Expectation {
	return Expectation{frame{"op": "expect", "path": path, name: value}}
}

// Absent expects that there is no node at path.
func Absent(path Path) Expectation { return expect(path, "absent", true) }

// Present expects that there is a node at path.
func Present(path Path) Expectation { return expect(path, "present", true) }

// UnchangedSince expects that the last commit at or below path was this revision, as Node.Revision tells it.
func UnchangedSince(path Path, revision int64) Expectation { return expect(path, "revision", revision) }

// AtRootVersion expects that the node last changed at this version of its root.
func AtRootVersion(path Path, version int64) Expectation { return expect(path, "version", version) }

// Equal expects that the node has this value.
func Equal(path Path, value any) Expectation { return expect(path, "value", value) }

// Attempts sets how often [Client.Tx] calls its function, ten times when not given; 1: what it read must hold at once.
func Attempts(most int) WriteOption {
	return func(t *transaction) { t.attempts = most }
}

// transaction is the body of a request to commit.
type transaction struct {
	attempts int
	Ops      []frame `json:"ops"`
	Message  string  `json:"message,omitempty"`
	Confirm  frame   `json:"confirm,omitempty"`
	DryRun   bool    `json:"dry_run,omitempty"`
}

func (c *Client) transact(ctx context.Context, body transaction) (*Commit, error) {
	var commit Commit
	if err := c.rest.ask(http.MethodPost, "/_tx").json(jsonType, body).into(ctx, &commit); err != nil {
		return nil, err
	}
	return &commit, nil
}

func (c *Client) write(ctx context.Context, op frame, options []WriteOption) (*Commit, error) {
	body := transaction{}
	for _, option := range options {
		option(&body)
	}
	body.Ops = append(body.Ops, op)
	return c.transact(ctx, body)
}

// Put sets the node at path, replacing what is there, in a commit of its own.
func (c *Client) Put(ctx context.Context, path Path, value any, options ...WriteOption) (*Commit, error) {
	return c.write(ctx, frame{"op": "put", "path": path, "value": value}, options)
}

// Merge merges into the node at path (RFC 7396): objects member by member, null removes.
func (c *Client) Merge(ctx context.Context, path Path, patch any, options ...WriteOption) (*Commit, error) {
	return c.write(ctx, frame{"op": "merge", "path": path, "value": patch}, options)
}

// A PatchOp is one operation of RFC 6902; its pointers are relative to the node that is patched.
type PatchOp struct {
	Op    string
	Path  string
	From  string // of move and copy
	Value any    // of add, replace and test
}

// MarshalJSON leaves out what the operation does not have.
func (p PatchOp) MarshalJSON() ([]byte, error) {
	op := frame{"op": p.Op, "path": p.Path}
	switch p.Op {
	case "add", "replace", "test":
		op["value"] = p.Value
	case "move", "copy":
		op["from"] = p.From
	}
	return json.Marshal(op)
}

// Patch patches the node at path (RFC 6902).
func (c *Client) Patch(ctx context.Context, path Path, operations []PatchOp, options ...WriteOption) (*Commit, error) {
	return c.write(ctx, frame{"op": "patch", "path": path, "value": operations}, options)
}

// Delete removes the node at path, and ancestors left empty, up to but not including the root; ErrNotFound when it is absent.
func (c *Client) Delete(ctx context.Context, path Path, options ...WriteOption) (*Commit, error) {
	return c.write(ctx, frame{"op": "delete", "path": path}, options)
}

// Clear removes all data, history and log. Watchers are told.
func (c *Client) Clear(ctx context.Context) error {
	_, err := c.rest.ask(http.MethodPost, "/_clear").send(ctx)
	return err
}

// Match reads all nodes that expressions mean, one expression a name, each matched from the name's start; with the groups caught.
func (c *Client) Match(ctx context.Context, expressions ...string) ([]Match, error) {
	var b strings.Builder
	for _, expression := range expressions {
		b.WriteByte('/')
		b.WriteString(url.PathEscape(expression))
	}
	var found map[string]struct {
		Groups   [][]string      `json:"groups"`
		Instance json.RawMessage `json:"instance"`
	}
	if err := c.rest.ask(http.MethodGet, b.String()).with("regex_flag", "True").into(ctx, &found); err != nil {
		return nil, err
	}
	matches := make([]Match, 0, len(found))
	for path, match := range found {
		matches = append(matches, Match{Path: Path(path), Groups: match.Groups, Value: match.Instance})
	}
	sortMatches(matches)
	return matches, nil
}
