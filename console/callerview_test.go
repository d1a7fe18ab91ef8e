package console

import (
	"testing"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/say"
)

// A customer's page reads from its state which buttons it draws.
func TestCallerViewOfWhoIsNotServed(t *testing.T) {
	asked := call.Choice{Why: agent.Closed, Times: 1, Question: 1, Prompt: call.PromptMenu}
	for _, row := range []struct {
		name   string
		call   call.Call
		state  string
		reason agent.Unserved
		says   string
	}{
		{"asked", call.Call{Stage: call.Choosing, Choice: asked}, "choosing", agent.Closed,
			"We are closed at the moment. You keep your place in line."},
		{"stays", call.Call{Stage: call.Choosing, Choice: call.Choice{Why: agent.Nobody, Prompt: call.PromptStay}}, "choosing", agent.Nobody,
			"Thank you for waiting. You keep your place in line."},
		{"said nothing", call.Call{Stage: call.Choosing, Choice: call.Choice{Why: agent.Long, Prompt: call.PromptNoMessage}}, "choosing", agent.Long,
			"We did not hear a message. You keep your place in line."},
		{"speaks", call.Call{Stage: call.Recording, Choice: asked}, "recording", "",
			"Recording your message... press Done when you have finished."},
		{"has spoken", call.Call{Stage: call.Parting, Wishes: []call.Wish{{Kind: agent.Voicemail}}}, "parting", "",
			"Thank you. We have your message."},
		{"is being served after all", call.Call{Stage: call.Offering, Choice: asked}, "waiting", "",
			"Somebody will be with you shortly."},
	} {
		view := callerViewOf(desk.View{}, &row.call, &followed{}, say.English)
		if view.State != row.state || view.Reason != row.reason || view.Sentence != row.says {
			t.Errorf("%s: %q %q %q", row.name, view.State, view.Reason, view.Sentence)
		}
	}
}
