package tega

import (
	"context"
	"net/http"
	"net/url"
)

// A Draft is a transaction that lives on the server: private to this client, until it is committed, cancelled or not used for ten
// minutes. It reads one snapshot of the database and what was written to it. What was read through it must be unchanged when
// it is committed, else ErrConflict, and the draft is gone.
type Draft struct {
	client *Client
	id     string
}

// Begin begins a draft.
func (c *Client) Begin(ctx context.Context) (*Draft, error) {
	var begun struct {
		Txid string `json:"txid"`
	}
	if err := c.rest.ask(http.MethodPost, "/_begin").into(ctx, &begun); err != nil {
		return nil, err
	}
	return &Draft{client: c, id: begun.Txid}, nil
}

// Draft is the draft with this id, perhaps begun by an earlier run of the program. Whether it is still there shows when it is used.
func (c *Client) Draft(id string) *Draft { return &Draft{client: c, id: id} }

// ID is the id of the draft.
func (d *Draft) ID() string { return d.id }

func (d *Draft) node(method string, path Path) *ask {
	return d.client.rest.askNode(method, path).with("txid", d.id)
}

// Get puts the value at path, as the draft would leave it, where into points.
func (d *Draft) Get(ctx context.Context, path Path, into any) error {
	found, err := node(ctx, d.node(http.MethodGet, path), path, nil)
	if err != nil {
		return err
	}
	return found.Decode(into)
}

// Put sets a node, replacing what is there.
func (d *Draft) Put(ctx context.Context, path Path, value any) error {
	_, err := d.node(http.MethodPut, path).json(jsonType, value).send(ctx)
	return err
}

// Merge merges into a node (RFC 7396).
func (d *Draft) Merge(ctx context.Context, path Path, patch any) error {
	_, err := d.node(http.MethodPatch, path).json(mergePatchType, patch).send(ctx)
	return err
}

// Patch patches a node (RFC 6902).
func (d *Draft) Patch(ctx context.Context, path Path, operations []PatchOp) error {
	_, err := d.node(http.MethodPatch, path).json(jsonPatchType, operations).send(ctx)
	return err
}

// Delete removes a node; ErrNotFound when it is absent in the draft.
func (d *Draft) Delete(ctx context.Context, path Path) error {
	_, err := d.node(http.MethodDelete, path).send(ctx)
	return err
}

// Candidate is what the draft changes.
func (d *Draft) Candidate(ctx context.Context) ([]Edit, error) {
	var edits []Edit
	ask := d.client.rest.ask(http.MethodPost, "/_cand").with("txid", d.id).with("edits", "True")
	ask.writes = false
	err := ask.into(ctx, &edits)
	return edits, err
}

// Commit commits the draft, and returns its revision. The draft is gone either way. The options are [WithMessage],
// [ConfirmWithin] and [ConfirmAutomatically]; the window of the last is the server's.
func (d *Draft) Commit(ctx context.Context, options ...WriteOption) (int64, error) {
	var said transaction
	for _, option := range options {
		option(&said)
	}
	if len(said.Ops) > 0 {
		return 0, invalid("a draft has no expectations; it expects what was read through it to be unchanged")
	}
	ask := d.client.rest.ask(http.MethodPost, "/_commit").with("txid", d.id)
	if said.Message != "" {
		ask.header.Set("Tega-Message", url.PathEscape(said.Message))
	}
	if said.Confirm != nil {
		if said.Confirm["auto"] == true {
			ask.with("confirm", "auto")
		} else {
			ask.number("confirm", said.Confirm["window"].(int64))
		}
	}
	answer, err := ask.send(ctx)
	if err != nil {
		return 0, err
	}
	return answer.revision, nil
}

// Cancel drops the draft.
func (d *Draft) Cancel(ctx context.Context) error {
	_, err := d.client.rest.ask(http.MethodPost, "/_cancel").with("txid", d.id).send(ctx)
	return err
}
