package twiliotest

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"warmdesk/twilio"
)

// What of an account is set up before its first call: the account itself, its
// numbers, API keys and applications.

// codeNameLength: a friendly name is too long.
const codeNameLength = 20002

// Numbers lists the account's numbers as they are now. The first one is the
// configured one.
func (d *Double) Numbers() []twilio.IncomingNumber {
	d.mu.Lock()
	defer d.mu.Unlock()
	var all []twilio.IncomingNumber
	for _, n := range d.numbers {
		all = append(all, *n)
	}
	return all
}

// Applications lists the account's applications as they are now.
func (d *Double) Applications() []twilio.Application {
	d.mu.Lock()
	defer d.mu.Unlock()
	var all []twilio.Application
	for _, a := range d.applications {
		all = append(all, *a)
	}
	return all
}

// Keys lists the SIDs of the account's API keys.
func (d *Double) Keys() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var all []string
	for sid := range d.keys {
		all = append(all, sid)
	}
	slices.Sort(all)
	return all
}

// Provision changes the account and its numbers, as somebody would in Twilio's
// console. Numbers that it adds need a PhoneNumber only.
func (d *Double) Provision(change func(account *twilio.Account, numbers *[]*twilio.IncomingNumber)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	change(&d.account, &d.numbers)
	for _, n := range d.numbers {
		if n.SID == "" {
			n.SID, n.Status, n.VoiceReceiveMode = newSID("PN"), "in-use", "voice"
			n.Capabilities.Voice = true
		}
	}
}

// provision is the account that a double begins with.
func (d *Double) provision() {
	d.account = twilio.Account{
		SID: d.cfg.AccountSID, OwnerAccountSID: d.cfg.AccountSID, FriendlyName: "Double", Status: twilio.AccountActive, Type: "Full",
	}
	d.Provision(func(_ *twilio.Account, numbers *[]*twilio.IncomingNumber) {
		*numbers = append(*numbers, &twilio.IncomingNumber{PhoneNumber: d.cfg.Number, VoiceSettings: twilio.VoiceSettings{
			VoiceURL: d.cfg.VoiceURL, VoiceMethod: http.MethodPost, VoiceFallbackURL: d.cfg.VoiceFallbackURL, VoiceFallbackMethod: http.MethodPost,
			StatusCallback: d.cfg.StatusCallback, StatusCallbackMethod: http.MethodPost,
		}})
	})
}

// whom is who is asked about a call to the configured number. The lock is held.
func (d *Double) whom() twilio.VoiceSettings {
	for _, n := range d.numbers {
		if n.PhoneNumber != d.cfg.Number || n.TrunkSID != "" {
			continue
		}
		if a := d.application(n.VoiceApplicationSID); a != nil {
			return a.VoiceSettings
		}
		return n.VoiceSettings
	}
	return twilio.VoiceSettings{}
}

func (d *Double) application(sid string) *twilio.Application {
	i := slices.IndexFunc(d.applications, func(a *twilio.Application) bool { return a.SID == sid })
	if i < 0 {
		return nil
	}
	return d.applications[i]
}

// CallApplication makes a browser call, which runs an application's document, as
// the customer's page does with its token. nil: there is no such application.
func (d *Double) CallApplication(sid, identity string, params url.Values) *Leg {
	d.mu.Lock()
	defer d.mu.Unlock()
	a := d.application(sid)
	if a == nil {
		return nil
	}
	return d.arrive("client:"+identity, "", params, a.VoiceSettings)
}

// arrive is an inbound leg. The lock is held.
func (d *Double) arrive(from, to string, params url.Values, s twilio.VoiceSettings) *Leg {
	l := d.newLeg(from, to, "inbound")
	l.params, l.status = params, twilio.CallRinging
	l.hook = hook{target{url: s.StatusCallback, method: s.StatusCallbackMethod}, []string{"completed"}}
	l.fallback = target{url: s.VoiceFallbackURL, method: s.VoiceFallbackMethod}
	d.touch()
	d.start(func() { l.run(target{url: s.VoiceURL, method: s.VoiceMethod}) })
	return l
}

// provisioning are the resources of this file, below the account's path.
func (d *Double) provisioning() map[string]map[string]answer {
	return map[string]map[string]answer{
		"/IncomingPhoneNumbers.json":     {"GET": d.listNumbers},
		"/IncomingPhoneNumbers/{number}": {"GET": d.fetchNumber, "POST": d.updateNumber},
		"/Applications.json":             {"GET": d.listApplications, "POST": d.createApplication},
		"/Applications/{application}":    {"GET": d.fetchApplication, "POST": d.updateApplication, "DELETE": d.deleteApplication},
		"/Keys.json":                     {"GET": d.byToken(d.listKeys), "POST": d.byToken(d.createKey)},
		"/Keys/{key}":                    {"GET": d.byToken(d.fetchKey), "DELETE": d.byToken(d.deleteKey)},
	}
}

