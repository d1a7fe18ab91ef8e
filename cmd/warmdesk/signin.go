package main

import "time"

// signinOptions are about those who are signed in.
type signinOptions struct {
	TokenTime time.Duration `env:"TOKEN_TIME" default:"1h" help:"How long an agent's browser token lasts; pages fetch a new one in time. 15s to 24h."`
}

// Limits of TOKEN_TIME: the SDK asks for a new one 10 s before the end, and Twilio
// takes none that lasts for longer than a day.
const (
	leastTokenTime = 15 * time.Second
	mostTokenTime  = 24 * time.Hour
)

// check says what is wrong.
func (o signinOptions) check() error {
	if o.TokenTime < leastTokenTime || o.TokenTime > mostTokenTime {
		return wrong("TOKEN_TIME is %v; it must be a time from 15s to 24h", o.TokenTime)
	}
	return nil
}
