package edge

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

// Files are a certificate and its key in PEM files, read again whenever they
// change. Connections that are open keep what they began with.
type Files struct {
	certFile, keyFile string
	log               *slog.Logger

	mu   sync.Mutex
	have *tls.Certificate
	seen stamps // of the files when they were read last, good or bad
}

// stamps tell whether the files are still the same.
type stamps struct{ cert, key stamp }

type stamp struct {
	changed time.Time
	size    int64
}

// LoadFiles reads both files; an error says what is wrong with them.
func LoadFiles(certFile, keyFile string, log *slog.Logger) (*Files, error) {
	f := &Files{certFile: certFile, keyFile: keyFile, log: log}
	var err error
	if f.seen, err = f.look(); err != nil {
		return nil, err
	}
	if f.have, err = f.read(); err != nil {
		return nil, err
	}
	return f, nil
}

// Certificate is for tls.Config.GetCertificate. New files that cannot be used leave
// the old certificate in place, which is said once for each change.
func (f *Files) Certificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	seen, err := f.look()
	if err == nil && seen == f.seen {
		return f.have, nil
	}
	if err == nil || f.seen != (stamps{}) {
		f.seen = seen
		f.renew(err)
	}
	return f.have, nil
}

func (f *Files) renew(err error) {
	var fresh *tls.Certificate
	if err == nil {
		fresh, err = f.read()
	}
	if err != nil {
		f.log.Error("the new certificate cannot be used, the old one stays", "cert", f.certFile, "key", f.keyFile, "err", err)
		return
	}
	f.have = fresh
	f.log.Info("a new certificate is in use", "cert", f.certFile, "until", fresh.Leaf.NotAfter)
}

func (f *Files) look() (s stamps, err error) {
	if s.cert, err = stampOf(f.certFile); err != nil {
		return stamps{}, err
	}
	if s.key, err = stampOf(f.keyFile); err != nil {
		return stamps{}, err
	}
	return s, nil
}

func stampOf(name string) (stamp, error) {
	info, err := os.Stat(name)
	if err != nil {
		return stamp{}, err
	}
	return stamp{info.ModTime(), info.Size()}, nil
}

func (f *Files) read() (*tls.Certificate, error) {
	c, err := tls.LoadX509KeyPair(f.certFile, f.keyFile)
	if err != nil {
		return nil, err
	}
	if time.Now().After(c.Leaf.NotAfter) {
		return nil, fmt.Errorf("%s ended at %s", f.certFile, c.Leaf.NotAfter.Format(time.RFC3339))
	}
	return &c, nil
}

// TLSConfig is what we speak: TLS 1.3, and 1.2 with forward secrecy and
// authenticated encryption only.
func TLSConfig(certificate func(*tls.ClientHelloInfo) (*tls.Certificate, error)) *tls.Config {
	return &tls.Config{
		GetCertificate: certificate,
		MinVersion:     tls.VersionTLS12,
		CipherSuites: []uint16{
			tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
			tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
			tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
		},
		NextProtos: []string{"h2", "http/1.1"},
	}
}
