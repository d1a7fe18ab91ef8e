package twiliotest

import (
	"testing"
	"time"

	"warmdesk/twilio"
)

// patience is how long a test waits for something before it fails.
const patience = 10 * time.Second

// Agent is a browser that is signed in under an identity.
type Agent struct {
	d        *Double
	identity string
	// Guarded by the double.
	registered bool
	answers    bool
}

// Agent signs a browser in under an identity, or returns the one that is.
func (d *Double) Agent(identity string) *Agent {
	d.mu.Lock()
	defer d.mu.Unlock()
	a, ok := d.agents[identity]
	if !ok {
		a = &Agent{d: d, identity: identity}
		d.agents[identity] = a
	}
	a.registered = true
	return a
}

// SignOut ends the registration: calls to the identity fail from now on.
func (a *Agent) SignOut() { a.set(func() { a.registered = false }) }

// AnswerAll makes the agent answer every call as soon as it rings.
func (a *Agent) AnswerAll(yes bool) { a.set(func() { a.answers = yes }) }

func (a *Agent) set(do func()) {
	a.d.mu.Lock()
	defer a.d.mu.Unlock()
	do()
}

// Ringing waits until a leg rings at the agent and returns it.
func (a *Agent) Ringing(t testing.TB) *Leg {
	t.Helper()
	return a.waitLeg(t, twilio.CallRinging)
}

// Live waits until the agent has answered a leg that is not over, and returns it.
func (a *Agent) Live(t testing.TB) *Leg {
	t.Helper()
	return a.waitLeg(t, twilio.CallInProgress)
}

func (a *Agent) waitLeg(t testing.TB, status string) *Leg {
	t.Helper()
	var found *Leg
	if !a.d.await(func() bool {
		for _, l := range a.d.legs {
			if l.identity == a.identity && l.status == status {
				found = l
			}
		}
		return found != nil
	}) {
		t.Fatalf("%s has no leg that is %s. %s", a.identity, status, a.d.describe())
	}
	return found
}

// await waits until ok, which is called with the lock held.
func (d *Double) await(ok func() bool) bool {
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	for {
		d.mu.Lock()
		done, changed := ok(), d.changed
		d.mu.Unlock()
		if done {
			return true
		}
		select {
		case <-changed:
		case <-deadline.C:
			return false
		}
	}
}

// describe says how everything is, for a test that gives up.
func (d *Double) describe() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	text := "The legs are:"
	for _, l := range d.legs {
		text += "\n  " + l.name() + " " + l.SID + ": " + l.status + ", hears " + l.hears()
	}
	for _, f := range d.faults {
		text += "\n  fault: " + f
	}
	return text
}
