package tega_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"tega"
)

// beChild is a program of its own: it answers an RPC and has an ephemeral node, until it is killed.
func beChild() {
	ctx := context.Background()
	client, err := tega.Dial(ctx, os.Getenv(child), tega.WithID("child"), tega.WithTTL(2*time.Second))
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	_, err = client.Handle(ctx, "killed.rpc.double", func(_ context.Context, call *tega.Call) (any, error) {
		var n int
		if err := call.Arg(0, &n); err != nil {
			return nil, err
		}
		return 2 * n, nil
	})
	if err == nil {
		_, err = client.PutEphemeral(ctx, "killed.here.child", map[string]int{"pid": os.Getpid()})
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("ready")
	<-client.Done()
}

// A program that is killed leaves nothing behind for longer than its TTL.
func TestKilledProgramIsGoneWithinItsTTL(t *testing.T) {
	url := sharedURL(t)
	ctx := within(t)
	client, err := tega.Dial(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	program := exec.Command(os.Args[0])
	program.Env = append(os.Environ(), child+"="+url)
	out, err := program.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = program.Wait() }()
	defer func() { _ = program.Process.Kill() }()
	line, _ := bufio.NewReader(out).ReadString('\n')
	if line != "ready\n" {
		t.Fatalf("the program says %q", line)
	}

	var doubled, pid int
	if err := client.Call(ctx, "killed.rpc.double", tega.Args{21}, nil, &doubled); err != nil || doubled != 42 {
		t.Fatalf("called: %d %v", doubled, err)
	}
	if err := client.Get(ctx, "killed.here.child.pid", &pid); err != nil || pid != program.Process.Pid {
		t.Fatalf("in the tree: %d %v", pid, err)
	}
	watch, err := client.Watch(ctx, "killed")
	if err != nil {
		t.Fatal(err)
	}
	if err := program.Process.Kill(); err != nil { // kill -9
		t.Fatal(err)
	}
	killed := time.Now()

	event := <-watch.Events()
	if event.Commit == nil || event.Commit.Kind != tega.KindLease || len(event.Commit.Edits) != 2 {
		t.Fatalf("both go in one commit, but: %+v", event)
	}
	// The TTL is 2 s; what is more is what a busy machine takes to notice.
	if took := time.Since(killed); took < time.Second || took > deadline/2 {
		t.Errorf("gone after %s", took)
	}
	if err := client.Call(ctx, "killed.rpc.double", tega.Args{21}, nil, nil); !errors.Is(err, tega.ErrNoOwner) {
		t.Errorf("called again: %v", err)
	}
	if err := client.Get(ctx, "killed.here.child", &pid); !errors.Is(err, tega.ErrNotFound) {
		t.Errorf("in the tree: %v", err)
	}
}
