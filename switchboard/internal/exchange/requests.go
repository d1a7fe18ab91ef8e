package exchange

import (
	"context"
	"slices"
	"time"

	"warmdesk/twilio"
)

// Participant is the record of a call in a conference, as REST shows it.
type Participant struct {
	CallSID, ConferenceSID, Label string
	Status                        string // queued, ringing, connected
	Muted, Hold                   bool
	Coaches                       string // the call that alone hears it; empty: it does not coach
	StartOnEnter, EndOnExit       bool
	Created, Updated              time.Time
}

func (m *member) record() Participant {
	coaches := ""
	if m.coached != nil {
		coaches = m.coached.rec.SID
	}
	return Participant{
		CallSID: m.c.rec.SID, Coaches: coaches, ConferenceSID: m.r.rec.SID, Label: m.label, Status: "connected",
		Muted: m.muted, Hold: m.hold, StartOnEnter: m.startOnEnter, EndOnExit: m.endOnExit,
		Created: m.created, Updated: m.updated,
	}
}

// CreateCall rings a browser or a telephone. The record returned is that of a queued call.
func (x *Exchange) CreateCall(ctx context.Context, n NewCall) (Call, error) {
	var rec Call
	err := x.ask(ctx, func() {
		c := n.make()
		x.addCall(c)
		x.post(c.dial)
		rec = c.rec
	})
	return rec, err
}

// Call returns a call's record.
func (x *Exchange) Call(ctx context.Context, sid string) (Call, error) {
	return onCall(ctx, x, sid, func(*call) error { return nil })
}

// Calls returns the records of all calls that keep accepts, newest first.
func (x *Exchange) Calls(ctx context.Context, keep func(Call) bool) ([]Call, error) {
	var all []Call
	err := x.ask(ctx, func() {
		for _, c := range slices.Backward(x.order) {
			if keep(c.rec) {
				all = append(all, c.rec)
			}
		}
	})
	return all, err
}

// CallChange changes a call; an empty one changes nothing.
type CallChange struct {
	Status   string // completed or canceled
	Redirect Target // a live call leaves what it does for this document
	Twiml    string // or for this one
	Fallback *Target
	Callback *Callback
}

// ChangeCall applies a change. ErrNotInProgress: the call is over, rings still
// though it was to be redirected, or is answered though it was to be canceled.
func (x *Exchange) ChangeCall(ctx context.Context, sid string, change CallChange) (Call, error) {
	return onCall(ctx, x, sid, func(c *call) error {
		if c.over {
			return ErrNotInProgress
		}
		live := c.rec.Status == twilio.CallInProgress
		redirect := change.Redirect.URL != "" || change.Twiml != ""
		if redirect && !live || change.Status == twilio.CallCanceled && live {
			return ErrNotInProgress
		}
		if change.Fallback != nil {
			c.fallback = *change.Fallback
		}
		if change.Callback != nil {
			c.hook = *change.Callback
		}
		switch {
		case change.Status != "" && live:
			c.end(outcomeAPI)
		case change.Status != "":
			c.end(outcomeCanceled)
		case redirect:
			c.redirect(change.Redirect, change.Twiml)
		}
		return nil
	})
}

// onCall runs do for a call and returns the record afterwards.
func onCall(ctx context.Context, x *Exchange, sid string, do func(*call) error) (Call, error) {
	var rec Call
	failure := ErrNotFound
	if err := x.ask(ctx, func() {
		if c := x.calls[sid]; c != nil {
			failure = do(c)
			rec = c.rec
		}
	}); err != nil {
		return Call{}, err
	}
	return rec, failure
}

// Conferences returns the records of all conferences that keep accepts, newest
// first.
func (x *Exchange) Conferences(ctx context.Context, keep func(Conference) bool) ([]Conference, error) {
	var all []Conference
	err := x.ask(ctx, func() {
		for _, r := range slices.Backward(x.past) {
			if keep(r.rec) {
				all = append(all, r.rec)
			}
		}
	})
	return all, err
}

// Conference returns a conference's record.
func (x *Exchange) Conference(ctx context.Context, sid string) (Conference, error) {
	return x.onRoom(ctx, sid, func(*room) {})
}

// EndConference ends a conference for everybody; one that is over stays so.
func (x *Exchange) EndConference(ctx context.Context, sid string) (Conference, error) {
	return x.onRoom(ctx, sid, func(r *room) { r.finish(endedByAPI, "") })
}

