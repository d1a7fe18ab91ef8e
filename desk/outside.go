package desk

import (
	"errors"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/outside"
)

// Telephone numbers are held against what is allowed twice: when somebody asks for
// one, and when it is dialled. In between a desk may have been started with other
// settings.

// always is when whoever has their calls by telephone stops being reachable.
func always() time.Time { return time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC) }

// rungAt is the telephone that somebody's calls go to; empty: their browser.
func (d *Desk) rungAt(id agent.ID) string {
	if call.Outside(id) {
		return string(id)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.people[id].RungAt()
}

// Name is what people call somebody: an agent's name, or a number as they read it.
func (d *Desk) Name(id agent.ID) string {
	if call.Outside(id) {
		return outside.Pretty(string(id))
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if a := d.people[id]; a.Name != "" {
		return a.Name
	}
	return string(id)
}

// addresses are those asked for, as they are to be rung; without any, to alone.
// Numbers come as people type them. *call.RefusedError.
func (d *Desk) addresses(sought []call.Address, to agent.ID) ([]call.Address, error) {
	if len(sought) == 0 {
		sought = []call.Address{{Kind: call.ToAgent, Value: string(to)}}
	}
	list := make([]call.Address, len(sought))
	for i, a := range sought {
		if a.Kind == call.ToAgent && !d.onRoster(agent.ID(a.Value)) && outside.Typed(a.Value) {
			a.Kind = call.ToNumber
		}
		if a.Kind == call.ToNumber {
			number, err := d.Rules().Outside.Check(a.Value)
			if err != nil {
				return nil, refusedNumber(err)
			}
			a.Value = number
		}
		list[i] = a
	}
	return list, nil
}

func (d *Desk) onRoster(id agent.ID) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	_, ok := d.people[id]
	return ok
}

func refusedNumber(err error) error {
	code := call.BadRequest
	if why, ok := errors.AsType[*outside.Error](err); ok && why.Forbidden {
		code = call.NotAllowed
	}
	return &call.RefusedError{Code: code, Message: err.Error() + " Nothing has changed."}
}

// forbids refuses to dial a number that may not be called, or no longer. Agents'
// own numbers are allowed by whoever has set them.
func (d *Desk) forbids(c *call.Call, a call.Action) (call.Result, bool) {
	l := c.Leg(a.Leg)
	if a.Kind != call.Dial || l == nil || !call.Outside(l.Agent) {
		return call.Result{}, false
	}
	if _, err := d.Rules().Outside.Check(l.Phone); err != nil {
		return call.Result{Key: a.Key, Kind: a.Kind, Attempt: a.Attempt, Verdict: call.Refused, Why: err.Error(), Refusal: call.Refusal{
			Said: "it may not be called from here", Do: "Whoever runs the desk can allow it.",
		}}, true
	}
	return call.Result{}, false
}
