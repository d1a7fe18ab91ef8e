package twiliotest

import (
	"context"
	"errors"
	"net/url"
	"time"
	"unicode/utf8"

	"warmdesk/twilio"
	"warmdesk/twiml"
)

// run does what documents say, from the first one to the leg's end.
func (l *Leg) run(t target) {
	next := &t
	for {
		ctx, ok := l.interruptible()
		if !ok {
			break
		}
		if t := l.redirected(); t != nil {
			next = t
		}
		if next == nil {
			break
		}
		next = l.program(ctx, *next)
	}
	l.finish()
}

// interruptible begins something that the end of the leg and redirects stop.
func (l *Leg) interruptible() (context.Context, bool) {
	l.d.mu.Lock()
	defer l.d.mu.Unlock()
	if l.ending != nil || l.d.closed {
		return nil, false
	}
	ctx, stop := context.WithCancelCause(l.d.ctx)
	if l.stop != nil {
		l.stop(nil) // of what is over: only frees it
	}
	l.stop = stop
	return ctx, true
}

// redirected takes the document that REST gave the leg, if it did.
func (l *Leg) redirected() *target {
	l.d.mu.Lock()
	defer l.d.mu.Unlock()
	t := l.redirect
	l.redirect = nil
	return t
}

// finish ends the leg as was decided, or because there was nothing more to do.
func (l *Leg) finish() {
	l.d.mu.Lock()
	defer l.d.mu.Unlock()
	if l.stop != nil {
		l.stop(nil)
	}
	if l.over || l.d.closed {
		return
	}
	e := ending{status: twilio.CallCompleted, sip: "200"}
	if l.ending != nil {
		e = *l.ending
	}
	l.setStatus(e.status, e.sip)
}

// ring rings an agent's browser until somebody decides.
func (l *Leg) ring(first target, queued time.Duration) {
	ctx, ok := l.interruptible()
	if !ok || !pause(ctx, queued) {
		l.finish()
		return
	}
	l.d.mu.Lock()
	l.report("initiated", "")
	a := l.d.agents[l.identity]
	if a == nil || !a.registered {
		l.d.mu.Unlock()
		l.end(ending{status: twilio.CallFailed, sip: "404"})
		l.finish()
		return
	}
	l.setStatus(twilio.CallRinging, "")
	if a.answers {
		l.take(accept)
	}
	l.d.mu.Unlock()

	timeout := time.NewTimer(l.timeout)
	defer timeout.Stop()
	select {
	case what := <-l.decide:
		if what == accept && l.pickUp() {
			l.run(first)
			return
		}
		l.end(ending{status: twilio.CallBusy, sip: "486"})
	case <-timeout.C:
		l.end(ending{status: twilio.CallNoAnswer, sip: "487"})
	case <-ctx.Done():
	}
	l.finish()
}

// pickUp makes the leg one in progress, unless it has ended meanwhile.
func (l *Leg) pickUp() bool {
	l.d.mu.Lock()
	defer l.d.mu.Unlock()
	if l.ending != nil || l.over {
		return false
	}
	if l.status != twilio.CallInProgress {
		l.setStatus(twilio.CallInProgress, "")
		l.detect()
	}
	return true
}

// program gets a document and runs it. It returns the one to go on with; none
// ends the leg.
func (l *Leg) program(ctx context.Context, t target) *target {
	l.d.mu.Lock()
	form := l.form()
	l.d.mu.Unlock()
	for name, values := range t.extra {
		form[name] = values
	}
	doc, err := l.d.document(ctx, t, form)
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		l.d.fault("%s: document %s: %v", l.name(), t.url, err)
		if l.fallback.url == "" || t.url == l.fallback.url {
			return nil // a caller would hear an apology and be cut off
		}
		next := l.fallback
		next.extra = url.Values{"ErrorCode": {errorCode(err)}, "ErrorUrl": {t.url}}
		return &next
	}
	if !l.pickUp() {
		return nil
	}
	for _, verb := range doc {
		next, done := l.verb(ctx, t, verb)
		if done || next != nil {
			return next
		}
	}
	return nil
}

