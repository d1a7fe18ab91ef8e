package desk_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/desk"
)

// comesBack lets a customer's page dial with its key, and enter the room if the
// document says so.
func (b *bench) comesBack(sid, key string) call.ID {
	b.t.Helper()
	c, err := b.Arrive(b.t.Context(), call.Arrived{Account: "AC1", SID: sid, Name: "Dana", Return: desk.ReturnHash(key)}, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	if doc := call.DocumentFor(c, c.LegBySID(sid).ID); doc.Kind == call.EnterRoom {
		b.carrier.join(c.ID, sid)
	}
	synctest.Wait()
	return c.ID
}

// A customer's page is reloaded, and the call goes on where it was: after the
// old leg is gone, before it is, and after the desk has been away.
func TestCustomerComesBack(t *testing.T) {
	key, other := strings.Repeat("5a", 16), strings.Repeat("a5", 16)
	for name, lose := range map[string]func(b *bench){
		"lost":           func(b *bench) { b.hangup("CA-dana") },
		"not missed yet": func(*bench) {},
		"desk down, lost": func(b *bench) {
			b.hangup("CA-dana")
			b.stop()
			time.Sleep(20 * time.Second)
			b.start("ana", "ben", "cy")
		},
		"desk down": func(b *bench) { b.stop(); time.Sleep(20 * time.Second); b.start("ana", "ben", "cy") },
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, b *bench) {
				b.available("ana", "ben")
				id := b.comesBack("CA-dana", key)
				b.answer("ana")
				b.want(id, call.Talking, "ana")
				lose(b)
				time.Sleep(2 * time.Second)
				synctest.Wait()
				if stranger := b.comesBack("CA-stranger", other); stranger == id {
					t.Fatal("a stranger is in Dana's call")
				}
				if again := b.comesBack("CA-dana-again", key); again != id {
					t.Fatalf("in call %s, not %s", again, id)
				}
				b.want(id, call.Talking, "ana")
				c := b.call(id)
				if l := c.CustomerLeg(); l.SID != "CA-dana-again" || !call.Hears(c, l.ID, c.AgentLeg("ana").ID) {
					t.Errorf("Dana and Ana do not hear each other: %+v", c.Legs)
				}
				if c.Room != "CA-dana" || b.carrier.bySID("CA-dana").status != call.Over {
					t.Errorf("room %q, the older leg is %+v", c.Room, b.carrier.bySID("CA-dana"))
				}
				if again := b.comesBack("CA-dana-again", key); again != id {
					t.Error("a repeated arrival is another call")
				}
				b.mustAsk(id, "ana", call.End, "")
				if late := b.comesBack("CA-dana-late", key); late == id {
					t.Error("came back into a call that is over")
				}
			})
		})
	}
}

// While a customer who waits is away nobody is rung for them; they are in line at
// their place again, and nobody is blamed for the ring that was stopped.
func TestCustomerWhoWaitsComesBack(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		first, second := strings.Repeat("01", 16), strings.Repeat("02", 16)
		dana := b.comesBack("CA-dana", first)
		time.Sleep(time.Second)
		dora := b.comesBack("CA-dora", second)
		b.available("ana")
		b.want(dana, call.Offering, "")
		lost := time.Now()
		b.hangup("CA-dana")
		if !time.Now().Equal(lost) {
			t.Error("the ring did not stop at once")
		}
		b.want(dana, call.Awaiting, "")
		b.want(dora, call.Offering, "") // Ana is free for the next one
		if a := b.presence("ana"); a.Presence != agent.Available {
			t.Errorf("Ana is %s", a.Presence)
		}
		b.mustAsk(dora, "ana", call.PassOn, "")
		b.comesBack("CA-dana-again", first)
		b.want(dana, call.Offering, "")
		b.hangup("CA-dana-again")
		time.Sleep(call.AwaitTime)
		synctest.Wait()
		b.want(dana, call.Ended, "")
		if told := b.View().Told("ana"); len(told) != 2 || told[0].News.Kind != call.NewsCallerLost {
			t.Errorf("Ana was told %+v", told)
		}
	})
}
