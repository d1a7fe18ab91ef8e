package main

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"time"

	"github.com/coder/websocket"
)

// killings lists the moments, in the order a call has them.
func killings() []killing {
	return append(append(waitingKillings(), transferKillings()...), lostKillings()...)
}

func waitingKillings() []killing {
	answered := func(s *stand) { s.ana.Ringing(s.t).Answer() }
	return []killing{
		{name: "01 in line", stage: "queued", hears: "music", lead: func(*stand) {},
			then: func(s *stand) { s.available("agent1", s.one); answered(s) }, ends: "people: agent1"},
		{name: "02 a phone rings", stage: "offering", hears: "music", ends: "people: agent1", then: answered,
			lead: func(s *stand) { s.available("agent1", s.one); s.rings(s.ana, "agent1", s.one) }},
		{name: "03 a phone rings, and is answered meanwhile", stage: "offering", hears: "music", ends: "people: agent2",
			lead: func(s *stand) {
				s.available("agent1", s.one)
				s.rings(s.ana, "agent1", s.one)
				s.available("agent2", s.two)
			},
			away: func(s *stand) { l := s.ana.Ringing(s.t); l.Answer(); l.WaitFor(s.t, "completed") },
			then: func(s *stand) { s.ben.Ringing(s.t).Answer() }},
		{name: "04 between a dial and its answer", stage: "offering", hears: "music", ends: "people: agent1",
			lead: func(s *stand) {
				s.double.Callbacks(func(url.Values) int { return 0 })
				await := s.rest.close(false, posts("Calls"))
				s.available("agent1", s.one)
				await(s.t)
			},
			then: func(s *stand) { s.double.Callbacks(nil); answered(s); s.onceFor("agent1") }},
		{name: "05 before a dial that hangs", stage: "offering", hears: "music", ends: "people: agent1", then: answered,
			lead: func(s *stand) {
				await := s.rest.close(true, posts("Calls"))
				s.available("agent1", s.one)
				await(s.t)
			}},
		{name: "06 answered, the join not told", stage: "connecting", moves: true, hears: "people: agent1", ends: "people: agent1",
			lead: func(s *stand) {
				s.available("agent1", s.one)
				ring := s.ana.Ringing(s.t)
				s.double.Callbacks(joinsOf(ring.SID))
				ring.Answer()
			},
			then: func(s *stand) { s.isIn("talking") }},
		{name: "07 given back to the line", stage: "queued", hears: "music", ends: "people: agent2",
			lead: func(s *stand) { s.talk(); s.available("agent1", s.one); away(s, "agent2", s.two); s.asks("requeue") },
			then: func(s *stand) { s.available("agent2", s.two); s.ben.Ringing(s.t).Answer() }},
	}
}

// away takes an agent out of routing.
func away(s *stand, id, session string) {
	s.t.Helper()
	if status, body := s.post("/api/agents/"+id+"/presence", session, "presence", "away"); status >= http.StatusBadRequest {
		s.t.Fatalf("%s goes away: %d %s", id, status, body)
	}
}

