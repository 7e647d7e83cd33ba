// Command bench tells what the driver adds to a request: beside the same request on a bare socket, in turns.
package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"tega"
)

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: bench URL TURNS")
	}
	turns, err := strconv.Atoi(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	client, err := tega.Dial(ctx, os.Args[1], tega.WithID("go"))
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	bare := dial(os.Args[1])
	value := "0123456789"
	compare("PUT", turns, func() error {
		return bare.exchange("PUT", "/bench/go?tega_id=go", `"`+value+`"`)
	}, func() error {
		_, err := client.Put(ctx, "bench.go", value)
		return err
	})
	compare("GET", turns, func() error {
		return bare.exchange("GET", "/bench/go", "")
	}, func() error {
		var got string
		return client.Get(ctx, "bench.go", &got)
	})
	compare("RPC", turns, func() error {
		return bare.exchange("POST", "/_rpc?path=rpc.echo&tega_id=go", `{"args":[1],"kwargs":{}}`)
	}, func() error {
		var got any
		return client.Call(ctx, "rpc.echo", tega.Args{1}, nil, &got)
	})
}

func compare(what string, turns int, bare, driver func() error) {
	times := [2][]time.Duration{}
	for turn := -turns / 2; turn < turns; turn++ { // the first are to warm up
		for who, step := range []func() error{bare, driver} {
			before := time.Now()
			if err := step(); err != nil {
				log.Fatal(what, ": ", err)
			}
			if turn >= 0 {
				times[who] = append(times[who], time.Since(before))
			}
		}
	}
	slices.Sort(times[0])
	slices.Sort(times[1])
	fmt.Println("Go", what, times[0][turns/2].Microseconds(), times[1][turns/2].Microseconds())
}

// raw speaks as little HTTP as is needed.
type raw struct {
	conn   net.Conn
	reader *bufio.Reader
}

func dial(address string) *raw {
	parsed, err := url.Parse(address)
	if err != nil {
		log.Fatal(err)
	}
	conn, err := net.Dial("tcp", parsed.Host)
	if err != nil {
		log.Fatal(err)
	}
	return &raw{conn, bufio.NewReader(conn)}
}

func (r *raw) exchange(method, target, body string) error {
	request := method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + strconv.Itoa(len(body)) + "\r\n\r\n" + body
	if _, err := io.WriteString(r.conn, request); err != nil {
		return err
	}
	length := 0
	for first := true; ; first = false {
		line, err := r.reader.ReadString('\n')
		if err != nil {
			return err
		}
		line = strings.TrimSpace(line)
		if first && !strings.HasPrefix(line, "HTTP/1.1 200") {
			return fmt.Errorf("answered %q", line)
		}
		if line == "" {
			break
		}
		if name, rest, found := strings.Cut(line, ":"); found && strings.EqualFold(name, "Content-Length") {
			if length, err = strconv.Atoi(strings.TrimSpace(rest)); err != nil {
				return err
			}
		}
	}
	_, err := r.reader.Discard(length)
	return err
}
