package call

import (
	"testing"

	"pgregory.net/rapid"
)

// TestPrivacy goes back and forth between a customer and a target as fast as the
// owner can press, while callbacks come late and in any order: whoever is kept
// apart is never heard (invariant 3, which overhears checks at the carrier).
func TestPrivacy(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorldAt(rt, 5)
		for range rapid.IntRange(1, 40).Draw(rt, "events") {
			switch pick(w, "what", "request", "request", "carry", "carry", "carry", "deliver", "fall out") {
			case "request":
				_ = w.step(Request{Kind: pick(w, "kind", Swap, Swap, Merge, Consult, Keep, HandOver), By: w.c.Owner})
			case "carry":
				if len(w.todo) > 0 {
					w.carry(pick(w, "action", upTo(len(w.todo))...))
				}
			case "deliver":
				w.deliver()
			case "fall out":
				if p := pick(w, "party", w.k.parties...); w.chance(4, "does") && p.status == Answered {
					w.post(w.k.leave(p))
					w.admit(p)
				}
			}
		}
		w.quiet()
	})
}
