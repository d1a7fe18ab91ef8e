package exchange

import (
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"warmdesk/switchboard/internal/audio"
	"warmdesk/switchboard/internal/recording"
)

// fakeTape is a recording without sound or disk.
type fakeTape struct {
	opts recording.Options

	mu     sync.Mutex
	said   time.Duration // 0: nothing was said
	err    error
	closed bool
	state  string
}

func (f *fakeTape) Hear(*audio.Frame) {}

func (f *fakeTape) Pause(silence bool) {
	f.set(map[bool]string{true: "silent", false: "paused"}[silence])
}
func (f *fakeTape) Resume() { f.set("running") }
func (f *fakeTape) Stop()   { f.set("stopped") }

func (f *fakeTape) set(state string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.state = state
}

func (f *fakeTape) Close() (recording.Recording, bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	return recording.Recording{SID: f.opts.SID, Duration: f.said}, f.said > 0, f.err
}

// says has the caller say something.
func (f *fakeTape) says(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.said = d
}

// Start begins a recording in the world, which shows what it is told of.
func (w *world) Start(o recording.Options) Tape {
	t := &fakeTape{opts: o}
	w.call(o.SID, "TAPE")
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tapes = append(w.tapes, t)
	return t
}

// Repaired is what a former switchboard had under way.
func (w *world) Repaired() []recording.Recording { return w.cutOff }

// message brings a caller before the tape of a document.
func (w *world) message(record string) (*person, *fakeTape) {
	w.Helper()
	w.told = []string{"RecordingSid", "RecordingDuration", "Digits", "RecordingStatus"}
	w.serve("/call", record+`<Say>Nothing heard</Say>`)
	w.serve("/said", `<Say>Thank you</Say>`)
	dana := w.places("dana")
	synctest.Wait()
	return dana, w.tape(dana)
}

// tape is the one that runs on a person's line.
func (w *world) tape(p *person) *fakeTape {
	w.Helper()
	synctest.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	t, ok := p.line.tape.(*fakeTape)
	if !ok {
		w.Fatalf("%s is not recorded", p.name)
	}
	return t
}

const (
	plain   = `<Record playBeep="false" action="/said" recordingStatusCallback="/kept"/>`
	telling = `<Record playBeep="false" action="/said" recordingStatusCallback="/kept" recordingStatusCallbackEvent="in-progress completed absent"/>`
)

func TestARecordingEndsAndItsActionGoesOn(t *testing.T) {
	for name, c := range map[string]struct {
		end  func(w *world, dana *person, tape *fakeTape)
		told string
	}{
		"silence":    {func(_ *world, _ *person, tape *fakeTape) { tape.opts.Quiet() }, ""},
		"length":     {func(*world, *person, *fakeTape) { time.Sleep(time.Hour) }, ""},
		"key":        {func(w *world, dana *person, _ *fakeTape) { w.x.Digits(dana, "5#") }, " Digits=5"},
		"both":       {func(w *world, dana *person, tape *fakeTape) { tape.opts.Quiet(); w.x.Digits(dana, "5") }, ""},
		"disk fails": {func(w *world, dana *person, tape *fakeTape) { tape.err = errors.New("full"); w.x.Digits(dana, "#") }, " Digits=#"},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				dana, tape := w.message(plain)
				w.skip()
				if o := tape.opts; o.CallSID != dana.SID() || o.Callback != site+"/kept" || o.Method != "POST" || o.Silence != 5*time.Second || !o.Trim {
					t.Errorf("recorded with %+v", o)
				}
				tape.says(7400 * time.Millisecond)
				c.end(w, dana, tape)
				synctest.Wait()
				w.unordered("POST /said dana RecordingSid=TAPE RecordingDuration=7"+c.told,
					"-> /kept dana RecordingSid=TAPE RecordingDuration=7 RecordingStatus=completed")
				w.hear(dana, "Thank you")
			})
		})
	}
}

func TestASilentRecordingGoesOnWithTheNextVerb(t *testing.T) {
	inWorld(t, func(w *world) {
		dana, tape := w.message(telling)
		w.expect("POST /call dana CallStatus=ringing", "dana is answered", "-> /kept dana RecordingSid=TAPE RecordingStatus=in-progress")
		tape.opts.Quiet()
		w.expect("-> /kept dana RecordingSid=TAPE RecordingStatus=absent")
		w.hear(dana, "Nothing heard")
	})
}

// TestAHangUpKeepsTheMessage: the action is told, and nothing is performed of
// what it answers.
func TestAHangUpKeepsTheMessage(t *testing.T) {
	inWorld(t, func(w *world) {
		dana, tape := w.message(plain)
		w.skip()
		tape.says(3 * time.Second)
		w.x.HungUp(dana)
		w.expect("-> completed 0 dana",
			"-> /said dana RecordingSid=TAPE RecordingDuration=3 Digits=hangup",
			"-> /kept dana RecordingSid=TAPE RecordingDuration=3 RecordingStatus=completed")
	})
	inWorld(t, func(w *world) { // who said nothing leaves nothing
		dana, _ := w.message(plain)
		w.skip()
		w.x.HungUp(dana)
		w.expect("-> completed 0 dana")
	})
}

