package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"warmdesk/switchboard/switchboardtest"
)

// authority signs certificates; nobody but the test trusts it.
type authority struct {
	t    *testing.T
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	next int64
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func newAuthority(t *testing.T) *authority {
	a := &authority{t: t, key: newKey(t), next: 1}
	a.cert = &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "The test's authority"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, a.cert, a.cert, &a.key.PublicKey, a.key)
	if err != nil {
		t.Fatal(err)
	}
	if a.cert, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	return a
}

// sign makes a certificate for a name and 127.0.0.1.
func (a *authority) sign(name string, public any) []byte {
	a.next++
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: big.NewInt(a.next), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(20 * time.Hour),
	}, a.cert, public, a.key)
	if err != nil {
		a.t.Error(err)
	}
	return der
}

func inPEM(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

// pair makes a certificate and its key as files hold them.
func (a *authority) pair(name string) (cert, key []byte) {
	private := newKey(a.t)
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		a.t.Fatal(err)
	}
	return inPEM("CERTIFICATE", a.sign(name, &private.PublicKey)), inPEM("PRIVATE KEY", der)
}

// client trusts the authority and finds every name at addr, unless it is empty.
func (a *authority) client(addr string) *http.Client {
	roots := x509.NewCertPool()
	roots.AddCert(a.cert)
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, ForceAttemptHTTP2: true}
	transport.DialContext = func(ctx context.Context, network, to string) (net.Conn, error) {
		if addr != "" {
			to = addr
		}
		return new(net.Dialer).DialContext(ctx, network, to)
	}
	a.t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// httpsWorld is the program in demo mode, by https.
func httpsWorld(t *testing.T, a *authority, name string, env ...string) *program {
	t.Helper()
	return httpsWorldAt(t, a, freeAddr(t), name, env...)
}

func httpsWorldAt(t *testing.T, a *authority, addr, name string, env ...string) *program {
	t.Helper()
	p := &program{t: t, addr: addr, url: "https://" + name, client: a.client(addr), env: append([]string{
		"ADDR=" + addr, "DATABASE_URL=" + filepath.Join(t.TempDir(), "desk.db"),
	}, env...)}
	p.start()
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the program said:\n%s", p.log)
		}
		p.stop(syscall.SIGKILL)
	})
	return p
}

