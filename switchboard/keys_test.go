package switchboard_test

import (
	"context"
	"net/url"
	"testing"

	"warmdesk/switchboard/internal/audio"
	"warmdesk/switchboard/switchboardtest"
)

// Keys pressed in a conference are heard by the others as the two tones of each, in
// place of the voice, whichever way the browser tells of them, and nobody is asked
// about them.
func TestKeysInAConference(t *testing.T) {
	w := newWorld(t)
	w.app.serve("/call", room)
	dana, ana := w.phone("dana", danaTone), w.phone("ana", anaTone)
	customer, err := dana.Call(w.ctx, url.Values{"To": {line}})
	if err != nil {
		t.Fatal(err)
	}
	agent, err := ana.Call(w.ctx, url.Values{"To": {line}})
	if err != nil {
		t.Fatal(err)
	}
	w.hears(customer, anaTone)
	asked := len(w.app.seen())
	for _, press := range []struct {
		keys string
		by   func(context.Context, string) error
	}{{"5#", agent.Press}, {"0A", agent.PressBySignal}} {
		pressed := make(chan error, 1)
		go func() { pressed <- press.by(w.ctx, press.keys) }()
		for _, key := range press.keys {
			w.hearsKey(customer, key)
		}
		if err := <-pressed; err != nil {
			t.Fatal(err)
		}
		w.hears(customer, anaTone)
	}
	if now := w.app.seen(); len(now) != asked {
		t.Errorf("the application was asked: %v", now[asked:])
	}
}

// hearsKey waits until a call hears the tones of a key and no voice.
func (w *world) hearsKey(c *switchboardtest.Call, key rune) {
	w.Helper()
	among := []float64{danaTone, 697, 770, 852, 941, 1209, 1336, 1477, 1633}
	row, column, ok := audio.KeyTones(key)
	if !ok {
		w.Fatalf("no key %c", key)
	}
	if err := c.WaitTones(w.ctx, []float64{row, column}, among); err != nil {
		w.Fatalf("key %c: %v", key, err)
	}
}