func transferKillings() []killing {
	benAnswers := func(s *stand) { s.ben.Ringing(s.t).Answer() }
	handOver := func(s *stand) { s.asks("handover") }
	return []killing{
		{name: "10 talking", stage: "talking", hears: "people: agent1", ends: "people: agent2", lead: (*stand).talk,
			then: func(s *stand) {
				s.asks("invite", "to", "agent2")
				benAnswers(s)
				s.asks("leave")
			}},
		{name: "11 on hold", stage: "held", hears: "music", ends: "people: agent1",
			lead: func(s *stand) { s.talk(); s.asks("hold") }, then: func(s *stand) { s.asks("resume") }},
		{name: "12 asking, while the hold hangs", stage: "asking", hears: "people: agent1", ends: "people: agent2",
			lead: func(s *stand) {
				s.talk()
				await := s.rest.close(true, posts("Conferences/Participants"))
				s.asks("consult", "to", "agent2")
				await(s.t)
			},
			then: func(s *stand) { benAnswers(s); handOver(s) }},
		{name: "13 asking, the hold done and not answered", stage: "asking", hears: "music", ends: "people: agent2",
			lead: func(s *stand) {
				s.talk()
				await := s.rest.close(false, posts("Conferences/Participants"))
				s.asks("consult", "to", "agent2")
				await(s.t)
			},
			then: func(s *stand) { benAnswers(s); handOver(s) }},
		{name: "14 asking, the colleague rings", stage: "asking", hears: "music", ends: "people: agent2",
			lead: func(s *stand) { s.rung("consult") }, then: func(s *stand) { benAnswers(s); handOver(s) }},
		{name: "15 inviting, the colleague rings", stage: "inviting", hears: "people: agent1", ends: "people: agent2",
			lead: func(s *stand) { s.rung("invite") }, then: func(s *stand) { benAnswers(s); s.asks("leave") }},
		{name: "16 inviting, between the dial and its answer", stage: "inviting", hears: "people: agent1", ends: "people: agent1, agent2",
			lead: func(s *stand) {
				s.talk()
				s.double.Callbacks(func(url.Values) int { return 0 })
				await := s.rest.close(false, posts("Calls"))
				s.asks("invite", "to", "agent2")
				await(s.t)
			},
			then: func(s *stand) { s.double.Callbacks(nil); benAnswers(s); s.onceFor("agent2") }},
		{name: "17 in private", stage: "private", hears: "music", ends: "people: agent2", then: handOver,
			lead: func(s *stand) { s.joined("consult", "private") }},
		{name: "18 swapped", stage: "swapped", hears: "people: agent1", ends: "people: agent2", then: handOver,
			lead: func(s *stand) { s.joined("consult", "private"); s.asks("swap") }},
		{name: "19 all three", stage: "together", hears: "people: agent1, agent2", ends: "people: agent2",
			lead: func(s *stand) { s.joined("invite", "together") }, then: func(s *stand) { s.asks("leave") }},
		{name: "20 handing over, while the un-hold hangs", stage: "handing_over", moves: true, hears: "music", ends: "people: agent2",
			lead: func(s *stand) {
				s.joined("consult", "private")
				await := s.rest.close(true, posts("Conferences/Participants"))
				s.asks("handover")
				await(s.t)
			}},
		{name: "21 handed over, to be taken back", stage: "talking", hears: "people: agent2", ends: "people: agent1",
			lead: func(s *stand) { s.joined("invite", "together"); s.asks("leave") },
			then: func(s *stand) { s.asks("takeback"); s.ana.Ringing(s.t).Answer() }},
		{name: "22 being taken back", stage: "inviting", hears: "people: agent2", ends: "people: agent1",
			lead: func(s *stand) {
				s.joined("invite", "together")
				s.asks("leave")
				s.asks("takeback")
				s.rings(s.ana, "agent1", s.one)
			},
			then: func(s *stand) { s.ana.Ringing(s.t).Answer() }},
		{name: "23 sent to a colleague, who rings", stage: "sending", hears: "music", ends: "people: agent2",
			lead: func(s *stand) { s.rung("send") }, then: benAnswers},
		{name: "24 sent, and declined meanwhile", stage: "sending", hears: "music", ends: "people: agent1",
			lead: func(s *stand) { s.rung("send") },
			away: func(s *stand) { l := s.ben.Ringing(s.t); l.Reject(); l.WaitFor(s.t, "busy") },
			then: func(s *stand) { s.ana.Ringing(s.t).Answer() }},
	}
}

