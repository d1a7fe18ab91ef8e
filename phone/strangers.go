package phone

import (
	"context"
	"fmt"
	"time"

	"warmdesk/call"
	"warmdesk/twilio"
)

// strangersTime bounds all requests for unknown customers; mostStrangers is how
// many calls in progress are read at most, a thousand with each request.
const (
	strangersTime = 12 * time.Second
	mostStrangers = 10000
)

// Strangers lists the calls to our number that are in progress and not known. A
// call that rings is not among them: its first webhook is being answered.
func (p *Carrier) Strangers(ctx context.Context, known func(sid string) bool) ([]call.Arrived, error) {
	ctx, cancel := context.WithTimeout(ctx, strangersTime)
	defer cancel()
	if err := p.breaker.Allow(false); err != nil {
		return nil, err
	}
	calls, err := p.client.ListCalls(ctx, twilio.CallFilter{To: p.cfg.Number, Status: twilio.CallInProgress, Limit: mostStrangers})
	p.breaker.Ended(err)
	if err != nil {
		return nil, fmt.Errorf("calls in progress: %w", err)
	}
	language := p.cfg.Heard().languageOf(p.cfg.Number)
	var strangers []call.Arrived
	for _, found := range calls {
		if found.Direction != "inbound" || found.ParentCallSID != "" || known(found.SID) {
			continue
		}
		present, err := p.participants(ctx, found.SID)
		if err != nil {
			return nil, err
		}
		if len(present) > 1 {
			continue // somebody has them: another desk with this number
		}
		strangers = append(strangers, call.Arrived{
			Account: p.cfg.Account, SID: found.SID, Number: number(found.From), Dialled: p.cfg.Number, Language: language, Returning: true,
		})
	}
	return strangers, nil
}
