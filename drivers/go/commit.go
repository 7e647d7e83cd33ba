package tega

import (
	"encoding/json"
	"time"
)

// A Kind says what a commit is.
type Kind string

// The kinds of commits.
const (
	KindEdit           Kind = "edit"            // a transaction
	KindRollback       Kind = "rollback"        // a root was set back to an earlier version
	KindRevert         Kind = "revert"          // one older commit was undone
	KindMerge          Kind = "merge"           // off-line work of another server was merged
	KindLease          Kind = "lease"           // ephemeral nodes came or went
	KindConfirmExpired Kind = "confirm-expired" // a confirmed commit was undone
	KindConfirm        Kind = "confirm"         // a confirmed commit was confirmed
	KindTag            Kind = "tag"             // a revision got a name
	KindVolatile       Kind = "volatile"        // a root is kept in memory only from now on
	KindImport         Kind = "import"          // data from outside
	KindClear          Kind = "clear"           // everything was removed, with its history
)

// A Commit is what happened at one revision, atomically and for good.
type Commit struct {
	Revision int64            `json:"revision"`
	Time     time.Time        `json:"time"`
	Author   string           `json:"author"`
	TegaID   string           `json:"tega_id"`
	Origin   string           `json:"origin"` // the server where it was first committed
	Kind     Kind             `json:"kind"`
	Message  string           `json:"message,omitempty"`
	RefersTo int64            `json:"refers_to,omitempty"` // what it undoes, confirms, names or goes back to
	Notes    []string         `json:"notes,omitempty"`     // what guards remarked
	Confirm  int64            `json:"confirm,omitempty"`   // seconds it waits to be confirmed
	Versions map[string]int64 `json:"versions"`            // of every root it touched, after it
	// Edits are what it changed: all of it in a log, the watched part in a watch, and nothing in the answer to a write.
	Edits []Edit `json:"edits,omitempty"`
	// Skipped is how many commits a watch in state mode combined in this one, besides itself.
	Skipped int `json:"skipped,omitempty"`
}

// Edit operations.
const (
	OpPut    = "put"
	OpDelete = "delete"
)

// An Edit is one change of one node: merges and patches have become the puts and deletes they came down to.
type Edit struct {
	Op        string          `json:"op"`
	Path      Path            `json:"path"`
	Value     json.RawMessage `json:"value,omitempty"`    // with put
	Previous  json.RawMessage `json:"previous,omitempty"` // in a watch: what was there before, nil for nothing
	Ephemeral bool            `json:"ephemeral,omitempty"`
	Owner     string          `json:"owner,omitempty"` // the tega_id of an ephemeral node's owner
}

// A Leaf is who last changed a leaf.
type Leaf struct {
	Path     Path            `json:"path"`
	Value    json.RawMessage `json:"value"`
	Revision int64           `json:"revision"`
	Commit   *Commit         `json:"commit"` // nil when it is no longer kept
}

// A Preview is what a commit would do.
type Preview struct {
	Accepted bool     `json:"accepted"`
	Edits    []Edit   `json:"edits"`
	Notes    []string `json:"notes"`
	Refusals []string `json:"refusals"`
}

// Pending is a commit that is undone at Deadline unless it is confirmed.
type Pending struct {
	Commit
	Deadline time.Time `json:"deadline"`
}
