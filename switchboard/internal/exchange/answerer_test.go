package exchange

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"warmdesk/switchboard/internal/audio"
)

// say is sound, or silence, for so long.
type say struct {
	sound bool
	ms    int
}

func TestWhoHasAnswered(t *testing.T) {
	const yes, no = true, false
	for name, test := range map[string]struct {
		said []say
		want string
		at   time.Duration // since the answer; zero: not yet
	}{
		"a word and a pause":                      {[]say{{no, 400}, {yes, 900}, {no, 1500}}, answeredByHuman, 2500 * time.Millisecond},
		"two words with a breath":                 {[]say{{yes, 600}, {no, 500}, {yes, 600}, {no, 1500}}, answeredByHuman, 2900 * time.Millisecond},
		"on and on":                               {[]say{{no, 1000}, {yes, 5000}}, answeredByMachine, 3400 * time.Millisecond},
		"sentences":                               {[]say{{yes, 1100}, {no, 700}, {yes, 1100}, {no, 5000}}, answeredByMachine, 2400 * time.Millisecond},
		"nothing":                                 {[]say{{no, 9000}}, answeredByUnknown, 5 * time.Second},
		"a click, then a person":                  {[]say{{yes, 40}, {no, 2000}, {yes, 500}, {no, 1500}}, answeredByHuman, 3740 * time.Millisecond},
		"a click":                                 {[]say{{yes, 40}, {no, 9000}}, answeredByUnknown, 5 * time.Second},
		"nobody has said enough":                  {[]say{{yes, 900}, {no, 1000}}, "", 0},
		"a noise that begins again before 30 s":   {[]say{{yes, 40}, {no, 1180}, {yes, 20}, {no, 1180}}, "", 0},
		"a person who answers late, but in time ": {[]say{{no, 4800}, {yes, 300}, {no, 1200}}, answeredByHuman, 6300 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			ear := &answererEar{Detection: Detection{}.withDefaults(), heard: make(chan string, 1)}
			var silence, sound audio.Frame
			for i := range sound {
				sound[i] = 1000
			}
			var at time.Duration
			for _, s := range test.said {
				for range s.ms / 20 {
					f := &silence
					if s.sound {
						f = &sound
					}
					ear.Hear(f)
					if ear.done && at == 0 {
						at = ear.now
					}
				}
			}
			now, stop := context.WithCancelCause(t.Context())
			stop(errors.New("nothing was heard"))
			got := ""
			if ear.done {
				got = <-ear.heard
			} else if _, err := ear.wait(now); err == nil {
				t.Error("there is an answer without one")
			}
			if got != test.want || at != test.at {
				t.Errorf("%q after %v, want %q after %v", got, at, test.want, test.at)
			}
		})
	}
}

// A call that is asked who has answered gets its document behind the answer; one
// that is redirected meanwhile gets the other, and the answer is nobody's.
func TestDocumentAwaitsWhoHasAnswered(t *testing.T) {
	inWorld(t, func(w *world) {
		w.told = []string{"AnsweredBy"}
		w.serve("/agent", `<Say>hello</Say>`)
		w.serve("/other", `<Say>other</Say>`)
		listen := func(n *NewCall) { n.Detection = &Detection{Timeout: time.Second} }
		ben := w.ring("ben", "/agent", listen)
		cy := w.ring("cy", "/agent", listen)
		w.x.Answered(ben)
		w.x.Answered(cy)
		w.skip()
		if _, err := w.x.ChangeCall(w.Context(), cy.SID(), CallChange{Redirect: Target{URL: site + "/other"}}); err != nil {
			t.Fatal(err)
		}
		w.expect("POST /other cy")
		w.hear(cy, "other")
		w.hear(ben, "silence")
		for _, p := range []*person{ben, cy} {
			for range 50 {
				p.line.tape.Hear(&audio.Frame{})
			}
		}
		synctest.Wait()
		w.expect("POST /agent ben AnsweredBy=unknown")
		w.hear(ben, "hello")
		w.hear(cy, "other")
	})
}
