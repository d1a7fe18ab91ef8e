package exchange

import (
	"errors"
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	"warmdesk/twiml"
)

func TestFallback(t *testing.T) {
	inWorld(t, func(w *world) {
		w.failing[site+"/call"] = 11200
		w.serve("/fallback", `<Say>One moment</Say>`)
		dana := w.places("dana")
		w.expect("POST /call dana CallStatus=ringing",
			"POST /fallback dana CallStatus=ringing ErrorCode=11200 ErrorUrl=https://a.test/call", "dana is answered")
		w.hear(dana, "One moment")
	})
}

func TestApologyWithoutAFallback(t *testing.T) {
	inWorld(t, func(w *world) {
		w.serve("/agent", `<Enqueue/>`)
		ana := w.answers("ana", "/agent")
		w.hear(ana, Apology)
		w.skip()
		ana.ends()
		w.expect("-> completed 3 ana")
	})
}

func TestFallbackThatFailsToo(t *testing.T) {
	inWorld(t, func(w *world) {
		w.failing[site+"/call"] = 11200
		w.failing[site+"/fallback"] = 11205
		dana := w.places("dana")
		w.hear(dana, Apology)
	})
}

func TestWaitDocumentsThatFail(t *testing.T) {
	for name, prepare := range map[string]func(w *world){
		"unreachable":     func(w *world) { w.failing[site+"/wait"] = 11205 },
		"a verb too many": func(w *world) { w.serve("/wait", `<Play>a.wav</Play><Hangup/>`) },
		"a sound is gone": func(w *world) {
			w.failing[site+"/piano.wav"] = 11200
			w.serve("/wait", `<Play loop="0">piano.wav</Play>`)
		},
		"round and round":  func(w *world) { w.serve("/wait", `<Redirect/>`) },
		"not a document":   func(w *world) { w.serve("/wait", `<Play`) },
		"its URL is a lie": func(w *world) { w.serve("/wait", `<Redirect>gopher://x/</Redirect>`) },
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.serveRoom()
				prepare(w)
				dana := w.places("dana")
				synctest.Wait()
				dana.ends()
				w.hear(dana, "music*")
			})
		})
	}
}

func TestAWaitDocumentGoesOnBehindASoundThatFails(t *testing.T) {
	inWorld(t, func(w *world) {
		w.serveRoom()
		w.failing[site+"/a.wav"] = 11200
		w.serve("/wait", `<Play>a.wav</Play><Play>b.wav</Play>`)
		dana := w.places("dana")
		synctest.Wait()
		dana.ends()
		w.hear(dana, "b.wav")
		dana.ends()
		w.hear(dana, "silence")
	})
}

func TestASoundThatFailsIsSkipped(t *testing.T) {
	inWorld(t, func(w *world) {
		w.failing[site+"/a.wav"] = 11200
		w.serve("/call", `<Play>a.wav</Play><Say>next</Say>`)
		w.hear(w.places("dana"), "next")
	})
}

func TestEndlessRedirects(t *testing.T) {
	inWorld(t, func(w *world) {
		w.serve("/call", `<Redirect/>`)
		w.serve("/fallback", `<Redirect>/call</Redirect>`)
		w.hear(w.places("dana"), Apology)
	})
}

func TestDocumentsThatOnlySendEachOtherRound(t *testing.T) {
	for name, body := range map[string]string{
		"a refused dial":   `<Dial action="/call"><Conference coach="CA1">R</Conference></Dial>`,
		"a sound is gone":  `<Play>a.wav</Play><Redirect>/call</Redirect>`,
		"nothing but that": `<Redirect>/call</Redirect>`,
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.failing[site+"/a.wav"] = 11200
				w.failing[site+"/fallback"] = 11200
				w.serve("/call", body)
				w.hear(w.places("dana"), Apology)
			})
		})
	}
}

func TestReject(t *testing.T) {
	for body, want := range map[string][]string{
		`<Reject/>`:               {"dana is told 31603", "-> no-answer 0 dana"},
		`<Reject reason="busy"/>`: {"dana is told 31486", "-> busy 0 dana"},
	} {
		inWorld(t, func(w *world) {
			w.serve("/call", body)
			w.places("dana")
			w.expect(append([]string{"POST /call dana CallStatus=ringing"}, want...)...)
		})
	}
}

func TestPauseAndTheEndOfADocument(t *testing.T) {
	inWorld(t, func(w *world) {
		w.serve("/call", `<Pause length="3"/><Say>bye</Say>`)
		dana := w.places("dana")
		w.hear(dana, "silence")
		time.Sleep(3*time.Second - time.Millisecond)
		w.hear(dana, "silence")
		time.Sleep(time.Millisecond)
		w.hear(dana, "bye")
		w.skip()
		dana.ends()
		w.expect("-> completed 0 dana")
	})
}

func TestNumbersRunWhenTheApplicationHasNoDocument(t *testing.T) {
	inWorld(t, func(w *world) {
		w.serve("/number", `<Reject/>`)
		call := func(name, application, to string) {
			w.x.Invited(w.person(name), Caller{Identity: name, ApplicationSID: application, Params: url.Values{"mood": {"calm"}}},
				url.Values{"To": {to}, "mood": {"angry"}, "CallStatus": {"completed"}})
		}
		call("dana", "AP2", "+1555")
		w.expect("POST /number dana CallStatus=ringing mood=calm", "dana is told 31603", "-> no-answer 0 dana")
		call("eve", "AP2", "+1666")
		w.expect("eve is told 31404")
		call("fay", "", "+1555")
		w.expect("fay is told 31404")
	})
}

