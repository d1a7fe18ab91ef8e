package exchange

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"warmdesk/twilio"
)

// TestRandomLives lets people call, answer, leave and be moved about at random,
// and checks after every step that the books agree with each other and with
// what people hear.
func TestRandomLives(t *testing.T) {
	for seed := range uint64(150) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.serveRoom()
				w.serve("/other", `<Dial><Conference startConferenceOnEnter="false">S</Conference></Dial>`)
				w.serve("/after", `<Redirect>/other</Redirect>`)
				w.serve("/menu", `<Gather action="/message" numDigits="2"><Say>Press</Say></Gather><Redirect>/other</Redirect>`)
				w.serve("/message", `<Record action="/menu" recordingStatusCallback="/kept"/><Redirect>/agent</Redirect>`)
				life := &life{world: w, dice: rand.New(rand.NewPCG(seed, 0))}
				for range 60 {
					life.step()
					synctest.Wait()
					if err := w.x.ask(w.Context(), func() { w.agree() }); err != nil {
						t.Fatal(err)
					}
					if t.Failed() {
						t.FailNow()
					}
				}
			})
		})
	}
}

type life struct {
	*world
	dice *rand.Rand
	born int
}

// step does one thing, sensible or not.
func (l *life) step() {
	ctx := l.Context()
	l.mu.Lock()
	var everybody []*person
	for _, p := range l.people {
		everybody = append(everybody, p)
	}
	l.mu.Unlock()
	slices.SortFunc(everybody, func(a, b *person) int { return len(a.name)*100 + int(a.name[1]) - len(b.name)*100 - int(b.name[1]) })
	if len(everybody) == 0 || l.dice.IntN(4) == 0 {
		l.born++
		name := fmt.Sprint("p", l.born)
		if l.dice.IntN(2) == 0 {
			l.places(name)
		} else {
			l.ring(name, []string{"/agent", "/master", "/other", "/menu", "/message"}[l.dice.IntN(5)])
		}
		return
	}
	p := everybody[l.dice.IntN(len(everybody))]
	b := l.dice.IntN(2) == 0
	room := []string{"R", "S"}[l.dice.IntN(2)]
	// Refusals are as welcome as success here: the books are what is checked.
	switch l.dice.IntN(14) {
	case 0, 1, 2:
		l.x.Answered(p)
	case 3:
		l.x.HungUp(p)
	case 4:
		l.x.Rejected(p)
	case 5:
		_, _ = l.x.ChangeParticipant(ctx, room, p.SID(), ParticipantChange{Hold: &b})
	case 6:
		_, _ = l.x.ChangeParticipant(ctx, room, p.SID(), ParticipantChange{Muted: &b, EndOnExit: &b})
	case 7:
		_, _ = l.x.ChangeCall(ctx, p.SID(), CallChange{Redirect: Target{URL: site + "/agent"}})
	case 8:
		_ = l.x.RemoveParticipant(ctx, room, p.SID())
	case 9:
		if r := l.conferenceSID(room); b && r != "" {
			_, _ = l.x.EndConference(ctx, r)
		}
	case 10:
		time.Sleep(time.Duration(l.dice.IntN(40)) * time.Second)
	case 11:
		l.x.Digits(p, []string{"1", "23", "#"}[l.dice.IntN(3)])
	case 12, 13:
		l.tapeOf(p, b)
	}
	l.mu.Lock()
	var done func()
	if p.line != nil && !p.line.closed && b {
		done, p.line.done = p.line.done, nil
	}
	l.mu.Unlock()
	if done != nil {
		done()
	}
}

// tapeOf has somebody who is recorded speak or fall silent.
func (l *life) tapeOf(p *person, speaks bool) {
	l.mu.Lock()
	var tape *fakeTape
	if p.line != nil {
		tape, _ = p.line.tape.(*fakeTape)
	}
	l.mu.Unlock()
	switch {
	case tape == nil:
	case speaks:
		tape.says(time.Second)
	default:
		tape.opts.Quiet()
	}
}

func (l *life) conferenceSID(name string) string {
	all, _ := l.x.Conferences(l.Context(), func(c Conference) bool { return c.Name == name && c.Status != twilio.ConferenceCompleted })
	if len(all) == 0 {
		return ""
	}
	return all[0].SID
}

// agree checks the books. It runs on Run's goroutine.
func (w *world) agree() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for name, r := range w.x.rooms {
		if r.done() || r.rec.Name != name {
			w.Errorf("room %s is listed as %s and is %s", r.rec.Name, name, r.rec.Status)
		}
		if len(r.members)+len(r.coming) == 0 {
			w.Errorf("room %s lives without anybody", name)
		}
		for _, m := range r.members {
			if m.c.over || m.c.seat != m || m.r != r {
				w.Errorf("a seat in %s belongs to a call that does not know of it", name)
			}
		}
	}
	for _, c := range w.x.order {
		ended := twilio.CallEnded(c.rec.Status)
		if c.over != ended || c.over != !c.rec.Ended.IsZero() {
			w.Errorf("call %s is %s, over: %v", c.identity, c.rec.Status, c.over)
		}
		if c.over && c.seat != nil {
			w.Errorf("call %s is over and sits in %s", c.identity, c.seat.r.rec.Name)
		}
		if c.over || c.line == nil {
			continue
		}
		l := c.line.(*fakeLine)
		want, held, muted := "", false, false
		if c.seat != nil {
			held, muted = c.seat.hold, c.seat.muted
			if c.seat.r.started() {
				want = c.seat.r.rec.SID
			}
		}
		if l.room != want || l.held != held || l.muted != muted || l.closed {
			w.Errorf("line of %s: %+v; its seat says room %q, held %v, muted %v", c.identity, *l, want, held, muted)
		}
		if (l.tape != nil) != (c.main.take != nil) {
			w.Errorf("line of %s has the tape %v; its document says %v", c.identity, l.tape, c.main.take)
		}
		waits := c.seat != nil && (held || !c.seat.r.started())
		if waits && l.playing == "silence" {
			w.Errorf("%s waits in silence", c.identity)
		}
	}
}
