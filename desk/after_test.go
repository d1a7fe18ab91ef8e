package desk_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"warmdesk/call"
	"warmdesk/desk"
)

// Who is in the time after a call goes on writing on it, over a restart too, and
// nobody else does.
func TestWritingAfterTheCall(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.stop()
		b.wrapUp = time.Minute
		b.start("ana", "ben", "cy")
		b.available("ana")
		id := b.arrive("CA-1")
		b.answer("ana")
		b.want(id, call.Talking, "ana")
		if _, ok := b.View().WrapCall("ana"); ok {
			t.Error("she writes on a call after it while she is on it")
		}
		b.hangup("CA-1")
		ended := time.Now()
		write := func(kind call.RequestKind, text string) error {
			_, err := b.Request(t.Context(), desk.Request{Call: id, Kind: kind, By: "ana", Text: text})
			return err
		}
		for kind, text := range map[call.RequestKind]string{call.Write: "wants a refund", call.SetTopic: "refund", call.Conclude: "Solved"} {
			if err := write(kind, text); err != nil {
				t.Errorf("%s: %v", kind, err)
			}
		}
		b.stop()
		b.start("ana", "ben", "cy")
		v := b.View()
		if c, ok := v.WrapCall("ana"); !ok || c.ID != id || c.Note != "wants a refund" || c.Topic != "refund" || c.Conclusion != "Solved" {
			t.Errorf("after a restart: %v %+v", ok, c)
		}
		if since := v.LastEnded.Sub(ended); since < 0 || since > time.Second {
			t.Errorf("the last call ended at %v, want %v", v.LastEnded, ended)
		}
		var refused *call.RefusedError
		if _, err := b.Request(t.Context(), desk.Request{Call: id, Kind: call.Conclude, By: "ben", Text: "Wrong number"}); !errors.As(err, &refused) {
			t.Errorf("ben: %v", err)
		}
		b.mustAsk(id, "ana", call.Finish, "")
		if err := write(call.Conclude, "Wrong number"); !errors.As(err, &refused) {
			t.Errorf("after she was done: %v", err)
		}
		if _, ok := b.View().WrapCall("ana"); ok {
			t.Error("she still writes on it")
		}
	})
}

// A customer's calls within a week are counted when they arrive.
func TestCallsThisWeek(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		for i, want := range []int{1, 2} {
			c, err := b.Arrive(t.Context(), call.Arrived{Account: "AC1", SID: fmt.Sprint("CA-", i), Number: "+15550001"}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if c.Recent != want {
				t.Errorf("call %d is number %d of the week", i+1, c.Recent)
			}
		}
	})
}
