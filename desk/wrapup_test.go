package desk_test

import (
	"testing"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
)

// After a call an agent has some time: it runs out, or they are done sooner, and
// then they are what they wished to be. It outlives the desk.
func TestWrapUp(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.stop()
		b.wrapUp = 30 * time.Second
		b.start("ana", "ben", "cy")
		b.available("ana")
		talk := func(sid string) call.ID {
			id := b.arrive(sid)
			b.answer("ana")
			b.want(id, call.Talking, "ana")
			return id
		}
		seen := func(want agent.Presence) {
			t.Helper()
			if got := b.presence("ana"); got.Presence != want {
				t.Errorf("%s, want %s: %+v", got.Presence, want, got)
			}
		}
		id := talk("CA-1")
		b.hangup("CA-1")
		seen(agent.WrapUp)
		if a := b.presence("ana"); a.WrapCall != string(id) || !a.Until.Equal(time.Now().Add(30*time.Second)) {
			t.Errorf("%+v", a)
		}
		waiting := b.arrive("CA-2")
		time.Sleep(29 * time.Second)
		b.want(waiting, call.Queued, "")
		time.Sleep(2 * time.Second)
		b.want(waiting, call.Offering, "")
		b.answer("ana")
		b.hangup("CA-2")
		b.mustAsk(waiting, "ana", call.Finish, "")
		seen(agent.Available)

		talk("CA-3")
		if err := b.SetNext(t.Context(), "ana", agent.Away, "lunch"); err != nil {
			t.Fatal(err)
		}
		seen(agent.Available)
		b.hangup("CA-3")
		seen(agent.WrapUp)
		b.stop()
		time.Sleep(time.Minute)
		b.start("ana", "ben", "cy")
		time.Sleep(time.Millisecond)
		seen(agent.Away)
	})
}