func TestTimeLimits(t *testing.T) {
	inWorld(t, func(w *world) {
		w.serve("/agent", `<Dial timeLimit="60" action="/after"><Conference>R</Conference></Dial>`)
		w.serve("/after", `<Play loop="0">m.wav</Play>`)
		ana := w.ring("ana", "/agent", func(n *NewCall) { n.TimeLimit = 2 * time.Minute })
		w.x.Answered(ana)
		w.hear(ana, "music*")
		time.Sleep(time.Minute)
		w.hear(ana, "m.wav*")
		w.skip()
		time.Sleep(time.Minute)
		w.expect("-> completed 3 ana")
	})
}

func TestStarLeaves(t *testing.T) {
	inWorld(t, func(w *world) {
		w.serve("/agent", `<Dial hangupOnStar="true"><Conference>R</Conference></Dial><Say>bye</Say>`)
		ana := w.answers("ana", "/agent")
		w.x.Digits(ana, "12")
		w.hear(ana, "music*")
		w.x.Digits(ana, "*")
		w.hear(ana, "bye")
		w.x.Digits(ana, "*")
		w.hear(ana, "bye")
	})
}

func TestChangesThatComeTooLateOrTooEarly(t *testing.T) {
	inWorld(t, func(w *world) {
		w.serve("/agent", starting)
		change := func(sid string, c CallChange) error {
			_, err := w.x.ChangeCall(w.Context(), sid, c)
			return err
		}
		ana := w.ring("ana", "/agent")
		if err := change(ana.SID(), CallChange{Redirect: Target{URL: site + "/x"}}); !errors.Is(err, ErrNotInProgress) {
			t.Errorf("redirecting a ringing call: %v", err)
		}
		w.x.Answered(ana)
		synctest.Wait()
		if err := change(ana.SID(), CallChange{Status: "canceled"}); !errors.Is(err, ErrNotInProgress) {
			t.Errorf("canceling a live call: %v", err)
		}
		if err := change(ana.SID(), CallChange{Status: "completed"}); err != nil {
			t.Errorf("completing a live call: %v", err)
		}
		if err := change(ana.SID(), CallChange{Status: "completed"}); !errors.Is(err, ErrNotInProgress) {
			t.Errorf("completing it again: %v", err)
		}
		if err := change("CA0", CallChange{}); !errors.Is(err, ErrNotFound) {
			t.Errorf("changing nothing: %v", err)
		}
		w.skip()
	})
}

func TestAddedParticipant(t *testing.T) {
	inWorld(t, func(w *world) {
		w.notice = []string{"ReasonParticipantLeft", "ParticipantCallStatus"}
		add := func(name string) Participant {
			t.Helper()
			p, err := w.x.AddParticipant(w.Context(), "R", NewParticipant{
				Call: NewCall{To: "client:" + name, From: "+1555", Identity: name},
				Conference: twiml.Conference{
					StatusCallback: site + "/events", StatusCallbackEvents: []string{"start", "end", "join", "leave"}, Label: name,
				},
			})
			if err != nil {
				t.Fatal(err)
			}
			w.call(p.CallSID, name)
			synctest.Wait()
			return p
		}
		if p := add("ana"); p.Status != "queued" {
			t.Errorf("status %s", p.Status)
		}
		if p, err := w.x.Participant(w.Context(), "R", "ana"); err != nil || p.Status != "ringing" {
			t.Errorf("%+v, %v", p, err)
		}
		w.x.Answered(w.people["ana"])
		w.expect("-> participant-join 1 ana")
		add("ben")
		w.x.Rejected(w.people["ben"])
		w.expect("-> participant-leave 2 ben participant_add_failed busy")
		w.away["cy"] = true
		add("cy")
		w.expect("-> participant-leave 3 cy participant_add_failed failed")
		add("dan")
		if err := w.x.RemoveParticipant(w.Context(), "R", "dan"); err != nil {
			t.Error(err)
		}
		w.expect("-> participant-leave 4 dan participant_add_failed canceled")
		w.hear(w.people["ana"], "music*")
		if _, err := w.x.AddParticipant(w.Context(), newSID("CF"), NewParticipant{}); !errors.Is(err, ErrNotFound) {
			t.Errorf("an unknown conference: %v", err)
		}
	})
}

func TestNobodyComesToANewConference(t *testing.T) {
	inWorld(t, func(w *world) {
		w.away["ana"] = true
		if _, err := w.x.AddParticipant(w.Context(), "R", NewParticipant{Call: NewCall{Identity: "ana"}}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if c := w.conference("R"); c.Status != "completed" {
			t.Errorf("the conference is %s", c.Status)
		}
	})
}

func TestHistoryIsBounded(t *testing.T) {
	inWorld(t, func(w *world) {
		w.away["ana"] = true
		for range maxHistory + 10 {
			if _, err := w.x.CreateCall(w.Context(), NewCall{Identity: "ana"}); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		if _, err := w.x.CreateCall(w.Context(), NewCall{Identity: "ana"}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		all, err := w.x.Calls(w.Context(), func(Call) bool { return true })
		if err != nil || len(all) > maxHistory || len(w.x.calls) != len(all) {
			t.Errorf("%d calls in the list, %d in the index, %v", len(all), len(w.x.calls), err)
		}
	})
}
