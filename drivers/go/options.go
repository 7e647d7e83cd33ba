package tega

import (
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"strings"
	"time"
)

// An Option changes how [Dial] connects.
type Option func(*settings) error

type settings struct {
	id         string
	token      string
	tls        *tls.Config
	ttl        time.Duration
	answer     time.Duration
	heartbeat  time.Duration
	patience   time.Duration
	backoff    backoff
	frameBytes int64
	queueBytes int
	handlers   int
	wait       bool
	log        *slog.Logger
}

func defaults() *settings {
	return &settings{
		ttl:        10 * time.Second,
		answer:     60 * time.Second,
		heartbeat:  15 * time.Second,
		patience:   10 * time.Second,
		backoff:    backoff{first: 100 * time.Millisecond, most: 4 * time.Second},
		frameBytes: 64 << 20,
		queueBytes: 16 << 20,
		handlers:   64,
		log:        slog.New(slog.NewTextHandler(io.Discard, nil)),
	}
}

// WithID sets the name the client goes by, its tega_id: the owner of its ephemeral nodes and RPCs. Without it a random one is
// taken. A client that comes back under the same name within its TTL takes its ephemeral nodes over; one that comes while the
// first is connected sends that one away ([ErrReplaced]).
func WithID(id string) Option {
	return func(s *settings) error {
		if id == "" || len(id) > 256 || strings.ContainsFunc(id, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
			return invalid("a tega_id has 1 to 256 characters, and neither blanks nor control characters among them")
		}
		s.id = id
		return nil
	}
}

// WithToken shows a bearer token with every request.
func WithToken(token string) Option {
	return func(s *settings) error { s.token = token; return nil }
}

// WithTLSConfig sets how https is spoken. It is cloned. Options for certificates that come after it add to it.
func WithTLSConfig(config *tls.Config) Option {
	return func(s *settings) error { s.tls = config.Clone(); return nil }
}

// WithCA trusts the authorities in a PEM file, and no other.
func WithCA(file string) Option {
	return func(s *settings) error {
		pem, err := os.ReadFile(file)
		if err != nil {
			return &Error{Code: CodeInvalid, Message: "the authority cannot be read: " + err.Error(), Cause: err}
		}
		pool := x509.NewCertPool()
		if !pool.AppendCertsFromPEM(pem) {
			return invalid("'" + file + "' holds no certificate in PEM form")
		}
		s.config().RootCAs = pool
		return nil
	}
}

// WithClientCertificate shows a certificate, from PEM files with the certificate (and those between it and the authority) and its
// key.
func WithClientCertificate(certificate, key string) Option {
	return func(s *settings) error {
		pair, err := tls.LoadX509KeyPair(certificate, key)
		if err != nil {
			return &Error{Code: CodeInvalid, Message: "the client certificate cannot be used: " + err.Error(), Cause: err}
		}
		s.config().Certificates = []tls.Certificate{pair}
		return nil
	}
}

func (s *settings) config() *tls.Config {
	if s.tls == nil {
		s.tls = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	return s.tls
}

// WithTTL sets for how long the ephemeral nodes outlive a lost connection: whole seconds, up to an hour; 10 s when not given.
func WithTTL(ttl time.Duration) Option {
	return func(s *settings) error {
		if ttl < 0 || ttl > time.Hour || ttl%time.Second != 0 {
			return invalid(fmt.Sprintf("a TTL is 0 to 3600 whole seconds, not %s", ttl))
		}
		s.ttl = ttl
		return nil
	}
}

// WithTimeout bounds every request whose context has no deadline; 60 s when not given.
func WithTimeout(timeout time.Duration) Option {
	return func(s *settings) error {
		if timeout <= 0 {
			return invalid("a timeout is longer than nothing")
		}
		s.answer = timeout
		return nil
	}
}

// WithHeartbeat sets how often the server is asked whether it is still there, and how long it may take to say so; 15 s and 10 s
// when not given.
func WithHeartbeat(every, patience time.Duration) Option {
	return func(s *settings) error {
		if every <= 0 || patience <= 0 {
			return invalid("a heartbeat and the patience with it are longer than nothing")
		}
		s.heartbeat, s.patience = every, patience
		return nil
	}
}

// WithBackoff sets the pauses between attempts to connect again: random ones, that grow from first to most; 100 ms and 4 s when
// not given.
func WithBackoff(first, most time.Duration) Option {
	return func(s *settings) error {
		if first <= 0 || most < first {
			return invalid("pauses grow from more than nothing")
		}
		s.backoff = backoff{first: first, most: most}
		return nil
	}
}

// WithMaxFrame bounds what is taken from the server in one answer or frame; 64 MiB when not given.
func WithMaxFrame(bytes int64) Option {
	return func(s *settings) error {
		if bytes < 1<<10 {
			return invalid("a bound for frames is 1 KiB or more")
		}
		s.frameBytes = bytes
		return nil
	}
}

// WithMaxQueue bounds the bytes that wait for the reader of one watch or subscription; 16 MiB when not given.
func WithMaxQueue(bytes int) Option {
	return func(s *settings) error {
		if bytes < 1<<10 {
			return invalid("a bound for queues is 1 KiB or more")
		}
		s.queueBytes = bytes
		return nil
	}
}

// WithMaxHandlers bounds how many calls are handled at one time; 64 when not given. What comes beyond is refused to its caller.
func WithMaxHandlers(most int) Option {
	return func(s *settings) error {
		if most < 1 {
			return invalid("at least one call is handled at a time")
		}
		s.handlers = most
		return nil
	}
}

// WithWait lets Dial try until its context ends, instead of failing when no server answers.
func WithWait() Option {
	return func(s *settings) error { s.wait = true; return nil }
}

// WithLogger tells when the connection is lost and found.
func WithLogger(log *slog.Logger) Option {
	return func(s *settings) error { s.log = log; return nil }
}

func invalid(sentence string) *Error { return &Error{Code: CodeInvalid, Message: sentence} }

func randomID() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return "go-" + hex.EncodeToString(b[:])
}

func address(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return nil, invalid("'" + text + "' is not the address of a server; it is like http://127.0.0.1:8739")
	}
	u.Path = strings.TrimSuffix(u.Path, "/")
	u.RawPath = ""
	return u, nil
}
