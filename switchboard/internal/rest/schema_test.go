package rest

import (
	"encoding/json"
	"net/mail"
	"os"
	"regexp"
	"slices"
	"testing"
	"time"

	"warmdesk/switchboard/internal/recording"
)

// openAPI is where Twilio's OpenAPI document is found when it is at hand; it is
// not part of this project.
const openAPI = "../../../../shared/data/twilio-voice-openapi.json"

// schema is what we check of an OpenAPI schema.
type schema struct {
	Ref        string            `json:"$ref"`
	Type       string            `json:"type"`
	Format     string            `json:"format"`
	Pattern    string            `json:"pattern"`
	Nullable   bool              `json:"nullable"`
	Enum       []string          `json:"enum"`
	Properties map[string]schema `json:"properties"`
}

// TestConformsToTwiliosDocument: every resource has exactly the fields of its
// schema, of the right type, pattern and format.
func TestConformsToTwiliosDocument(t *testing.T) {
	raw, err := os.ReadFile(openAPI)
	if os.IsNotExist(err) {
		t.Skip("Twilio's OpenAPI document is not at hand: the shapes are not compared with it")
	}
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Components struct{ Schemas map[string]schema }
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	check := func(name string, got map[string]any) {
		t.Helper()
		s, ok := doc.Components.Schemas[name]
		if !ok {
			t.Fatalf("no schema %s", name)
		}
		for field, value := range got {
			f, ok := s.Properties[field]
			if !ok {
				t.Errorf("%s has a field %s that Twilio's has not", name, field)
				continue
			}
			if f.Ref != "" {
				f = doc.Components.Schemas[f.Ref[len("#/components/schemas/"):]]
				f.Nullable = true // a reference says nothing of null; Twilio's examples have it
			}
			f.check(t, name+"."+field, value)
		}
		for field := range s.Properties {
			if _, ok := got[field]; !ok {
				t.Errorf("%s has no field %s", name, field)
			}
		}
	}

	a := newAPI(t)
	call, conf := a.join()
	check("api.v2010.account.call", a.must(200, "GET", base+"/Calls/"+call+".json"))
	check("api.v2010.account.conference", a.must(200, "GET", base+"/Conferences/"+conf+".json"))
	check("api.v2010.account.conference.participant", a.must(200, "GET", base+"/Conferences/"+conf+"/Participants/"+call+".json"))
	check("api.v2010.account.conference.participant", a.must(201, "POST", base+"/Conferences/"+conf+"/Participants.json", "To=client:b", "From=client:a"))
	whole := a.must(201, "POST", base+"/Calls/"+call+"/Recordings.json")
	check("api.v2010.account.call.call_recording", whole)
	check("api.v2010.account.call.call_recording", a.must(200, "POST", base+"/Calls/"+call+"/Recordings/"+whole["sid"].(string)+".json", "Status=paused", "PauseBehavior=skip"))
	check("api.v2010.account.call.call_recording", a.must(200, "GET", base+"/Calls/"+call+"/Recordings/"+whole["sid"].(string)+".json"))
	check("api.v2010.account.conference", a.must(200, "POST", base+"/Conferences/"+conf+".json", "Status=completed"))
	check("api.v2010.account.call", a.must(200, "GET", base+"/Calls/"+call+".json"))
	check("api.v2010.account.new_key", a.must(201, "POST", base+"/Keys.json", "FriendlyName=x"))
	message, running := a.record(recording1, call, time.Second), a.store.Start(recording.Options{SID: recording2, CallSID: call})
	check("api.v2010.account.recording", a.must(200, "GET", base+"/Recordings/"+message.SID+".json"))
	check("api.v2010.account.recording", a.must(200, "GET", base+"/Recordings/"+recording2+".json"))
	of := a.must(200, "GET", base+"/Calls/"+call+"/Recordings.json")["recordings"].([]any)
	check("api.v2010.account.call.call_recording", of[0].(map[string]any))
	check("api.v2010.account.call.call_recording", of[1].(map[string]any))
	running.Close()
	keys := a.must(200, "GET", base+"/Keys.json")["keys"].([]any)
	check("api.v2010.account.key", keys[0].(map[string]any))
}

func (s schema) check(t *testing.T, name string, value any) {
	t.Helper()
	if value == nil {
		if !s.Nullable {
			t.Errorf("%s is null", name)
		}
		return
	}
	switch v := value.(type) {
	case string:
		if s.Type != "string" {
			t.Errorf("%s is a string, not %s", name, s.Type)
		}
		if s.Pattern != "" && !regexp.MustCompile(s.Pattern).MatchString(v) {
			t.Errorf("%s = %q does not match %s", name, v, s.Pattern)
		}
		if len(s.Enum) > 0 && !slices.Contains(s.Enum, v) {
			t.Errorf("%s = %q is not one of %v", name, v, s.Enum)
		}
		if s.Format == "date-time-rfc-2822" {
			if _, err := mail.ParseDate(v); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	case bool:
		if s.Type != "boolean" {
			t.Errorf("%s is a boolean, not %s", name, s.Type)
		}
	case float64:
		if s.Type != "integer" && s.Type != "number" {
			t.Errorf("%s is a number, not %s", name, s.Type)
		}
	case map[string]any:
		if s.Type != "object" {
			t.Errorf("%s is an object, not %s", name, s.Type)
		}
	}
}