func (x *Exchange) onRoom(ctx context.Context, sid string, do func(*room)) (Conference, error) {
	var rec Conference
	failure := ErrNotFound
	if err := x.ask(ctx, func() {
		i := slices.IndexFunc(x.past, func(r *room) bool { return r.rec.SID == sid })
		if i >= 0 {
			do(x.past[i])
			rec, failure = x.past[i].rec, nil
		}
	}); err != nil {
		return Conference{}, err
	}
	return rec, failure
}

// liveRoom finds a conference that is not over, by SID or name.
func (x *Exchange) liveRoom(conference string) *room {
	if r := x.rooms[conference]; r != nil {
		return r
	}
	for _, r := range x.rooms {
		if r.rec.SID == conference {
			return r
		}
	}
	return nil
}

// Participants returns who is in a conference or rung for it, in order of
// coming. Nobody is in one that is over.
func (x *Exchange) Participants(ctx context.Context, conference string, keep func(Participant) bool) ([]Participant, error) {
	var all []Participant
	_, err := x.onRoom(ctx, conference, func(r *room) {
		for _, m := range r.members {
			all = append(all, m.record())
		}
		for _, a := range r.coming {
			all = append(all, a.record())
		}
		all = slices.DeleteFunc(all, func(p Participant) bool { return !keep(p) })
	})
	return all, err
}

// ParticipantChange changes a participant; what is nil stays.
type ParticipantChange struct {
	Muted, Hold, EndOnExit *bool
	HoldTarget             Target // with Hold, or for one that is held; "" is the platform's music
	// Coaches is the call in the same conference that alone is to hear it; "": nobody
	// in particular.
	Coaches *string
}

// ChangeParticipant applies a change to a participant, named by call SID or
// label. ErrNobodyToCoach: the call to be coached is not in the conference, and
// nothing has changed.
func (x *Exchange) ChangeParticipant(ctx context.Context, conference, participant string, change ParticipantChange) (Participant, error) {
	var refused error
	p, err := x.onMember(ctx, conference, participant, func(m *member) {
		var coached *call
		if change.Coaches != nil && *change.Coaches != "" {
			if coached = m.r.seated(*change.Coaches); coached == nil || coached == m.c {
				refused = ErrNobodyToCoach
				return
			}
		}
		if change.EndOnExit != nil {
			m.setEndOnExit(*change.EndOnExit)
		}
		// Whoever is to be heard by fewer is so before it is heard at all.
		if change.Muted != nil && *change.Muted {
			m.setMuted(true)
		}
		if change.Coaches != nil {
			m.setCoached(coached)
		}
		if change.Muted != nil {
			m.setMuted(*change.Muted)
		}
		if change.Hold != nil {
			m.setHold(*change.Hold, change.HoldTarget)
		} else if change.HoldTarget.URL != "" && m.hold {
			m.setHold(true, change.HoldTarget)
		}
	})
	if err == nil {
		err = refused
	}
	return p, err
}

// Participant returns one participant.
func (x *Exchange) Participant(ctx context.Context, conference, participant string) (Participant, error) {
	return x.onMember(ctx, conference, participant, func(*member) {})
}

// RemoveParticipant takes a participant out: its call goes on behind its <Dial>.
// One that still rings is canceled.
func (x *Exchange) RemoveParticipant(ctx context.Context, conference, participant string) error {
	_, err := x.onParticipant(ctx, conference, participant,
		func(m *member) { m.c.fallOut(leftByAPI, true) },
		func(a *addition) { a.call.end(outcomeCanceled) })
	return err
}

// onMember runs do for a participant and returns the record afterwards. One that
// still rings can only be read.
func (x *Exchange) onMember(ctx context.Context, conference, participant string, do func(*member)) (Participant, error) {
	return x.onParticipant(ctx, conference, participant, do, func(*addition) {})
}

func (x *Exchange) onParticipant(
	ctx context.Context, conference, participant string, in func(*member), coming func(*addition),
) (Participant, error) {
	var rec Participant
	failure := ErrNotFound
	if err := x.ask(ctx, func() {
		r := x.liveRoom(conference)
		if r == nil {
			return
		}
		for _, m := range slices.Clone(r.members) {
			if m.c.rec.SID == participant || m.label != "" && m.label == participant {
				in(m)
				rec, failure = m.record(), nil
				return
			}
		}
		for _, a := range slices.Clone(r.coming) {
			if a.call.rec.SID == participant || a.conf.Label != "" && a.conf.Label == participant {
				coming(a)
				rec, failure = a.record(), nil
				return
			}
		}
	}); err != nil {
		return Participant{}, err
	}
	return rec, failure
}
