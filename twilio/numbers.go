package twilio

import (
	"context"
	"net/url"
	"strconv"
)

// VoiceSettings says whom the service asks about calls; of a number and of an
// application alike.
type VoiceSettings struct {
	VoiceURL             string `json:"voice_url"`
	VoiceMethod          string `json:"voice_method"` // GET or POST
	VoiceFallbackURL     string `json:"voice_fallback_url"`
	VoiceFallbackMethod  string `json:"voice_fallback_method"`
	StatusCallback       string `json:"status_callback"`
	StatusCallbackMethod string `json:"status_callback_method"`
}

// set writes all of them: an empty address takes away what was there.
func (s VoiceSettings) set(f form) {
	f.Set("VoiceUrl", s.VoiceURL)
	f.Set("VoiceFallbackUrl", s.VoiceFallbackURL)
	f.Set("StatusCallback", s.StatusCallback)
	f.text("VoiceMethod", s.VoiceMethod)
	f.text("VoiceFallbackMethod", s.VoiceFallbackMethod)
	f.text("StatusCallbackMethod", s.StatusCallbackMethod)
}

// IncomingNumber is a phone number of the account.
type IncomingNumber struct {
	SID          string `json:"sid"`
	PhoneNumber  string `json:"phone_number"` // E.164
	FriendlyName string `json:"friendly_name"`
	Capabilities struct {
		Voice bool `json:"voice"`
	} `json:"capabilities"`
	// VoiceReceiveMode is voice or fax.
	VoiceReceiveMode string `json:"voice_receive_mode"`
	// Status is in-use, or why the number cannot be used.
	Status string `json:"status"`
	VoiceSettings
	// With either of these the settings above are not looked at.
	VoiceApplicationSID string `json:"voice_application_sid"`
	TrunkSID            string `json:"trunk_sid"`
}

// ListNumbers reads the account's numbers, at most a thousand. phone, when
// given, restricts them to that number.
func (c *Client) ListNumbers(ctx context.Context, phone string) ([]IncomingNumber, error) {
	f := newForm()
	f.text("PhoneNumber", phone)
	f.text("PageSize", strconv.Itoa(maxPageSize))
	return list(ctx, c, "/IncomingPhoneNumbers.json", f.Values, maxPageSize, func(p *struct {
		page
		Numbers []IncomingNumber `json:"incoming_phone_numbers"`
	}) (page, []IncomingNumber) {
		return p.page, p.Numbers
	})
}

// FetchNumber reads one number. CodeNotFound: it is not the account's.
func (c *Client) FetchNumber(ctx context.Context, sid string) (IncomingNumber, error) {
	var n IncomingNumber
	err := c.get(ctx, "/IncomingPhoneNumbers/"+url.PathEscape(sid)+".json", nil, &n)
	return n, err
}

// NumberUpdate is where a number's calls are to go from now on.
type NumberUpdate struct {
	VoiceSettings
	// VoiceApplicationSID and TrunkSID stay as they are when they are nil; an
	// empty one takes the number away from there.
	VoiceApplicationSID, TrunkSID *string
}

// UpdateNumber changes a number.
func (c *Client) UpdateNumber(ctx context.Context, sid string, u NumberUpdate) (IncomingNumber, error) {
	f := newForm()
	u.set(f)
	if u.VoiceApplicationSID != nil {
		f.Set("VoiceApplicationSid", *u.VoiceApplicationSID)
	}
	if u.TrunkSID != nil {
		f.Set("TrunkSid", *u.TrunkSID)
	}
	var n IncomingNumber
	err := c.post(ctx, "/IncomingPhoneNumbers/"+url.PathEscape(sid)+".json", f.Values, &n)
	return n, err
}

// Application is what calls of browsers run.
type Application struct {
	SID          string `json:"sid"`
	FriendlyName string `json:"friendly_name"`
	VoiceSettings
}

// ListApplications reads the applications of that name, at most fifty.
func (c *Client) ListApplications(ctx context.Context, friendlyName string) ([]Application, error) {
	f := newForm()
	f.text("FriendlyName", friendlyName)
	f.text("PageSize", strconv.Itoa(defaultPageSize))
	return list(ctx, c, "/Applications.json", f.Values, defaultPageSize, func(p *struct {
		page
		Applications []Application `json:"applications"`
	}) (page, []Application) {
		return p.page, p.Applications
	})
}

// FetchApplication reads one application. CodeNotFound: there is none.
func (c *Client) FetchApplication(ctx context.Context, sid string) (Application, error) {
	var a Application
	err := c.get(ctx, "/Applications/"+url.PathEscape(sid)+".json", nil, &a)
	return a, err
}

// CreateApplication makes an application; its name has at most 64 characters.
func (c *Client) CreateApplication(ctx context.Context, friendlyName string, s VoiceSettings) (Application, error) {
	f := newForm()
	f.text("FriendlyName", friendlyName)
	s.set(f)
	var a Application
	err := c.post(ctx, "/Applications.json", f.Values, &a)
	return a, err
}

// UpdateApplication changes whom an application asks.
func (c *Client) UpdateApplication(ctx context.Context, sid string, s VoiceSettings) (Application, error) {
	f := newForm()
	s.set(f)
	var a Application
	err := c.post(ctx, "/Applications/"+url.PathEscape(sid)+".json", f.Values, &a)
	return a, err
}

// DeleteApplication removes an application.
func (c *Client) DeleteApplication(ctx context.Context, sid string) error {
	return c.delete(ctx, "/Applications/"+url.PathEscape(sid)+".json")
}
