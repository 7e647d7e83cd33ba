package tega

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"
)

// LogOptions bound a log.
type LogOptions struct {
	From  int64 // this revision and earlier; 0: from the newest
	Limit int   // at most so many, up to 1000; 0: 100
}

// Log is the commits that touched the node at path, newest first.
func (c *Client) Log(ctx context.Context, path Path, options LogOptions) ([]Commit, error) {
	ask := c.rest.ask(http.MethodGet, "/_log").with("path", string(path))
	if options.From > 0 {
		ask.number("from", options.From)
	}
	if options.Limit > 0 {
		ask.number("limit", int64(options.Limit))
	}
	var commits []Commit
	err := ask.into(ctx, &commits)
	return commits, err
}

// Diff is what turns the node at path as it was at one revision into what it was at another; to 0 means now.
func (c *Client) Diff(ctx context.Context, path Path, from, to int64) ([]Edit, error) {
	ask := c.rest.ask(http.MethodGet, "/_diff").with("path", string(path)).number("from", from)
	if to > 0 {
		ask.number("to", to)
	}
	var edits []Edit
	err := ask.into(ctx, &edits)
	return edits, err
}

// Blame tells for every leaf at or below path which commit last changed it.
func (c *Client) Blame(ctx context.Context, path Path) ([]Leaf, error) {
	var leaves []Leaf
	err := c.rest.ask(http.MethodGet, "/_blame").with("path", string(path)).into(ctx, &leaves)
	return leaves, err
}

// Versions are the older versions of a root that are kept, oldest first.
func (c *Client) Versions(ctx context.Context, root string) ([]int64, error) {
	var old []map[string][]int64
	if err := c.rest.ask(http.MethodGet, "/_old").into(ctx, &old); err != nil {
		return nil, err
	}
	for _, versions := range old {
		if found, ok := versions[root]; ok {
			return found, nil
		}
	}
	roots, err := c.Roots(ctx)
	if err != nil {
		return nil, err
	}
	if _, ok := roots[root]; ok {
		return nil, nil
	}
	return nil, &Error{Code: CodeNotFound, Path: PathOf(root), Message: "there is no root '" + root + "'"}
}

// Rollback sets a root back to what it was at a version, negative: so many versions ago, by a new commit whose revision it returns.
func (c *Client) Rollback(ctx context.Context, root string, version int64) (int64, error) {
	answer, err := c.rest.ask(http.MethodPost, "/_rollback").with("root_oid", root).number("backto", version).send(ctx)
	if err != nil {
		return 0, err
	}
	return answer.revision, nil
}

// Revert undoes one older commit by a new one; ErrConflict names what later commits changed.
func (c *Client) Revert(ctx context.Context, revision int64) (*Commit, error) {
	return c.committed(ctx, c.rest.ask(http.MethodPost, "/_revert").number("revision", revision))
}

// Tag gives a revision a name; 0 means the current one. ErrConflict when the name is taken.
func (c *Client) Tag(ctx context.Context, name string, revision int64) (*Commit, error) {
	ask := c.rest.ask(http.MethodPost, "/_tag").with("name", name)
	if revision > 0 {
		ask.number("revision", revision)
	}
	return c.committed(ctx, ask)
}

// Tags are the names given to revisions.
func (c *Client) Tags(ctx context.Context) (map[string]int64, error) {
	var tags map[string]int64
	err := c.rest.ask(http.MethodGet, "/_tag").into(ctx, &tags)
	return tags, err
}

// Pending are the commits that wait to be confirmed, oldest first.
func (c *Client) Pending(ctx context.Context) ([]Pending, error) {
	var pending []Pending
	err := c.rest.ask(http.MethodGet, "/_confirm").into(ctx, &pending)
	return pending, err
}

func (c *Client) decide(revision int64, action string) *ask {
	return c.rest.ask(http.MethodPost, "/_confirm").number("revision", revision).with("action", action)
}

// Confirm keeps a confirmed commit for good.
func (c *Client) Confirm(ctx context.Context, revision int64) (*Commit, error) {
	return c.committed(ctx, c.decide(revision, "confirm"))
}

// Extend gives a confirmed commit so much time from now (whole seconds).
func (c *Client) Extend(ctx context.Context, revision int64, window time.Duration) error {
	_, err := c.decide(revision, "extend").number("window", seconds(window)).send(ctx)
	return err
}

// Undo undoes a confirmed commit now.
func (c *Client) Undo(ctx context.Context, revision int64) (*Commit, error) {
	return c.committed(ctx, c.decide(revision, "cancel"))
}

func (c *Client) committed(ctx context.Context, ask *ask) (*Commit, error) {
	var commit Commit
	if err := ask.into(ctx, &commit); err != nil {
		return nil, err
	}
	return &commit, nil
}

// A Match is a node found by expressions.
type Match struct {
	Path   Path
	Groups [][]string // what was caught at each name that has groups
	Value  json.RawMessage
}

func sortMatches(matches []Match) {
	slices.SortFunc(matches, func(a, b Match) int { return strings.Compare(string(a.Path), string(b.Path)) })
}

// Edges are the pairs of parent and child in a root, each node as path(version), parent first; of the older versions, too, with
// old. Each edge comes once.
func (c *Client) Edges(ctx context.Context, root string, old bool) ([][2]string, error) {
	ask := c.rest.ask(http.MethodGet, "/_edges").with("root_oid", root)
	if old {
		ask.with("old_roots", "True")
	}
	var both [][2]string
	if err := ask.into(ctx, &both); err != nil {
		return nil, err
	}
	edges := make([][2]string, 0, len(both)/2)
	for i := 0; i < len(both); i += 2 {
		edges = append(edges, both[i]) // the one after it is the way back
	}
	return edges, nil
}
