package main

import (
	"context"

	"warmdesk/console"
)

// consoleCarrier is the carrier as admins see it, with those checks of the doctor's
// that a desk can make of itself while it serves.
func (a *app) consoleCarrier(s *serveCommand) console.Carrier {
	shown := console.Carrier{TokenSet: a.carrier.authToken != "", Test: func(ctx context.Context, process string) []console.Finding {
		d := newDoctor(s)
		d.public, d.authToken, d.desk, d.running = a.public, a.carrier.authToken, process, true
		d.examineServing(ctx)
		return d.findings
	}}
	if s.twilio() {
		shown.Name = newDoctor(s).carrierHost()
	}
	return shown
}

// examineServing leaves out what a running desk has shown to be right, and what is
// slow: the settings, the database and the port.
func (d *doctor) examineServing(ctx context.Context) {
	if d.s.twilio() {
		d.carrier(ctx)
	} else {
		d.ok("carrier", "the switchboard built in; TWILIO_ACCOUNT_SID is not set")
	}
	if ctx.Err() == nil {
		d.microphone()
		d.outside(ctx)
	}
	if ctx.Err() != nil {
		d.wrong("time", "run this again; if it stays so, see that this machine reaches the internet", "not everything could be looked at in time")
	}
}
