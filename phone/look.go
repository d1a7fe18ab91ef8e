package phone

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"

	"warmdesk/call"
	"warmdesk/twilio"
)

// look compares a call with the carrier's truth: each leg that has a carrier id
// and is not over, and who is in the conference. Either everything was seen or
// there is an error: what could not be asked proves nothing.
func (p *Carrier) look(ctx context.Context, c call.Call) ([]call.Seen, error) {
	var seen []call.Seen
	var sids []string
	for i := range c.Legs {
		l := &c.Legs[i]
		if l.SID == "" || l.Status == call.Over || l.Account != p.cfg.Account {
			continue
		}
		seen = append(seen, call.Seen{Leg: l.ID})
		sids = append(sids, l.SID)
	}
	var present map[string]presence
	g, ctx := errgroup.WithContext(ctx)
	for i := range seen {
		g.Go(func() error { return p.lookAtLeg(ctx, sids[i], &seen[i]) })
	}
	g.Go(func() (err error) {
		present, err = p.participants(ctx, c.Room)
		return err
	})
	if err := g.Wait(); err != nil {
		return nil, err
	}
	for i := range seen {
		if part, ok := present[sids[i]]; ok && seen[i].Found {
			seen[i].RoomSID, seen[i].Begun, seen[i].Held, seen[i].Muted = part.ConferenceSID, part.begun, part.Hold, part.Muted
			if part.Coaching {
				seen[i].Coaches = part.CallSIDToCoach
			}
		}
	}
	return seen, nil
}

func (p *Carrier) lookAtLeg(ctx context.Context, sid string, seen *call.Seen) error {
	found, err := p.client.FetchCall(ctx, sid)
	if verdict(err) == call.Missing {
		return nil // not found, under the account that made it
	}
	if err != nil {
		return fmt.Errorf("leg %s: %w", sid, err)
	}
	seen.Found = true
	seen.Status, seen.Outcome = progress(found.Status, "")
	return nil
}

// rooms bounds how many conferences of one name are looked at: there is one,
// or one more that is just ending.
const rooms = 3

// presence is a participant of a conference that has begun, or not yet.
type presence struct {
	twilio.Participant
	begun bool
}

// participants reads who is in the room now, by CallSid.
func (p *Carrier) participants(ctx context.Context, room string) (map[string]presence, error) {
	conferences, err := p.client.ListConferences(ctx, twilio.ConferenceFilter{FriendlyName: room, Limit: rooms})
	if err != nil {
		return nil, fmt.Errorf("conference %s: %w", room, err)
	}
	present := map[string]presence{}
	for _, conference := range conferences {
		if conference.Status == twilio.ConferenceCompleted {
			continue
		}
		list, err := p.client.ListParticipants(ctx, conference.SID)
		if verdict(err) == call.Missing {
			continue // ended meanwhile
		}
		if err != nil {
			return nil, fmt.Errorf("participants of %s: %w", conference.SID, err)
		}
		for _, part := range list {
			// One that was added by number and has not answered is not in the room.
			if part.Status == "" || part.Status == "connected" {
				present[part.CallSID] = presence{part, conference.Status == twilio.ConferenceInProgress}
			}
		}
	}
	return present, nil
}
