package phone

import (
	"context"

	"warmdesk/call"
	"warmdesk/desk"
)

var _ desk.Remover = (*Carrier)(nil)

// DeleteRecording removes a recording at the carrier, within 3 s. One that is not
// there is no error.
func (p *Carrier) DeleteRecording(ctx context.Context, sid string) error {
	return p.remove(ctx, func(ctx context.Context) error { return p.client.DeleteRecording(ctx, sid) })
}

// DeleteLeg removes the carrier's record of a leg that is over, within 3 s. One
// that is not there is no error.
func (p *Carrier) DeleteLeg(ctx context.Context, sid string) error {
	return p.remove(ctx, func(ctx context.Context) error { return p.client.DeleteCall(ctx, sid) })
}

func (p *Carrier) remove(ctx context.Context, ask func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, requestTime)
	defer cancel()
	err := ask(ctx)
	if verdict(err) == call.Missing {
		return nil
	}
	return err
}
