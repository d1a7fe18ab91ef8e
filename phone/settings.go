package phone

import (
	"net/http"
	"net/url"

	"warmdesk/twilio"
)

// Settings is what a number, or the application of the customer's page, must be
// set to so that its calls come to the desk at publicURL.
//
// The fallback is the desk once more: whoever was unlucky with one request, in
// the middle of a call too, is found by their CallSid and goes on where they
// were. It is of use while the desk comes back soon; a document elsewhere is of
// use while it does not, and may take its place.
func Settings(publicURL string) twilio.VoiceSettings {
	u := newURLs(publicURL)
	return twilio.VoiceSettings{
		VoiceURL: u.arrival() + retried, VoiceMethod: http.MethodPost,
		VoiceFallbackURL: u.arrival() + retried, VoiceFallbackMethod: http.MethodPost,
		StatusCallback: u.public + "/conference/status" + retried, StatusCallbackMethod: http.MethodPost,
	}
}

// SettingsFor is Settings for a number that is at now: a team that its voice URL
// names stays.
func SettingsFor(publicURL string, now twilio.VoiceSettings) twilio.VoiceSettings {
	s := Settings(publicURL)
	was, err := url.Parse(now.VoiceURL)
	if err != nil || was.Path != "/conference/connect/client" || was.RawQuery == "" {
		return s
	}
	s.VoiceURL = newURLs(publicURL).arrival() + "?" + was.RawQuery + retried
	s.VoiceFallbackURL = s.VoiceURL
	return s
}