// fetchAccount answers /Accounts/{sid}.json.
func (d *Double) fetchAccount(w http.ResponseWriter, r *http.Request) {
	r.SetPathValue("account", strings.TrimSuffix(r.PathValue("document"), ".json"))
	d.serve(map[string]answer{"GET": d.byToken(func(*http.Request) (int, any, *apiError) {
		return http.StatusOK, map[string]any{
			"sid": d.account.SID, "friendly_name": d.account.FriendlyName, "status": d.account.Status, "type": d.account.Type,
			"owner_account_sid": d.account.OwnerAccountSID, "auth_token": d.cfg.AuthToken, "date_created": date(time.Now()),
			"date_updated": date(time.Now()), "subresource_uris": map[string]string{}, "uri": "/2010-04-01/Accounts/" + d.account.SID + ".json",
		}, nil
	})})(w, r)
}

// byToken refuses API keys of the standard kind: they may see neither the account
// nor its keys.
func (d *Double) byToken(do answer) answer {
	return func(r *http.Request) (int, any, *apiError) {
		if user, _, _ := r.BasicAuth(); user != d.cfg.AccountSID {
			return 0, nil, refuse(http.StatusUnauthorized, twilio.CodeUnauthorized, "Authenticate")
		}
		return do(r)
	}
}

func (d *Double) listNumbers(r *http.Request) (int, any, *apiError) {
	q := r.URL.Query()
	var all []map[string]any
	for _, n := range d.numbers {
		if matches(q.Get("PhoneNumber"), n.PhoneNumber) && matches(q.Get("FriendlyName"), n.FriendlyName) {
			all = append(all, d.numberRecord(n))
		}
	}
	return page(r, "incoming_phone_numbers", all)
}

func (d *Double) findNumber(r *http.Request) *twilio.IncomingNumber {
	sid := resource(r, "number")
	i := slices.IndexFunc(d.numbers, func(n *twilio.IncomingNumber) bool { return n.SID == sid })
	if i < 0 {
		return nil
	}
	return d.numbers[i]
}

func (d *Double) fetchNumber(r *http.Request) (int, any, *apiError) {
	n := d.findNumber(r)
	if n == nil {
		return 0, nil, notFound(r)
	}
	return http.StatusOK, d.numberRecord(n), nil
}

// settings applies what a form says of VoiceSettings.
func settings(form url.Values, s twilio.VoiceSettings) (twilio.VoiceSettings, *apiError) {
	refused := hostName("StatusCallback", form.Get("StatusCallback"))
	for name, field := range map[string]*string{
		"VoiceUrl": &s.VoiceURL, "VoiceMethod": &s.VoiceMethod, "VoiceFallbackUrl": &s.VoiceFallbackURL,
		"VoiceFallbackMethod": &s.VoiceFallbackMethod, "StatusCallback": &s.StatusCallback, "StatusCallbackMethod": &s.StatusCallbackMethod,
	} {
		if form.Has(name) {
			*field = form.Get(name)
		}
	}
	return s, refused
}

func (d *Double) updateNumber(r *http.Request) (int, any, *apiError) {
	n, form := d.findNumber(r), r.PostForm
	if n == nil {
		return 0, nil, notFound(r)
	}
	s, refused := settings(form, n.VoiceSettings)
	app, trunk := form.Get("VoiceApplicationSid"), form.Get("TrunkSid")
	if app != "" && d.application(app) == nil {
		refused = refuse(http.StatusBadRequest, codeApplication, "VoiceApplicationSid %s is not valid", app)
	}
	if refused != nil {
		return 0, nil, refused
	}
	n.VoiceSettings = s
	if form.Has("VoiceApplicationSid") {
		n.VoiceApplicationSID = app
		if app != "" {
			n.TrunkSID = ""
		}
	}
	if form.Has("TrunkSid") {
		n.TrunkSID = trunk
		if trunk != "" {
			n.VoiceApplicationSID = ""
		}
	}
	return http.StatusOK, d.numberRecord(n), nil
}

// numberRecord is a number as the API tells it; what is not set is null.
func (d *Double) numberRecord(n *twilio.IncomingNumber) map[string]any {
	record := map[string]any{
		"sid": n.SID, "account_sid": d.cfg.AccountSID, "phone_number": n.PhoneNumber, "friendly_name": n.FriendlyName,
		"capabilities": map[string]bool{"voice": n.Capabilities.Voice, "sms": true, "mms": false, "fax": false},
		"beta":         false, "origin": "twilio", "status": n.Status, "type": "local", "voice_receive_mode": n.VoiceReceiveMode,
		"voice_application_sid": n.VoiceApplicationSID, "trunk_sid": orNull(n.TrunkSID), "api_version": twilio.APIVersion,
		"voice_caller_id_lookup": false, "date_created": date(time.Now()), "date_updated": date(time.Now()),
		"uri":                  d.uri("/IncomingPhoneNumbers/%s.json", n.SID),
		"address_requirements": "none", "emergency_status": "Inactive", "emergency_address_status": "unregistered",
	}
	for _, name := range []string{"address_sid", "identity_sid", "bundle_sid", "emergency_address_sid", "sms_application_sid"} {
		record[name] = nil
	}
	return withMessages(withSettings(record, n.VoiceSettings))
}