func lostKillings() []killing {
	rejoins := func(s *stand) {
		s.pageOpens("agent1", s.one)
		s.ana.Ringing(s.t).Answer()
	}
	return []killing{
		{name: "30 the owner lost", stage: "recovering", hears: "music", ends: "people: agent1", then: rejoins,
			lead: func(s *stand) { s.talk(); s.ana.Live(s.t).HangUp() }},
		{name: "31 the owner lost in private", stage: "recovering", hears: "music", ends: "people: agent2",
			lead: func(s *stand) { s.joined("consult", "private"); s.ana.Live(s.t).HangUp() },
			then: func(s *stand) { s.ask("agent2", s.two, s.dana, "take") }},
		{name: "32 the owner lost meanwhile", stage: "talking", hears: "people: agent1", ends: "people: agent1", then: rejoins,
			lead: (*stand).talk,
			away: func(s *stand) { l := s.ana.Live(s.t); l.HangUp(); l.WaitFor(s.t, "completed") }},
		{name: "33 the target lost meanwhile", stage: "together", hears: "people: agent1, agent2", ends: "people: agent1",
			lead: func(s *stand) { s.joined("invite", "together") },
			away: func(s *stand) { l := s.ben.Live(s.t); l.HangUp(); l.WaitFor(s.t, "completed") },
			then: func(s *stand) { s.isIn("talking") }},
		{name: "40 the customer cut off", stage: "awaiting", ends: "people: agent1",
			lead: func(s *stand) { s.callsFromAPage(); s.talk(); s.isIn("talking"); s.dana.HangUp() },
			then: (*stand).callsFromAPage},
		{name: "41 the customer cut off in private", stage: "awaiting", ends: "music",
			lead: func(s *stand) { s.callsFromAPage(); s.joined("consult", "private"); s.dana.HangUp() },
			then: func(s *stand) { s.callsFromAPage(); s.isIn("private") }},
		{name: "42 the customer cut off meanwhile", stage: "talking", hears: "people: agent1", ends: "people: agent1",
			lead: func(s *stand) { s.callsFromAPage(); s.talk() },
			away: func(s *stand) { s.dana.HangUp(); s.dana.WaitFor(s.t, "completed") },
			then: func(s *stand) { s.isIn("awaiting"); s.callsFromAPage() }},
		{name: "34 the customer left meanwhile, a phone rings", stage: "inviting", hears: "people: agent1", ends: "completed",
			lead: func(s *stand) { s.rung("invite") },
			away: func(s *stand) { s.dana.HangUp(); s.dana.WaitFor(s.t, "completed") },
			then: func(s *stand) { s.allGone(time.Second) }},
		{name: "35 ended, while the releases hang", stage: "ending", hears: "people: agent1", ends: "completed",
			lead: func(s *stand) {
				s.talk()
				s.double.HangREST(time.Minute)
				s.asks("end")
			},
			away: func(s *stand) { s.double.HangREST(0) },
			then: func(s *stand) { s.allGone(time.Second) }},
	}
}

// callsFromAPage has Dana call by the web page, which knows a key to come back by.
func (s *stand) callsFromAPage() {
	s.t.Helper()
	s.dana.HangUp() // from a phone, until now
	s.dana.WaitFor(s.t, "completed")
	if s.page.Return == "" {
		if _, body := s.post("/api/caller/token", ""); json.Unmarshal([]byte(body), &s.page) != nil || s.page.Return == "" {
			s.t.Fatalf("no ticket: %s", body)
		}
	}
	s.dana = s.double.CallWith("client:"+s.page.Identity, url.Values{"ReturnKey": {s.page.Return}})
	s.dana.WaitFor(s.t, "in-progress")
}

// allGone: soon no leg is left at the carrier.
func (s *stand) allGone(within time.Duration) {
	s.t.Helper()
	for end := time.Now().Add(within); len(s.double.Live()) > 0; {
		if time.Now().After(end) {
			s.t.Fatalf("%d legs are left after %v", len(s.double.Live()), within)
		}
		time.Sleep(5 * time.Millisecond) // polling, with the deadline above
	}
}

// pageOpens lets an agent's page say hello, as after a crash of the browser.
func (s *stand) pageOpens(id, session string) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Minute)
	ws, _, err := websocket.Dial(ctx, s.url+"/api/agents/"+id+"/stream", &websocket.DialOptions{HTTPHeader: http.Header{"Origin": {s.url}, "Cookie": {session}}})
	if err != nil {
		cancel()
		s.t.Fatal(err)
	}
	ws.SetReadLimit(1 << 20)
	for _, text := range []string{`{"type":"hello","page":"page of ` + id + `"}`, `{"type":"device","registered":true}`} {
		if err := ws.Write(ctx, websocket.MessageText, []byte(text)); err != nil {
			s.t.Fatal(err)
		}
	}
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		for {
			_, data, err := ws.Read(ctx)
			if err != nil {
				return
			}
			var m struct{ Type string }
			if json.Unmarshal(data, &m) == nil && m.Type == "ping" {
				_ = ws.Write(ctx, websocket.MessageText, []byte(`{"type":"pong"}`))
			}
		}
	}()
	s.t.Cleanup(func() {
		cancel()
		ws.CloseNow()
		<-closed
	})
}
