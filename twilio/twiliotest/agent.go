package twiliotest

import (
	"net/url"
	"testing"
	"time"

	"warmdesk/twilio"
)

// patience is how long a test waits for something before it fails.
const patience = 10 * time.Second

// Agent is a browser that is signed in under an identity, or an outside phone.
type Agent struct {
	d        *Double
	identity string
	// Guarded by the double.
	registered bool
	answers    bool
	machine    bool
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

// Phone is an outside phone with a number, which is rung as an agent is. A number
// that no phone has fails as an identity does that nobody is signed in under.
func (d *Double) Phone(number string) *Agent { return d.Agent(number) }

// Machine makes calls be answered by a machine, as far as whoever calls asks.
func (a *Agent) Machine(yes bool) { a.set(func() { a.machine = yes }) }

// SignOut ends the registration: calls to the identity fail from now on.
func (a *Agent) SignOut() { a.set(func() { a.registered = false }) }

// AnswerAll makes the agent answer every call as soon as it rings.
func (a *Agent) AnswerAll(yes bool) { a.set(func() { a.answers = yes }) }

// amd is what a new call asks about answering machines.
type amd struct {
	asked, end, async bool
	callback          target
}

func amdOf(f url.Values) amd {
	return amd{
		asked: f.Get("MachineDetection") != "", end: f.Get("MachineDetection") == "DetectMessageEnd", async: f.Get("AsyncAmd") == "true",
		callback: target{url: f.Get("AsyncAmdStatusCallback"), method: f.Get("AsyncAmdStatusCallbackMethod")},
	}
}

// detect says who has answered, where it was asked: with the request for the
// document, or to a callback of its own. The lock is held.
func (l *Leg) detect() {
	if !l.amd.asked {
		return
	}
	switch a := l.d.agents[l.identity]; {
	case !a.machine:
		l.answeredBy = "human"
	case l.amd.end:
		l.answeredBy = "machine_end_beep"
	default:
		l.answeredBy = "machine_start"
	}
	if l.amd.async && l.amd.callback.url != "" {
		l.d.owe(l.SID, l.amd.callback, url.Values{
			"CallSid": {l.SID}, "AccountSid": {l.d.cfg.AccountSID}, "AnsweredBy": {l.answeredBy}, "MachineDetectionDuration": {"1200"},
		})
	}
}

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
