package console

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/say"
	"warmdesk/staff"
)

// token: POST /{agent}/token, the tutorial's route. A page of ours says so with
// its header; anybody else becomes available by it.
func (c *Console) token(w http.ResponseWriter, r *http.Request) {
	id, err := c.who(r, agent.ID(r.PathValue("agent")))
	if err != nil {
		c.fail(w, r, err)
		return
	}
	token, until, err := c.cfg.Tokens.AgentToken(id)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	if r.Header.Get(agentHeader) == "" {
		if err := c.cfg.Desk.TokenFetched(r.Context(), id, until); err != nil {
			c.fail(w, r, err)
			return
		}
	}
	writeJSON(w, http.StatusOK, map[string]string{"token": token, "agentId": string(id)})
}

// ask is the body of a request about a call.
type ask struct {
	To     addresses `json:"to"`
	Reason string    `json:"reason"`
	Text   string    `json:"text"`
}

// addresses are those to be rung one after the other: "agent2", "agent2,team:billing"
// or ["agent2", "team:billing"].
type addresses []call.Address

// UnmarshalJSON implements json.Unmarshaler.
func (a *addresses) UnmarshalJSON(b []byte) error {
	var list []string
	var one string
	if json.Unmarshal(b, &one) == nil {
		*a = addressesIn(one)
		return nil
	}
	if err := json.Unmarshal(b, &list); err != nil {
		return err
	}
	*a = addressesIn(strings.Join(list, ","))
	return nil
}

func addressesIn(list string) addresses {
	var a addresses
	for one := range strings.SplitSeq(list, ",") {
		if strings.TrimSpace(one) != "" {
			a = append(a, call.ParseAddress(one))
		}
	}
	return a
}

// first is the agent who is meant where only one can be.
func (a addresses) first() agent.ID {
	if len(a) == 0 || a[0].Kind != call.ToAgent {
		return ""
	}
	return agent.ID(a[0].Value)
}

// request: POST /api/calls/{call}/{request}.
func (c *Console) request(w http.ResponseWriter, r *http.Request) {
	id, err := c.who(r, "")
	if err != nil {
		c.fail(w, r, err)
		return
	}
	kind := call.RequestKind(r.PathValue("request"))
	if !call.Known(kind) {
		c.fail(w, r, &apiError{Status: http.StatusNotFound, Code: "no_such_request", Message: "There is no such request. Nothing has changed."})
		return
	}
	if role := me(r.Context()).role; slices.Contains(call.Supervision(), kind) && !role.May(staff.Lead) {
		c.fail(w, r, errRole(staff.Lead, role))
		return
	}
	var body ask
	if err := readJSON(r, &body); err != nil {
		c.fail(w, r, err)
		return
	}
	if key := r.Header.Get("Idempotency-Key"); key != "" {
		if !c.once.first(string(id) + " " + r.URL.Path + " " + key) {
			c.accepted(w, r)
			return
		}
	}
	err = c.ask(r, id, r.PathValue("call"), kind, body)
	if err != nil {
		if key := r.Header.Get("Idempotency-Key"); key != "" {
			c.once.forget(string(id) + " " + r.URL.Path + " " + key)
		}
		c.refuse(w, r, err)
		return
	}
	c.accepted(w, r)
}

func (c *Console) ask(r *http.Request, id agent.ID, ref string, kind call.RequestKind, body ask) error {
	if err := c.checkOutcome(kind, body.Text); err != nil {
		return err
	}
	callID, err := c.cfg.Desk.Resolve(r.Context(), c.cfg.Account, ref)
	if err != nil {
		return err
	}
	if match := strings.Trim(r.Header.Get("If-Match"), `"`); match != "" && match != "*" {
		now, err := c.cfg.Desk.Call(r.Context(), callID)
		if err != nil {
			return err
		}
		if match != strconv.Itoa(now.Generation) {
			return desk.ErrConflict
		}
	}
	_, err = c.cfg.Desk.Request(r.Context(), desk.Request{Call: callID, Kind: kind, By: id, To: body.To.first(), Sought: body.To, Reason: body.Reason, Text: body.Text, Lead: me(r.Context()).role.May(staff.Lead)})
	return err
}

// refuse tells why not, with the call's true state beside it.
func (c *Console) refuse(w http.ResponseWriter, r *http.Request, err error) {
	e := asAPIError(err)
	if e == nil || e.Status != http.StatusConflict {
		c.fail(w, r, err)
		return
	}
	if refused, ok := errors.AsType[*call.RefusedError](err); ok && refused.With != "" {
		named := *e // the caller and their agent by name (console.md 2.7)
		named.Message = fmt.Sprintf("That changed meanwhile: %s is already with %s.", say.Name(refused.Caller), say.Name(c.cfg.Desk.View().Name(refused.With)))
		e = &named
	}
	writeJSON(w, e.Status, struct {
		*apiError
		Snapshot Snapshot `json:"snapshot"`
	}{e.in(languageOf(r)), c.snapshotFor(me(r.Context()))})
}

