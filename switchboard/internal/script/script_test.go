package script

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmdesk/twiml"
)

// notes is a stage that writes down what it is asked.
type notes struct{ lines []string }

func (n *notes) add(format string, args ...any) {
	n.lines = append(n.lines, fmt.Sprintf(format, args...))
}

func (n *notes) Say(text, voice string, loops int) { n.add("say %q %q %d", text, voice, loops) }
func (n *notes) Play(url string, loops int)        { n.add("play %s %d", url, loops) }
func (n *notes) Pause(d time.Duration)             { n.add("pause %v", d) }
func (n *notes) Fetch(url, method string, extra url.Values) {
	n.add("%s", strings.TrimSpace(fmt.Sprintf("fetch %s %s %s", method, url, extra.Encode())))
}
func (n *notes) Dial(d twiml.Dial)      { n.add("dial %s", d.Conference.Name) }
func (n *notes) Hush()                  { n.add("hush") }
func (n *notes) Listen(d time.Duration) { n.add("listen %v", d) }
func (n *notes) Record(r twiml.Record) {
	n.add("record %s %s %s", r.Method, r.Action, r.RecordingStatusCallback)
}
func (n *notes) Hangup()                                 { n.add("hangup") }
func (n *notes) Reject(reason string)                    { n.add("reject %s", reason) }
func (n *notes) Finished()                               { n.add("finished") }
func (n *notes) Failed(code int, url string, why string) { n.add("failed %d", code) }

func (n *notes) want(t *testing.T, lines ...string) {
	t.Helper()
	if diff := cmp.Diff(lines, n.lines); diff != "" {
		t.Errorf("performed (-want +got):\n%s", diff)
	}
}

func load(t *testing.T, kind Kind, body string) *Program {
	t.Helper()
	doc, err := twiml.Parse([]byte("<Response>" + body + "</Response>"))
	if err != nil {
		t.Fatal(err)
	}
	p := &Program{Kind: kind}
	if err := p.Load(doc, "https://a.test/voice/in?x=1", "POST"); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestVerbsInOrder(t *testing.T) {
	p := load(t, Main, `<Say voice="slt">Hello</Say><Play loop="0">music.wav</Play><Play loop="3">/m.mp3</Play>
		<Pause/><Pause length="2"/><Dial><Conference>r</Conference></Dial><Say>Bye</Say><Hangup/>`)
	n := &notes{}
	for range 6 {
		p.Step(n)
	}
	p.DialEnded(n, DialAnswered)
	p.Step(n)
	p.Step(n)
	n.want(t, `say "Hello" "slt" 1`, "play https://a.test/voice/music.wav 0", "play https://a.test/m.mp3 3",
		"pause 1s", "pause 2s", "dial r", `say "Bye" "" 1`, "hangup", "finished")
}

func TestDialWithAction(t *testing.T) {
	p := load(t, Main, `<Dial action="after?leg=1&amp;b=2" method="GET"><Conference>r</Conference></Dial><Say>never</Say>`)
	n := &notes{}
	p.Step(n)
	p.DialEnded(n, DialAnswered)
	n.want(t, "dial r", "fetch GET https://a.test/voice/after?leg=1&b=2 DialCallStatus=answered")
}

func TestRedirect(t *testing.T) {
	n := &notes{}
	load(t, Main, `<Redirect>/next</Redirect>`).Step(n)
	load(t, Wait, `<Redirect method="GET"/>`).Step(n)
	load(t, Main, `<Redirect>ftp://a.test/</Redirect>`).Step(n)
	n.want(t, "fetch POST https://a.test/next", "fetch GET https://a.test/voice/in?x=1", "failed 11100")
}

func TestEndlessRedirectsStop(t *testing.T) {
	p := load(t, Wait, `<Redirect/>`)
	n := &notes{}
	for range 20 {
		p.Step(n)
		if err := p.Load(p.Doc, p.URL, p.Method); err != nil {
			t.Fatal(err)
		}
		if n.lines[len(n.lines)-1] == "failed 11215" {
			return
		}
	}
	t.Error("a document that redirects to itself goes on for ever")
}

func TestWaitDocumentVerbs(t *testing.T) {
	for body, ok := range map[string]bool{
		`<Play>m.wav</Play><Say>a</Say><Pause/><Redirect/>`: true,
		`<Dial/>`: false, `<Gather/>`: false, `<Record/>`: false, `<Hangup/>`: false, `<Say>a</Say><Reject/>`: false,
	} {
		doc, err := twiml.Parse([]byte("<Response>" + body + "</Response>"))
		if err != nil {
			t.Fatal(err)
		}
		p := &Program{Kind: Wait}
		err = p.Load(doc, "https://a.test/", "GET")
		te, refused := errors.AsType[*twiml.Error](err)
		if refused == ok || refused && te.Code != 13238 {
			t.Errorf("%s: %v", body, err)
		}
	}
}

func TestReject(t *testing.T) {
	p := load(t, Main, `<Reject/>`)
	n := &notes{}
	if !p.Rejects() {
		t.Error("the document does not begin with a <Reject>")
	}
	p.Step(n)
	if p.Rejects() {
		t.Error("the document's end rejects")
	}
	load(t, Main, `<Reject reason="busy"/>`).Step(n)
	n.want(t, "reject rejected", "reject busy")
}

func TestSounds(t *testing.T) {
	p := load(t, Main, `<Say>a</Say><Play>1.wav</Play><Gather><Play>menu.wav</Play></Gather><Play>/2.wav</Play>`)
	n := &notes{}
	p.Step(n)
	want := []string{"https://a.test/voice/1.wav", "https://a.test/voice/menu.wav", "https://a.test/2.wav"}
	if diff := cmp.Diff(want, p.Sounds()); diff != "" {
		t.Error(diff)
	}
}

func TestADocumentWithoutAddressHasNoRelativeURLs(t *testing.T) {
	p := &Program{}
	if err := p.Load(twiml.Document{twiml.Play{URL: "m.wav"}}, "", ""); err != nil {
		t.Fatal(err)
	}
	n := &notes{}
	p.Step(n)
	n.want(t, "failed 11100")
}
