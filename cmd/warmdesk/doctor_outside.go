package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"warmdesk/console"
	"warmdesk/phone"
	"warmdesk/say"
	"warmdesk/twilio"
)

// certificateTime is how long a certificate should be good for still.
const certificateTime = 14 * 24 * time.Hour

// microphone is the browsers' rule for pages that may listen.
func (d *doctor) microphone() {
	const check = "microphone"
	switch {
	case d.public.Scheme == "https":
		d.ok(check, "browsers allow it: %s", d.public)
	case loopback(d.public.Hostname()):
		d.ok(check, "browsers allow it on this computer: %s", d.public)
	default:
		d.wrong(check, "serve it by https (docs/operations.md)", "browsers give %s no microphone: it is neither https nor this computer", d.public)
	}
}

// outside looks at PUBLIC_URL as a carrier does, as far as that can be seen from
// here.
func (d *doctor) outside(ctx context.Context) {
	const check = "reachable"
	local := !d.s.twilio()
	if d.s.twilio() {
		fine, todo := reachable(d.public, d.s.TwilioAPIURL)
		if u, err := url.Parse(d.s.TwilioAPIURL); err == nil {
			local = loopback(u.Hostname())
		}
		if todo != "" {
			d.wrong("PUBLIC_URL", "set it to a public https address; a tunnel gives one (docs/twilio.md)", "%s", say.Phrase(todo))
		} else {
			d.ok("PUBLIC_URL", "%s: %s", d.public, say.Phrase(fine))
		}
	}
	if !d.running && d.listenPort() == 0 && d.s.PublicURL == "" {
		return // it is known when the desk is running
	}
	if !d.named(ctx, local) {
		return
	}
	res, err := d.ask(ctx, http.MethodGet, "/healthz?doctor="+newSID(""), nil, "")
	if err != nil {
		d.notReached(check, err)
		return
	}
	d.certificate(res)
	switch who := res.Header.Get(console.ProcessHeader); {
	case res.StatusCode >= 300 && res.StatusCode < 400:
		d.wrong(check, "set PUBLIC_URL to the address that answers itself: a carrier that is redirected loses what it had to say", "%s redirects to %s", d.public, res.Header.Get("Location"))
	case who == "":
		d.wrong(check, "look at the tunnel or proxy: it must send everything to ADDR="+say.Name(d.s.Addr), "%s answers HTTP %d, and is no desk", d.public, res.StatusCode)
	case d.desk == "":
		d.warning(check, "start the desk here and run this again", "a desk answers at %s; whether it is this one cannot be seen", d.public)
		d.signature(ctx)
	case who != d.desk:
		d.warning(check, "fine with two processes behind a balancer; otherwise look where the tunnel or proxy leads", "another desk than that of ADDR=%s answers at %s", d.s.Addr, d.public)
		d.signature(ctx)
	case !d.running:
		d.ok(check, "%s leads here; as asked from this machine", d.public)
		d.warning("signature", "start the desk and run this again", "not tried: no desk is running")
	default:
		d.ok(check, "%s leads to this desk; as asked from this machine", d.public)
		d.signature(ctx)
	}
}

// named looks PUBLIC_URL's name up.
func (d *doctor) named(ctx context.Context, local bool) bool {
	const check = "name"
	ctx, cancel := context.WithTimeout(ctx, examineTime)
	defer cancel()
	addrs, err := net.DefaultResolver.LookupNetIP(ctx, "ip", d.public.Hostname())
	if err != nil {
		d.wrong(check, "correct PUBLIC_URL, or make the name's DNS entry", "nobody knows %s: %v", d.public.Hostname(), err)
		return false
	}
	if local {
		return true
	}
	for _, a := range addrs {
		if a = a.Unmap(); a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() || a.IsUnspecified() || netip.MustParsePrefix("100.64.0.0/10").Contains(a) {
			d.warning(check, "fine if the name has a public address elsewhere; Twilio reaches public addresses only", "here %s is %s, which is not public", d.public.Hostname(), a)
			return true
		}
	}
	d.ok(check, "%s is %s", d.public.Hostname(), addrs[0])
	return true
}

func (d *doctor) notReached(check string, err error) {
	var bad *tls.CertificateVerificationError
	if errors.As(err, &bad) {
		d.wrong("certificate", "get one that is valid for this name: carriers and browsers refuse it", "that of %s is not accepted: %v", d.public.Host, bad.Err)
		return
	}
	d.wrong(check, "is the tunnel or proxy running, and does the firewall let it through?", "%s does not answer: %v", d.public, err)
}

func (d *doctor) certificate(res *http.Response) {
	if res.TLS == nil || len(res.TLS.PeerCertificates) == 0 {
		return
	}
	until := res.TLS.PeerCertificates[0].NotAfter
	if left := time.Until(until); left < certificateTime {
		d.warning("certificate", "renew it: carriers and browsers refuse it from then on", "that of %s ends on %s", d.public.Host, until.UTC().Format("2006-01-02 15:04 MST"))
		return
	}
	d.ok("certificate", "valid until %s", until.UTC().Format("2006-01-02"))
}

// signature asks the desk as the carrier does, but names no call: it reads the
// signature first and then refuses, so that nothing is begun.
func (d *doctor) signature(ctx context.Context) {
	const check = "signature"
	if d.authToken == "" {
		d.warning(check, "start the desk once and run this again", "not tried: there are no credentials yet")
		return
	}
	voice, _, _ := strings.Cut(phone.Settings(d.public.String()).VoiceURL, "#")
	path := strings.TrimPrefix(voice, d.public.String())
	form := url.Values{"AccountSid": {d.s.TwilioAccountSID}, "Doctor": {"no call"}}
	signed, err := d.ask(ctx, http.MethodPost, path, form, twilio.Sign(d.authToken, voice, form))
	if err != nil {
		d.notReached(check, err)
		return
	}
	unsigned, err := d.ask(ctx, http.MethodPost, path, form, "")
	if err != nil {
		d.notReached(check, err)
		return
	}
	switch {
	case unsigned.StatusCode != http.StatusForbidden && unsigned.StatusCode != http.StatusTooManyRequests:
		d.wrong(check, "look what is between PUBLIC_URL and the desk: strangers must not get through", "a request that nobody signed is answered with HTTP %d, not refused", unsigned.StatusCode)
	case signed.StatusCode == http.StatusForbidden:
		d.wrong(check, "restart the desk with these settings; PUBLIC_URL must be the same there, and so must the auth token", "a request signed as the carrier does is refused")
	case signed.StatusCode == http.StatusTooManyRequests:
		d.warning(check, "wait a minute and run this again", "the desk has refused too much from this address lately to look at more")
	case signed.StatusCode != http.StatusBadRequest:
		d.wrong(check, "look what is between PUBLIC_URL and the desk", "a signed request without a call is answered with HTTP %d", signed.StatusCode)
	default:
		d.ok(check, "signed requests are let in, unsigned ones refused")
	}
}

// ask makes one request of PUBLIC_URL.
func (d *doctor) ask(ctx context.Context, method, path string, form url.Values, signature string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, d.public.String()+path, bytes.NewReader([]byte(form.Encode())))
	if err != nil {
		return nil, err
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if signature != "" {
		req.Header.Set(twilio.SignatureHeader, signature)
	}
	res, err := d.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, io.LimitReader(res.Body, 64<<10))
	return res, err
}
