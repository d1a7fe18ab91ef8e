package console_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"warmdesk/call"
	"warmdesk/desk"
)

// The customer rates their own call, once; nobody else rates it, or learns of it.
func TestCallerRates(t *testing.T) {
	w := newWorld(t, nil)
	over := func(sid, key string) call.ID {
		c := call.Create(call.Arrived{Call: call.ID("call-" + sid), Account: account, SID: sid, Number: "client:" + sid, Name: "Dana",
			Return: desk.ReturnHash(key), Recovery: true}, time.Now())
		c.Stage, c.TalkedAt, c.EndedAt = call.Ended, time.Now(), time.Now()
		c.Legs[0].Status = call.Over
		if err := w.db.SaveCall(t.Context(), desk.Save{Call: c}); err != nil {
			t.Fatal(err)
		}
		return c.ID
	}
	hers, other := strings.Repeat("a", 32), strings.Repeat("b", 32)
	id := over("CAdana", hers)
	over("CAother", other)
	over("CAphone", "")
	for _, row := range []struct {
		call, key string
		stars     int
		status    int
	}{
		{"CAdana", other, 1, 403},
		{"CAdana", "", 1, 403},
		{"CAdana", desk.ReturnHash(hers), 1, 403},
		{"CAphone", "", 1, 403},
		{"CAphone", hers, 1, 403},
		{"CAnone", hers, 1, 403},
		{"", hers, 1, 403},
		{"CAdana", hers, 0, 400},
		{"CAdana", hers, 6, 400},
		{"CAdana", hers, 4, 204},
		{"CAdana", hers, 5, 409},
	} {
		status, body, _ := w.send("POST", "/api/caller/rating", fmt.Sprintf(`{"call":%q,"return":%q,"stars":%d}`, row.call, row.key, row.stars))
		if status != row.status {
			t.Errorf("%+v: %d %s", row, status, body)
		}
	}
	if c, err := w.desk.Call(t.Context(), id); err != nil || c.Stars != 4 {
		t.Errorf("%d stars, %v", c.Stars, err)
	}
	if e := w.exported(""); len(e.Calls) != 3 || e.Calls[0].Rating+e.Calls[1].Rating+e.Calls[2].Rating != 4 {
		t.Errorf("exported %+v", e)
	}
}
