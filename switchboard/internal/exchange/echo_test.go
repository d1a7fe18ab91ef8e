package exchange

import (
	"net/url"
	"testing"
	"time"

	"warmdesk/switchboard/internal/audio"
	"warmdesk/twilio"
)

// Whoever calls to hear themselves is opposite a mirror until they hang up, and for a
// minute at most; nobody is asked, and the record does not say that our number was called.
func TestEcho(t *testing.T) {
	for name, end := range map[string]func(*world, *person){
		"hangs up":      func(w *world, p *person) { w.x.HungUp(p) },
		"after 1 min":   func(*world, *person) { time.Sleep(echoLimit) },
		"without sound": func(w *world, p *person) { w.x.Lost(p, "gone") },
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				ana := w.person("ana")
				w.x.Invited(ana, Caller{Identity: "ana", ApplicationSID: "AP3"}, url.Values{"To": {"+1555"}})
				w.expect("ana is answered")
				if m := w.mirrors[0]; m.room == "" || m.room != ana.line.room {
					t.Errorf("the mirror is in room %q, she in %q", m.room, ana.line.room)
				}
				end(w, ana)
				w.skip()
				calls, err := w.x.Calls(w.Context(), func(c Call) bool { return true })
				if err != nil || len(calls) != 1 || calls[0].To != "echo" || calls[0].Status != twilio.CallCompleted {
					t.Errorf("%+v, %v", calls, err)
				}
			})
		})
	}
}

func TestMirrorIsLateAndDoesNotAllocate(t *testing.T) {
	var m mirror
	var in, out audio.Frame
	const late = int(EchoDelay / audio.FrameTime)
	for i := range 3 * late {
		heard := m.Read(&out)
		if want := i >= late; heard != want || heard && out[0] != int16(i-late+1) {
			t.Fatalf("frame %d: %v %d", i, heard, out[0])
		}
		in[0] = int16(i + 1)
		m.Write(&in)
	}
	in = audio.Frame{}
	for range late {
		m.Read(&out)
		m.Write(&in)
	}
	if m.Read(&out) {
		t.Error("silence is heard")
	}
	if n := testing.AllocsPerRun(100, func() { m.Read(&out); m.Write(&in) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
