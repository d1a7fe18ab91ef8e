package console

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/coder/websocket"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/say"
)

// callerToken: POST /api/caller/token gives the customer's page what it needs
// to call, and the key with which it comes back into a call. The identity is
// random, so that nobody can call as somebody else; a page with the key of a live
// call has its identity again.
func (c *Console) callerToken(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Name   string `json:"name"`
		Return string `json:"return"`
		Ctx    string `json:"ctx"`
	}
	// A token costs nothing until it is known that this carrier has any.
	_, err := c.cfg.Tokens.CallerToken("probe")
	if err == nil {
		err = readJSON(r, &body)
	}
	if err != nil {
		c.fail(w, r, err)
		return
	}
	body.Name = strings.TrimSpace(body.Name)
	if utf8.RuneCountInString(body.Name) > longestName {
		c.fail(w, r, errLongName)
		return
	}
	view := callerView{State: "none"}
	var identity string
	key := random(16)
	if mine, ok := c.cfg.Desk.Returning(r.Context(), desk.ReturnHash(body.Return)); ok {
		identity, key = strings.TrimPrefix(mine.Number, "client:"), body.Return
		view = callerViewOf(c.cfg.Desk.View(), &mine, &followed{}, languageOf(r))
	} else if identity, err = c.cfg.Tickets.give(r, c.vouch(r, body.Ctx), time.Now()); err != nil {
		c.fail(w, r, c.orDial(err))
		return
	}
	token, err := c.cfg.Tokens.CallerToken(identity)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, map[string]string{
		"token": token, "identity": identity, "number": c.cfg.Number, "name": body.Name,
		"return": key, "state": view.State,
	})
}

// longestName bounds the name a customer gives, in characters.
const longestName = 60

var errLongName = &apiError{Status: http.StatusBadRequest, Code: "bad_request", Message: "That name is longer than 60 characters."}

// orDial adds to a refusal that there is a telephone, unless only we know its number.
func (c *Console) orDial(err error) error {
	var refused *apiError
	if c.cfg.Number == "" || c.cfg.SignalHost != "" || !errors.As(err, &refused) {
		return err
	}
	told := *refused
	told.Message = strings.TrimSuffix(told.Message, ".") + ", or dial " + say.Name(c.cfg.Number) + "."
	return &told
}

// random is so many random bytes in hex.
func random(n int) string {
	b := make([]byte, n)
	rand.Read(b) // never fails
	return hex.EncodeToString(b)
}

