package desk_test

import (
	"testing"
	"testing/synctest"
	"time"

	"warmdesk/call"
)

// Customers whom only the carrier knows are taken up: soon after the start, within
// a minute, and soon after an arrival that could not be saved.
func TestStrangers(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		stranger := func(sid string) {
			b.carrier.mu.Lock()
			defer b.carrier.mu.Unlock()
			b.carrier.strangers = append(b.carrier.strangers, call.Arrived{Account: "AC1", SID: sid, Number: "+1555", Returning: true})
		}
		count := func(want int) {
			t.Helper()
			synctest.Wait()
			if v := b.View(); len(v.Calls) != want {
				t.Fatalf("%d calls, want %d: %+v", len(v.Calls), want, v.Calls)
			}
		}
		time.Sleep(10 * time.Second)
		stranger("CA-dana")
		time.Sleep(30 * time.Second)
		count(0)
		time.Sleep(30*time.Second + time.Millisecond)
		count(1)
		if c := b.View().Calls[0]; c.Stage != call.Queued || c.Returned == "" || c.Number != "+1555" {
			t.Errorf("%+v", c)
		}
		time.Sleep(5 * time.Minute) // and only once
		count(1)

		stranger("CA-dora")
		b.stop()
		b.start("ana", "ben", "cy")
		time.Sleep(5 * time.Second) // who asks by themselves meanwhile tells more
		count(1)
		time.Sleep(time.Second)
		count(2)

		b.forgetful.Store(true) // this save is done, but who knows
		if _, err := b.Arrive(t.Context(), call.Arrived{Account: "AC1", SID: "CA-eve"}, nil); err == nil {
			t.Fatal("saved")
		}
		b.forgetful.Store(false)
		stranger("CA-eve")
		stranger("CA-fay") // who called at the same moment
		time.Sleep(1100 * time.Millisecond)
		count(4)
	})
}

// Who is in a call of ours, over or not, is no stranger.
func TestNoStranger(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.available("ana")
		id := b.arrive("CA-dana")
		b.answer("ana")
		b.mustAsk(id, "ana", call.End, "")
		b.want(id, call.Ended, "ana")
		b.carrier.mu.Lock()
		b.carrier.strangers = []call.Arrived{{Account: "AC1", SID: "CA-dana", Returning: true}}
		b.carrier.mu.Unlock()
		time.Sleep(3 * time.Minute)
		synctest.Wait()
		if v := b.View(); len(v.Calls) != 0 {
			t.Errorf("%+v", v.Calls)
		}
	})
}

// The list and the webhook meet: one call is made.
func TestStrangerArrives(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.carrier.mu.Lock()
		b.carrier.strangers = []call.Arrived{{Account: "AC1", SID: "CA-dana", Returning: true}}
		b.carrier.mu.Unlock()
		time.Sleep(time.Minute) // to the moment, or a moment after
		for range 8 {
			go b.Arrive(t.Context(), call.Arrived{Account: "AC1", SID: "CA-dana"}, nil)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if v := b.View(); len(v.Calls) != 1 {
			t.Errorf("%+v", v.Calls)
		}
	})
}
