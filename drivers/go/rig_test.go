package tega_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// deadline is how long anything in these tests may take.
const deadline = 20 * time.Second

// child is the environment variable that tells what this program shall be instead of tests, see kill_test.go.
const child = "TEGA_TEST_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(child) != "" {
		beChild()
		return
	}
	code := m.Run()
	stopShared()
	http.DefaultClient.CloseIdleConnections()
	if err := goleak.Find(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

var ready = regexp.MustCompile(`^tega (\S+) ready at (\S+) data`)

// server is a packed server in a process of its own, known by what it prints and answers.
type server struct {
	data    string
	port    string
	url     string
	options []string
	process *exec.Cmd
	said    *strings.Builder
	read    chan struct{} // closed at the end of its output
}

// program is the packed server's.
func program() (string, error) {
	home := os.Getenv("TEGA_HOME")
	if home == "" {
		found, _ := filepath.Glob("../../cnf/target/tega-*/bin/tega")
		if len(found) != 1 {
			return "", fmt.Errorf("there is no packed server in cnf/target; ./tega test builds one, or set TEGA_HOME")
		}
		return found[0], nil
	}
	return filepath.Join(home, "bin", "tega"), nil
}

func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port), nil
}

func newServer(data string) (*server, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	return &server{data: data, port: port, url: "http://127.0.0.1:" + port}, nil
}

func (s *server) start() error {
	path, err := program()
	if err != nil {
		return err
	}
	s.process = exec.Command(path, "server", "--daemon", "-p", s.port, "-d", s.data)
	s.process.Args = append(s.process.Args, s.options...)
	s.process.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	s.said = &strings.Builder{}
	s.process.Stderr = s.said
	out, err := s.process.StdoutPipe()
	if err != nil {
		return err
	}
	if err := s.process.Start(); err != nil {
		return err
	}
	up := make(chan struct{})
	s.read = make(chan struct{})
	go func() {
		defer close(s.read)
		var once sync.Once
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if ready.MatchString(lines.Text()) {
				once.Do(func() { close(up) })
			}
		}
	}()
	select {
	case <-up:
		return nil
	case <-s.read:
	case <-time.After(60 * time.Second):
	}
	s.kill()
	return fmt.Errorf("no server came up: %s", s.said)
}

func (s *server) kill() { s.end(syscall.SIGKILL) }

func (s *server) stop() { s.end(syscall.SIGTERM) }

func (s *server) end(signal syscall.Signal) {
	if s.process == nil {
		return
	}
	_ = s.process.Process.Signal(signal)
	<-s.read
	_ = s.process.Wait()
	s.process = nil
}

var shared struct {
	sync.Mutex
	server *server
	data   string
}

// sharedServer is one that tests use which do not restart it: each in a root of its own.
func sharedServer() (*server, error) {
	shared.Lock()
	defer shared.Unlock()
	if shared.server != nil {
		return shared.server, nil
	}
	data, err := os.MkdirTemp("", "tega-go-")
	if err != nil {
		return nil, err
	}
	s, err := newServer(data)
	if err == nil {
		err = s.start()
	}
	if err != nil {
		_ = os.RemoveAll(data)
		return nil, err
	}
	shared.server, shared.data = s, data
	return s, nil
}

func stopShared() {
	shared.Lock()
	defer shared.Unlock()
	if shared.server != nil {
		shared.server.kill()
		_ = os.RemoveAll(shared.data)
	}
}

func sharedURL(t *testing.T) string {
	t.Helper()
	s, err := sharedServer()
	if err != nil {
		t.Fatal(err)
	}
	return s.url
}

// within is a context with the deadline of these tests.
func within(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	t.Cleanup(cancel)
	return ctx
}

// proxy copies bytes between a client and the server, and can do it badly.
type proxy struct {
	address string
	target  string

	mu       sync.Mutex
	listener net.Listener
	swallow  bool
	down     bool // the server is
	refuse   bool
	pairs    map[*pair]struct{}
	running  sync.WaitGroup
}

type pair struct{ client, server net.Conn }

func newProxy(target string) (*proxy, error) {
	p := &proxy{target: target, pairs: map[*pair]struct{}{}}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p.address = l.Addr().String()
	p.listen(l)
	return p, nil
}

func (p *proxy) url() string { return "http://" + p.address }

// listen takes connections; p.mu is held, or nobody knows p yet.
func (p *proxy) listen(l net.Listener) {
	p.listener = l
	p.running.Add(1)
	go func() {
		defer p.running.Done()
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			p.running.Add(1)
			go p.serve(conn)
		}
	}()
}

func (p *proxy) serve(client net.Conn) {
	defer p.running.Done()
	server, err := net.Dial("tcp", p.target)
	if err != nil {
		reset(client)
		return
	}
	both := &pair{client, server}
	p.mu.Lock()
	refused := p.refuse || p.down
	if !refused {
		p.pairs[both] = struct{}{}
	}
	p.mu.Unlock()
	if refused {
		both.reset()
		return
	}
	p.running.Add(1)
	go func() {
		defer p.running.Done()
		p.copy(both, client, server, false)
	}()
	p.copy(both, server, client, true)
	p.mu.Lock()
	delete(p.pairs, both)
	p.mu.Unlock()
}

func (p *proxy) copy(both *pair, from, to net.Conn, answers bool) {
	defer both.close()
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			p.mu.Lock()
			swallow := p.swallow && answers
			p.mu.Unlock()
			if swallow {
				both.reset()
				return
			}
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

func reset(conn net.Conn) {
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

func (p *pair) reset() {
	reset(p.client)
	reset(p.server)
}

func (p *pair) close() {
	_ = p.client.Close()
	_ = p.server.Close()
}

// act does one of cut, refuse, accept, swallow; and down and up with the server.
func (p *proxy) act(what string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch what {
	case "cut":
	case "refuse":
		p.refuse = true
	case "accept":
		p.refuse, p.swallow = false, false
	case "swallow":
		p.swallow = true
	case "down":
		p.down = true
	case "up":
		p.down = false
	default:
		return fmt.Errorf("a network cannot '%s'", what)
	}
	if closed := p.refuse || p.down; closed && p.listener != nil {
		_ = p.listener.Close()
		p.listener = nil
	} else if !closed && p.listener == nil {
		l, err := net.Listen("tcp", p.address)
		if err != nil {
			return err
		}
		p.listen(l)
	}
	if what == "cut" || what == "refuse" || what == "down" {
		for both := range p.pairs {
			both.reset()
		}
	}
	return nil
}

func (p *proxy) close() {
	p.mu.Lock()
	if p.listener != nil {
		_ = p.listener.Close()
		p.listener = nil
	}
	p.refuse = true
	for both := range p.pairs {
		both.reset()
	}
	p.mu.Unlock()
	p.running.Wait()
}
