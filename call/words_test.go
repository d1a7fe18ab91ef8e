package call

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"warmdesk/agent"
)

type command func(s *script, args []string)

// commands are the words of a script; testdata/README.md explains them.
func commands() map[string]command {
	return map[string]command{
		"arrive": func(s *script, args []string) {
			p := s.k.dial("c-1", false)
			p.status = Answered
			e := Arrived{
				Call: "c", Account: "AC1", SID: p.sid, Name: "Dana", Number: option(args, "number", "+15005550001"), Team: option(args, "team", ""),
				Since: s.now.Add(-span(args, "asked")), Vouched: Vouched{Name: option(args, "vouched", "")},
				Recovery: !slices.Contains(args, "recovery=off"), Returning: slices.Contains(args, "returning"), Return: option(args, "key", ""),
				Dialled: option(args, "dialled", ""), Language: option(args, "language", ""),
			}
			if slices.Contains(args, "recorded") {
				e.Announcement = Announcement
			}
			e.Limits = Limits{Ring: span(args, "ring"), TakeBack: span(args, "takeback"), Back: span(args, "back"), Declined: span(args, "declined"), Return: ReturnOrder(option(args, "return", ""))}
			c := Create(e, s.now)
			s.created = true
			s.seen.add(Call{}, c)
			s.commit(c)
			if !slices.Contains(args, "outside") {
				s.deliver(s.k.join(p))
			}
		},
		"return": func(s *script, args []string) {
			p := s.k.dial(LegID(fmt.Sprintf("c-%d", s.c.LegSeq+1)), false)
			p.status = Answered
			e := Arrived{Account: "AC1", SID: p.sid, Return: option(args, "key", s.c.Return)}
			if slices.Contains(args, "unsaved") {
				p.elsewhere, p.name, e.Returning = "CF9", p.sid, true
				joined := s.k.join(p)
				s.step(e)
				s.deliver(joined)
				return
			}
			told, err := Step(s.c, e, s.now)
			if err != nil {
				s.t.Fatal(err)
			}
			s.step(e)
			if told.LegBySID(p.sid) == nil {
				s.printf("not of this call")
				return
			}
			s.obeyDocument(p, DocumentFor(told, p.leg))
		},
		"far": func(s *script, args []string) { s.k.party(s.leg(args[0]).SID).elsewhere = option(args, "room", "CF7") },
		"clock": func(s *script, args []string) {
			d, err := time.ParseDuration(args[0])
			if err != nil {
				s.t.Fatal(err)
			}
			s.now = s.now.Add(d)
		},
		"iflost": func(s *script, args []string) {
			f, ok := IfLost(s.c, agent.ID(args[0]))
			switch heir := f.Heir; {
			case !ok:
				s.printf("nothing depends on %s", args[0])
			case heir == "":
				s.printf("kept %s, then the line", f.After)
			default:
				s.printf("kept %s, then %s", f.After, heir)
			}
		},
		"leaves": func(s *script, _ []string) { s.step(CustomerLeft{}) },
		"offer": func(s *script, args []string) {
			s.step(Offered{Agent: agent.ID(args[0]), Phone: option(args, "phone", "")})
		},
		"ask": func(s *script, args []string) {
			r := Request{By: agent.ID(args[0]), Kind: RequestKind(args[1]), Free: !slices.Contains(args, "busy"), Lead: args[0] == "mia", Private: slices.Contains(args, "private"), Phone: option(args, "phone", ""), Home: option(args, "home", "")}
			args = slices.DeleteFunc(slices.Clone(args), func(a string) bool { return strings.HasPrefix(a, "phone=") || strings.HasPrefix(a, "home=") })
			r.After = len(args) > 2 && args[2] == "after"
			if r.After {
				args = slices.Delete(args, 2, 3)
			}
			if slices.Contains(written(), r.Kind) {
				r.Text = strings.Join(args[2:], " ")
			} else if len(args) > 2 && args[2] != "busy" {
				r.To, r.Reason = agent.ID(args[2]), strings.Join(args[3:], " ")
			}
			if len(args) > 2 && strings.ContainsAny(args[2], ",:+") {
				r = severalAsked(r, args[2], args[3:])
			}
			if r.Kind == PassOn {
				r.To, r.Reason = "", strings.Join(args[2:], " ")
			}
			s.step(r)
		},
		"lead": func(s *script, _ []string) { s.lead = true },
		"sought": func(s *script, args []string) {
			if args[0] == "nobody" {
				s.step(Sought{})
				return
			}
			s.step(Sought{Candidate: Candidate{agent.ID(args[0]), ParseAddress(args[len(args)-1])}, Phone: option(args, "phone", "")})
		},

		// What people and their phones do; the carrier tells.
		"ring":        func(s *script, args []string) { s.deliver(s.k.move(s.party(args[0]), Ringing, NoOutcome)) },
		"busy":        func(s *script, args []string) { s.deliver(s.k.move(s.party(args[0]), Over, Busy)) },
		"unreachable": func(s *script, args []string) { s.deliver(s.k.move(s.party(args[0]), Over, Unreachable)) },
		"failed":      func(s *script, args []string) { s.deliver(s.k.move(s.party(args[0]), Over, Failed)) },
		"hangup":      func(s *script, args []string) { s.deliver(s.k.move(s.party(args[0]), Over, Completed)) },
		"answer": func(s *script, args []string) {
			p := s.party(args[0])
			p.by = Answerer(option(args, "by", ""))
			s.deliver(s.k.move(p, Answered, NoOutcome))
			if !s.silent && !slices.Contains(args, "outside") {
				s.enterByDocument(p)
			}
		},
		"key": func(s *script, args []string) { // on a telephone
			p := s.party(args[0])
			s.tell(p, KeyPressed{SID: p.sid, Digits: args[1]})
		},
		"join":    func(s *script, args []string) { s.deliver(s.k.join(s.party(args[0]))) },
		"fallout": func(s *script, args []string) { s.deliver(s.k.leave(s.party(args[0]))) },
		"asks": func(s *script, args []string) {
			s.enterByDocument(s.party(args[0]))
		},
		"document": func(s *script, args []string) {
			d := DocumentFor(s.c, s.leg(args[0]).ID)
			s.printf("document %s", strings.Join(compact(string(d.Kind), d.Words.String()), " "))
			if d.StartOnEnter || d.EndOnExit {
				s.printf("start=%v end=%v", d.StartOnEnter, d.EndOnExit)
			}
		},
		"words": func(s *script, _ []string) {
			s.printf("words %s", strings.Join(compact(s.c.Language, s.c.Dialled, WordsFor(s.c)), " "))
		},
		"endroom": func(s *script, _ []string) { s.deliver(s.k.endRoom()) },
		"silently": func(s *script, args []string) {
			s.silent = true
			s.run(args)
			s.silent = false
		},

		// Single facts, in any order.
		"track": func(s *script, args []string) {
			e := TrackMoved{SID: s.leg("dana").SID, Track: args[0], Status: TrackStatus(args[1])}
			if len(args) > 2 {
				e.Length, _ = time.ParseDuration(args[2])
			}
			s.step(e)
		},
		"leg": func(s *script, args []string) {
			l := s.leg(args[0])
			e := LegMoved{Leg: l.ID, Account: "AC1", SID: option(args, "sid", l.SID), Seq: s.number(args, "seq", l.Seq+1)}
			e.Status = statusOf(args[1])
			if e.Status == Over && len(args) > 2 && !strings.Contains(args[2], "=") {
				e.Outcome = Outcome(args[2])
			}
			s.step(e)
		},
		"room": func(s *script, args []string) {
			room := option(args, "room", s.k.room)
			if args[0] == "over" {
				s.step(RoomOver{RoomSID: room, Seq: s.number(args, "seq", 99)})
				return
			}
			l := s.leg(args[1])
			s.step(RoomMoved{SID: l.SID, RoomSID: room, Seq: s.number(args, "seq", l.RoomSeq+1), Move: RoomMove(args[0])})
		},
		"twice": func(s *script, args []string) { // the carrier does a dial that it was, or was not, told to do already
			id := LegID(args[0])
			if s.c.Leg(id) == nil && !strings.HasPrefix(args[0], "c-") {
				id = s.leg(args[0]).ID
			}
			s.deliver(s.k.move(s.k.dial(id, true), Ringing, NoOutcome))
		},
		"repeat": func(s *script, _ []string) { s.repeat() },
		"allowed": func(s *script, args []string) {
			var kinds []string
			allowed := Allowed(s.c, agent.ID(args[0]))
			if args[0] == "mia" {
				allowed = AllowedLead(s.c, "mia", slices.Contains(args, "private"))
			}
			for _, k := range allowed {
				kinds = append(kinds, string(k))
			}
			s.printf("may %s", strings.Join(compact(kinds...), ", "))
		},

		// A customer whom nobody will serve soon.
		"unserved": func(s *script, args []string) { s.step(Unattended{Why: agent.Unserved(args[0])}) },
		"press": func(s *script, args []string) {
			p := s.party("dana")
			e := Chose{SID: p.sid, Question: s.number(args, "question", p.question), Digits: args[0]}
			if slices.Contains(args, "late") { // nobody is there for the answer
				s.step(e)
				return
			}
			s.tell(p, e)
		},
		"message": func(s *script, args []string) {
			e := s.message(args)
			e.Asks = true
			if slices.Contains(args, "late") {
				s.step(e) // what she is told is being spoken
				return
			}
			s.tell(s.party("dana"), e)
		},
		"recorded": func(s *script, args []string) { s.step(s.message(args)) },
		"speaks": func(s *script, args []string) { // and nobody is told
			p, e := s.party("dana"), s.message(args)
			p.messages = append(p.messages, Message{e.RecordingSID, e.Length})
		},
		"rates":    func(s *script, args []string) { s.step(Rate{Stars: s.number(args, "stars", 0)}) },
		"callback": func(s *script, args []string) { s.step(CallMeBack{Number: strings.Join(args, " ")}) },

		// The carrier and what it does with what is planned.
		"obey":         func(s *script, _ []string) { s.obey = true; s.carryAll() },
		"hang":         func(s *script, _ []string) { s.obey = false }, // it does not answer any more
		"carry":        func(s *script, _ []string) { s.carryAll() },
		"busy_account": func(s *script, args []string) { s.k.queued = time.Duration(s.number(args, "s", 0)) * time.Second },
		"fail":         func(s *script, args []string) { s.fail(Verdict(args[0]), args[1:], false) },
		"lose":         func(s *script, args []string) { s.fail(Unknown, args, true) }, // it is done, the answer is lost

		// Time, pages and the desk itself.
		"wait": func(s *script, args []string) {
			d, err := time.ParseDuration(args[0])
			if err != nil {
				s.t.Fatal(err)
			}
			s.wait(d)
		},
		"down": func(s *script, args []string) {
			d, err := time.ParseDuration(args[0])
			if err != nil {
				s.t.Fatal(err)
			}
			s.now, s.todo = s.now.Add(d), nil // what was under way died with the desk
			s.step(Resumed{Began: s.now})
		},
		"doubt":    func(s *script, _ []string) { s.step(Doubted{}) },
		"back":     func(s *script, args []string) { s.step(AgentBack{Agent: agent.ID(args[0]), Key: "key"}) },
		"ringlost": func(s *script, args []string) { s.step(RingLost{Agent: agent.ID(args[0])}) },
		"linkgone": func(s *script, args []string) { s.step(LinkGone{Agent: agent.ID(args[0])}) },
		"linkback": func(s *script, args []string) { s.step(LinkBack{Agent: agent.ID(args[0])}) },
		"page": func(s *script, args []string) {
			s.step(SelfMuted{Agent: agent.ID(args[0]), SID: s.leg(args[0]).SID})
		},
		"gone": func(s *script, args []string) {
			e := AgentGone{Agent: agent.ID(args[0]), Fresh: slices.Contains(args, "fresh")}
			if slices.Contains(args, "loaded") {
				e.Loaded = s.now
			}
			if len(args) > 1 && !e.Fresh && e.Loaded.IsZero() {
				e.Live = s.leg(args[1]).SID
			}
			s.step(e)
		},
		"late": func(s *script, args []string) { // the answer to a request long given up
			kind, _, _ := strings.Cut(args[0], ":")
			s.step(Result{Key: args[0], Kind: ActionKind(kind), Attempt: s.number(args, "attempt", 1), Verdict: Done})
		},
	}
}

