package twilio_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"testing"
	"time"

	"warmdesk/twilio"
	"warmdesk/twilio/twiliotest"
)

// undescribed are the requests that Twilio's OpenAPI document, as far as we have
// it, says nothing of, and why.
var undescribed = map[string]string{
	"RecordingAudio": "the sound of a recording is described in words only",
	"FetchAccount":   "the part of the document that we have begins below the account",
	"RecordingPart":  "the sound of a recording is described in words only",
}

// TestEveryRequestIsDocumented: whatever a client can say, Twilio's document
// knows. A method of its own must be added here.
func TestEveryRequestIsDocumented(t *testing.T) {
	var asked int
	var wrong error
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		asked++
		wrong = twiliotest.Documented(r)
		w.Header().Set("Content-Type", "application/json")
		if r.Method != http.MethodDelete {
			io.WriteString(w, `{}`)
		}
	}))
	defer server.Close()
	c, err := twilio.NewClient(twilio.Config{AccountSID: "AC00000000000000000000000000000001", Password: "x", BaseURL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	for name, ask := range everyRequest(t, c) {
		asked, wrong = 0, nil
		if err := ask(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if _, known := undescribed[name]; (wrong != nil) != known {
			t.Errorf("%s: %v", name, wrong)
		}
		if asked != 1 {
			t.Errorf("%s made %d requests", name, asked)
		}
	}
	methods := reflect.TypeOf(c)
	for i := range methods.NumMethod() {
		if _, ok := everyRequest(t, c)[methods.Method(i).Name]; !ok {
			t.Errorf("%s is not compared with Twilio's document", methods.Method(i).Name)
		}
	}
}

// everyRequest makes each request a client has, with everything it can say.
func everyRequest(t *testing.T, c *twilio.Client) map[string]func() error {
	const (
		call, conference, recording = "CA00000000000000000000000000000001", "CF00000000000000000000000000000001", "RE00000000000000000000000000000001"
		number, application, key    = "PN00000000000000000000000000000001", "AP00000000000000000000000000000001", "SK00000000000000000000000000000001"
		address                     = "https://desk.example.test/"
	)
	app, trunk := application, "TK00000000000000000000000000000001"
	settings := twilio.VoiceSettings{
		VoiceURL: address, VoiceMethod: "POST", VoiceFallbackURL: address, VoiceFallbackMethod: "GET", StatusCallback: address, StatusCallbackMethod: "POST",
	}
	yes, ctx := true, t.Context()
	return map[string]func() error{
		"CreateCall": func() error {
			_, err := c.CreateCall(ctx, twilio.NewCall{
				To: "client:ana?leg=7", From: "+15550100", URL: address, Method: "POST", Twiml: "<Response/>", FallbackURL: address, FallbackMethod: "POST",
				StatusCallback: address, StatusCallbackMethod: "POST", StatusCallbackEvents: []string{"initiated", "ringing", "answered", "completed"},
				Timeout: time.Minute, TimeLimit: time.Hour,
			})
			return err
		},
		"FetchCall": func() error { _, err := c.FetchCall(ctx, call); return err },
		"ListCalls": func() error {
			_, err := c.ListCalls(ctx, twilio.CallFilter{To: "client:ana", From: "+15550100", ParentCallSID: call, Status: twilio.CallInProgress, Limit: 2000})
			return err
		},
		"UpdateCall": func() error {
			_, err := c.UpdateCall(ctx, call, twilio.CallUpdate{Status: twilio.CallCompleted, URL: address, Method: "POST", Twiml: "<Response/>"})
			return err
		},
		"CreateKey": func() error { _, err := c.CreateKey(ctx, "desk"); return err },
		"ListConferences": func() error {
			_, err := c.ListConferences(ctx, twilio.ConferenceFilter{FriendlyName: call, Status: twilio.ConferenceInProgress, Limit: 3})
			return err
		},
		"FetchConference":  func() error { _, err := c.FetchConference(ctx, conference); return err },
		"EndConference":    func() error { _, err := c.EndConference(ctx, conference); return err },
		"ListParticipants": func() error { _, err := c.ListParticipants(ctx, conference); return err },
		"FetchParticipant": func() error { _, err := c.FetchParticipant(ctx, conference, call); return err },
		"UpdateParticipant": func() error {
			_, err := c.UpdateParticipant(ctx, conference, call, twilio.ParticipantUpdate{Muted: &yes, Hold: &yes, HoldURL: address, HoldMethod: "POST", EndConferenceOnExit: &yes})
			return err
		},
		"DeleteParticipant":  func() error { return c.DeleteParticipant(ctx, conference, call) },
		"FetchRecording":     func() error { _, err := c.FetchRecording(ctx, recording); return err },
		"ListCallRecordings": func() error { _, err := c.ListCallRecordings(ctx, call); return err },
		"ListRecordings":     func() error { _, err := c.ListRecordings(ctx, time.Now()); return err },
		"DeleteRecording":    func() error { return c.DeleteRecording(ctx, recording) },
		"FetchAccount":       func() error { _, err := c.FetchAccount(ctx); return err },
		"ListKeys":           func() error { _, err := c.ListKeys(ctx); return err },
		"FetchKey":           func() error { _, err := c.FetchKey(ctx, key); return err },
		"DeleteKey":          func() error { return c.DeleteKey(ctx, key) },
		"ListNumbers":        func() error { _, err := c.ListNumbers(ctx, "+15550100"); return err },
		"FetchNumber":        func() error { _, err := c.FetchNumber(ctx, number); return err },
		"ListApplications":   func() error { _, err := c.ListApplications(ctx, "desk"); return err },
		"FetchApplication":   func() error { _, err := c.FetchApplication(ctx, application); return err },
		"DeleteApplication":  func() error { return c.DeleteApplication(ctx, application) },
		"CreateApplication":  func() error { _, err := c.CreateApplication(ctx, "desk", settings); return err },
		"UpdateApplication":  func() error { _, err := c.UpdateApplication(ctx, application, settings); return err },
		"UpdateNumber": func() error {
			_, err := c.UpdateNumber(ctx, number, twilio.NumberUpdate{VoiceSettings: settings, VoiceApplicationSID: &app, TrunkSID: &trunk})
			return err
		},
		"RecordingPart": func() error {
			sound, err := c.RecordingPart(ctx, recording, "bytes=0-9")
			if err == nil {
				err = sound.Close()
			}
			return err
		},
		"StartRecording": func() error {
			_, err := c.StartRecording(ctx, call, twilio.NewRecording{
				StatusCallback: address, StatusCallbackMethod: "POST", StatusCallbackEvents: []string{"in-progress", "completed", "absent"},
			})
			return err
		},
		"UpdateRecording": func() error { _, err := c.UpdateRecording(ctx, call, recording, twilio.RecordingPaused); return err },
		"DeleteCall":      func() error { return c.DeleteCall(ctx, call) },
		"RecordingAudio": func() error {
			sound, err := c.RecordingAudio(ctx, recording)
			if err == nil {
				err = sound.Close()
			}
			return err
		},
	}
}
