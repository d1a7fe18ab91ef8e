package script

import (
	"net/url"
	"testing"

	"warmdesk/twiml"
)

// gather runs a document up to its <Gather> and presses keys; "." is the time
// that passes without one.
func gather(t *testing.T, body string, presses ...string) *notes {
	t.Helper()
	p := load(t, Main, body)
	n := &notes{}
	p.Step(n)
	for _, keys := range presses {
		if keys == "." {
			p.Silent(n)
		} else {
			p.Keys(n, keys)
		}
	}
	return n
}

const fetched = "fetch POST https://a.test/voice/keys "

func TestGatherEndsByNumberKeyOrTime(t *testing.T) {
	for name, c := range map[string]struct {
		attributes string
		presses    []string
		want       []string
	}{
		"number":            {`numDigits="2"`, []string{"1", "2"}, []string{"listen 5s", "listen 5s", "hush", fetched + "Digits=12&FinishedOnKey="}},
		"number, all come":  {`numDigits="2"`, []string{"123"}, []string{"listen 5s", "hush", fetched + "Digits=12&FinishedOnKey="}},
		"number, late keys": {`numDigits="1"`, []string{"1", "2", "."}, []string{"listen 5s", "hush", fetched + "Digits=1&FinishedOnKey="}},
		"key":               {"", []string{"12#"}, []string{"listen 5s", "hush", fetched + "Digits=12&FinishedOnKey=%23"}},
		"own key":           {`finishOnKey="*"`, []string{"#", "*"}, []string{"listen 5s", "listen 5s", "hush", fetched + "Digits=%23&FinishedOnKey=%2A"}},
		"no key":            {`finishOnKey="" numDigits="3"`, []string{"1", "#", "*"}, []string{"listen 5s", "listen 5s", "listen 5s", "hush", fetched + "Digits=1%23%2A&FinishedOnKey="}},
		"time":              {`timeout="9"`, []string{"7", "."}, []string{"listen 9s", "listen 9s", "hush", fetched + "Digits=7&FinishedOnKey="}},
		"nothing":           {"", []string{"."}, []string{"listen 5s", "hush", `say "next" "" 1`}},
		"nothing but a key": {"", []string{"#"}, []string{"listen 5s", "hush", `say "next" "" 1`}},
		"nothing, told":     {`actionOnEmptyResult="true"`, []string{"."}, []string{"listen 5s", "hush", fetched + "Digits=&FinishedOnKey="}},
		"no telephone's":    {"", []string{"AD", "."}, []string{"listen 5s", "hush", `say "next" "" 1`}},
	} {
		t.Run(name, func(t *testing.T) {
			gather(t, `<Gather action="keys" `+c.attributes+`/><Say>next</Say>`, c.presses...).want(t, c.want...)
		})
	}
}

func TestGatherPromptsAndIsInterrupted(t *testing.T) {
	p := load(t, Main, `<Gather numDigits="2"><Say>press</Say><Pause/><Play>menu.wav</Play></Gather><Say>next</Say>`)
	n := &notes{}
	p.Step(n)
	p.Step(n)
	p.Keys(n, "4") // within the pause: the last prompt is not heard
	p.Keys(n, "2")
	n.want(t, `say "press" "" 1`, "pause 1s", "listen 5s", "hush", "fetch POST https://a.test/voice/in?x=1 Digits=42&FinishedOnKey=")

	p = load(t, Main, `<Gather><Say>press</Say></Gather><Say>next</Say>`)
	n = &notes{}
	for range 2 {
		p.Step(n)
	}
	p.Silent(n)
	p.Step(n)
	p.Keys(n, "1") // nothing gathers any more
	n.want(t, `say "press" "" 1`, "listen 5s", "hush", `say "next" "" 1`, "finished")
}

func TestRecord(t *testing.T) {
	p := load(t, Main, `<Record action="said" recordingStatusCallback="/told"/><Record/><Say>next</Say>`)
	n := &notes{}
	p.Step(n)
	p.Step(n)
	n.want(t, "record POST https://a.test/voice/said https://a.test/told", "record POST https://a.test/voice/in?x=1 ")

	said := load(t, Main, `<Record action="said" method="GET"/><Say>next</Say>`)
	n = &notes{}
	said.Step(n)
	said.Recorded(n, recordOf(t, said), url.Values{"RecordingDuration": {"7"}})
	n.want(t, "record GET https://a.test/voice/said ", "fetch GET https://a.test/voice/said RecordingDuration=7")

	silent := load(t, Main, `<Record/><Say>next</Say>`)
	n = &notes{}
	silent.Step(n)
	silent.Recorded(n, recordOf(t, silent), nil)
	n.want(t, "record POST https://a.test/voice/in?x=1 ", `say "next" "" 1`)

	lost := load(t, Main, `<Record recordingStatusCallback="ftp://a.test/"/>`)
	n = &notes{}
	lost.Step(n)
	n.want(t, "failed 11100")
}

// recordOf is the document's first verb.
func recordOf(t *testing.T, p *Program) twiml.Record {
	t.Helper()
	v, ok := p.Doc[0].(twiml.Record)
	if !ok {
		t.Fatalf("the document begins with %T", p.Doc[0])
	}
	return v
}