// message is what became of a recording: its length, or that nothing was said.
func (s *script) message(args []string) Recorded {
	s.t.Helper()
	p := s.party("dana")
	e := Recorded{SID: p.sid, Question: s.number(args, "question", p.question)}
	if args[0] == "absent" {
		return e
	}
	e.RecordingSID, e.Length = option(args, "sid", "RE1"), -1
	if args[0] != "unknown" {
		d, err := time.ParseDuration(args[0])
		if err != nil {
			s.t.Fatal(err)
		}
		e.Length = d
	}
	return e
}

// text is a wish in short; empty for none.
func (w *Wish) text() string {
	switch {
	case w == nil:
		return ""
	case w.Recording != "":
		return fmt.Sprintf("%s %v", w.Recording, w.Length)
	}
	return w.Number
}

// fail gives the same bad answer to everything that is planned now, or to the
// given kinds of it.
func (s *script) fail(v Verdict, args []string, done bool) {
	todo := s.todo
	s.todo = nil
	kinds := slices.DeleteFunc(slices.Clone(args), func(a string) bool { return a == "quiet" || strings.Contains(a, "=") })
	r := Result{Verdict: v, Why: "the carrier says " + string(v), RetryIn: time.Duration(s.number(args, "in", 0)) * time.Second}
	if code := s.number(args, "code", 0); code != 0 {
		r.Refusal = Refusal{Code: code, Said: "that is code", Do: "Do something."}
		r.Why = r.Refusal.Why()
	}
	if slices.Contains(args, "quiet") {
		r.Why = ""
	}
	for _, a := range todo {
		if len(kinds) > 0 && !slices.Contains(kinds, string(a.Kind)) {
			s.todo = append(s.todo, a)
			continue
		}
		if done {
			s.k.carry(s.c, a)
		}
		r.Key, r.Kind, r.Attempt = a.Key, a.Kind, a.Attempt
		s.step(r)
	}
}

func statusOf(word string) Status {
	return map[string]Status{"dialled": Dialled, "ringing": Ringing, "answered": Answered, "over": Over}[word]
}

// severalAsked is a request for several, one after the other: list is who they are,
// and rings=ben as=team:billing whom the roster finds free.
func severalAsked(r Request, list string, args []string) Request {
	for a := range strings.SplitSeq(list, ",") {
		r.Sought = append(r.Sought, ParseAddress(a))
	}
	r.To = agent.ID(option(args, "rings", ""))
	if Outside(agent.ID(list)) {
		r.To = agent.ID(list)
	}
	r.As = ParseAddress(option(args, "as", string(r.To)))
	r.Free = r.To != ""
	r.Reason = ""
	return r
}

// text is a recording in short; empty for none.
func (t *Track) text() string {
	if t == nil {
		return ""
	}
	return fmt.Sprintf("%s %v", t.SID, t.Length)
}
