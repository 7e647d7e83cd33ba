package tega_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tega"
)

const scenarios = "../conformance"

// object is a JSON object; numbers in it are json.Number.
type object = map[string]any

func readJSON(t *testing.T, file string, into any) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(scenarios, file))
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(into); err != nil {
		t.Fatal(err)
	}
}

// TestConformance runs what every driver does alike.
func TestConformance(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(scenarios, "*.json"))
	if err != nil || len(files) < 8 {
		t.Fatalf("the scenarios are not there: %v %v", files, err)
	}
	s, err := newServer(t.TempDir())
	if err == nil {
		err = s.start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.kill)
	for _, file := range files {
		name := filepath.Base(file)
		if name == "paths.json" {
			continue // TestPaths
		}
		var told struct {
			Scenarios []struct {
				Name  string   `json:"name"`
				Steps []object `json:"steps"`
			} `json:"scenarios"`
		}
		readJSON(t, name, &told)
		for _, scenario := range told.Scenarios {
			t.Run(strings.TrimSuffix(name, ".json")+"/"+scenario.Name, func(t *testing.T) {
				newStage(t, s).run(scenario.Steps)
			})
		}
	}
}

// stage is where one scenario plays.
type stage struct {
	t      *testing.T
	server *server
	task   map[string]chan outcome

	mu            sync.Mutex // tasks run beside the scenario
	kept          object
	players       map[string]*player
	watches       map[string]*tega.Watch
	subscriptions map[string]*tega.Subscription
	drafts        map[string]*tega.Draft
}

// player is a client behind a proxy of its own.
type player struct {
	client   *tega.Client
	proxy    *proxy
	handlers map[string]*tega.Handler
	served   map[string]int
	never    chan struct{}
}

type outcome struct {
	value any
	err   error
}

