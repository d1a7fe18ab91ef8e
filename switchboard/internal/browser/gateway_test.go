package browser_test

import (
	"context"
	"errors"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"warmdesk/switchboard/internal/audio"
	"warmdesk/switchboard/internal/browser"
	"warmdesk/switchboard/switchboardtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestIncomingCall(t *testing.T) {
	b := newBench(t, nil)
	if _, err := b.gateway.Dial("CA1", "ana", nil, nil); !errors.Is(err, browser.ErrNotRegistered) {
		t.Fatalf("dial nobody: %v", err)
	}
	ana := b.registered("ana", 440)
	if !b.gateway.Registered("ana") || b.gateway.Registered("ben") {
		t.Error("registered: want ana only")
	}
	l := b.dial("ana")
	c := b.incoming(ana)
	for key, want := range map[string]string{"From": "+15550100", "To": "client:ana", "CallSid": "CA0001", "AccountSid": "AC1", "ApiVersion": "2010-04-01"} {
		if got := c.Parameters[key]; got != want {
			t.Errorf("parameter %s is %q, want %q", key, got, want)
		}
	}
	if got := c.Custom.Get("leg"); got != "a b&c=d" {
		t.Errorf("custom parameter is %q", got)
	}
	b.quiet(0)
	b.must(c.Accept(b.ctx))
	if e := b.expect("answered"); e.leg != l || l.SID() != "CA0001" || l.Identity().Name != "ana" {
		t.Errorf("answered by leg %s of %s", l.SID(), l.Identity().Name)
	}
	line := b.engine.Open(l.Port())
	line.Play(audio.Tone(1000, 8000, audio.Rate), 0, nil)
	b.hears(c, 1000)
	c.Hangup()
	b.expect("hungup")
	line.Close()
}

func TestTwoPartiesHearEachOther(t *testing.T) {
	b := newBench(t, nil)
	_, dana, caller := b.placed("dana", 620)
	_, ana, callee := b.connected("ana", 440)
	for _, l := range []*browser.Leg{caller, callee} {
		line := b.engine.Open(l.Port())
		defer line.Close()
		line.Join("room")
	}
	b.hears(ana, 620)
	b.hears(dana, 440)
	from := time.Now()
	time.Sleep(time.Second) // the measurement
	for name, c := range map[string]*switchboardtest.Call{"ana": ana, "dana": dana} {
		if gap := c.LongestGap(from); gap > 300*time.Millisecond {
			t.Errorf("%s heard nothing for %s", name, gap)
		}
	}
	ana.Mute(true)
	b.hears(dana)
	ana.Mute(false)
	b.hears(dana, 440)
	caller.Hangup(0, "")
	if end := b.ended(dana); end.Cancelled || end.Err != nil {
		t.Errorf("a normal end looks like %+v", end)
	}
	callee.Hangup(31486, "busy")
	if end := b.ended(ana); end.Err == nil || end.Err.Code != 31486 {
		t.Errorf("an end with an error looks like %+v", end)
	}
	b.quiet(50 * time.Millisecond)
}

func TestCancelAndReject(t *testing.T) {
	b := newBench(t, nil)
	ana := b.registered("ana", 440)
	l := b.dial("ana")
	c := b.incoming(ana)
	l.Hangup(0, "")
	if end := b.ended(c); !end.Cancelled {
		t.Errorf("cancelled call ended with %+v", end)
	}
	l = b.dial("ana")
	b.incoming(ana).Reject()
	if e := b.expect("rejected"); e.leg != l {
		t.Error("another leg was rejected")
	}
	l = b.dial("ana") // cancelled before the offer is out, perhaps
	l.Hangup(0, "")
	b.quiet(100 * time.Millisecond)
}

func TestSeveralDevices(t *testing.T) {
	b := newBench(t, nil)
	first, second := b.registered("ana", 440), b.registered("ana", 620)
	l := b.dial("ana")
	c1, c2 := b.incoming(first), b.incoming(second)
	if c1.SID() == c2.SID() {
		t.Error("two devices know the call by one sid")
	}
	third := b.registered("ana", 800) // comes while it rings
	c3 := b.incoming(third)
	b.must(c2.Accept(b.ctx))
	if !b.ended(c1).Cancelled || !b.ended(c3).Cancelled {
		t.Error("the others were not cancelled")
	}
	b.expect("answered")
	line := b.engine.Open(l.Port())
	defer line.Close()
	line.Play(audio.Tone(1000, 8000, audio.Rate), 0, nil)
	b.hears(c2, 1000)
	l.Hangup(0, "")

	b.dial("ana")
	c1, c2, c3 = b.incoming(first), b.incoming(second), b.incoming(third)
	c1.Reject()
	b.expect("rejected")
	if !b.ended(c2).Cancelled || !b.ended(c3).Cancelled {
		t.Error("rejected on one device, the call rings on")
	}
}

