package main

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"warmdesk/phone"
	"warmdesk/say"
	"warmdesk/twilio"
)

// How far this machine's clock may be from the carrier's: browser tokens are
// good from the minute they are made in.
const (
	clockWarning = 30 * time.Second
	clockWrong   = time.Minute
)

// dated notes what the carrier's clock says.
type dated struct {
	next http.RoundTripper
	off  time.Duration // ours minus theirs
	told bool
}

func (t *dated) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := t.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if at, parseErr := http.ParseTime(res.Header.Get("Date")); parseErr == nil {
		t.off, t.told = time.Since(at), true
	}
	return res, nil
}

// carrier looks at the account, and at what of it is this desk's.
func (d *doctor) carrier(ctx context.Context) {
	clock := &dated{next: d.http.Transport}
	client, err := twilio.NewClient(twilio.Config{
		AccountSID: d.s.TwilioAccountSID, Password: d.s.TwilioAuthToken, BaseURL: d.s.TwilioAPIURL,
		HTTP: &http.Client{Timeout: examineTime, Transport: clock},
	})
	if err != nil {
		d.wrong("credentials", "set TWILIO_API_URL to scheme and host, like https://api.twilio.com, or unset it", "%v", err)
		return
	}
	account, err := client.FetchAccount(ctx)
	d.clock(clock)
	switch {
	case twilio.IsCode(err, twilio.CodeUnauthorized):
		d.wrong("credentials", "copy both again from console.twilio.com; it is the account's auth token, not an API key", "%s does not accept TWILIO_ACCOUNT_SID with TWILIO_AUTH_TOKEN (20003)", d.carrierHost())
		return
	case err != nil:
		d.wrong("credentials", "see that this machine reaches the internet: calls cannot be connected without", "%s cannot be asked: %v", d.carrierHost(), err)
		return
	}
	d.ok("credentials", "%s accepts them", d.carrierHost())
	switch {
	case account.Status != twilio.AccountActive:
		d.wrong("account", "open console.twilio.com to see why; no call is connected meanwhile", "%s is %s", account.SID, account.Status)
	case account.Type == twilio.TrialAccount:
		d.warning("account", "upgrade it before customers call", "a trial account: callers hear a notice first, and only verified numbers can be called")
	default:
		d.ok("account", "%s %q is %s", account.SID, account.FriendlyName, account.Status)
	}
	d.number(ctx, client)
	d.application(ctx, client)
	d.key(ctx, client)
}

func (d *doctor) clock(c *dated) {
	if !c.told {
		return
	}
	off, word := c.off.Round(time.Second), say.Phrase("ahead of")
	if off < 0 {
		off, word = -off, say.Phrase("behind")
	}
	const todo = "set it by NTP (timedatectl set-ntp true)"
	switch {
	case off >= clockWrong:
		d.wrong("clock", say.Phrase(todo)+": agents' browsers cannot sign in to the carrier", "this machine is %v %s %s", off, word, d.carrierHost())
	case off >= clockWarning:
		d.warning("clock", todo, "this machine is %v %s %s", off, word, d.carrierHost())
	default:
		d.ok("clock", "as %s's, within %v", d.carrierHost(), clockWarning)
	}
}

// repair is what mends everything that setup makes.
const repair = "run warmdesk setup"

func (d *doctor) number(ctx context.Context, client *twilio.Client) {
	const check = "number"
	numbers, err := client.ListNumbers(ctx, d.s.TwilioNumber)
	switch {
	case err != nil:
		d.wrong(check, "run this again", "the account's numbers cannot be read: %v", err)
		return
	case len(numbers) == 0:
		d.wrong(check, "set TWILIO_NUMBER to one of the account's numbers, or run warmdesk setup", "%s is not a number of this account", d.s.TwilioNumber)
		return
	}
	n := numbers[0]
	switch {
	case !n.Capabilities.Voice:
		d.wrong(check, "choose another number", "%s is for messages only", n.PhoneNumber)
	case n.VoiceReceiveMode == "fax":
		d.wrong(check, "set it to voice calls at console.twilio.com", "%s receives faxes", n.PhoneNumber)
	case n.TrunkSID != "":
		d.wrong(check, repair, "calls to %s go to the SIP trunk %s", n.PhoneNumber, n.TrunkSID)
	case n.VoiceApplicationSID != "" && n.VoiceApplicationSID != d.s.TwilioTwimlAppSID:
		d.wrong(check, repair, "calls to %s go to the TwiML application %s", n.PhoneNumber, n.VoiceApplicationSID)
	case d.public != nil:
		d.calls(check, n.PhoneNumber, n.VoiceSettings, phone.SettingsFor(d.public.String(), n.VoiceSettings))
	}
}

