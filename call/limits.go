package call

import (
	"cmp"
	"time"
)

// Limits are those times of the rulebook that a desk may set. A call keeps what it
// began with, so that no deadline moves under the people who are in it.
type Limits struct {
	// Ring is how long a colleague or an agent rings, from the first ringing; zero:
	// RingTime.
	Ring time.Duration
	// TakeBack is how long who has handed a customer over may take them back; zero:
	// TakeBackTime.
	TakeBack time.Duration
	// Back is how long an owner whose target is lost leaves the customer on hold before
	// going back by itself; zero: BackTime.
	Back time.Duration
}

// RingTime is how long somebody rings in this call, from the first ringing.
func (c *Call) RingTime() time.Duration { return cmp.Or(c.Limits.Ring, RingTime) }

func (c *Call) takeBackTime() time.Duration { return cmp.Or(c.Limits.TakeBack, TakeBackTime) }

func (c *Call) backTime() time.Duration { return cmp.Or(c.Limits.Back, BackTime) }
