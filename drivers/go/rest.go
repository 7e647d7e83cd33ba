package tega

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
)

// rest speaks in requests. It repeats nothing.
type rest struct {
	base   *url.URL
	id     string
	token  string
	http   *http.Client
	limits *settings
}

func newRest(base *url.URL, s *settings) *rest {
	transport := &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		TLSClientConfig:     s.tls,
		MaxIdleConnsPerHost: 16,
		// Well before the server gives an idle connection up: a change sent at that moment would have an unknown outcome.
		IdleConnTimeout:        idle,
		TLSHandshakeTimeout:    s.patience,
		MaxResponseHeaderBytes: 64 << 10,
		// HTTP/1.1: a connection has one request at a time, so that it is known which one was lost with it.
		TLSNextProto: map[string]func(string, *tls.Conn) http.RoundTripper{},
	}
	noRedirects := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &rest{
		base:   base,
		id:     s.id,
		token:  s.token,
		http:   &http.Client{Transport: transport, CheckRedirect: noRedirects},
		limits: s,
	}
}

// ask is a request being put together.
type ask struct {
	rest   *rest
	method string
	target string
	query  url.Values
	header http.Header
	body   []byte
	writes bool // whether it can change something
	err    error
}

func (r *rest) ask(method, target string) *ask {
	return &ask{
		rest:   r,
		method: method,
		target: target,
		query:  url.Values{"tega_id": {r.id}},
		header: http.Header{},
		writes: method != http.MethodGet,
	}
}

// askNode is a request about the node at path.
func (r *rest) askNode(method string, path Path) *ask {
	target, err := path.url()
	a := r.ask(method, target)
	a.err = err
	return a
}

func (a *ask) with(name, value string) *ask {
	a.query.Set(name, value)
	return a
}

func (a *ask) number(name string, value int64) *ask {
	return a.with(name, strconv.FormatInt(value, 10))
}

func (a *ask) json(contentType string, value any) *ask {
	a.header.Set("Content-Type", contentType)
	if a.err == nil {
		a.body, a.err = encoded(value)
	}
	return a
}

func encoded(value any) (json.RawMessage, error) {
	text, err := json.Marshal(value)
	if err != nil {
		var told *Error
		if errors.As(err, &told) {
			return nil, told
		}
		return nil, &Error{Code: CodeInvalid, Message: "the value has no JSON form: " + err.Error(), Cause: err}
	}
	return text, nil
}

// decode reads JSON; numbers in interfaces stay what they were.
func decode(text []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(into); err != nil {
		return &Error{Code: CodeInvalid, Message: "the value does not fit where it was to go: " + err.Error(), Cause: err}
	}
	return nil
}

// told is an answer in the 200s.
type told struct {
	body     []byte
	revision int64 // -1 when the answer is about none
	tag      string
	owner    string
}

// into sends the request and reads its answer.
func (a *ask) into(ctx context.Context, value any) error {
	answer, err := a.send(ctx)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(answer.body, value); err != nil {
		code, sentence := CodeUnavailable, "the server answered with something unexpected ("+err.Error()+"); is it another release?"
		if a.writes {
			code = CodeUnknownOutcome
		}
		return &Error{Code: code, Message: sentence, Cause: err}
	}
	return nil
}

func (a *ask) send(ctx context.Context) (*told, error) {
	if a.err != nil {
		return nil, a.err
	}
	if _, bounded := ctx.Deadline(); !bounded {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, a.rest.limits.answer)
		defer cancel()
	}
	var sent atomic.Bool // whether it may have left
	trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { sent.Store(true) }}
	u := *a.rest.base
	request, err := http.NewRequestWithContext(httptrace.WithClientTrace(ctx, trace), a.method, u.String()+a.target+"?"+a.query.Encode(), nil)
	if err != nil {
		return nil, &Error{Code: CodeInvalid, Message: err.Error(), Cause: err}
	}
	if a.body != nil {
		request.Body = io.NopCloser(bytes.NewReader(a.body))
		request.ContentLength = int64(len(a.body))
		// No GetBody: what was begun is not begun again.
	}
	request.Header = a.header
	if a.rest.token != "" {
		request.Header.Set("Authorization", "Bearer "+a.rest.token)
	}
	response, err := a.rest.http.Do(request)
	if err != nil {
		return nil, a.lost(ctx, err, sent.Load())
	}
	defer response.Body.Close()
	most := a.rest.limits.frameBytes
	body, err := io.ReadAll(io.LimitReader(response.Body, most+1))
	if err != nil {
		return nil, a.lost(ctx, err, true)
	}
	if int64(len(body)) > most {
		return nil, &Error{Code: CodeLimit, Message: "the answer is larger than the limit of " + strconv.FormatInt(most, 10) + " bytes; ask for parts of it, or see WithMaxFrame"}
	}
	if response.StatusCode >= 300 || response.StatusCode < 200 {
		return nil, problem(response.StatusCode, body, a.rest.base.String(), a.writes)
	}
	revision, err := strconv.ParseInt(response.Header.Get("Tega-Revision"), 10, 64)
	if err != nil {
		revision = -1
	}
	return &told{body: body, revision: revision, tag: response.Header.Get("ETag"), owner: response.Header.Get("Tega-Owner")}, nil
}

// lost is the error of a request that was not answered.
func (a *ask) lost(ctx context.Context, err error, sent bool) error {
	what := "no server answers at " + a.rest.base.String()
	if sent {
		what = "the connection to " + a.rest.base.String() + " was lost"
	}
	cause := err
	if ctx.Err() != nil {
		what = "the server at " + a.rest.base.String() + " was not waited for any longer"
		cause = ctx.Err()
	}
	if a.writes && sent {
		return &Error{Code: CodeUnknownOutcome, Message: what + "; whether the change happened is not known (" + err.Error() + ")", Cause: cause}
	}
	return &Error{Code: CodeUnavailable, Message: what + " (" + err.Error() + ")", Cause: cause}
}

// tagRevision is the revision in an entity tag: "12", "12-form", "12-gzip".
func tagRevision(tag string, otherwise int64) int64 {
	digits, _, _ := strings.Cut(strings.Trim(tag, `"`), "-")
	if revision, err := strconv.ParseInt(digits, 10, 64); err == nil {
		return revision
	}
	return otherwise
}
