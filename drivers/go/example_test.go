package tega_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tega"
)

// dial connects to the server that the examples use; here that is one of their own.
func dial(ctx context.Context, options ...tega.Option) *tega.Client {
	server, err := sharedServer()
	if err != nil {
		panic(err)
	}
	client, err := tega.Dial(ctx, server.url, options...)
	if err != nil {
		panic(err)
	}
	return client
}

func Example() {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	client := dial(ctx) // tega.Dial(ctx, "http://127.0.0.1:8739")
	defer client.Close()

	if _, err := client.Put(ctx, "lan.eth0", map[string]any{"mtu": 1500, "up": true}); err != nil {
		fmt.Println(err)
	}
	var mtu int
	if err := client.Get(ctx, "lan.eth0.mtu", &mtu); err != nil {
		fmt.Println(err)
	}
	fmt.Println(mtu)
	// Output: 1500
}

func ExamplePathOf() {
	fmt.Println(tega.PathOf("graph", "172.21.1.0/24", "x"))
	fmt.Println(tega.Path("graph").Child("a name"))
	// Output:
	// graph."172.21.1.0/24".x
	// graph."a name"
}

func ExampleClient_Tx() {
	ctx := context.Background()
	client := dial(ctx)
	defer client.Close()
	_, _ = client.Put(ctx, "extx.counter", 41)

	commit, err := client.Tx(ctx, func(tx *tega.Tx) error {
		var n int
		if err := tx.Get("extx.counter", &n); err != nil {
			return err
		}
		tx.Put("extx.counter", n+1).Expect(tega.Absent("extx.stopped"))
		return nil
	}, tega.WithMessage("count"))

	fmt.Println(commit.Message, commit.Versions, err)
	// Output: count map[extx:1] <nil>
}

func ExampleError() {
	ctx := context.Background()
	client := dial(ctx)
	defer client.Close()

	err := client.Get(ctx, "exerror.nosuch", nil)

	var told *tega.Error
	fmt.Println(errors.Is(err, tega.ErrNotFound), errors.As(err, &told))
	fmt.Println(told.Code, told.Path)
	// Output:
	// true true
	// NOT_FOUND exerror.nosuch
}

func ExampleClient_Watch() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	client := dial(ctx)
	defer client.Close()

	watch, err := client.Watch(ctx, "exwatch.eth0", tega.WithInitial())
	if err != nil {
		fmt.Println(err)
		return
	}
	_, _ = client.Put(ctx, "exwatch.eth0.mtu", 1500)
	_, _ = client.Put(ctx, "exwatch.eth0.mtu", 9000)
	_, _ = client.Delete(ctx, "exwatch")

	for event := range watch.Events() {
		if event.Kind != tega.Changed {
			fmt.Println(event.Kind, len(event.Nodes))
			continue
		}
		edit := event.Commit.Edits[0]
		fmt.Printf("%s %s: %q, now %q\n", edit.Op, edit.Path, edit.Previous, edit.Value)
		if edit.Op == tega.OpDelete {
			watch.Close()
		}
	}
	fmt.Println(watch.Err())
	// Output:
	// initial 0
	// put exwatch.eth0.mtu: "", now "1500"
	// put exwatch.eth0.mtu: "1500", now "9000"
	// delete exwatch.eth0: "{\"mtu\":9000}", now ""
	// <nil>
}