func (c *Console) accepted(w http.ResponseWriter, r *http.Request) {
	writeJSON(w, http.StatusAccepted, c.snapshotFor(me(r.Context())))
}

// dialSecond: POST /conference/{agent}/call, the tutorial's "dial agent 2". The
// agent's own call is meant, never anybody else's.
func (c *Console) dialSecond(w http.ResponseWriter, r *http.Request) {
	id, err := c.who(r, agent.ID(r.PathValue("agent")))
	if err == nil {
		err = parseForm(r)
	}
	if err != nil {
		c.fail(w, r, err)
		return
	}
	to := addressesIn(r.PostForm.Get("to"))
	if len(to) == 0 {
		to = addressesIn("agent2")
	}
	own := c.ownCall(r.Context(), id)
	if own == "" {
		c.refuse(w, r, &apiError{Status: http.StatusConflict, Code: "no_call", Message: "You are not in a call with a customer. Nothing has changed."})
		return
	}
	if _, err := c.cfg.Desk.Request(r.Context(), desk.Request{Call: own, Kind: call.Invite, By: id, To: to.first(), Sought: to}); err != nil {
		c.refuse(w, r, err)
		return
	}
	c.accepted(w, r)
}

// joinTime is how long a client that has just answered may be ahead of the
// carrier's word that it is in the room.
const joinTime = 3 * time.Second

// ownCall is the call whose customer the agent has, or is being connected to.
func (c *Console) ownCall(ctx context.Context, id agent.ID) call.ID {
	changed, stop := c.cfg.Hub.listen()
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, joinTime)
	defer cancel()
	for {
		coming := false
		for _, v := range c.cfg.Desk.View().CallsOf(id) {
			switch part := call.PartOf(*v, id); {
			case part == call.Owner:
				return v.ID
			case part == call.Offeree && v.Stage == call.Connecting:
				coming = true
			}
		}
		if !coming {
			return ""
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ""
		}
	}
}

// presence: POST /api/agents/{agent}/presence.
func (c *Console) presence(w http.ResponseWriter, r *http.Request) {
	id, err := c.who(r, agent.ID(r.PathValue("agent")))
	if err != nil {
		c.fail(w, r, err)
		return
	}
	var body struct {
		Presence agent.Presence `json:"presence"`
		Reason   string         `json:"reason"`
		Next     agent.Presence `json:"next"`
		ByPhone  *bool          `json:"byPhone"`
		Minutes  int            `json:"minutes"` // of a break; 0: open
	}
	if err := readJSON(r, &body); err != nil {
		c.fail(w, r, err)
		return
	}
	if utf8.RuneCountInString(body.Reason) > 80 {
		c.fail(w, r, &apiError{Status: http.StatusBadRequest, Code: "bad_request", Message: "The reason is longer than 80 characters. Nothing has changed."})
		return
	}
	if body.ByPhone != nil {
		err = c.cfg.Desk.SetByPhone(r.Context(), id, *body.ByPhone)
	}
	switch plain := body.Presence != "" || body.Next == "" && body.ByPhone == nil; {
	case err != nil:
	case body.Minutes != 0 && body.Presence == agent.Away:
		minutes := min(body.Minutes, 1+int(agent.BreakMost/time.Minute)) // more would not fit into a time
		err = c.cfg.Desk.TakeBreak(r.Context(), id, time.Duration(max(minutes, -1))*time.Minute, body.Reason)
	case body.Minutes != 0:
		err = agent.ErrBreak
	case plain:
		err = c.cfg.Desk.SetPresence(r.Context(), id, body.Presence, body.Reason)
	}
	if err == nil && body.Next != "" {
		err = c.cfg.Desk.SetNext(r.Context(), id, body.Next, body.Reason)
	}
	if err != nil {
		c.fail(w, r, err)
		return
	}
	c.accepted(w, r)
}

// snapshot: GET /api/agents/{agent}/snapshot.
func (c *Console) snapshot(w http.ResponseWriter, r *http.Request) {
	writeJSON(w, http.StatusOK, c.snapshotFor(me(r.Context())))
}

// readJSON reads a body that may be empty.
func readJSON(r *http.Request, v any) error {
	err := json.NewDecoder(r.Body).Decode(v)
	var tooBig *http.MaxBytesError
	switch {
	case err == nil, errors.Is(err, io.EOF):
		return nil
	case errors.As(err, &tooBig):
		return errTooBig
	}
	return errForm
}
