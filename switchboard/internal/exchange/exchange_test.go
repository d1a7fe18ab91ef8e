package exchange

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// What the rooms of the scenarios look like.
const (
	events   = `statusCallback="/events" statusCallbackEvent="start end join leave mute hold modify"`
	waiting  = `<Dial action="/after"><Conference startConferenceOnEnter="false" waitUrl="/wait" ` + events + `>R</Conference></Dial>`
	starting = `<Dial action="/after"><Conference ` + events + `>R</Conference></Dial>`
	ending   = `<Dial action="/after"><Conference endConferenceOnExit="true" ` + events + `>R</Conference></Dial>`
)

// serveRoom sets up the documents that most scenarios need.
func (w *world) serveRoom() {
	w.serve("/call", `<Say>Welcome</Say>`+waiting)
	w.serve("/wait", `<Say>Please hold</Say><Play loop="0">piano.wav</Play>`)
	w.serve("/agent", starting)
	w.serve("/master", ending)
	w.serve("/after", `<Hangup/>`)
}

// talking brings a customer and an agent into room R.
func (w *world) talking(agentPath string) (dana, ana *person) {
	w.serveRoom()
	dana = w.places("dana")
	synctest.Wait()
	dana.ends()
	ana = w.answers("ana", agentPath)
	w.hear(dana, "room ana")
	w.hear(ana, "room dana")
	w.conference("R")
	w.skip()
	return dana, ana
}

// Keys pressed in a conference are heard there; a flood of them is cut.
func TestKeysInAConferenceAreSaid(t *testing.T) {
	inWorld(t, func(w *world) {
		_, ana := w.talking("/agent")
		w.x.Digits(ana, "12")
		w.expect("2720 samples are said")
		w.x.Digits(ana, strings.Repeat("1", 1_000_000))
		w.expect("43520 samples are said")
	})
}

func TestCustomerWaitsUntilAnAgentComes(t *testing.T) {
	inWorld(t, func(w *world) {
		w.serveRoom()
		dana := w.places("dana")
		w.expect("POST /call dana CallStatus=ringing", "dana is answered")
		w.hear(dana, "Welcome")
		dana.ends()
		w.expect("-> participant-join 1 dana", "POST /wait dana FriendlyName=R")
		w.hear(dana, "Please hold")
		dana.ends()
		w.hear(dana, "piano.wav*")

		ana := w.ring("ana", "/agent")
		w.expect("-> initiated 0 ana", "-> ringing 1 ana")
		w.hear(dana, "piano.wav*")
		w.x.Answered(ana)
		w.expect("-> in-progress 2 ana", "POST /agent ana", "-> participant-join 2 ana", "-> conference-start 3")
		w.hear(dana, "room ana")
		w.hear(ana, "room dana")
	})
}

func TestOutboundCallsThatFail(t *testing.T) {
	for name, c := range map[string]struct {
		happens func(w *world, ana *person)
		want    string
	}{
		"declined":           {func(w *world, ana *person) { w.x.Rejected(ana) }, "-> busy 2 ana 486"},
		"no answer":          {func(w *world, ana *person) { time.Sleep(61 * time.Second) }, "-> no-answer 2 ana 487"},
		"no media":           {func(w *world, ana *person) { w.x.MediaFailed(ana, "no packets") }, "-> failed 2 ana 480"},
		"gone while ringing": {func(w *world, ana *person) { w.x.Lost(ana, "socket") }, "-> no-answer 2 ana 487"},
		"canceled by REST": {func(w *world, ana *person) {
			if _, err := w.x.ChangeCall(w.Context(), ana.SID(), CallChange{Status: "canceled"}); err != nil {
				w.Error(err)
			}
		}, "-> canceled 2 ana 487"},
		"completed by REST": {func(w *world, ana *person) {
			if _, err := w.x.ChangeCall(w.Context(), ana.SID(), CallChange{Status: "completed"}); err != nil {
				w.Error(err)
			}
		}, "-> canceled 2 ana 487"},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.notice = []string{"SipResponseCode"}
				ana := w.ring("ana", "/agent")
				w.skip()
				c.happens(w, ana)
				synctest.Wait()
				w.mu.Lock()
				last := w.names.Replace(w.diary[len(w.diary)-1])
				if w.diary[0] == "ana is told 53405" {
					last = w.names.Replace(w.diary[1])
				}
				w.mu.Unlock()
				if last != c.want {
					t.Errorf("callback %q, want %q", last, c.want)
				}
				w.x.Answered(ana) // an answer that crosses the end
				w.skip()
				if ana.line != nil {
					t.Error("the answer that came too late is let in")
				}
			})
		})
	}
}

