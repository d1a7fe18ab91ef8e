package main

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// recordingOf waits for the one recording of a call that is over.
func (v *victim) recordingOf(call string) string {
	v.Helper()
	for end := time.Now().Add(15 * time.Second); ; time.Sleep(20 * time.Millisecond) { // polling, with the deadline
		a := v.strike(attack{as: "ana", method: "GET", path: "/api/calls/" + call + "/recordings"})
		var list struct{ Recordings []struct{ ID, Sound string } }
		if err := json.Unmarshal([]byte(a.body), &list); err == nil && len(list.Recordings) == 1 && list.Recordings[0].Sound != "" {
			return list.Recordings[0].ID
		}
		if time.Now().After(end) {
			v.Fatalf("no recording of %s: %d %s", call, a.status, a.body)
		}
	}
}

// TestAttackArchive asks for recordings and for erasures that are not the asker's,
// in every crooked way.
func TestAttackArchive(t *testing.T) {
	t.Parallel()
	v := twilioVictim(t, "RECORDING=on")
	v.hire("cy", "agent")
	v.hire("lee", "lead")
	// A second call of Ana's, after the first, is recorded and over.
	eve := v.double.Call("+15550007")
	t.Cleanup(eve.HangUp)
	if status, body := v.post("/api/calls/"+v.call+"/end", v.cookies["ana"]); status != http.StatusAccepted {
		t.Fatalf("end: %d %s", status, body)
	}
	old := v.id
	sid := v.recordingOf(old)
	v.double.Agent("agent1").Ringing(t).Answer()
	eve.WaitFor(t, "people: agent1")
	v.call = eve.SID
	v.talking = func() error { return nil }
	v.settle()
	before := v.state()
	for _, a := range archiveAttacks(old, sid) {
		if err := v.judge(a, v.strike(a)); err != nil {
			t.Errorf("%s: %v", a.name, err)
		}
		if err := v.unharmed(before); err != nil {
			t.Fatalf("%s: %v", a.name, err)
		}
	}
	if a := v.strike(attack{as: "ana", method: "GET", path: "/api/calls/" + old + "/recordings/" + sid}); a.status != http.StatusOK || !strings.HasPrefix(a.body, "RIFF") {
		t.Errorf("who may hear it: %d %.80q", a.status, a.body)
	}
	if faults := v.double.Faults(); len(faults) > 0 {
		t.Errorf("Twilio would complain: %q", faults)
	}
}

func archiveAttacks(old, sid string) (rows []attack) {
	const unknown, notYours, notThere = http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound
	sound := "/api/calls/" + old + "/recordings/" + sid
	add := func(a attack) { rows = append(rows, a) }
	for _, path := range []string{"/api/calls/" + old + "/recordings", sound} {
		add(attack{name: "a stranger asks for " + path, method: "GET", path: path, want: []int{unknown}, never: "RIFF"})
		add(attack{name: "a stranger names an agent for " + path, method: "GET", path: path + "?agent=agent1", want: []int{unknown}, never: "RIFF"})
		add(attack{name: "an agent who had no part asks for " + path, as: "cy", method: "GET", path: path, want: []int{notYours}, never: "RIFF"})
		add(attack{name: "an agent names another for " + path, as: "cy", method: "GET", path: path + "?agent=agent1", want: []int{notYours}, never: "RIFF"})
	}
	for _, name := range []string{
		"RE00000000000000000000000000000001", sid + ".json", sid + "%2f..", "..%2f" + sid, "%2e%2e%2fKeys.json", "..%2f..%2f..%2fCalls.json", sid + "%00",
		sid + "%3fx=1", sid + "%23", "*", "%25", strings.ToLower(sid), sid + "'--", "..%5c..%5cdesk.db", "%2fetc%2fpasswd", sid + "%0d%0aX-Evil:1",
	} {
		add(attack{name: "the recording " + name, as: "ana", method: "GET", path: "/api/calls/" + old + "/recordings/" + name, want: []int{http.StatusBadRequest, notThere}, never: "RIFF"})
	}
	add(attack{name: "a recording by another call's name", as: "ana", method: "GET", path: "/api/calls/{id}/recordings/" + sid, want: []int{notThere}, never: "RIFF"})
	for name, ranges := range map[string]string{
		"beyond the end": "bytes=999999999-", "backwards": "bytes=9-3", "of nothing": "bytes=", "of words": "bytes=a-b", "in other units": "lines=1-2",
		"many small ones": "bytes=" + strings.Repeat("0-0,", 500) + "0-0", "too large": "bytes=99999999999999999999-", "negative": "bytes=--5",
	} {
		add(attack{name: "a part " + name, as: "cy", method: "GET", path: sound, headers: []string{"Range", ranges}, want: []int{notYours}, never: "RIFF"})
		add(attack{name: "a part " + name + ", by who may hear it", as: "ana", method: "GET", path: sound, headers: []string{"Range", ranges},
			want: []int{http.StatusOK, http.StatusPartialContent, http.StatusBadRequest, http.StatusRequestedRangeNotSatisfiable}})
	}
	return append(rows, eraseAttacks(old)...)
}

func eraseAttacks(old string) (rows []attack) {
	typed := []string{"Content-Type", "application/json"}
	body := `{"call":"` + old + `","confirm":true}`
	for who, want := range map[string]int{"": http.StatusUnauthorized, "cy": http.StatusForbidden, "lee": http.StatusForbidden} {
		rows = append(rows, attack{name: "erased by " + who, as: who, method: "POST", path: "/api/erase", headers: typed, body: body, want: []int{want}},
			attack{name: "asked what would be by " + who, as: who, method: "POST", path: "/api/erase", headers: typed, body: `{"call":"` + old + `"}`, want: []int{want}})
	}
	rows = append(rows, attack{name: "erased from another site", as: "ana", method: "POST", path: "/api/erase",
		headers: append([]string{"Origin", evil}, typed...), body: body, want: []int{http.StatusForbidden}})
	for name, body := range map[string]string{
		"everybody": `{"number":"%","confirm":true}`, "by a star": `{"number":"*","confirm":true}`, "nobody": `{"number":"","confirm":true}`,
		"both": `{"number":"+15550001","call":"` + old + `","confirm":true}`, "a list": `{"number":["+15550001"],"confirm":true}`,
		"by words of SQL": `{"number":"' OR 1=1 --","confirm":true}`, "half a number": `{"number":"+1555","confirm":true}`,
		"no object": `[]`, "no JSON": `call=1&confirm=true`, "twice": `{"confirm":true} {"number":"+15550001","confirm":true}`,
	} {
		rows = append(rows, attack{name: "erase " + name, as: "ana", method: "POST", path: "/api/erase", headers: slices.Clone(typed), body: body,
			want: []int{http.StatusBadRequest, http.StatusNotFound}})
	}
	for name, body := range map[string]string{"call": `{"call":"{call}","confirm":true}`, "caller": `{"number":"+15550007","confirm":true}`} {
		rows = append(rows, attack{name: "erase the live " + name, as: "ana", method: "POST", path: "/api/erase", headers: slices.Clone(typed), body: body, want: []int{http.StatusConflict}})
	}
	return rows
}