// calls judges where the calls of a number or an application go.
func (d *doctor) calls(check, what string, is, wants twilio.VoiceSettings) {
	bare := func(address string) string { // how to ask is not where
		before, _, _ := strings.Cut(address, "#")
		return before
	}
	method := func(m string) string {
		if m == "" {
			return http.MethodPost // the service's own
		}
		return m
	}
	switch {
	case bare(is.VoiceURL) != bare(wants.VoiceURL):
		d.wrong(check, repair, "calls to %s go to %q, not to %s", what, is.VoiceURL, bare(wants.VoiceURL))
		return
	case method(is.VoiceMethod) != wants.VoiceMethod:
		d.wrong(check, repair, "calls to %s are asked for with %s: the desk answers POST", what, is.VoiceMethod)
		return
	case bare(is.StatusCallback) != bare(wants.StatusCallback) || method(is.StatusCallbackMethod) != wants.StatusCallbackMethod:
		d.warning(check, repair, "calls to %s come here, but their ends are told to %q (%s)", what, is.StatusCallback, is.StatusCallbackMethod)
		return
	}
	d.ok(check, "calls to %s come to this desk", what)
	fallback := say.Phrase(check) + " fallback"
	switch {
	case is.VoiceFallbackURL == "":
		d.warning(fallback, say.Phrase(repair)+", best with --fallback-url (docs/twilio.md)", "none: while the desk is away, callers hear an error and are cut off")
	case bare(is.VoiceFallbackURL) == bare(wants.VoiceFallbackURL):
		d.ok(fallback, "the desk once more; a TwiML Bin would take messages while it is away (warmdesk fallback)")
	default:
		d.ok(fallback, "%s", is.VoiceFallbackURL)
	}
}

func (d *doctor) application(ctx context.Context, client *twilio.Client) {
	const check = "TwiML app"
	sid := d.s.TwilioTwimlAppSID
	if sid == "" {
		d.warning(check, repair, "none: customers cannot call from the page /call")
		return
	}
	app, err := client.FetchApplication(ctx, sid)
	switch {
	case twilio.IsCode(err, twilio.CodeNotFound):
		d.wrong(check, repair, "%s is not an application of this account", sid)
	case err != nil:
		d.wrong(check, "run this again", "%s cannot be read: %v", sid, err)
	case d.public != nil:
		d.calls(check, say.Phrase("the page /call"), app.VoiceSettings, phone.SettingsFor(d.public.String(), app.VoiceSettings))
	}
}

// key looks whether browsers will be let in with tokens that we sign.
func (d *doctor) key(ctx context.Context, client *twilio.Client) {
	const check = "API key"
	key := apiKey{d.s.TwilioAPIKeySID, d.s.TwilioAPIKeySecret}
	if key.SID == "" {
		if kept, err := keptKey(credentialsPath(d.s.DatabaseURL), d.s.TwilioAccountSID); err == nil && kept.SID != "" {
			key = kept
		}
	}
	if key.SID == "" {
		d.ok(check, "none yet: one is made when the first agent signs in")
		return
	}
	_, err := client.FetchKey(ctx, key.SID)
	if twilio.IsCode(err, twilio.CodeNotFound) {
		d.wrong(check, repair, "%s is not a key of this account", key.SID)
		return
	}
	works := false
	if err == nil {
		works, err = keyWorks(ctx, d.s.TwilioAccountSID, key, d.s.TwilioAPIURL)
	}
	if err == nil && works {
		err = tryToken(d.s.TwilioAccountSID, key)
	}
	switch {
	case err != nil:
		d.wrong(check, "run this again", "%s cannot be tried: %v", key.SID, err)
	case !works:
		d.wrong(check, "take both away from the settings and run warmdesk setup", "the secret of %s is not right: browsers would be refused", key.SID)
	default:
		d.ok(check, "%s is accepted, and signs tokens", key.SID)
	}
}

// tryToken makes a browser's token and reads it as the carrier does.
func tryToken(account string, key apiKey) error {
	token, err := twilio.AccessToken(twilio.AccessTokenConfig{AccountSID: account, KeySID: key.SID, KeySecret: key.Secret, Identity: "doctor", TTL: time.Minute})
	if err != nil {
		return err
	}
	grant, err := twilio.ParseAccessToken(token, func(sid string) (string, bool) { return key.Secret, sid == key.SID }, time.Now())
	if err == nil && grant.AccountSID != account {
		return errors.New("the token names another account")
	}
	return err
}
