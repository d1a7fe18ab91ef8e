package console

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"sync"
	"time"
	"unicode/utf8"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/history"
	"warmdesk/say"
)

// Board is what those who look after the others see (console.md 2.9). It is the same
// for all of them; of a call in which somebody has a part their own snapshot tells.
type Board struct {
	Now     time.Time    `json:"now"`
	Numbers NumbersView  `json:"numbers"`
	Needs   []BoardCall  `json:"needs"` // who needs someone, the longest first
	Calls   []BoardCall  `json:"calls"` // with somebody, the oldest first
	Team    []BoardAgent `json:"team"`
}

// NumbersView are the six numbers, with what they are to be.
type NumbersView struct {
	Waiting      int        `json:"waiting"`
	WaitingSince *time.Time `json:"waitingSince,omitempty"` // of who has waited longest
	// InTime of Timed callers of today were answered within InTimeSeconds; the target is
	// a percentage.
	InTime        int `json:"inTime"`
	Timed         int `json:"timed"`
	InTimeSeconds int `json:"inTimeSeconds"`
	InTimeTarget  int `json:"inTimeTarget"`
	Free          int `json:"free"`
	SignedIn      int `json:"signedIn"`
	// AskedAfter is after how many seconds a new caller is offered something else than to
	// wait; only while nobody is signed in. 0: at once.
	AskedAfter *int `json:"askedAfter,omitempty"`
	OnHold     int  `json:"onHold"`
	Dropped    int  `json:"dropped"` // by us today
	// Known: what is counted over the day could be read.
	Known bool `json:"known"`
}

// inTimeTarget is how many of a hundred callers are to be answered in time.
const inTimeTarget = 80

// BoardCall is one row about a call.
type BoardCall struct {
	ID       call.ID            `json:"id"`
	Name     string             `json:"name"`
	Number   string             `json:"number"`
	Agents   []string           `json:"agents"`
	Why      Need               `json:"why,omitempty"` // of who needs someone
	Stage    call.Stage         `json:"stage"`
	Sentence string             `json:"sentence"`
	Watched  string             `json:"watched,omitempty"` // who listens, coaches, joined
	Since    time.Time          `json:"since"`             // of the need; of the call, since somebody spoke with them
	Hold     *time.Time         `json:"holdSince,omitempty"`
	Quality  *desk.Quality      `json:"quality,omitempty"` // how well it is heard, where that is known
	Allowed  []call.RequestKind `json:"allowed"`           // to a lead who has no part in it
}

// Need is why a customer needs someone.
type Need string

// The needs.
const (
	NeedReturned     Need = "returned"
	NeedReconnecting Need = "reconnecting" // the agent
	NeedHold         Need = "hold"         // for more than two minutes
	NeedWaiting      Need = "waiting"      // for more than two minutes
)

// needAfter is how long a customer may be on hold, or wait, without needing somebody.
const needAfter = 2 * time.Minute

// BoardAgent is one row about an agent.
type BoardAgent struct {
	TeamView
	Today int `json:"today"` // calls in which they spoke with a customer
}

// boards draws the board once for all who look at it in one language.
type boards struct {
	mu      sync.Mutex
	version int64 // of the view it was drawn from
	drawn   time.Time
	content []byte // without the time, to see whether anything has changed
	message []byte
	serial  int
	counts  history.Counts
	known   bool
	counted time.Time
}

// boardEvery is how often the board is drawn anew though nothing happened: some of it
// changes by time. The day is counted no more often than that, either.
const boardEvery = time.Second

// board is the present board as a message, and its number: the same board has the
// same.
func (c *Console) board(ctx context.Context, lang say.Language) (message []byte, serial int, err error) {
	b, v := c.boards[say.Known(string(lang))], c.cfg.Desk.View()
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.message != nil && b.version == v.Version && v.At.Sub(b.drawn) < boardEvery {
		return b.message, b.serial, nil
	}
	if v.At.Sub(b.counted) >= boardEvery || v.At.Before(b.counted) {
		b.counted = v.At
		counts, err := c.cfg.Records.Counts(ctx, history.Query{Account: c.cfg.Account, From: midnight(v.At)}, v.At)
		if b.known = err == nil; b.known {
			b.counts = counts
		} else if ctx.Err() == nil {
			c.log.Error("count the day", "err", err)
		}
	}
	rules := c.cfg.Desk.Rules()
	drawn := boardOf(v, b.counts, b.known, rules.PrivateListening, tellerOf(v, lang))
	if drawn.Numbers.SignedIn == 0 {
		drawn.Numbers.AskedAfter = askedAfter(rules.Service, v.At)
	}
	content, err := json.Marshal(drawn)
	if err != nil {
		return nil, 0, err
	}
	b.version, b.drawn = v.Version, v.At
	if slices.Equal(content, b.content) {
		return b.message, b.serial, nil
	}
	drawn.Now = v.At
	if b.message, err = json.Marshal(struct {
		Type string `json:"type"`
		Board
	}{"board", drawn}); err != nil {
		return nil, 0, err
	}
	b.content, b.serial = content, b.serial+1
	return b.message, b.serial, nil
}

// askedAfter is when somebody is offered something else who begins to wait now, and nobody
// is signed in: in whole seconds, or in minutes, because it is read by people.
func askedAfter(service agent.Service, now time.Time) *int {
	_, at := service.Unserved(now, now, true, now)
	after := max(0, at.Sub(now))
	if after > time.Minute {
		after = after.Round(time.Minute)
	}
	seconds := int(after.Round(time.Second).Seconds())
	return &seconds
}

