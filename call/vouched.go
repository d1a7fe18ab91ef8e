package call

import "time"

// PlaceTime is how long a place in line is kept for who has asked to call and is
// not here yet: the browser asks them for the microphone (console.md 2.10).
const PlaceTime = time.Minute

// Vouched is what another site has signed about its visitor (docs/embedding.md):
// who the customer is by its word, and not by their own. The zero Vouched is
// nobody's word.
type Vouched struct {
	ID    string // the site's own, of whatever form
	Name  string
	Phone string
	Email string
	Topic string // why they call
}

// Verified reports whether somebody else than the customer has said who they are.
func (v Vouched) Verified() bool { return v.called() != "" }

// called is what to call whom the site has vouched for: never a name that is only
// the customer's own word, which would look as if it were vouched for, too.
func (v Vouched) called() string {
	for _, name := range []string{v.Name, v.Email, v.Phone, v.ID} {
		if name != "" {
			return name
		}
	}
	return ""
}

// waitingSince is when the customer asked to call, where that is known and not
// longer ago than their place is kept.
func (e *Arrived) waitingSince(now time.Time) time.Time {
	if e.Since.IsZero() || e.Since.After(now) || now.Sub(e.Since) > PlaceTime {
		return now
	}
	return e.Since
}
