package phone_test

import (
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"warmdesk/call"
)

// The desk's database is lost: the customer who hears music in the room is on the
// carrier's list, and an agent is rung for them.
func TestCustomerNobodyKnows(t *testing.T) {
	o := newOffice(t, "ana")
	dana := o.Call("+15550001")
	dana.WaitFor(t, "music")
	o.until(call.Queued)
	o.stop()
	o.db = filepath.Join(t.TempDir(), "empty.db")
	o.begin("ana")
	o.until(call.Queued)
	if c := o.desk.View().Calls[0]; c.Number != "+15550001" || c.Returned == "" || c.Room != dana.SID {
		t.Errorf("%+v", c)
	}
	o.ready("ana")
	o.Agent("ana").Ringing(t).Answer()
	dana.WaitFor(t, "people: ana")
	dana.HangUp()
	o.over(time.Second)
	o.noFaults()
}

// Strangers are inbound calls to our number in progress, on every page of the
// list, that are not known and with nobody.
func TestStrangers(t *testing.T) {
	record := func(sid, direction string) string {
		return fmt.Sprintf(`{"sid":%q,"to":"+15550100","from":"+1555","status":"in-progress","direction":%q}`, sid, direction)
	}
	p, r := newCarrier(t, map[string]string{
		"GET /Calls.json": `{"calls":[` + strings.Join([]string{
			record("CA1", "inbound"), record("CA2", "outbound-api"), record("CA3", "inbound"), record("CA4", "inbound"),
		}, ",") + `]}`,
		"GET /Conferences.json":                  `{"conferences":[{"sid":"CF1","status":"in-progress"}]}`,
		"GET /Conferences/CF1/Participants.json": `{"participants":[{"call_sid":"CA3"}]}`,
	})
	strangers, err := p.Strangers(t.Context(), func(sid string) bool { return sid == "CA1" })
	if err != nil || len(strangers) != 2 || strangers[0] != (call.Arrived{Account: account, SID: "CA3", Number: "+1555", Dialled: "+15550100", Language: "de", Returning: true}) {
		t.Errorf("%+v %v", strangers, err)
	}
	if form := r.forms[0]; form.Get("To") != "+15550100" || form.Get("Status") != "in-progress" || form.Get("PageSize") != "1000" {
		t.Errorf("asked %v", form)
	}
	r.mu.Lock()
	r.answers["GET /Conferences/CF1/Participants.json"] = `{"participants":[{"call_sid":"CA3"},{"call_sid":"CA9"}]}`
	r.mu.Unlock()
	if strangers, err = p.Strangers(t.Context(), func(sid string) bool { return sid != "CA3" }); err != nil || len(strangers) != 0 {
		t.Errorf("somebody has them: %+v %v", strangers, err)
	}
	r.mu.Lock()
	r.answers["GET /Conferences.json"] = `{"conferences":[]}`
	r.answers["GET /Calls.json"] = `{"calls":[` + strings.Replace(record("CA4", "inbound"), `"from":"+1555"`, `"from":"+266696687"`, 1) + `]}`
	r.mu.Unlock()
	strangers, err = p.Strangers(t.Context(), func(string) bool { return false })
	if err != nil || len(strangers) != 1 || strangers[0].Number != "" {
		t.Errorf("a withheld number: %+v %v", strangers, err)
	}
	r.mu.Lock()
	r.status = http.StatusInternalServerError
	r.mu.Unlock()
	if strangers, err = p.Strangers(t.Context(), func(string) bool { return false }); err == nil {
		t.Errorf("no error, and %+v", strangers)
	}
}