// midnight is when the desk's day began.
func midnight(now time.Time) time.Time {
	y, m, d := now.Local().Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.Local)
}

// boardOf draws the board, without its time. private: leads may listen unknown to others.
func boardOf(v desk.View, counts history.Counts, known, private bool, tell teller) Board {
	s := history.Summarise(counts.Tallies)
	b := Board{Needs: []BoardCall{}, Calls: []BoardCall{}, Team: []BoardAgent{}, Numbers: NumbersView{
		InTime: s.InTime, Timed: s.Timed, InTimeSeconds: int(history.InTime.Seconds()), InTimeTarget: inTimeTarget, Dropped: s.Dropped, Known: known,
	}}
	n := &b.Numbers
	line := v.Waiting()
	n.Waiting = len(line)
	for _, w := range line {
		if n.WaitingSince == nil || w.Since.Before(*n.WaitingSince) {
			n.WaitingSince = &w.Since
		}
	}
	for _, c := range v.Calls {
		if c.Stage == call.Ending {
			continue
		}
		row := boardCall(v, c, private, tell)
		if row.Hold != nil {
			n.OnHold++
		}
		if row.Why != "" {
			b.Needs = append(b.Needs, row)
		}
		if c.Owner != "" || c.Target != "" {
			row.Why, row.Since = "", c.StartedAt
			if !c.TalkedAt.IsZero() {
				row.Since = c.TalkedAt
			}
			b.Calls = append(b.Calls, row)
		}
	}
	slices.SortStableFunc(b.Needs, func(x, y BoardCall) int { return x.Since.Compare(y.Since) })
	today := map[string]int{}
	for _, a := range counts.Agents {
		today[a.Who] = a.Calls
	}
	for _, e := range v.Roster {
		if e.Free() {
			n.Free++
		}
		if e.Presence != agent.Offline {
			n.SignedIn++
		}
		b.Team = append(b.Team, BoardAgent{teamView(v, e, tell), today[string(e.ID)]})
	}
	return b
}

func boardCall(v desk.View, c *call.Call, private bool, tell teller) BoardCall {
	said := tell.call(*c)
	row := BoardCall{
		ID: c.ID, Name: tell.of(tell.customer(c)), Number: c.Number, Agents: []string{}, Stage: c.Stage, Sentence: tell.of(call.Overview(said, tell.names)),
		Watched: tell.of(call.WatchedText(said, "", tell.names)), Allowed: call.AllowedLead(*c, nobody, private),
	}
	for _, id := range []agent.ID{c.Owner, c.Target} {
		if id != "" && !slices.Contains(row.Agents, v.Name(id)) {
			row.Agents = append(row.Agents, v.Name(id))
		}
	}
	if row.Allowed == nil {
		row.Allowed = []call.RequestKind{}
	}
	if !c.HoldSince.IsZero() {
		row.Hold = &c.HoldSince
	}
	if q, known := v.Quality(c); known {
		row.Quality = &q
	}
	row.Why, row.Since = need(c, v.At)
	return row
}

// nobody is a lead without a part in any call.
const nobody agent.ID = "?"

// need is why a customer needs someone, and since when; empty: they do not.
func need(c *call.Call, now time.Time) (Need, time.Time) {
	long := func(since time.Time) bool { return now.Sub(since) >= needAfter }
	switch {
	case c.Stage == call.Recovering:
		return NeedReconnecting, c.Since
	case c.InLine() && c.Returned != "":
		return NeedReturned, c.WaitingAt
	case c.InLine() && long(c.WaitingAt):
		return NeedWaiting, c.WaitingAt
	case !c.HoldSince.IsZero() && long(c.HoldSince):
		return NeedHold, c.HoldSince
	}
	return "", time.Time{}
}

// showBoard: GET /api/board.
func (c *Console) showBoard(w http.ResponseWriter, r *http.Request) {
	message, _, err := c.board(r.Context(), languageOf(r))
	if err != nil {
		c.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Write(message) // a page that is gone cannot be told
}

// sendBoard sends the board to a page that looks at it, unless the page has it
// already: last is the number of the one it has.
func (c *Console) sendBoard(ctx context.Context, s *pageSocket, last int) (int, error) {
	if !s.board.Load() || s.signedOut.Load() || !s.role.May(needed("GET /api/board")) {
		return 0, nil
	}
	message, serial, err := c.board(ctx, s.speech.language())
	if err != nil || serial == last {
		return serial, err
	}
	return serial, send(ctx, s.ws, message)
}

// setMember: POST /api/team/{member}/presence, what a lead wants a colleague to be.
func (c *Console) setMember(w http.ResponseWriter, r *http.Request) {
	member, by := agent.ID(r.PathValue("member")), me(r.Context()).id
	var body struct {
		Presence agent.Presence `json:"presence"`
		Reason   string         `json:"reason"`
	}
	err := readJSON(r, &body)
	if err == nil && utf8.RuneCountInString(body.Reason) > 80 {
		err = &apiError{Status: http.StatusBadRequest, Code: "bad_request", Message: "The reason is longer than 80 characters. Nothing has changed."}
	}
	if err == nil {
		if body.Reason == "" && body.Presence != agent.Available {
			body.Reason = "set by " + c.cfg.Desk.View().Name(by)
		}
		err = c.cfg.Desk.SetPresenceOf(r.Context(), member, body.Presence, body.Reason, by)
	}
	if err != nil {
		c.fail(w, r, err)
		return
	}
	c.log.Info("presence set by a lead", "agent", member, "by", by, "presence", body.Presence)
	c.accepted(w, r)
}