func TestNobodyRegistered(t *testing.T) {
	inWorld(t, func(w *world) {
		w.notice = []string{"SipResponseCode", "CallDuration"}
		w.away["ana"] = true
		w.ring("ana", "/agent")
		w.expect("-> initiated 0 ana", "-> failed 1 ana 404 0")
	})
}

func TestAnAnswerMayComeBeforeDialReturns(t *testing.T) {
	inWorld(t, func(w *world) {
		w.serve("/agent", starting)
		w.early = true
		ana := w.ring("ana", "/agent")
		w.expect("-> initiated 0 ana", "-> ringing 1 ana", "-> in-progress 2 ana", "POST /agent ana", "-> participant-join 1 ana")
		w.hear(ana, "music*")
		time.Sleep(2 * time.Minute) // the ring timeout has no meaning any more
		w.hear(ana, "music*")
	})
}

func TestCallerGivesUpWhileItRings(t *testing.T) {
	inWorld(t, func(w *world) {
		p := w.person("dana")
		// Both before the exchange has looked at either.
		w.x.Invited(p, Caller{Identity: "dana", ApplicationSID: "AP1"}, nil)
		w.x.HungUp(p)
		synctest.Wait()
		slices.Sort(w.diary) // the request was under way when the call ended
		w.expect("-> canceled 0 dana", "POST /call dana CallStatus=ringing")
	})
}

func TestDurationIsCounted(t *testing.T) {
	inWorld(t, func(w *world) {
		w.notice = []string{"CallDuration", "Duration", "SipResponseCode"}
		w.serveRoom()
		ana := w.answers("ana", "/agent")
		w.skip()
		time.Sleep(61 * time.Second)
		w.x.HungUp(ana)
		w.expect("-> participant-leave 2 ana", "-> conference-end 3", "-> completed 3 ana 61 2 200")
		rec, err := w.x.Call(w.Context(), ana.SID())
		if err != nil || rec.Status != "completed" || rec.Duration() != 61*time.Second {
			t.Errorf("record %+v, %v", rec, err)
		}
	})
}

func TestHoldAndMute(t *testing.T) {
	inWorld(t, func(w *world) {
		dana, ana := w.talking("/agent")
		yes, no := true, false
		change := func(c ParticipantChange) Participant {
			t.Helper()
			p, err := w.x.ChangeParticipant(w.Context(), "R", dana.SID(), c)
			if err != nil {
				t.Fatal(err)
			}
			return p
		}
		if p := change(ParticipantChange{Hold: &yes}); !p.Hold {
			t.Error("not held")
		}
		w.expect("-> participant-hold 4 dana")
		w.hear(dana, "music*")
		w.hear(ana, "room")

		w.serve("/hold", `<Play>one.wav</Play><Redirect method="GET"/>`)
		change(ParticipantChange{HoldTarget: Target{URL: site + "/hold"}})
		w.expect("GET /hold dana FriendlyName=R")
		w.hear(dana, "one.wav")
		dana.ends()
		w.expect("GET /hold dana FriendlyName=R")
		w.hear(dana, "one.wav")

		if p := change(ParticipantChange{EndOnExit: &yes}); p.EndOnExit {
			t.Error("endConferenceOnExit was changed on a held participant")
		}
		w.expect()
		change(ParticipantChange{Hold: &no})
		w.expect("-> participant-unhold 5 dana")
		w.hear(dana, "room ana")
		change(ParticipantChange{Hold: &no})
		w.expect()

		change(ParticipantChange{Muted: &yes})
		w.expect("-> participant-mute 6 dana")
		w.hear(ana, "room")
		w.hear(dana, "room ana")
		change(ParticipantChange{Muted: &yes})
		w.expect()
		change(ParticipantChange{Muted: &no, EndOnExit: &yes})
		w.expect("-> participant-modify 7 dana", "-> participant-unmute 8 dana")
	})
}

func TestHeldBeforeTheStart(t *testing.T) {
	inWorld(t, func(w *world) {
		w.serveRoom()
		dana := w.places("dana")
		synctest.Wait()
		dana.ends()
		yes, no := true, false
		if _, err := w.x.ChangeParticipant(w.Context(), "R", dana.SID(), ParticipantChange{Hold: &yes}); err != nil {
			t.Fatal(err)
		}
		w.hear(dana, "music*")
		ana := w.answers("ana", "/agent")
		w.hear(dana, "music*")
		w.hear(ana, "room")
		if _, err := w.x.ChangeParticipant(w.Context(), "R", dana.SID(), ParticipantChange{Hold: &no}); err != nil {
			t.Fatal(err)
		}
		w.hear(ana, "room dana")
		w.hear(dana, "room ana")
	})
}

