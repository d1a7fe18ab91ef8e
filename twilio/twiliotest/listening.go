package twiliotest

import (
	"context"
	"strings"
	"testing"
	"time"

	"warmdesk/twiml"
)

// listening is a <Gather> or a <Record> that attends to the party. The double
// guards it.
type listening struct {
	records bool   // what is said, besides keys
	finish  string // the keys that end it
	number  int    // of digits that end it; 0: none
	longest time.Duration

	interrupt context.CancelFunc // ends the prompts

	digits string
	key    string        // that ended it
	said   time.Duration // of what is recorded
	moved  chan struct{} // closed and replaced by every key and word
	done   chan struct{} // closed at its end
}

// attend makes the leg listen. keys are those that end it, nil the standard ones.
func (l *Leg) attend(a *listening, keys *string, standard string) {
	a.finish = standard
	if keys != nil {
		a.finish = *keys
	}
	a.moved, a.done = make(chan struct{}), make(chan struct{})
	l.d.mu.Lock()
	defer l.d.mu.Unlock()
	l.attends = a
	l.d.touch()
}

// endAttention ends it, whatever for. The lock is held.
func (l *Leg) endAttention() {
	close(l.attends.done)
	l.attends = nil
	l.d.touch()
}

// hush waits until nothing has been pressed or said for so long, or until the
// attention has ended otherwise, or ctx.
func (l *Leg) hush(ctx context.Context, a *listening, silence time.Duration) {
	for {
		l.d.mu.Lock()
		moved := a.moved
		l.d.mu.Unlock()
		timer := time.NewTimer(silence)
		select {
		case <-moved:
		case <-a.done:
			timer.Stop()
			return
		case <-timer.C:
		case <-ctx.Done():
		}
		timer.Stop()
		l.d.mu.Lock()
		if l.attends == a && (a.moved == moved || ctx.Err() != nil) {
			l.endAttention()
		}
		l.d.mu.Unlock()
	}
}

// Press has the party press keys, one after another, as soon as its document
// attends to them: a <Gather> takes them, or a <Record> that they may end.
func (l *Leg) Press(t testing.TB, keys string) {
	t.Helper()
	if keys == "" || strings.Trim(keys, "0123456789*#") != "" {
		t.Fatalf("%q are not keys of a telephone", keys)
	}
	for _, key := range keys {
		l.listened(t, "a key", func(a *listening) bool { return true }, func(a *listening) { l.press(a, string(key)) })
	}
}

// press takes a key. The lock is held.
func (l *Leg) press(a *listening, key string) {
	if strings.Contains(a.finish, key) {
		a.key = key
		l.endAttention()
		return
	}
	if a.records {
		return // it is part of what is recorded
	}
	a.digits += key
	if a.number > 0 && len(a.digits) == a.number {
		l.endAttention()
	}
}

// Speak has the party say something that lasts so long, as soon as it is
// recorded. It takes no time; the recording's own silence begins behind it.
func (l *Leg) Speak(t testing.TB, length time.Duration) {
	t.Helper()
	l.listened(t, "a word", func(a *listening) bool { return a.records }, func(a *listening) {
		a.said += length
		if a.said >= a.longest {
			a.said = a.longest
			l.endAttention()
		}
	})
}

// StaySilent lets the timeout of the <Gather> or <Record> pass at once that the
// leg is in, or comes to.
func (l *Leg) StaySilent(t testing.TB) {
	t.Helper()
	l.listened(t, "silence", func(*listening) bool { return true }, func(*listening) { l.endAttention() })
}

// listened waits until the leg attends as it must and does something to it.
func (l *Leg) listened(t testing.TB, to string, fits func(*listening) bool, do func(*listening)) {
	t.Helper()
	if !l.d.await(func() bool {
		a := l.attends
		if a == nil || !fits(a) {
			return false
		}
		close(a.moved)
		a.moved = make(chan struct{})
		a.interrupt()
		do(a)
		return true
	}) {
		t.Fatalf("%s never attended to %s. %s", l.name(), to, l.d.describe())
	}
}

// gather prompts and collects keys.
func (l *Leg) gather(ctx context.Context, base target, v twiml.Gather) (next *target, done bool) {
	prompting, interrupt := context.WithCancel(ctx)
	defer interrupt()
	a := &listening{number: v.NumDigits, interrupt: interrupt}
	l.attend(a, v.FinishOnKey, twiml.DefaultGatherKey)
	for _, prompt := range v.Prompts {
		if !l.sound(prompting, prompt) {
			break // by a key, or for good
		}
	}
	l.play(ctx, "silence")
	l.hush(ctx, a, orDefault(v.Timeout, twiml.DefaultGatherTimeout))
	switch {
	case ctx.Err() != nil:
		return nil, true
	case a.digits == "" && !v.ActionOnEmptyResult:
		return nil, false
	}
	return &target{url: base.resolve(v.Action), method: v.Method, extra: map[string][]string{
		"Digits": {a.digits}, "FinishedOnKey": {a.key}, "msg": {"Gather End"},
	}}, true
}

func orDefault(d, standard time.Duration) time.Duration {
	if d == 0 {
		return standard
	}
	return d
}
