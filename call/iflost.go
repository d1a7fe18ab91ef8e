package call

import (
	"time"

	"warmdesk/agent"
)

// Fallback is what becomes of a customer whose owner's line is lost and stays so.
type Fallback struct {
	// After is how long the place is kept, from when the loss is known; 0: the heir
	// has the customer at once.
	After time.Duration
	// Heir has the customer then; empty: the line.
	Heir agent.ID
}

// IfLost says what comes of the customer if an agent's line were lost now, for a page
// that may not be able to ask then. ok is false where nothing depends on that line, or
// it is lost already and the stage's deadline tells.
func IfLost(c Call, id agent.ID) (f Fallback, ok bool) {
	if id == "" || id != c.Owner || !c.Recovery {
		return f, false
	}
	switch c.Stage {
	case Talking, Held, Inviting:
		f.After = RecoverTime
		if c.Former != "" && c.Limits.Return.asksSender() { // who is asked first, and may not come
			f.After = PrivateTime
		}
	case Asking: // who is rung may not come
		f.After = PrivateTime
	case Private:
		f.After, f.Heir = PrivateTime, c.Target
	case Swapped, Together, HandingOver:
		f.Heir = c.Target
	default:
		return f, false
	}
	return f, true
}
