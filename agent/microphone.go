package agent

import "time"

// Microphone is what an agent's page finds out about its microphone: whether the
// agent can speak. Busy: they are in a call.
type Microphone struct{ Works, Busy bool }

func (Microphone) agentEvent() {}

// noMicrophone is why somebody is away, or will be after the present call.
const noMicrophone = "microphone not available"

// microphone: who cannot speak gets no new calls (console.md F13), and what is left
// of the present one is theirs. One that works again in time changes nothing; who
// was set away comes back when they choose to.
func (a Agent) microphone(e Microphone, now time.Time) Agent {
	busy := e.Busy || a.Presence == WrapUp
	switch {
	case a.RungAt() != "": // their telephone has one of its own
	case e.Works && a.NextReason == noMicrophone:
		a.Next, a.NextReason = "", ""
	case e.Works || a.Presence != Available && a.Presence != WrapUp:
	case !busy:
		a = a.become(Away, noMicrophone, now)
	case a.Next == "" || a.Next == Available:
		a.Next, a.NextReason = Away, noMicrophone
	}
	return a
}