func TestOutgoingCall(t *testing.T) {
	b := newBench(t, nil)
	dana := b.phone("dana", 440)
	placed := make(chan *switchboardtest.Call, 1)
	go func() {
		c, err := dana.Call(b.ctx, url.Values{"To": {"+15551234567"}, "note": {"a b&c=d"}})
		if err != nil {
			b.Error(err)
		}
		placed <- c
	}()
	e := b.expect("invited")
	if e.detail != "To=%2B15551234567&note=a+b%26c%3Dd" || e.leg.Identity().AppSID != "AP1" {
		t.Errorf("invited with %s by %+v", e.detail, e.leg.Identity())
	}
	e.leg.Ringing("CA0002")
	e.leg.Answer()
	b.expect("answered")
	c := <-placed
	if c.SID() != "CA0002" || e.leg.SID() != "CA0002" {
		t.Errorf("sids are %s and %s", c.SID(), e.leg.SID())
	}
	c.Hangup()
	b.expect("hungup")
}

func TestOutgoingRefused(t *testing.T) {
	b := newBench(t, nil)
	var refusal *switchboardtest.Error
	_, err := b.phone("dana?", 440).Call(b.ctx, nil)
	if !errors.As(err, &refusal) || refusal.Code != 31201 {
		t.Errorf("without an outgoing grant: %v", err)
	}
	go func() { e := <-b.events; e.leg.Hangup(31002, "no such application") }()
	_, err = b.phone("dana", 440).Call(b.ctx, nil)
	if !errors.As(err, &refusal) || refusal.Code != 31002 {
		t.Errorf("refused by the handler: %v", err)
	}
}

func TestCallerLeavesBeforeTheAnswer(t *testing.T) {
	b := newBench(t, nil)
	dana := b.phone("dana", 440)
	ctx, giveUp := context.WithCancel(b.ctx)
	go func() { _, _ = dana.Call(ctx, nil) }()
	l := b.expect("invited").leg
	l.Ringing("CA3")
	dana.DropSocket()
	b.expect("lost")
	l.Answer() // too late
	giveUp()
	b.quiet(50 * time.Millisecond)
}

func TestTokens(t *testing.T) {
	b := newBench(t, nil)
	for token, code := range map[string]int{"invalid": 31204, "expired": 31205, "forbidden": 31201} {
		_, err := switchboardtest.Dial(b.ctx, switchboardtest.Config{URL: b.url, Token: token})
		var refusal *switchboardtest.Error
		if !errors.As(err, &refusal) || refusal.Code != code {
			t.Errorf("token %s: %v, want code %d", token, err, code)
		}
	}
	ana := b.registered("ana@1500ms", 440)
	if ana.Identity() != "ana" {
		t.Errorf("identity %q", ana.Identity())
	}
	for b.gateway.Registered("ana") {
		time.Sleep(10 * time.Millisecond)
	}
	for len(ana.Errors()) == 0 {
		time.Sleep(10 * time.Millisecond)
	}
	if e := ana.Errors()[0]; e.Code != 31205 {
		t.Errorf("at the token's end the page was told %v", e)
	}
	b.must(ana.Listen(b.ctx, "ana"))
	b.must(ana.Register(b.ctx))
	b.must(ana.Unregister(b.ctx))
	if b.gateway.Registered("ana") {
		t.Error("registered after unregister")
	}
}

func TestKeys(t *testing.T) {
	b := newBench(t, nil)
	_, c, _ := b.connected("ana", 440)
	b.must(c.Press(b.ctx, "12#9*"))
	var got string
	for len(got) < 5 {
		got += b.expect("digits").detail
	}
	if got != "12#9*" {
		t.Errorf("events gave %q", got)
	}
	b.must(c.PressBySignal(b.ctx, "1w2"))
	if got := b.expect("digits").detail; got != "12" {
		t.Errorf("signalling gave %q", got)
	}
}

func TestSocketLossKeepsTheCall(t *testing.T) {
	b := newBench(t, nil)
	p, c, l := b.connected("ana", 440)
	line := b.engine.Open(l.Port())
	defer line.Close()
	line.Play(audio.Tone(1000, 8000, audio.Rate), 0, nil)
	b.hears(c, 1000)
	from := time.Now()
	p.DropSocket()
	b.quiet(300 * time.Millisecond)
	b.must(p.Reconnect(b.ctx))
	b.must(p.Reconnect(b.ctx)) // once more is no harm
	if gap := c.LongestGap(from); gap > 300*time.Millisecond {
		t.Errorf("nothing heard for %s", gap)
	}
	c.Hangup()
	if e := b.expect("hungup"); e.leg != l {
		t.Error("another leg")
	}
}

func TestReconnectToACallThatIsOver(t *testing.T) {
	b := newBench(t, nil)
	p, c, l := b.connected("ana", 440)
	p.DropSocket()
	l.Hangup(31002, "over")
	if err := p.Reconnect(b.ctx); err == nil {
		t.Error("came back to a call that is over")
	}
	if end := b.ended(c); end.Err == nil || end.Err.Code != 31002 {
		t.Errorf("ended with %+v", end)
	}
}

