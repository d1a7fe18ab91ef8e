package main

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"golang.org/x/crypto/acme"
)

// acmeDouble is an authority that speaks RFC 8555: nonces are used once,
// signatures must be right, and a name is proven by a connection to the program.
type acmeDouble struct {
	*authority
	server     *httptest.Server
	offers     string // the one kind of challenge
	addr, http string // where the name is found, at port 443 and 80

	mu      sync.Mutex
	nonces  map[string]bool
	account crypto.PublicKey
	contact []string
	name    string
	status  string // of the order
	cert    []byte
	orders  int
}

const acmeName = "desk.example.com"

func newACMEDouble(t *testing.T, offers string) *acmeDouble {
	d := &acmeDouble{authority: newAuthority(t), offers: offers, nonces: map[string]bool{}}
	d.server = httptest.NewUnstartedServer(http.HandlerFunc(d.serve))
	key := newKey(t)
	d.server.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{d.sign("ca.test", &key.PublicKey)}, PrivateKey: key}}}
	d.server.StartTLS()
	t.Cleanup(d.server.Close)
	return d
}

func (d *acmeDouble) at(path string) string { return d.server.URL + path }

func (d *acmeDouble) serve(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	nonce := fmt.Sprintf("nonce-%d", len(d.nonces))
	d.nonces[nonce] = true
	w.Header().Set("Replay-Nonce", nonce)
	if r.Method != http.MethodPost {
		if r.URL.Path == "/directory" {
			d.answer(w, 200, map[string]string{"newNonce": d.at("/nonce"), "newAccount": d.at("/account"), "newOrder": d.at("/order"), "revokeCert": d.at("/revoke"), "keyChange": d.at("/change")})
		}
		return
	}
	payload, err := d.read(r)
	if err != nil {
		d.t.Errorf("%s: %v", r.URL.Path, err)
		d.answer(w, 400, map[string]string{"type": "urn:ietf:params:acme:error:malformed", "detail": err.Error()})
		return
	}
	order := map[string]any{
		"status": d.status, "identifiers": []any{map[string]string{"type": "dns", "value": d.name}},
		"authorizations": []string{d.at("/authz")}, "finalize": d.at("/finalize"), "certificate": d.at("/cert"),
	}
	switch r.URL.Path {
	case "/account":
		w.Header().Set("Location", d.at("/account/1"))
		d.contact = append(d.contact, payload.Contact...)
		d.answer(w, 201, map[string]string{"status": "valid"})
	case "/order":
		d.orders++
		d.name, d.status = payload.Identifiers[0].Value, "pending"
		order["status"] = d.status
		w.Header().Set("Location", d.at("/order/1"))
		d.answer(w, 201, order)
	case "/order/1":
		w.Header().Set("Location", d.at("/order/1"))
		d.answer(w, 200, order)
	case "/authz":
		d.answer(w, 200, map[string]any{
			"status": map[bool]string{true: "pending", false: "valid"}[d.status == "pending"], "identifier": map[string]string{"type": "dns", "value": d.name},
			"challenges": []any{map[string]string{"type": d.offers, "url": d.at("/challenge"), "token": "token-of-the-test", "status": "pending"}},
		})
	case "/challenge":
		if err := d.prove(); err != nil {
			d.t.Errorf("%s: %v", d.offers, err)
		} else {
			d.status = "ready"
		}
		d.answer(w, 200, map[string]string{"type": d.offers, "url": d.at("/challenge"), "token": "token-of-the-test", "status": "valid"})
	case "/finalize":
		d.finalize(payload.CSR)
		order["status"] = d.status
		w.Header().Set("Location", d.at("/order/1"))
		d.answer(w, 200, order)
	case "/cert":
		w.Header().Set("Content-Type", "application/pem-certificate-chain")
		w.Write(append(inPEM("CERTIFICATE", d.cert), inPEM("CERTIFICATE", d.authority.cert.Raw)...))
	default:
		d.answer(w, 404, map[string]string{"type": "urn:ietf:params:acme:error:malformed"})
	}
}

func (d *acmeDouble) answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body)
}

type acmePayload struct {
	Contact     []string
	CSR         string
	Identifiers []struct{ Value string }
}