func ExampleClient_Handle() {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	server := dial(ctx, tega.WithID("calculator"))
	defer server.Close()
	client := dial(ctx)
	defer client.Close()

	_, err := server.Handle(ctx, "exrpc.divide", func(_ context.Context, call *tega.Call) (any, error) {
		var a, b int
		if err := errors.Join(call.Arg(0, &a), call.Kwarg("by", &b)); err != nil {
			return nil, err
		}
		if b == 0 {
			return nil, errors.New("nobody can do that")
		}
		return a / b, nil
	})
	if err != nil {
		fmt.Println(err)
		return
	}

	var quotient int
	err = client.Call(ctx, "exrpc.divide", tega.Args{84}, tega.Kwargs{"by": 2}, &quotient)
	fmt.Println(quotient, err)
	err = client.Call(ctx, "exrpc.divide", tega.Args{84}, tega.Kwargs{"by": 0}, &quotient)
	fmt.Println(errors.Is(err, tega.ErrCalleeFailed), err)
	// Output:
	// 42 <nil>
	// true tega: CALLEE_FAILED: nobody can do that
}

func ExampleClient_Subscribe() {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	listener := dial(ctx)
	defer listener.Close()
	publisher := dial(ctx, tega.WithID("sensor"))
	defer publisher.Close()

	heard, err := listener.SubscribePattern(ctx, "exsensors.*")
	if err != nil {
		fmt.Println(err)
		return
	}
	hearers, err := publisher.Publish(ctx, "exsensors.door", map[string]bool{"open": true})
	fmt.Println(hearers, err)
	message := <-heard.Messages()
	fmt.Println(message.Channel, message.Publisher, string(message.Value))
	// Output:
	// 1 <nil>
	// exsensors.door sensor {"open":true}
}

func ExampleClient_PutEphemeral() {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	client := dial(ctx)
	defer client.Close()
	worker := dial(ctx, tega.WithID("worker1"), tega.WithTTL(5*time.Second))

	lease, err := worker.PutEphemeral(ctx, "exworkers.worker1", "idle")
	if err != nil {
		fmt.Println(err)
		return
	}
	_ = lease.Set(ctx, "busy")
	var state string
	err = client.Get(ctx, "exworkers.worker1", &state)
	owner, _ := client.Owner(ctx, "exworkers.worker1")
	fmt.Println(state, owner, err)

	worker.Close() // or its end by whatever cause, five seconds later
	err = client.Get(ctx, "exworkers.worker1", &state)
	fmt.Println(errors.Is(err, tega.ErrNotFound))
	// Output:
	// busy worker1 <nil>
	// true
}

func ExampleClient_Begin() {
	ctx := context.Background()
	client := dial(ctx)
	defer client.Close()
	_, _ = client.Put(ctx, "exdraft.mtu", 1500)

	draft, err := client.Begin(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	_ = draft.Put(ctx, "exdraft.mtu", 9000)
	var here, there int
	_ = draft.Get(ctx, "exdraft.mtu", &there)
	_ = client.Get(ctx, "exdraft.mtu", &here)
	fmt.Println(here, there)
	_, err = draft.Commit(ctx, tega.WithMessage("jumbo frames"))
	_ = client.Get(ctx, "exdraft.mtu", &here)
	fmt.Println(here, err)
	// Output:
	// 1500 9000
	// 9000 <nil>
}

func ExampleClient_Log() {
	ctx := context.Background()
	client := dial(ctx, tega.WithID("operator"))
	defer client.Close()
	first, _ := client.Put(ctx, "exlog.mtu", 1500, tega.WithMessage("begin"))
	_, _ = client.Put(ctx, "exlog.mtu", 9000, tega.WithMessage("jumbo frames"))

	commits, err := client.Log(ctx, "exlog", tega.LogOptions{Limit: 10})
	for _, commit := range commits {
		fmt.Println(commit.TegaID, commit.Message, commit.Edits[0].Path, string(commit.Edits[0].Value))
	}
	var before int
	_ = client.Get(ctx, "exlog.mtu", &before, tega.AtRevision(first.Revision))
	_, _ = client.Rollback(ctx, "exlog", -1)
	var now int
	_ = client.Get(ctx, "exlog.mtu", &now)
	fmt.Println(before, now, err)
	// Output:
	// operator jumbo frames exlog.mtu 9000
	// operator begin exlog.mtu 1500
	// 1500 1500 <nil>
}