// verb runs one verb of the document at base. done: the document is over.
func (l *Leg) verb(ctx context.Context, base target, verb twiml.Verb) (next *target, done bool) {
	switch v := verb.(type) {
	case twiml.Redirect:
		return &target{url: base.resolve(v.URL), method: v.Method}, true
	case twiml.Hangup:
		return nil, true
	case twiml.Dial:
		return l.dial(ctx, base, v)
	case twiml.Gather:
		return l.gather(ctx, base, v)
	case twiml.Record:
		return l.record(ctx, base, v)
	case twiml.Say, twiml.Play, twiml.Pause:
		return nil, !l.sound(ctx, verb)
	}
	l.d.fault("%s: the double does not know %T", l.name(), verb)
	return nil, true
}

// mostSay is how many characters a sentence may have, and codeSay what is written
// to the debugger of one that cannot be spoken.
const (
	mostSay = 4096
	codeSay = 13520
)

// sound makes the leg hear what a verb says; false when it was interrupted.
func (l *Leg) sound(ctx context.Context, verb twiml.Verb) bool {
	what, loop := "silence", 0
	switch v := verb.(type) {
	case twiml.Say:
		if utf8.RuneCountInString(v.Text) > mostSay {
			l.d.fault("%s: %d: <Say> has more than %d characters", l.name(), codeSay, mostSay)
			return true // nothing is said of it
		}
		what, loop = "words: "+v.Text, v.Loop
	case twiml.Play:
		what, loop = "music", v.Loop
	}
	if !l.play(ctx, what) {
		return false
	}
	if loop == twiml.Forever {
		<-ctx.Done()
		return false
	}
	return pause(ctx, l.d.cfg.SpeakTime*time.Duration(max(loop, 1)))
}

// play changes what the leg hears from a document, while ctx lasts.
func (l *Leg) play(ctx context.Context, what string) bool {
	l.d.mu.Lock()
	defer l.d.mu.Unlock()
	if ctx.Err() != nil {
		return false
	}
	l.playing = what
	l.d.touch()
	return true
}

// dial enters a conference and stays until something takes the leg out.
func (l *Leg) dial(ctx context.Context, base target, v twiml.Dial) (next *target, done bool) {
	if v.Conference == nil {
		l.d.fault("%s: <Dial> without <Conference>", l.name())
		return nil, true
	}
	out, ok := l.d.join(ctx, l, base, v.Conference)
	switch {
	case !ok && ctx.Err() != nil:
		return nil, true
	case !ok && v.Action == "":
		return nil, false // goes on with what follows
	case !ok:
		return &target{url: base.resolve(v.Action), method: v.Method, extra: map[string][]string{"DialCallStatus": {twilio.DialStatusRefused}}}, true
	}
	select {
	case <-ctx.Done():
	case <-out:
	}
	l.d.mu.Lock()
	defer l.d.mu.Unlock()
	cause := context.Cause(ctx)
	l.leaveFor(cause)
	if v.Action == "" {
		return nil, cause != nil
	}
	action := target{url: base.resolve(v.Action), method: v.Method, extra: map[string][]string{"DialCallStatus": {twilio.DialStatusAfterConference}}}
	if cause == nil {
		return &action, true
	}
	if errors.Is(cause, errEnding) && l.ending != nil {
		// Whoever hung up is reported to the action, whose answer is not run.
		form := l.form()
		form.Set("CallStatus", l.ending.status)
		form.Set("DialCallStatus", twilio.DialStatusAfterConference)
		l.d.owe(l.SID, action, form)
	}
	return nil, true
}

// leaveFor takes the leg out of its conference, for a reason that its cause
// tells. The lock is held.
func (l *Leg) leaveFor(cause error) {
	if l.seat == nil {
		return
	}
	reason, status, kicked := "participant_hung_up", twilio.CallCompleted, false
	switch {
	case l.ending != nil:
		reason, status = l.ending.leave, l.ending.status
		kicked = reason == leftByAPI
	case cause != nil:
		reason, status, kicked = leftByAPI, twilio.CallInProgress, true
	}
	l.seat.leave(reason, status, kicked)
}

// pause waits; false when ctx ended first.
func pause(ctx context.Context, t time.Duration) bool {
	if t <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(t)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
