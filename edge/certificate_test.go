package edge

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"log/slog"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// pair is a certificate of the test's own and its key, in PEM.
func pair(t *testing.T, name string, until time.Time) (cert, key []byte) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name}, NotBefore: until.Add(-48 * time.Hour), NotAfter: until}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	bits, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: bits})
}

func TestFilesAreReadAgain(t *testing.T) {
	folder := t.TempDir()
	certFile, keyFile := filepath.Join(folder, "cert.pem"), filepath.Join(folder, "key.pem")
	changed := time.Now()
	write := func(file string, content []byte) {
		t.Helper()
		if err := os.WriteFile(file, content, 0o600); err != nil {
			t.Fatal(err)
		}
		changed = changed.Add(time.Second) // a file system may not tell two moments apart
		if err := os.Chtimes(file, changed, changed); err != nil {
			t.Fatal(err)
		}
	}
	next := time.Now().Add(time.Hour)
	cert, key := pair(t, "one.example", next)
	write(certFile, cert)
	write(keyFile, key)
	var log bytes.Buffer
	f, err := LoadFiles(certFile, keyFile, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	is := func(name string, complaints int) {
		t.Helper()
		for range 2 {
			c, err := f.Certificate(nil)
			if err != nil || c.Leaf.Subject.CommonName != name {
				t.Errorf("%v, %v; want %s", c.Leaf.Subject, err, name)
			}
		}
		if got := strings.Count(log.String(), "the old one stays"); got != complaints {
			t.Errorf("%d complaints; want %d:\n%s", got, complaints, &log)
		}
	}
	is("one.example", 0)
	cert, key = pair(t, "two.example", next)
	write(certFile, cert)
	is("one.example", 1) // its key is not there yet
	write(keyFile, key)
	is("two.example", 1)
	write(certFile, []byte("rubbish"))
	is("two.example", 2)
	cert, key = pair(t, "old.example", time.Now().Add(-time.Hour))
	write(certFile, cert)
	write(keyFile, key)
	is("two.example", 3)
	if err := os.Remove(keyFile); err != nil {
		t.Fatal(err)
	}
	is("two.example", 4)
	cert, key = pair(t, "three.example", next)
	write(certFile, cert)
	write(keyFile, key)
	is("three.example", 4)
	if strings.Contains(log.String(), "PRIVATE KEY") {
		t.Error("the log has the key")
	}
	if _, err := LoadFiles(certFile, certFile, slog.Default()); err == nil {
		t.Error("a certificate is taken for a key")
	}
}
