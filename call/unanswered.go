package call

import "time"

// Unanswered is the call of somebody whom no desk answered, from began to over, and who
// spoke messages to the carrier alone. It is over; what was said is to be done.
func Unanswered(e Arrived, messages []Message, began, over time.Time) Call {
	c := Create(e, began)
	for _, m := range messages {
		c.recorded(Recorded{SID: e.SID, RecordingSID: m.RecordingSID, Length: m.Length}, over)
	}
	l := c.CustomerLeg()
	l.Status, l.OverAt = Over, over
	c.settle(over)
	return c
}
