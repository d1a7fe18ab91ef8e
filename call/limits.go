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
	// Declined is how long an owner whose colleague does not come leaves the customer on
	// hold before going back by itself; zero: not by itself.
	Declined time.Duration
	// Return is to whom a customer comes back who was sent on and not taken, or whose new
	// owner is lost soon.
	Return ReturnOrder
}

// ReturnOrder is who is asked, one after the other, to have a customer again. The front
// of the line is the end of each.
type ReturnOrder string

// The orders.
const (
	ToSender     ReturnOrder = "" // who had them before
	ToSenderTeam ReturnOrder = "sender_team"
	ToTheirTeam  ReturnOrder = "team" // the team of who had them before; then anybody
	ToFront      ReturnOrder = "front"
)

// ReturnOrders are all of them.
func ReturnOrders() []ReturnOrder { return []ReturnOrder{ToSender, ToSenderTeam, ToTheirTeam, ToFront} }

// ComesBack reports whether a customer who is sent on and not taken comes back to who
// had them before.
func ComesBack(c Call) bool { return c.Limits.Return.asksSender() }

// asksSender and asksTeam are what an order has.
func (o ReturnOrder) asksSender() bool { return o == ToSender || o == ToSenderTeam }
func (o ReturnOrder) asksTeam() bool   { return o == ToSenderTeam || o == ToTheirTeam }

// RingTime is how long somebody rings in this call, from the first ringing.
func (c *Call) RingTime() time.Duration { return cmp.Or(c.Limits.Ring, RingTime) }

func (c *Call) takeBackTime() time.Duration { return cmp.Or(c.Limits.TakeBack, TakeBackTime) }

func (c *Call) backTime() time.Duration { return cmp.Or(c.Limits.Back, BackTime) }