func TestAStoppedSwitchboardKeepsTheMessage(t *testing.T) {
	inWorld(t, func(w *world) {
		_, tape := w.message(plain)
		w.skip()
		tape.says(3 * time.Second)
		w.stop()
		w.expect("-> completed 0 dana",
			"-> /said dana RecordingSid=TAPE RecordingDuration=3 Digits=hangup",
			"-> /kept dana RecordingSid=TAPE RecordingDuration=3 RecordingStatus=completed")
	})
}

func TestAMessageThatACrashCutOffIsTold(t *testing.T) {
	inWorldAfter(t, []recording.Recording{
		{SID: "RE1", CallSID: "CA1", Status: "completed", Duration: 4 * time.Second, Callback: site + "/kept", Method: "POST"},
		{SID: "RE2", CallSID: "CA2", Status: "completed", Duration: 4 * time.Second}, // nobody wants to know
	}, func(w *world) {
		synctest.Wait()
		w.expect("-> /kept CA1")
	})
}

func TestARedirectedCallKeepsTheMessageAndSkipsTheAction(t *testing.T) {
	inWorld(t, func(w *world) {
		dana, tape := w.message(plain)
		w.skip()
		tape.says(3 * time.Second)
		if _, err := w.x.ChangeCall(w.Context(), dana.SID(), CallChange{Redirect: Target{URL: site + "/said"}}); err != nil {
			t.Fatal(err)
		}
		w.unordered("POST /said dana", "-> /kept dana RecordingSid=TAPE RecordingDuration=3 RecordingStatus=completed")
		w.hear(dana, "Thank you")
	})
}

func TestTheTapeStartsAfterTheBeep(t *testing.T) {
	inWorld(t, func(w *world) {
		w.serve("/call", `<Record finishOnKey="*"/>`)
		dana := w.places("dana")
		synctest.Wait()
		if dana.line.tape != nil {
			t.Error("the beep is recorded")
		}
		w.x.Digits(dana, "*") // nothing to end yet
		dana.ends()
		tape := w.tape(dana)
		w.x.Digits(dana, "1")
		synctest.Wait()
		if tape.closed {
			t.Error("another key ended it")
		}
		w.x.Digits(dana, "*")
		synctest.Wait()
		if !tape.closed || dana.line.tape != nil {
			t.Error("its key did not end it")
		}
	})
}

func TestGatherListensWhileItPromptsAndAfter(t *testing.T) {
	inWorld(t, func(w *world) {
		w.told = []string{"Digits", "FinishedOnKey"}
		w.serve("/call", `<Gather action="/keys" numDigits="2" timeout="4"><Say>Press</Say><Play loop="0">menu.wav</Play></Gather><Say>Too late</Say>`)
		w.serve("/keys", `<Say>Thank you</Say>`)
		dana := w.places("dana")
		w.hear(dana, "Press")
		w.skip()
		dana.ends()
		w.hear(dana, "menu.wav*")
		time.Sleep(time.Hour)
		w.hear(dana, "menu.wav*") // the time runs from the prompts' end
		w.x.Digits(dana, "4")
		w.hear(dana, "silence")
		time.Sleep(3 * time.Second)
		w.x.Digits(dana, "2")
		w.expect("POST /keys dana Digits=42")
		w.hear(dana, "Thank you")
		w.x.Digits(dana, "2")
		w.hear(dana, "Thank you")
	})
}

func TestGatherWithoutKeys(t *testing.T) {
	inWorld(t, func(w *world) {
		w.told = []string{"Digits"}
		w.serve("/call", `<Gather action="/keys" timeout="4"><Say>Press</Say></Gather><Say>Too late</Say><Gather actionOnEmptyResult="true" action="/keys"/>`)
		w.serve("/keys", `<Hangup/>`)
		dana := w.places("dana")
		synctest.Wait()
		dana.ends()
		time.Sleep(3900 * time.Millisecond)
		w.hear(dana, "silence")
		time.Sleep(100 * time.Millisecond)
		w.hear(dana, "Too late")
		w.skip()
		dana.ends()
		time.Sleep(5 * time.Second)
		w.expect("POST /keys dana", "-> completed 0 dana")
	})
}

// TestAKeyBeforeThePrompt: keys that come before the <Gather> are nobody's, one
// that comes with it ends its prompt.
func TestAKeyBeforeThePrompt(t *testing.T) {
	inWorld(t, func(w *world) {
		w.told = []string{"Digits"}
		w.serve("/call", `<Say>Welcome</Say><Gather action="/keys" numDigits="1"><Say>Press</Say></Gather>`)
		w.serve("/keys", `<Pause length="60"/>`)
		dana := w.places("dana")
		w.hear(dana, "Welcome")
		w.x.Digits(dana, "7") // nothing gathers yet
		w.hear(dana, "Welcome")
		dana.ends()
		w.skip()
		w.x.Digits(dana, "8")
		w.expect("POST /keys dana Digits=8")
		w.hear(dana, "silence")
	})
}

// TestAKeyWhileThePromptIsMade: one that comes late is not heard.
func TestAKeyWhileThePromptIsMade(t *testing.T) {
	inWorld(t, func(w *world) {
		w.speech = 2 * time.Second
		w.serve("/call", `<Gather numDigits="2" timeout="10"><Say>Press</Say></Gather>`)
		dana := w.places("dana")
		synctest.Wait()
		w.x.Digits(dana, "1")
		time.Sleep(3 * time.Second)
		w.hear(dana, "silence")
	})
}
