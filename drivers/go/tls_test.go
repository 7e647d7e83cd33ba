package tega

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// authority makes certificates, in PEM files of a folder.
type authority struct {
	t      *testing.T
	folder string
	cert   *x509.Certificate
	key    *ecdsa.PrivateKey
	serial int64
}

func newAuthority(t *testing.T) *authority {
	a := &authority{t: t, folder: t.TempDir()}
	a.cert, a.key = a.issue("ca", &x509.Certificate{IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign})
	return a
}

func (a *authority) file(name string) string { return filepath.Join(a.folder, name) }

func (a *authority) issue(name string, like *x509.Certificate) (*x509.Certificate, *ecdsa.PrivateKey) {
	a.t.Helper()
	check := func(err error) {
		if err != nil {
			a.t.Fatal(err)
		}
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(err)
	a.serial++
	like.SerialNumber = big.NewInt(a.serial)
	like.Subject = pkix.Name{CommonName: name}
	like.NotBefore, like.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	parent, signer := a.cert, a.key
	if parent == nil {
		parent, signer = like, key
	}
	der, err := x509.CreateCertificate(rand.Reader, like, parent, &key.PublicKey, signer)
	check(err)
	cert, err := x509.ParseCertificate(der)
	check(err)
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	check(err)
	check(os.WriteFile(a.file(name+".pem"), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	check(os.WriteFile(a.file(name+".key"), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), 0o600))
	return cert, key
}

// Both sides show who they are, over requests and WebSocket alike.
func TestTLS(t *testing.T) {
	a := newAuthority(t)
	a.issue("server", &x509.Certificate{IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}})
	a.issue("alice", &x509.Certificate{ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}})
	pair, err := tls.LoadX509KeyPair(a.file("server.pem"), a.file("server.key"))
	if err != nil {
		t.Fatal(err)
	}
	trusted := x509.NewCertPool()
	trusted.AddCert(a.cert)
	f := &fake{t: t, rest: okTransactions, session: func(_ int64, p *peer) {
		p.write(`{"op":"published","id":%s,"hearers":1}`, p.expect("publish")["id"])
	}}
	f.http = httptest.NewUnstartedServer(f)
	f.http.TLS = &tls.Config{Certificates: []tls.Certificate{pair}, ClientCAs: trusted, ClientAuth: tls.RequireAndVerifyClientCert, NextProtos: []string{"h2", "http/1.1"}}
	f.http.Config.ErrorLog = nil
	f.http.StartTLS()
	t.Cleanup(f.http.Close)

	certificate := WithClientCertificate(a.file("alice.pem"), a.file("alice.key"))
	c := f.dial(WithCA(a.file("ca.pem")), certificate)
	if _, err := c.Put(within(t), "a.b", 1); err != nil {
		t.Error(err)
	}
	if _, err := c.Publish(within(t), "a", 1); err != nil {
		t.Error(err)
	}
	c.Close()

	for name, options := range map[string][]Option{
		"a client without certificate": {WithCA(a.file("ca.pem"))},
		"a server nobody vouches for":  {certificate},
	} {
		if _, err := Dial(within(t), f.http.URL, options...); !errors.Is(err, ErrUnavailable) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, options := range [][]Option{
		{WithCA(a.file("nosuch.pem"))},
		{WithCA(a.file("ca.key"))},
		{WithClientCertificate(a.file("alice.pem"), a.file("server.key"))},
	} {
		if _, err := Dial(within(t), f.http.URL, options...); !errors.Is(err, ErrInvalid) {
			t.Errorf("files that do not fit: %v", err)
		}
	}
}