func TestHTTPSByFiles(t *testing.T) {
	t.Parallel()
	a, folder := newAuthority(t), t.TempDir()
	certFile, keyFile, plain := filepath.Join(folder, "cert.pem"), filepath.Join(folder, "key.pem"), freeAddr(t)
	renew := func(name string) {
		t.Helper()
		cert, key := a.pair(name)
		for file, content := range map[string][]byte{certFile: cert, keyFile: key} {
			if err := os.WriteFile(file, content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	renew("localhost")
	p := httpsWorld(t, a, "localhost", "TLS_CERT="+certFile, "TLS_KEY="+keyFile, "HTTP_ADDR="+plain)

	resp, err := p.client.Get(p.url + "/call")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK || resp.ProtoMajor != 2 || resp.Header.Get("Strict-Transport-Security") == "" {
		t.Errorf("%s %s %v", resp.Status, resp.Proto, resp.Header)
	}
	old := p.client.Transport.(*http.Transport).TLSClientConfig.Clone()
	old.MaxVersion = tls.VersionTLS11
	old.MinVersion = tls.VersionTLS10
	if conn, err := tls.Dial("tcp", p.addr, old); err == nil {
		conn.Close()
		t.Error("TLS 1.1 is spoken")
	}
	p.callsByHTTPS()

	// A reader is led to https; a form that was signed is not carried over silently.
	toPlain := &http.Client{CheckRedirect: p.client.CheckRedirect}
	for method, want := range map[string]int{http.MethodGet: http.StatusPermanentRedirect, http.MethodPost: http.StatusForbidden} {
		r, _ := http.NewRequest(method, "http://"+plain+"/call?team=billing", strings.NewReader("CallSid=CA1"))
		resp, err := toPlain.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if to := resp.Header.Get("Location"); resp.StatusCode != want || method == http.MethodGet && to != "https://localhost:"+p.port()+"/call?team=billing" {
			t.Errorf("%s by http: %s to %q", method, resp.Status, to)
		}
	}

	// New files are used for new connections; who is connected stays so.
	renew("localhost")
	stays := a.client(p.addr)
	if _, err := stays.Get(p.url + "/healthz"); err != nil {
		t.Fatal(err)
	}
	renew("renewed.example")
	if _, err := a.client(p.addr).Get("https://renewed.example/healthz"); err != nil {
		t.Errorf("the new certificate: %v", err)
	}
	reused := false
	trace := &httptrace.ClientTrace{GotConn: func(c httptrace.GotConnInfo) { reused = c.Reused }}
	r, _ := http.NewRequestWithContext(httptrace.WithClientTrace(t.Context(), trace), http.MethodGet, p.url+"/healthz", nil)
	if resp, err := stays.Do(r); err != nil || !reused {
		t.Errorf("who was connected: %v, on the same connection: %v", err, reused)
	} else {
		resp.Body.Close()
	}
}

func (p *program) port() string {
	_, port, _ := net.SplitHostPort(p.addr)
	return port
}

// callsByHTTPS has a customer and an agent talk by the built-in switchboard: its
// signalling comes by https, and the halves still reach each other.
func (p *program) callsByHTTPS() {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), 20*time.Second)
	defer cancel()
	phone := func(path string, tone float64) *switchboardtest.Phone {
		p.t.Helper()
		resp, err := p.client.Post(p.url+path, "application/json", strings.NewReader("{}"))
		if err != nil {
			p.t.Fatal(err)
		}
		defer resp.Body.Close()
		var answer struct{ Token string }
		if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
			p.t.Fatal(err)
		}
		made, err := switchboardtest.Dial(ctx, switchboardtest.Config{URL: p.url, Token: answer.Token, Tone: tone, HTTP: p.client})
		if err != nil {
			p.t.Fatal(err)
		}
		return made
	}
	ana := phone("/agent1/token", 600)
	defer ana.Close()
	if err := ana.Register(ctx); err != nil {
		p.t.Fatal(err)
	}
	dana := phone("/api/caller/token", 400)
	defer dana.Close()
	if _, err := dana.Call(ctx, url.Values{"To": {switchboardNumber}}); err != nil {
		p.t.Fatal(err)
	}
	ring, err := ana.Incoming(ctx)
	if err != nil {
		p.t.Fatal(err)
	}
	if err := ring.Accept(ctx); err != nil {
		p.t.Fatal(err)
	}
	if err := ring.WaitTones(ctx, []float64{400}, []float64{400}); err != nil {
		p.t.Error(err)
	}
}

func TestHTTPSHalfConfigured(t *testing.T) {
	for want, o := range map[string]httpsOptions{
		"go together":      {TLSCert: "cert.pem"},
		"two ways":         {TLSCert: "cert.pem", TLSKey: "key.pem", ACMEDomain: "desk.example.com"},
		"need ACME_DOMAIN": {ACMEEmail: "ana@example.com"},
		"must be a name":   {ACMEDomain: "https://desk.example.com"},
		"must be an https": {ACMEDomain: "desk.example.com", ACMEDirectory: "http://ca.test"},
		"HTTP_ADDR leads":  {HTTPAddr: ":80"},
		"to speak https":   {ACMEDomain: "desk.example.com"},
		"be the same name": {ACMEDomain: "desk.example.com"},
		"cannot be used":   {TLSCert: "/nowhere/cert.pem", TLSKey: "/nowhere/key.pem"},
	} {
		public := map[string]string{"to speak https": "http://desk.example.com", "be the same name": "https://other.example.com"}[want]
		err := o.check(public)
		if err == nil {
			_, err = o.certificates(nil, "", nil)
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v; want %q", o, err, want)
		}
	}
}
