package twiliotest_test

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"warmdesk/twilio"
	"warmdesk/twilio/twiliotest"
)

// What is told of a number, an application and a key has the fields of Twilio's
// document, all of them and no others.
func TestProvisioningSpeaksAsDocumented(t *testing.T) {
	raw, err := os.ReadFile("../../../shared/data/twilio-voice-openapi.json")
	if os.IsNotExist(err) {
		t.Skip("Twilio's OpenAPI document is not at hand: the records are not compared with it")
	}
	var doc struct {
		Components struct {
			Schemas map[string]struct{ Properties map[string]json.RawMessage }
		}
	}
	if err != nil || json.Unmarshal(raw, &doc) != nil {
		t.Fatal("Twilio's OpenAPI document cannot be read")
	}
	a := newApp(t, nil)
	must[twilio.Application](t)(a.client.CreateApplication(t.Context(), "desk", twilio.VoiceSettings{}))
	must[twilio.Key](t)(a.client.CreateKey(t.Context(), "desk"))
	base := baseOf(t, a)
	for list, schema := range map[string]string{"IncomingPhoneNumbers": "incoming_phone_number", "Applications": "application", "Keys": "key"} {
		r, err := http.NewRequest(http.MethodGet, base+"/2010-04-01/Accounts/"+account+"/"+list+".json", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.SetBasicAuth(account, token)
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		var page map[string]json.RawMessage
		if err != nil || json.Unmarshal(body, &page) != nil {
			t.Fatalf("%s: %s %v", list, body, err)
		}
		for name, value := range page {
			var records []map[string]any
			if json.Unmarshal(value, &records) != nil || records == nil {
				continue // a field of the page itself
			}
			want := slices.Sorted(maps.Keys(doc.Components.Schemas["api.v2010.account."+schema].Properties))
			if len(records) != 1 || len(want) == 0 {
				t.Fatalf("%s: %d records, %d fields", name, len(records), len(want))
			}
			if d := cmp.Diff(want, slices.Sorted(maps.Keys(records[0]))); d != "" {
				t.Errorf("%s: %s", name, d)
			}
		}
	}
}

func TestProvisioningRefuses(t *testing.T) {
	a := newApp(t, nil)
	ctx, number := t.Context(), a.Numbers()[0]
	key := must[twilio.Key](t)(a.client.CreateKey(ctx, "desk"))
	byKey := must[*twilio.Client](t)(twilio.NewClient(twilio.Config{AccountSID: account, User: key.SID, Password: key.Secret, BaseURL: baseOf(t, a)}))
	unknown := "AP00000000000000000000000000000404"
	for name, test := range map[string]struct {
		ask  func() error
		code int
	}{
		"the account, by a key":  {func() error { _, err := byKey.FetchAccount(ctx); return err }, twilio.CodeUnauthorized},
		"keys, by a key":         {func() error { _, err := byKey.ListKeys(ctx); return err }, twilio.CodeUnauthorized},
		"an unknown number":      {func() error { _, err := a.client.FetchNumber(ctx, "PN404"); return err }, twilio.CodeNotFound},
		"an unknown key":         {func() error { return a.client.DeleteKey(ctx, "SK404") }, twilio.CodeNotFound},
		"an unknown application": {func() error { return a.client.DeleteApplication(ctx, unknown) }, twilio.CodeNotFound},
		"a number of an unknown application": {func() error {
			_, err := a.client.UpdateNumber(ctx, number.SID, twilio.NumberUpdate{VoiceApplicationSID: &unknown})
			return err
		}, 21218},
		"a long name": {func() error {
			_, err := a.client.CreateApplication(ctx, strings.Repeat("x", 65), twilio.VoiceSettings{})
			return err
		}, 20002},
		"no address": {func() error {
			_, err := a.client.UpdateNumber(ctx, number.SID, twilio.NumberUpdate{VoiceSettings: twilio.VoiceSettings{VoiceURL: "desk"}})
			return err
		}, 20001},
	} {
		if err := test.ask(); !twilio.IsCode(err, test.code) {
			t.Errorf("%s: %v, want %d", name, err, test.code)
		}
	}
	if d := cmp.Diff(number, a.Numbers()[0]); d != "" {
		t.Error(d)
	}
	if calls, err := byKey.ListCalls(ctx, twilio.CallFilter{}); err != nil || len(calls) != 0 {
		t.Errorf("calls, by a key: %v %v", calls, err)
	}
}

// A number's calls go where it is set to: an application comes first, a trunk lets
// nobody in, and a document that cannot be had is one for the fallback.
func TestCallsGoWhereTheNumberIsSet(t *testing.T) {
	a := newApp(t, func(c *twiliotest.Config) { c.VoiceFallbackURL = c.VoiceURL + "-fallback" })
	a.set("/voice-fallback", `<Say loop="0">Sorry</Say>`)
	a.set("/app", `<Say loop="0">Application</Say>`)
	a.set("/voice", "503")
	dana := a.Call("+1")
	dana.WaitFor(t, "words: Sorry")
	if faults := a.Faults(); len(faults) != 1 || !strings.Contains(faults[0], "11200") {
		t.Errorf("%q", faults)
	}
	a.set("/voice-fallback", "503")
	a.Call("+2").WaitFor(t, "completed")

	ctx, number := t.Context(), a.Numbers()[0]
	app := must[twilio.Application](t)(a.client.CreateApplication(ctx, "desk", twilio.VoiceSettings{VoiceURL: a.url + "/app"}))
	must[twilio.IncomingNumber](t)(a.client.UpdateNumber(ctx, number.SID, twilio.NumberUpdate{VoiceApplicationSID: &app.SID}))
	a.Call("+3").WaitFor(t, "words: Application")
	a.CallApplication(app.SID, "web1", nil).WaitFor(t, "words: Application")
	trunk := "TK00000000000000000000000000000001"
	moved := must[twilio.IncomingNumber](t)(a.client.UpdateNumber(ctx, number.SID, twilio.NumberUpdate{VoiceSettings: app.VoiceSettings, TrunkSID: &trunk}))
	if moved.VoiceApplicationSID != "" {
		t.Error("it belongs to two")
	}
	a.Call("+4").WaitFor(t, "completed")
}