// withMessages adds what is said of text messages, which nobody here sends.
func withMessages(record map[string]any) map[string]any {
	record["sms_url"], record["sms_method"], record["sms_fallback_url"], record["sms_fallback_method"] = nil, http.MethodPost, nil, http.MethodPost
	return record
}

func withSettings(record map[string]any, s twilio.VoiceSettings) map[string]any {
	for name, value := range map[string]string{
		"voice_url": s.VoiceURL, "voice_method": s.VoiceMethod, "voice_fallback_url": s.VoiceFallbackURL,
		"voice_fallback_method": s.VoiceFallbackMethod, "status_callback": s.StatusCallback, "status_callback_method": s.StatusCallbackMethod,
	} {
		record[name] = orNull(value)
	}
	return record
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func (d *Double) listApplications(r *http.Request) (int, any, *apiError) {
	q := r.URL.Query()
	var all []map[string]any
	for _, a := range d.applications {
		if matches(q.Get("FriendlyName"), a.FriendlyName) {
			all = append(all, d.applicationRecord(a))
		}
	}
	return page(r, "applications", all)
}

func (d *Double) fetchApplication(r *http.Request) (int, any, *apiError) {
	a := d.application(resource(r, "application"))
	if a == nil {
		return 0, nil, notFound(r)
	}
	return http.StatusOK, d.applicationRecord(a), nil
}

func (d *Double) createApplication(r *http.Request) (int, any, *apiError) {
	a := &twilio.Application{SID: newSID("AP"), VoiceSettings: twilio.VoiceSettings{
		VoiceMethod: http.MethodPost, VoiceFallbackMethod: http.MethodPost, StatusCallbackMethod: http.MethodPost,
	}}
	if refused := change(r, a); refused != nil {
		return 0, nil, refused
	}
	d.applications = append(d.applications, a)
	return http.StatusCreated, d.applicationRecord(a), nil
}

func (d *Double) updateApplication(r *http.Request) (int, any, *apiError) {
	a := d.application(resource(r, "application"))
	if a == nil {
		return 0, nil, notFound(r)
	}
	if refused := change(r, a); refused != nil {
		return 0, nil, refused
	}
	return http.StatusOK, d.applicationRecord(a), nil
}

// change applies a form to an application, or nothing of it.
func change(r *http.Request, a *twilio.Application) *apiError {
	s, refused := settings(r.PostForm, a.VoiceSettings)
	if refused != nil {
		return refused
	}
	if r.PostForm.Has("FriendlyName") {
		if len(r.PostForm.Get("FriendlyName")) > 64 {
			return refuse(http.StatusBadRequest, codeNameLength, "FriendlyName is longer than 64 characters")
		}
		a.FriendlyName = r.PostForm.Get("FriendlyName")
	}
	a.VoiceSettings = s
	return nil
}

func (d *Double) deleteApplication(r *http.Request) (int, any, *apiError) {
	a := d.application(resource(r, "application"))
	if a == nil {
		return 0, nil, notFound(r)
	}
	d.applications = slices.DeleteFunc(d.applications, func(other *twilio.Application) bool { return other == a })
	return http.StatusNoContent, nil, nil
}

func (d *Double) applicationRecord(a *twilio.Application) map[string]any {
	return withMessages(withSettings(map[string]any{
		"sid": a.SID, "message_status_callback": nil, "sms_status_callback": nil, "account_sid": d.cfg.AccountSID, "friendly_name": a.FriendlyName, "api_version": twilio.APIVersion,
		"voice_caller_id_lookup": false, "public_application_connect_enabled": false,
		"date_created": date(time.Now()), "date_updated": date(time.Now()), "uri": d.uri("/Applications/%s.json", a.SID),
	}, a.VoiceSettings))
}

func (d *Double) listKeys(r *http.Request) (int, any, *apiError) {
	var all []map[string]any
	for sid := range d.keys {
		all = append(all, d.keyRecord(sid))
	}
	return page(r, "keys", all)
}

func (d *Double) fetchKey(r *http.Request) (int, any, *apiError) {
	sid := resource(r, "key")
	if _, known := d.keys[sid]; !known {
		return 0, nil, notFound(r)
	}
	return http.StatusOK, d.keyRecord(sid), nil
}

func (d *Double) deleteKey(r *http.Request) (int, any, *apiError) {
	sid := resource(r, "key")
	if _, known := d.keys[sid]; !known {
		return 0, nil, notFound(r)
	}
	delete(d.keys, sid)
	delete(d.keyNames, sid)
	return http.StatusNoContent, nil, nil
}

func (d *Double) keyRecord(sid string) map[string]any {
	return map[string]any{
		"sid": sid, "friendly_name": d.keyNames[sid], "date_created": date(time.Now()), "date_updated": date(time.Now()),
	}
}
