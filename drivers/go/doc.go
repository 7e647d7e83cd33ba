// Package tega is the Go driver of tega, a tree-structured JSON database that keeps configuration the way git does and tells
// programs what changed.
//
//	client, err := tega.Dial(ctx, "http://127.0.0.1:8739")
//	if err != nil {
//		return err
//	}
//	defer client.Close()
//	if _, err = client.Put(ctx, "lan.eth0", map[string]any{"mtu": 1500}); err != nil {
//		return err
//	}
//	var mtu int
//	err = client.Get(ctx, "lan.eth0.mtu", &mtu)
//
// A [Client] is one session: it reads and writes by requests (REST), and holds one WebSocket for everything that lasts: watches,
// messages, RPCs in both directions, and ephemeral nodes. A lost connection is made anew, with growing and random pauses; watches
// then go on behind the last revision they have told, subscriptions and RPCs are registered again, and ephemeral nodes that
// the server dropped meanwhile are set again. Nothing else is ever repeated: a write or a call whose answer was lost is
// [ErrUnknownOutcome].
//
// Values are what encoding/json makes of Go values and back. Numbers that are decoded into an interface become [json.Number], so
// that large integers and decimals stay what they were.
//
// Everything is safe for use by many goroutines, except where a type says otherwise. Every queue has a bound.
package tega