func newStage(t *testing.T, s *server) *stage {
	if s.process == nil {
		if err := s.start(); err != nil {
			t.Fatal(err)
		}
	}
	response, err := http.Post(s.url+"/_clear", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	g := &stage{
		t:             t,
		server:        s,
		task:          map[string]chan outcome{},
		kept:          object{},
		players:       map[string]*player{},
		watches:       map[string]*tega.Watch{},
		subscriptions: map[string]*tega.Subscription{},
		drafts:        map[string]*tega.Draft{},
	}
	t.Cleanup(g.close)
	return g
}

func (g *stage) close() {
	for _, p := range g.players {
		close(p.never)
		p.client.Close()
		p.proxy.close()
	}
}

func (g *stage) run(steps []object) {
	for i, step := range steps {
		if err := g.step(step); err != nil {
			text, _ := json.Marshal(step)
			g.t.Fatalf("step %d, %s: %v", i, text, err)
		}
	}
}

// step does one step, if need be again and again, and compares what comes of it.
func (g *stage) step(step object) error {
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	for {
		value, err := g.do(ctx, step)
		wrong := g.compare(step, value, err)
		if wrong == nil {
			if name, ok := step["keep"].(string); ok {
				g.mu.Lock()
				g.kept[name] = value
				g.mu.Unlock()
			}
			return nil
		}
		if step["eventually"] != true || ctx.Err() != nil {
			return wrong
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func (g *stage) compare(step object, value any, err error) error {
	if code, fails := step["fails"].(string); fails {
		if got := string(tega.CodeOf(err)); got != code {
			return fmt.Errorf("should fail with %s, but: %v, %v", code, value, err)
		}
		if saying, ok := step["saying"].(string); ok && !strings.Contains(err.Error(), saying) {
			return fmt.Errorf("should say '%s', but: %v", saying, err)
		}
		return nil
	}
	if err != nil {
		return err
	}
	if wanted, ok := step["gives"]; ok && !alike(g.resolve(wanted), value, false) {
		return fmt.Errorf("gives %s", text(value))
	}
	if wanted, ok := step["like"]; ok && !alike(g.resolve(wanted), value, true) {
		return fmt.Errorf("is %s", text(value))
	}
	return nil
}

func text(value any) string {
	told, _ := json.Marshal(value)
	return string(told)
}

// alike compares JSON values; loosely: members that are not wanted do not count.
func alike(wanted, got any, loosely bool) bool {
	if wanted == "$any" {
		return true
	}
	switch w := wanted.(type) {
	case json.Number:
		g, ok := got.(json.Number)
		if !ok {
			return false
		}
		a, okA := new(big.Rat).SetString(w.String())
		b, okB := new(big.Rat).SetString(g.String())
		return okA && okB && a.Cmp(b) == 0
	case object:
		g, ok := got.(object)
		if !ok || !loosely && len(g) != len(w) {
			return false
		}
		for name, value := range w {
			member, there := g[name]
			if !there || !alike(value, member, loosely) {
				return false
			}
		}
		return true
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(w) {
			return false
		}
		for i := range w {
			if !alike(w[i], g[i], loosely) {
				return false
			}
		}
		return true
	}
	return reflect.DeepEqual(wanted, got)
}

// resolve puts what was kept in the place of "$r", "$r+1", "$p.0".
func (g *stage) resolve(value any) any {
	switch v := value.(type) {
	case object:
		resolved := object{}
		for name, member := range v {
			resolved[name] = g.resolve(member)
		}
		return resolved
	case []any:
		resolved := make([]any, len(v))
		for i, item := range v {
			resolved[i] = g.resolve(item)
		}
		return resolved
	case string:
		if !strings.HasPrefix(v, "$") || v == "$any" {
			return v
		}
		name, rest := v[1:], ""
		if i := strings.IndexAny(name, "+-."); i >= 0 {
			name, rest = name[:i], name[i:]
		}
		g.mu.Lock()
		kept := g.kept[name]
		g.mu.Unlock()
		if index, ok := strings.CutPrefix(rest, "."); ok {
			i, _ := strconv.Atoi(index)
			return kept.([]any)[i]
		}
		if rest == "" {
			return kept
		}
		added, _ := strconv.ParseInt(rest, 10, 64)
		number, _ := kept.(json.Number).Int64()
		return number_(number + added)
	}
	return value
}

func number_(n int64) json.Number { return json.Number(strconv.FormatInt(n, 10)) }

// plain makes the JSON form of any value.
func plain(value any) any {
	told, err := json.Marshal(value)
	if err != nil {
		return err.Error()
	}
	decoder := json.NewDecoder(bytes.NewReader(told))
	decoder.UseNumber()
	var p any
	_ = decoder.Decode(&p)
	return p
}

// player is the client of a name, made when it is first needed.
func (g *stage) player(ctx context.Context, name string, options ...tega.Option) (*player, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if p := g.players[name]; p != nil {
		return p, nil
	}
	proxy, err := newProxy("127.0.0.1:" + g.server.port)
	if err != nil {
		return nil, err
	}
	client, err := tega.Dial(ctx, proxy.url(), append(options, tega.WithID(name))...)
	if err != nil {
		proxy.close()
		return nil, err
	}
	p := &player{client: client, proxy: proxy, handlers: map[string]*tega.Handler{}, served: map[string]int{}, never: make(chan struct{})}
	g.players[name] = p
	return p, nil
}

// order is a step with what it says about whom.
type order struct {
	*player
	object
	ctx context.Context
	g   *stage
}

func (o order) text(name string) string {
	s, _ := o.object[name].(string)
	return s
}

func (o order) number(name string) int64 {
	n, _ := o.object[name].(json.Number)
	i, _ := n.Int64()
	return i
}

func (o order) has(name string) bool {
	_, ok := o.object[name]
	return ok
}

func (o order) path(name string) tega.Path {
	items, _ := o.object[name].([]any)
	names := make([]string, len(items))
	for i, item := range items {
		names[i], _ = item.(string)
	}
	return tega.PathOf(names...)
}

func (o order) options() []tega.WriteOption {
	var options []tega.WriteOption
	if o.has("message") {
		options = append(options, tega.WithMessage(o.text("message")))
	}
	if o.has("confirm") {
		options = append(options, tega.ConfirmWithin(time.Duration(o.number("confirm"))*time.Second))
	}
	return options
}

func patchOf(value any) []tega.PatchOp {
	var operations []tega.PatchOp
	for _, item := range value.([]any) {
		op := item.(object)
		one := tega.PatchOp{Value: op["value"]}
		one.Op, _ = op["op"].(string)
		one.Path, _ = op["path"].(string)
		one.From, _ = op["from"].(string)
		operations = append(operations, one)
	}
	return operations
}

// do does what one step says.
func (g *stage) do(ctx context.Context, step object) (any, error) {
	said := g.resolve(step).(object)
	if said["do"] == "server" {
		return nil, g.actServer(said["act"].(string))
	}
	if steps, ok := step["step"]; ok { // not resolved before its time
		said["step"] = steps
	}
	if ops, ok := step["ops"]; ok {
		said["ops"] = ops
	}
	name, ok := said["as"].(string)
	if !ok {
		name = "a"
	}
	var options []tega.Option
	if said["do"] == "client" && said["ttl"] != nil {
		ttl, _ := said["ttl"].(json.Number).Int64()
		options = append(options, tega.WithTTL(time.Duration(ttl)*time.Second))
	}
	p, err := g.player(ctx, name, options...)
	if err != nil {
		return nil, err
	}
	verb := said["do"].(string)
	do := verbs[verb]
	if do == nil {
		return nil, fmt.Errorf("there is no verb '%s'", verb)
	}
	return do(order{p, said, ctx, g})
}

func (g *stage) actServer(act string) error {
	proxies := func(what string) error {
		g.mu.Lock()
		defer g.mu.Unlock()
		for _, p := range g.players {
			if err := p.proxy.act(what); err != nil {
				return err
			}
		}
		return nil
	}
	switch act {
	case "kill":
		g.server.kill()
		return proxies("down")
	case "stop":
		g.server.stop()
		return proxies("down")
	case "start":
		if err := g.server.start(); err != nil {
			return err
		}
		return proxies("up")
	}
	return fmt.Errorf("a server cannot '%s'", act)
}

func revision(commit *tega.Commit, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return number_(commit.Revision), nil
}

func told(value any, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return plain(value), nil
}

var verbs map[string]func(o order) (any, error)

func init() {
	verbs = map[string]func(o order) (any, error){
		"get": func(o order) (any, error) {
			var options []tega.GetOption
			if o.has("version") {
				options = append(options, tega.AtVersion(o.number("version")))
			}
			if o.has("revision") {
				options = append(options, tega.AtRevision(o.number("revision")))
			}
			var value any
			err := o.client.Get(o.ctx, o.path("path"), &value, options...)
			return value, err
		},
		"put": func(o order) (any, error) {
			if o.object["ephemeral"] == true {
				_, err := o.client.PutEphemeral(o.ctx, o.path("path"), o.object["value"])
				return nil, err
			}
			return revision(o.client.Put(o.ctx, o.path("path"), o.object["value"], o.options()...))
		},
		"merge": func(o order) (any, error) {
			return revision(o.client.Merge(o.ctx, o.path("path"), o.object["value"], o.options()...))
		},
		"patch": func(o order) (any, error) {
			return revision(o.client.Patch(o.ctx, o.path("path"), patchOf(o.object["value"]), o.options()...))
		},
		"delete": func(o order) (any, error) {
			return revision(o.client.Delete(o.ctx, o.path("path"), o.options()...))
		},
		"tx": func(o order) (any, error) {
			return told(o.client.Tx(o.ctx, o.collect, append(o.options(), tega.Attempts(1))...))
		},
		"preview": func(o order) (any, error) { return told(o.client.Preview(o.ctx, o.collect)) },
		"draft": func(o order) (any, error) {
			draft, err := o.client.Begin(o.ctx)
			o.g.drafts[o.text("draft")] = draft
			return nil, err
		},
		"draft-get": func(o order) (any, error) {
			var value any
			err := o.draft().Get(o.ctx, o.path("path"), &value)
			return value, err
		},
		"draft-put": func(o order) (any, error) {
			return nil, o.draft().Put(o.ctx, o.path("path"), o.object["value"])
		},
		"draft-merge": func(o order) (any, error) {
			return nil, o.draft().Merge(o.ctx, o.path("path"), o.object["value"])
		},
		"draft-delete": func(o order) (any, error) { return nil, o.draft().Delete(o.ctx, o.path("path")) },
		"draft-edits":  func(o order) (any, error) { return told(o.draft().Candidate(o.ctx)) },
		"draft-commit": func(o order) (any, error) { return told(o.draft().Commit(o.ctx, o.options()...)) },
		"draft-cancel": func(o order) (any, error) { return nil, o.draft().Cancel(o.ctx) },
		"log": func(o order) (any, error) {
			return told(o.client.Log(o.ctx, o.path("path"), tega.LogOptions{From: o.number("from"), Limit: int(o.number("limit"))}))
		},
		"diff": func(o order) (any, error) {
			return told(o.client.Diff(o.ctx, o.path("path"), o.number("from"), o.number("to")))
		},
		"blame": func(o order) (any, error) {
			leaves, err := o.client.Blame(o.ctx, o.path("path"))
			list := []any{}
			for _, leaf := range leaves {
				list = append(list, plain(object{"path": leaf.Path, "value": leaf.Value, "revision": leaf.Revision}))
			}
			return list, err
		},
		"rollback": func(o order) (any, error) {
			return told(o.client.Rollback(o.ctx, o.text("root"), o.number("version")))
		},
		"revert": func(o order) (any, error) { return revision(o.client.Revert(o.ctx, o.number("revision"))) },
		"tag": func(o order) (any, error) {
			return revision(o.client.Tag(o.ctx, o.text("name"), o.number("revision")))
		},
		"tags": func(o order) (any, error) { return told(o.client.Tags(o.ctx)) },
		"pending": func(o order) (any, error) {
			pending, err := o.client.Pending(o.ctx)
			revisions := []any{}
			for _, one := range pending {
				revisions = append(revisions, number_(one.Revision))
			}
			return revisions, err
		},
		"confirm": func(o order) (any, error) {
			var err error
			switch o.text("action") {
			case "extend":
				err = o.client.Extend(o.ctx, o.number("revision"), time.Duration(o.number("window"))*time.Second)
			case "cancel":
				_, err = o.client.Undo(o.ctx, o.number("revision"))
			default:
				_, err = o.client.Confirm(o.ctx, o.number("revision"))
			}
			return nil, err
		},
		"roots": func(o order) (any, error) { return told(o.client.Roots(o.ctx)) },
		"old": func(o order) (any, error) {
			roots, err := o.client.Roots(o.ctx)
			old := object{}
			for root := range roots {
				versions, err := o.client.Versions(o.ctx, root)
				if err != nil {
					return nil, err
				}
				if len(versions) > 0 {
					old[root] = plain(versions)
				}
			}
			return old, err
		},
		"edges": func(o order) (any, error) {
			return told(o.client.Edges(o.ctx, o.text("root"), o.object["old"] == true))
		},
		"owner": func(o order) (any, error) {
			owner, err := o.client.Owner(o.ctx, o.path("path"))
			if owner == "" {
				return nil, err
			}
			return owner, err
		},
		"watch": watchVerb,
		"next":  func(o order) (any, error) { return nextEvent(o.ctx, o.g.watches[o.text("watch")]) },
		"unwatch": func(o order) (any, error) {
			o.g.watches[o.text("watch")].Close()
			return nil, nil
		},
		"subscribe": func(o order) (any, error) {
			var s *tega.Subscription
			var err error
			if o.has("pattern") {
				s, err = o.client.SubscribePattern(context.Background(), o.text("pattern"))
			} else {
				s, err = o.client.Subscribe(context.Background(), o.path("channel"))
			}
			o.g.subscriptions[o.text("subscription")] = s
			return nil, err
		},
		"heard": func(o order) (any, error) {
			select {
			case m, ok := <-o.g.subscriptions[o.text("subscription")].Messages():
				if !ok {
					return nil, errors.New("the subscription has ended")
				}
				return plain(object{"channel": m.Channel, "publisher": m.Publisher, "message": m.Value}), nil
			case <-o.ctx.Done():
				return nil, o.ctx.Err()
			}
		},
		"unsubscribe": func(o order) (any, error) {
			s := o.g.subscriptions[o.text("subscription")]
			s.Close()
			for range s.Messages() { // until the server was told
			}
			return nil, nil
		},
		"publish": func(o order) (any, error) {
			return told(o.client.Publish(o.ctx, o.path("channel"), o.object["message"]))
		},
		"serve": serveVerb,
		"served": func(o order) (any, error) {
			o.g.mu.Lock()
			defer o.g.mu.Unlock()
			return number_(int64(o.served[string(o.path("path"))])), nil
		},
		"unserve": func(o order) (any, error) {
			return nil, o.handlers[string(o.path("path"))].Close(o.ctx)
		},
		"call": func(o order) (any, error) {
			ctx := o.ctx
			if o.has("deadline") {
				var cancel context.CancelFunc
				ctx, cancel = context.WithTimeout(ctx, time.Duration(o.number("deadline"))*time.Millisecond)
				defer cancel()
			}
			args, _ := o.object["args"].([]any)
			kwargs, _ := o.object["kwargs"].(object)
			var value any
			err := o.client.Call(ctx, o.path("path"), args, kwargs, &value)
			return value, err
		},
		"client": func(o order) (any, error) { return nil, nil },
		"close":  func(o order) (any, error) { return nil, o.client.Close() },
		"start": func(o order) (any, error) {
			task := make(chan outcome, 1)
			o.g.task[o.text("task")] = task
			go func() {
				ctx, cancel := context.WithTimeout(context.Background(), deadline)
				defer cancel()
				value, err := o.g.do(ctx, o.object["step"].(object))
				task <- outcome{value, err}
			}()
			return nil, nil
		},
		"finish": func(o order) (any, error) {
			select {
			case came := <-o.g.task[o.text("task")]:
				return came.value, came.err
			case <-o.ctx.Done():
				return nil, o.ctx.Err()
			}
		},
		"clear": func(o order) (any, error) { return nil, o.client.Clear(o.ctx) },
		"burst": func(o order) (any, error) {
			path, turns := o.path("path"), make(chan int64)
			failures := make(chan error, 16)
			for range 16 {
				go func() {
					var failure error
					for n := range turns {
						if _, err := o.client.Put(o.ctx, path, n); err != nil && failure == nil {
							failure = err
						}
					}
					failures <- failure
				}()
			}
			for n := int64(1); n <= o.number("count"); n++ {
				turns <- n
			}
			close(turns)
			var all error
			for range 16 {
				all = errors.Join(all, <-failures)
			}
			return nil, all
		},
		"count": func(o order) (any, error) {
			w, last, count := o.g.watches[o.text("watch")], int64(0), int64(0)
			for ; count < o.number("count"); count++ {
				event, err := nextEvent(o.ctx, w)
				if err != nil {
					return nil, fmt.Errorf("after %d: %w", count, err)
				}
				at, _ := event.(object)["revision"].(json.Number).Int64()
				if at <= last {
					return nil, fmt.Errorf("revision %d comes after %d", at, last)
				}
				last = at
			}
			return number_(count), nil
		},
		"network": func(o order) (any, error) { return nil, o.proxy.act(o.text("act")) },
	}
}

func (o order) draft() *tega.Draft { return o.g.drafts[o.text("draft")] }

// collect does the ops of a transaction.
func (o order) collect(tx *tega.Tx) error {
	for _, item := range o.object["ops"].([]any) {
		raw := item.(object)
		if raw["do"] == "meanwhile" {
			for _, step := range raw["steps"].([]any) {
				if err := o.g.step(step.(object)); err != nil {
					return err
				}
			}
			continue
		}
		op := order{o.player, o.g.resolve(raw).(object), o.ctx, o.g}
		path, value := op.path("path"), op.object["value"]
		switch op.text("do") {
		case "get":
			var got any
			err := tx.Get(path, &got)
			if err := o.g.compare(raw, got, err); err != nil {
				return err
			}
		case "put":
			if op.object["ephemeral"] == true {
				tx.PutEphemeral(path, value)
			} else {
				tx.Put(path, value)
			}
		case "merge":
			tx.Merge(path, value)
		case "patch":
			tx.Patch(path, patchOf(value))
		case "delete":
			tx.Delete(path)
		case "expect":
			switch {
			case op.has("absent"):
				tx.Expect(tega.Absent(path))
			case op.has("present"):
				tx.Expect(tega.Present(path))
			case op.has("revision"):
				tx.Expect(tega.UnchangedSince(path, op.number("revision")))
			case op.has("version"):
				tx.Expect(tega.AtRootVersion(path, op.number("version")))
			default:
				tx.Expect(tega.Equal(path, value))
			}
		default:
			return fmt.Errorf("a transaction cannot '%s'", op.text("do"))
		}
	}
	return nil
}

func watchVerb(o order) (any, error) {
	var options []tega.WatchOption
	if o.has("since") {
		options = append(options, tega.Since(o.number("since")))
	}
	if o.object["initial"] == true {
		options = append(options, tega.WithInitial())
	}
	if o.text("mode") == "state" {
		options = append(options, tega.InState())
	}
	if o.object["own"] == false {
		options = append(options, tega.WithoutOwn())
	}
	var w *tega.Watch
	var err error
	if o.has("pattern") {
		w, err = o.client.WatchPattern(context.Background(), o.text("pattern"), options...)
	} else {
		w, err = o.client.Watch(context.Background(), o.path("path"), options...)
	}
	o.g.watches[o.text("watch")] = w
	return nil, err
}

// nextEvent is the next that is about something, as the scenarios have it.
func nextEvent(ctx context.Context, w *tega.Watch) (any, error) {
	for {
		select {
		case event, ok := <-w.Events():
			var failure *tega.Error
			switch {
			case !ok && errors.As(w.Err(), &failure) && failure.Code == tega.CodeCompacted:
				return plain(object{"event": "compacted", "oldest": failure.Oldest}), nil
			case !ok:
				return nil, fmt.Errorf("the watch has ended: %w", w.Err())
			case event.Kind == tega.Changed && !event.Inventory:
				change := plain(event.Commit).(object)
				change["event"] = "change"
				return change, nil
			case event.Kind == tega.Initial:
				nodes := []object{}
				for _, node := range event.Nodes {
					nodes = append(nodes, object{"path": node.Path, "value": node.Value})
				}
				return plain(object{"event": "initial", "revision": event.Revision, "nodes": nodes}), nil
			}
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func serveVerb(o order) (any, error) {
	path := o.path("path")
	answer := o.object["answer"].(object)
	handler, err := o.client.Handle(o.ctx, path, func(ctx context.Context, call *tega.Call) (any, error) {
		o.g.mu.Lock()
		o.served[string(path)]++
		o.g.mu.Unlock()
		if sentence, ok := answer["error"].(string); ok {
			return nil, errors.New(sentence)
		}
		if answer["never"] == true {
			select { // it heeds nothing but the end of the scenario, and of its connection
			case <-o.never:
			case <-o.client.Done():
			}
			return nil, nil
		}
		if answer["echo"] == true {
			return object{"args": call.Args, "kwargs": call.Kwargs}, nil
		}
		return answer["value"], nil
	})
	o.handlers[string(path)] = handler
	return nil, err
}
