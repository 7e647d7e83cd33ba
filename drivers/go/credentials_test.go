package tega_test

import (
	"errors"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"tega"
)

// A token and a certificate, shown to the packed server.
func TestCredentials(t *testing.T) {
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	keys, data := t.TempDir(), filepath.Join(t.TempDir(), "var")
	tool := func(words ...string) string {
		t.Helper()
		out, err := exec.Command(path, words...).Output()
		if err != nil {
			t.Fatalf("%v: %v", words, err)
		}
		return strings.TrimSpace(string(out))
	}
	tool("cert", "server", "-d", keys, "127.0.0.1")
	tool("cert", "client", "-d", keys, "alice")
	token := tool("token", "create", "boss", "--admin", "-d", data)
	tool("grant", "alice", "may", "read,write", "a", "-d", data)
	s, err := newServer(data)
	if err != nil {
		t.Fatal(err)
	}
	s.options = []string{"--tls", keys, "--closed"}
	if err := s.start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.kill)
	url := "https://127.0.0.1:" + s.port
	trusted := tega.WithCA(filepath.Join(keys, "ca.pem"))

	for who, credentials := range map[string]tega.Option{
		"boss":  tega.WithToken(token),
		"alice": tega.WithClientCertificate(filepath.Join(keys, "alice.pem"), filepath.Join(keys, "alice.key")),
	} {
		c, err := tega.Dial(within(t), url, trusted, credentials)
		if err != nil {
			t.Fatalf("%s: %v", who, err)
		}
		t.Cleanup(func() { c.Close() })
		if _, err := c.Put(within(t), "a.b", who); err != nil {
			t.Errorf("%s: %v", who, err)
		}
		if log, err := c.Log(within(t), "a", tega.LogOptions{Limit: 1}); err != nil || len(log) != 1 || log[0].Author != who {
			t.Errorf("%s: %v %v", who, log, err)
		}
		if _, err := c.Put(within(t), "b.x", 1); (who == "alice") != errors.Is(err, tega.ErrForbidden) {
			t.Errorf("%s: %v", who, err)
		}
	}
	if _, err := tega.Dial(within(t), url, trusted); !errors.Is(err, tega.ErrUnauthenticated) {
		t.Errorf("nobody: %v", err)
	}
}