// callerEnd: POST /api/caller/end is the customer's End: the page says so before
// it hangs up, because a leg that merely ends may have been lost.
func (c *Console) callerEnd(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Token  string `json:"token"`
		Return string `json:"return"`
	}
	if err := readJSON(r, &body); err != nil {
		c.fail(w, r, err)
		return
	}
	mine, err := c.callOfPage(r.Context(), body.Token, body.Return)
	if err == nil && mine != nil {
		_, err = c.cfg.Desk.Fact(r.Context(), mine.ID, call.CustomerLeft{}, nil)
	}
	if err != nil {
		c.fail(w, r, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// callOfPage is the live call of the page that has a token, or the key of a
// call, which a page that has just been loaded again has without a token; nil:
// there is none.
func (c *Console) callOfPage(ctx context.Context, token, key string) (*call.Call, error) {
	if key != "" {
		if mine, ok := c.cfg.Desk.Returning(ctx, desk.ReturnHash(key)); ok {
			return &mine, nil
		}
		return nil, nil
	}
	identity, err := c.cfg.Tokens.CallerIdentity(token)
	if err != nil {
		return nil, errNotYourCall
	}
	return callOf(c.cfg.Desk.View(), identity), nil
}

// callOf is the newest live call of a customer's page; nil: none.
func callOf(v desk.View, identity string) *call.Call {
	calls := v.CallsFrom("client:" + identity)
	if len(calls) == 0 {
		return nil
	}
	return calls[len(calls)-1]
}

// callerView is what a customer's page is told.
type callerView struct {
	Type     string `json:"type"`
	State    string `json:"state"` // none, waiting, choosing, recording, parting, talking, hold, away, ended
	Sentence string `json:"sentence"`
	// Reason is why they are asked what else they want: while choosing.
	Reason   agent.Unserved `json:"reason,omitempty"`
	With     []string       `json:"with"`
	Position int            `json:"position,omitempty"`
	People   []string       `json:"people"`
	Recorded bool           `json:"recorded,omitempty"`   // what is said now
	Ended    int            `json:"endedAfter,omitempty"` // seconds
}

// callerStream: GET /api/caller/stream. The first message carries the token of
// callerToken: only the caller follows their own call, and no address ever
// holds the token.
func (c *Console) callerStream(w http.ResponseWriter, r *http.Request) {
	ws, leave, err := c.accept(w, r)
	if err != nil {
		return
	}
	defer leave()
	defer ws.CloseNow()
	hello, err := readHello(r.Context(), ws)
	if err != nil {
		return
	}
	identity, err := c.cfg.Tokens.CallerIdentity(hello.Token)
	if err != nil {
		ws.Close(closeSignedOut, "the token is not valid any more")
		return
	}
	ctx, cancel := context.WithCancel(r.Context())
	var reading sync.WaitGroup
	defer reading.Wait()
	defer ws.CloseNow()
	defer cancel()
	var language speech
	language.choose(hello.Language)
	reading.Go(func() {
		defer cancel()
		for { // pongs and the language; the caller's buttons are the phone's own
			m, err := read(ctx, ws)
			if err != nil {
				return
			}
			if m.Type == "language" {
				language.choose(m.Language)
			}
		}
	})
	c.tellCaller(ctx, ws, identity, &language)
}

func (c *Console) tellCaller(ctx context.Context, ws *websocket.Conn, identity string, language *speech) {
	changed, stop := c.cfg.Hub.listen()
	defer stop()
	ping := time.NewTicker(pingEvery)
	defer ping.Stop()
	var last []byte
	var f followed
	for {
		v := c.cfg.Desk.View()
		view := callerViewOf(v, callOf(v, identity), &f, language.language())
		message, err := json.Marshal(view)
		if err != nil {
			return
		}
		if string(message) != string(last) {
			if send(ctx, ws, message) != nil {
				return
			}
			last = message
		}
		select {
		case <-ctx.Done():
			return
		case <-changed:
		case <-language.chosen():
		case <-ping.C:
			if send(ctx, ws, []byte(`{"type":"ping"}`)) != nil {
				return
			}
		}
	}
}

// followed is what a customer's page has seen of its own call.
type followed struct {
	started, ended time.Time
}

// callerViewOf draws the caller's own call, nil for none; f remembers that there was one.
func callerViewOf(v desk.View, mine *call.Call, f *followed, lang say.Language) callerView {
	tell := tellerOf(v, lang)
	view := callerView{Type: "caller", State: "none", With: []string{}, People: []string{}}
	if mine == nil || mine.Stage == call.Ending {
		if !f.started.IsZero() {
			if f.ended.IsZero() {
				f.ended = v.At
			}
			view.State, view.Sentence = "ended", tell.of("Call ended.")
			view.Ended = int(f.ended.Sub(f.started).Seconds())
		}
		return view
	}
	*f = followed{started: mine.StartedAt}
	view.Sentence = tell.toCustomer(*mine)
	for _, l := range mine.Legs {
		if l.Role == call.Agent && call.Hears(*mine, mine.CustomerLeg().ID, l.ID) {
			view.With = append(view.With, tell.of(call.NamesForCustomer(v.Name)(l.Agent)))
		}
	}
	view.People, view.State = view.With, "talking"
	switch {
	case mine.Stage == call.Awaiting:
		view.State = "away"
	case mine.Stage == call.Choosing:
		view.State, view.Reason = "choosing", mine.Choice.Why
	case mine.Stage == call.Recording || mine.Stage == call.Parting:
		view.State = string(mine.Stage)
	case len(view.With) > 0:
	case mine.HoldSince.IsZero():
		view.State = "waiting"
	default:
		view.State = "hold"
	}
	view.Position = v.Position(mine.ID)
	view.Recorded = call.RecordingOf(*mine) == call.RecordingRuns
	return view
}