func TestUnheldBeforeTheStartWaitsAgain(t *testing.T) {
	inWorld(t, func(w *world) {
		w.serveRoom()
		dana := w.places("dana")
		synctest.Wait()
		dana.ends()
		for _, hold := range []bool{true, false} {
			if _, err := w.x.ChangeParticipant(w.Context(), "R", dana.SID(), ParticipantChange{Hold: &hold}); err != nil {
				t.Fatal(err)
			}
		}
		w.hear(dana, "Please hold")
	})
}

func TestWhoIsLeftAloneStays(t *testing.T) {
	inWorld(t, func(w *world) {
		w.notice = []string{"ReasonParticipantLeft", "ParticipantCallStatus", "ReasonConferenceEnded", "CallSidEndingConference"}
		dana, ana := w.talking("/agent")
		w.x.Lost(ana, "silence")
		w.expect("-> participant-leave 4 ana participant_hung_up completed", "ana is told 53405", "-> completed 3 ana")
		w.hear(dana, "room")
		ben := w.answers("ben", "/agent")
		w.hear(dana, "room ben")
		w.skip()
		w.x.HungUp(dana)
		w.expect("-> participant-leave 6 dana participant_hung_up completed", "-> completed 0 dana")
		w.x.HungUp(ben)
		w.expect("-> participant-leave 7 ben participant_hung_up completed",
			"-> conference-end 8 last-participant-left ben", "-> completed 3 ben")
	})
}

func TestEndConferenceOnExit(t *testing.T) {
	inWorld(t, func(w *world) {
		w.notice = []string{"ReasonParticipantLeft", "ReasonConferenceEnded"}
		dana, ana := w.talking("/master")
		w.serve("/after", `<Say>Goodbye</Say>`)
		w.x.HungUp(ana)
		w.expect("-> participant-leave 4 ana participant_hung_up", "-> participant-leave 5 dana moderator_ended_conference",
			"-> conference-end 6 participant-with-end-conference-on-exit-left", "-> completed 3 ana",
			"POST /after dana DialCallStatus=answered")
		w.hear(dana, "Goodbye")
		dana.ends()
		w.expect("-> completed 0 dana")
	})
}

func TestEndConferenceByREST(t *testing.T) {
	inWorld(t, func(w *world) {
		w.notice = []string{"ReasonParticipantLeft", "ReasonConferenceEnded"}
		w.talking("/agent")
		c, err := w.x.EndConference(w.Context(), w.conference("R").SID)
		if err != nil || c.Status != "completed" || c.Reason != "conference-ended-via-api" {
			t.Errorf("%+v, %v", c, err)
		}
		synctest.Wait()
		w.mu.Lock()
		first := w.diary[:3:3]
		w.mu.Unlock()
		want := []string{
			"-> participant-leave 4 dana conference_ended_via_api", "-> participant-leave 5 ana conference_ended_via_api",
			"-> conference-end 6 conference-ended-via-api",
		}
		for i := range want {
			if got := w.names.Replace(first[i]); got != want[i] {
				t.Errorf("callback %q, want %q", got, want[i])
			}
		}
		if _, err := w.x.Participant(w.Context(), c.SID, "x"); !errors.Is(err, ErrNotFound) {
			t.Errorf("a participant of a conference that is over: %v", err)
		}
	})
}

func TestRedirectLeavesTheRoom(t *testing.T) {
	inWorld(t, func(w *world) {
		w.notice = []string{"ReasonParticipantLeft", "ParticipantCallStatus"}
		dana, ana := w.talking("/agent")
		w.serve("/park", `<Play loop="0">park.wav</Play>`)
		if _, err := w.x.ChangeCall(w.Context(), dana.SID(), CallChange{Redirect: Target{URL: site + "/park"}}); err != nil {
			t.Fatal(err)
		}
		w.expect("-> participant-leave 4 dana participant_updated_via_api in-progress", "POST /park dana")
		w.hear(dana, "park.wav*")
		w.hear(ana, "room")
		if _, err := w.x.ChangeCall(w.Context(), dana.SID(), CallChange{Twiml: "<Response>" + waiting[:5] + waiting[22:] + "</Response>"}); err != nil {
			t.Fatal(err)
		}
		w.skip()
	})
}