func TestRingSurvivesSocketLoss(t *testing.T) {
	b := newBench(t, nil)
	p := b.registered("ana", 440)
	b.dial("ana")
	before := b.incoming(p)
	p.DropSocket()
	b.must(p.Reconnect(b.ctx))
	b.must(p.Register(b.ctx))
	again := b.incoming(p)
	if again.SID() == before.SID() {
		t.Error("rings again under the old sid")
	}
	b.must(p.Register(b.ctx)) // the SDK repeats it every 30 s
	b.must(again.Accept(b.ctx))
	b.expect("answered")
}

func TestRestartOfICE(t *testing.T) {
	b := newBench(t, nil)
	_, in, callee := b.connected("ana", 440)
	_, out, caller := b.placed("dana", 620)
	for _, l := range []*browser.Leg{caller, callee} {
		line := b.engine.Open(l.Port())
		defer line.Close()
		line.Join("room")
	}
	b.must(in.Restart(b.ctx))
	b.must(out.Restart(b.ctx))
	b.hears(in, 620)
	b.hears(out, 440)
}

func TestDeadLegsAreLost(t *testing.T) {
	limits := func(c *browser.Config) { c.LostCallee, c.LostCaller = 800*time.Millisecond, 2*time.Second }
	b := newBench(t, limits)
	callee, _, in := b.connected("ana", 440)
	caller, _, out := b.placed("dana", 620)
	_, muted, _ := b.connected("ben", 800)
	muted.Mute(true) // says nothing, but is there
	died := time.Now()
	callee.Die()
	caller.Die()
	if e := b.expect("lost"); e.leg != in || time.Since(died) < 700*time.Millisecond {
		t.Errorf("lost %v after %s", e.leg == in, time.Since(died))
	}
	if e := b.expect("lost"); e.leg != out || time.Since(died) < 1900*time.Millisecond {
		t.Errorf("lost %v after %s", e.leg == out, time.Since(died))
	}
	b.quiet(500 * time.Millisecond)
}

func TestFrozenLegIsToldThatItIsLost(t *testing.T) {
	b := newBench(t, func(c *browser.Config) { c.LostCallee = 800 * time.Millisecond })
	_, c, _ := b.connected("ana", 440)
	c.Freeze()
	b.expect("lost")
	if end := b.ended(c); end.Err == nil || end.Err.Code != 31003 {
		t.Errorf("ended with %+v", end)
	}
}

func TestNoMediaPath(t *testing.T) {
	b := newBench(t, func(c *browser.Config) {
		c.PublicIP, c.MediaTimeout = "192.0.2.1", 500*time.Millisecond // TEST-NET-1: goes nowhere
	})
	p := b.registered("ana", 440)
	b.dial("ana")
	c := b.incoming(p)
	if err := c.Accept(b.ctx); err == nil {
		t.Error("media came up")
	}
	if e := b.expect("mediafailed"); !strings.Contains(e.detail, "no packet of the browser has arrived at 192.0.2.1:") {
		t.Errorf("the reason given is %q", e.detail)
	}
}

func TestSeveralAddresses(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux has all of 127.0.0.0/8 on its loopback interface")
	}
	b := newBench(t, func(c *browser.Config) { c.MediaAddrs = []string{"127.0.0.2", "127.0.0.3"} })
	told := b.gateway.MediaAddresses()
	if len(told) != 2 || strings.TrimPrefix(told[0], "127.0.0.2") != strings.TrimPrefix(told[1], "127.0.0.3") {
		t.Errorf("browsers are told %v", told)
	}
	_, c, l := b.connected("ana", 440)
	line := b.engine.Open(l.Port())
	defer line.Close()
	line.Play(audio.Tone(1000, 8000, audio.Rate), 0, nil)
	b.hears(c, 1000)

	for _, bad := range []browser.Config{{MediaAddrs: []string{"localhost"}}, {MediaAddrs: []string{"192.0.2.1"}}, {}} {
		if bad.MediaAddrs != nil {
			bad.Verify, bad.Handler = verify, &handler{}
		}
		if _, err := browser.New(bad); err == nil {
			t.Errorf("accepted %v", bad.MediaAddrs)
		}
	}
}

func TestGatewayStopsWithOpenCalls(t *testing.T) {
	b := newBench(t, nil)
	_, c, _ := b.connected("ana", 440)
	ben := b.registered("ben", 440)
	b.dial("ben")
	pending := b.incoming(ben)
	b.stop()
	if end := b.ended(c); end.Err != nil {
		t.Errorf("open call ended with %+v", end)
	}
	if !b.ended(pending).Cancelled {
		t.Error("pending call not cancelled")
	}
	if _, err := b.gateway.Dial("CA9", "ben", nil, nil); !errors.Is(err, browser.ErrNotRegistered) {
		t.Errorf("dial after the end: %v", err)
	}
}