// read checks a signed request (RFC 8555, 6.2) and returns what it says.
func (d *acmeDouble) read(r *http.Request) (p acmePayload, err error) {
	var signed struct{ Protected, Payload, Signature string }
	if err := json.NewDecoder(r.Body).Decode(&signed); err != nil {
		return p, err
	}
	var protected struct {
		Alg, Kid, Nonce, URL string
		JWK                  *struct{ X, Y string }
	}
	if err := json.Unmarshal(bits(signed.Protected), &protected); err != nil {
		return p, err
	}
	if !d.nonces[protected.Nonce] || protected.URL != d.at(r.URL.Path) || protected.Alg != "ES256" {
		return p, fmt.Errorf("protected header %+v", protected)
	}
	d.nonces[protected.Nonce] = false
	if protected.JWK != nil {
		d.account = &ecdsa.PublicKey{Curve: elliptic.P256(), X: new(big.Int).SetBytes(bits(protected.JWK.X)), Y: new(big.Int).SetBytes(bits(protected.JWK.Y))}
	} else if protected.Kid != d.at("/account/1") {
		return p, fmt.Errorf("account %q", protected.Kid)
	}
	sum, signature := sha256.Sum256([]byte(signed.Protected+"."+signed.Payload)), bits(signed.Signature)
	if len(signature) != 64 || !ecdsa.Verify(d.account.(*ecdsa.PublicKey), sum[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])) {
		return p, fmt.Errorf("the signature is wrong")
	}
	if content := bits(signed.Payload); len(content) > 0 {
		err = json.Unmarshal(content, &p)
	}
	return p, err
}

func bits(text string) []byte {
	decoded, _ := base64.RawURLEncoding.DecodeString(text)
	return decoded
}

// prove looks whether the program has what only the account's owner can say.
func (d *acmeDouble) prove() error {
	thumb, err := acme.JWKThumbprint(d.account)
	if err != nil {
		return err
	}
	want := "token-of-the-test." + thumb
	if d.offers == "http-01" {
		r, _ := http.NewRequest(http.MethodGet, "http://"+d.http+"/.well-known/acme-challenge/token-of-the-test", nil)
		r.Host = d.name
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		if got, _ := io.ReadAll(resp.Body); string(got) != want {
			return fmt.Errorf("%s %q", resp.Status, got)
		}
		return nil
	}
	conn, err := tls.Dial("tcp", d.addr, &tls.Config{ServerName: d.name, NextProtos: []string{"acme-tls/1"}, InsecureSkipVerify: true}) // RFC 8737: it is signed by itself
	if err != nil {
		return err
	}
	defer conn.Close()
	state := conn.ConnectionState()
	sum := sha256.Sum256([]byte(want))
	expected, _ := asn1.Marshal(sum[:])
	for _, extension := range state.PeerCertificates[0].Extensions {
		if extension.Id.String() == "1.3.6.1.5.5.7.1.31" && extension.Critical && bytes.Equal(extension.Value, expected) && state.NegotiatedProtocol == "acme-tls/1" {
			return nil
		}
	}
	return fmt.Errorf("protocol %q, names %q", state.NegotiatedProtocol, state.PeerCertificates[0].DNSNames)
}

func (d *acmeDouble) finalize(csr string) {
	request, err := x509.ParseCertificateRequest(bits(csr))
	if err != nil || d.status != "ready" || len(request.DNSNames) != 1 || request.DNSNames[0] != d.name {
		d.t.Errorf("finalize while %s: %v %v", d.status, request, err)
		return
	}
	d.cert, d.status = d.sign(d.name, request.PublicKey), "valid"
}

// The desk gets its certificate by itself, keeps it, and asks for no other name.
func TestHTTPSByACME(t *testing.T) {
	t.Parallel()
	for _, challenge := range []string{"tls-alpn-01", "http-01"} {
		t.Run(challenge, func(t *testing.T) {
			t.Parallel()
			d := newACMEDouble(t, challenge)
			d.addr, d.http = freeAddr(t), freeAddr(t)
			folder := t.TempDir()
			roots := filepath.Join(folder, "roots.pem")
			if err := os.WriteFile(roots, inPEM("CERTIFICATE", d.authority.cert.Raw), 0o600); err != nil {
				t.Fatal(err)
			}
			database := filepath.Join(folder, "desk.db")
			p := httpsWorldAt(t, d.authority, d.addr, acmeName, "ACME_DOMAIN="+acmeName, "ACME_EMAIL=ana@example.com", "ACME_DIRECTORY="+d.at("/directory"),
				"HTTP_ADDR="+d.http, "AGENTS=agent1=Ana:the-word-of-ana", "SSL_CERT_FILE="+roots, "DATABASE_URL="+database)
			if info, err := os.Stat(database + ".acme"); err != nil || info.Mode().Perm() != 0o700 {
				t.Errorf("where certificates are kept: %v %v", info.Mode(), err)
			}
			if _, err := d.client(d.addr).Get("https://other.example.com/healthz"); err == nil {
				t.Error("another name is served")
			}
			p.stop(syscall.SIGTERM)
			p.client = d.client(d.addr)
			p.start()
			d.mu.Lock()
			defer d.mu.Unlock()
			if d.orders != 1 || strings.Join(d.contact, " ") != "mailto:ana@example.com" {
				t.Errorf("%d orders for %q", d.orders, d.contact)
			}
		})
	}
}