func TestRemovedParticipantGoesOn(t *testing.T) {
	inWorld(t, func(w *world) {
		w.notice = []string{"ReasonParticipantLeft"}
		dana, ana := w.talking("/agent")
		if err := w.x.RemoveParticipant(w.Context(), "R", ana.SID()); err != nil {
			t.Fatal(err)
		}
		w.expect("-> participant-leave 4 ana participant_updated_via_api", "POST /after ana DialCallStatus=answered", "-> completed 3 ana")
		w.hear(dana, "room")
	})
}

func TestCallbacksAreFixedByTheFirst(t *testing.T) {
	inWorld(t, func(w *world) {
		w.serve("/quiet", `<Dial><Conference>R</Conference></Dial>`)
		w.serve("/agent", starting)
		ana := w.answers("ana", "/quiet")
		w.skip()
		w.answers("ben", "/agent")
		w.expect("-> initiated 0 ben", "-> ringing 1 ben", "-> in-progress 2 ben", "POST /agent ben")
		w.x.HungUp(ana)
		w.expect("-> completed 3 ana")
	})
}

func TestRoomsWithoutAStarterWait(t *testing.T) {
	inWorld(t, func(w *world) {
		w.serve("/silent", `<Dial><Conference startConferenceOnEnter="false" waitUrl="">R</Conference></Dial>`)
		w.serve("/agent", starting)
		ana := w.answers("ana", "/silent")
		ben := w.answers("ben", "/silent")
		w.hear(ana, "silence")
		w.hear(ben, "silence")
		cy := w.answers("cy", "/agent")
		w.hear(cy, "room ana ben")
		w.hear(ana, "room ben cy")
	})
}

// A coach is heard by the coached call only, by document or by REST; whoever is to be
// heard by fewer is never heard by more on the way.
func TestCoach(t *testing.T) {
	inWorld(t, func(w *world) {
		w.serve("/in", `<Dial><Conference statusCallback="/events" statusCallbackEvent="modify mute">R</Conference></Dial>`)
		w.serve("/listen", `<Dial><Conference muted="true">R</Conference></Dial>`)
		ana, ben := w.answers("ana", "/in"), w.answers("ben", "/in")
		mia := w.answers("mia", "/listen")
		w.hear(mia, "room ana ben")
		w.hear(ana, "room ben")
		room := w.conference("R").SID
		yes, no, nobody := true, false, ""
		change := func(muted *bool, coaches *string) error {
			_, err := w.x.ChangeParticipant(w.Context(), room, mia.sid, ParticipantChange{Muted: muted, Coaches: coaches})
			return err
		}
		if err := change(&no, &ana.sid); err != nil {
			w.Fatal(err)
		}
		w.hear(ana, "room ben mia")
		w.hear(ben, "room ana")
		w.hear(mia, "room ana ben")
		if p, err := w.x.Participant(w.Context(), room, mia.sid); err != nil || p.Coaches != ana.sid || p.Muted {
			w.Errorf("participant %+v, %v", p, err)
		}
		stranger := "CA00000000000000000000000000000000"
		if err := change(&yes, &stranger); !errors.Is(err, ErrNobodyToCoach) {
			w.Errorf("coaches a stranger: %v", err)
		}
		w.hear(ana, "room ben mia")
		if err := change(nil, &nobody); err != nil {
			w.Fatal(err)
		}
		w.hear(ben, "room ana mia")
		w.serve("/coach", `<Dial><Conference coach="`+ben.sid+`">R</Conference></Dial>`)
		cy := w.answers("cy", "/coach")
		w.hear(ben, "room ana cy mia")
		w.hear(ana, "room ben mia")
		w.hear(cy, "room ana ben mia")
	})
}

func TestDialThatIsRefused(t *testing.T) {
	inWorld(t, func(w *world) {
		w.serve("/one", `<Dial><Conference participantLabel="x" maxParticipants="2">R</Conference></Dial>`)
		w.serve("/two", `<Dial action="/after"><Conference participantLabel="x">R</Conference></Dial>`)
		w.serve("/coach", `<Dial action="/after"><Conference coach="CA1">R</Conference></Dial>`)
		w.serve("/after", `<Hangup/>`)
		w.answers("ana", "/one")
		w.skip()
		w.answers("ben", "/two")
		w.answers("cy", "/coach")
		w.expect("-> initiated 0 ben", "-> ringing 1 ben", "-> in-progress 2 ben", "POST /two ben",
			"POST /after ben DialCallStatus=failed", "-> completed 3 ben",
			"-> initiated 0 cy", "-> ringing 1 cy", "-> in-progress 2 cy", "POST /coach cy",
			"POST /after cy DialCallStatus=failed", "-> completed 3 cy")
	})
}
