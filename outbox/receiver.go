package outbox

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// Receiver is where events are posted to.
type Receiver struct {
	// Name is how the delivery log and the database call it: the URL without its
	// query and user, which may be secrets, and a print of them.
	Name string
	url  string
	// may says which addresses the host may be at.
	may func(netip.Addr) bool
}

// Parse reads a receiver's URL. https to a public address is always right. http
// is for this computer only, and an address that is not public for a URL that
// names it literally (an IP address, localhost): a name that leads into the own
// network is a mistake, or somebody's trick. trusted lifts both.
// Its errors are written for the person who set the URL and do not repeat it.
func Parse(raw string, trusted bool) (*Receiver, error) {
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil || u.Host == "" || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, errors.New("must read like https://crm.example.com/hook")
	}
	u.Fragment = ""
	r := &Receiver{Name: nameOf(u), url: u.String(), may: public}
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	here := false
	if ip, err := netip.ParseAddr(host); err == nil {
		ip = ip.Unmap().WithZone("")
		here = ip.IsLoopback()
		r.may = func(a netip.Addr) bool { return a == ip }
	} else if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		here = true
		r.may = netip.Addr.IsLoopback
	}
	if trusted {
		r.may = func(netip.Addr) bool { return true }
	}
	if u.Scheme == "http" && !here && !trusted {
		return nil, errors.New("must be https: what is told over http can be read on the way (WEBHOOK_INSECURE=on allows it)")
	}
	return r, nil
}

func nameOf(u *url.URL) string {
	shown := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}
	if u.User == nil && u.RawQuery == "" {
		return shown.String()
	}
	sum := sha256.Sum256([]byte(u.String()))
	return shown.String() + "#" + hex.EncodeToString(sum[:4])
}

// Shown is how logs and metrics call the receiver of a name: its host, and a print of
// the rest. People put what should be a secret into paths, too.
func Shown(name string) string {
	u, err := url.Parse(name)
	if err != nil || u.Host == "" {
		return "receiver" // the database has what we have not written
	}
	if strings.Trim(u.Path, "/") == "" && u.Fragment == "" {
		return u.Host
	}
	sum := sha256.Sum256([]byte(name))
	return u.Host + "#" + hex.EncodeToString(sum[:4])
}

// public reports whether an address is one of the open internet.
func public(a netip.Addr) bool {
	if !a.IsGlobalUnicast() || a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() {
		return false
	}
	for _, p := range []string{
		"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4", // RFC 6890
		"64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "2001:db8::/32", "fec0::/10", // they may lead to an IPv4 address
	} {
		if netip.MustParsePrefix(p).Contains(a) {
			return false
		}
	}
	return true
}

// client posts to this receiver and to nobody else: it follows no redirect, takes
// no proxy, and looks at the address itself at the moment it connects.
func (r *Receiver) client() *http.Client {
	dialer := &net.Dialer{Timeout: 5 * time.Second, Control: func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil {
			return fmt.Errorf("address %s: %w", address, err)
		}
		if a := at.Addr().Unmap().WithZone(""); !r.may(a) {
			return fmt.Errorf("%s is not a public address (WEBHOOK_INSECURE=on allows it)", a)
		}
		return nil
	}}
	return &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext: dialer.DialContext, ForceAttemptHTTP2: true, MaxConnsPerHost: slots, MaxIdleConnsPerHost: slots,
			IdleConnTimeout: time.Minute, TLSHandshakeTimeout: 5 * time.Second, MaxResponseHeaderBytes: 16 << 10,
		},
	}
}

// bodyLimit is how much of an answer is read, so that its connection can be used
// again. What it says does not count.
const bodyLimit = 16 << 10

// post sends a delivery and tells the answer's status, and what is wrong; "": the
// receiver has it.
func (w *way) post(ctx context.Context, d Delivery) (code int, wrong string) {
	ctx, cancel := context.WithTimeout(ctx, w.cfg.Timeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.to.url, bytes.NewReader(d.Body))
	if err != nil {
		return 0, without(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "Warmdesk")
	sign(r.Header, w.cfg.Secrets, d.Event, time.Now(), d.Body)
	resp, err := w.client.Do(r)
	if err != nil {
		return 0, without(err)
	}
	defer resp.Body.Close()
	_, _ = io.CopyN(io.Discard, resp.Body, bodyLimit) // the answer was its status
	switch code := resp.StatusCode; {
	case code >= 200 && code <= 299:
		return code, ""
	case code >= 300 && code <= 399:
		return code, said(code) + ", and redirects are not followed"
	default:
		return code, said(code)
	}
}

// without takes the URL out of an error: it may hold secrets.
func without(err error) string {
	if e, ok := errors.AsType[*url.Error](err); ok {
		if e.Timeout() {
			return "no answer in time"
		}
		err = e.Err
	}
	return err.Error()
}
