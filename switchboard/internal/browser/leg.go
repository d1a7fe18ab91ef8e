package browser

import (
	"context"
	"slices"
	"time"

	"warmdesk/switchboard/internal/conference"
)

// legState is how far a leg has come; it only goes forward.
//
//	           dialled by us                    placed by the browser
//	legNew     rings on the devices             invited, perhaps told that it rings
//	legTaken   a person accepted; no media yet  Answer was called; no media yet
//	legOpen    its media path is up             its media path is up
//	legClosed  over                             over
type legState int

const (
	legNew legState = iota
	legTaken
	legOpen
	legClosed
)

// Leg is a call with one browser: one that we dialled, or one that it placed.
// Its methods may be called from any goroutine and do not wait for the browser.
type Leg struct {
	gateway    *Gateway
	placed     bool   // by the browser
	parameters fields // shown to the page of a dialled leg
	seat       seat

	// The rest is guarded by Gateway.mu.
	state    legState
	sid      string
	identity Identity
	forks    []*fork   // the sockets it is offered to; exactly one once taken
	offered  int       // how many forks there have been
	silent   bool      // the handler hears nothing more of it
	due      time.Time // legTaken: when the media path must be up
	heard    time.Time // legOpen: when it was last heard, not counting times we were asleep
	answer   string    // placed: our description, sent by Answer
}

// fork is a leg on one device of the called identity, or the one fork of a leg
// that a browser placed.
type fork struct {
	leg     *Leg
	session *session // nil while the socket is away
	callSID string   // what the browser knows the call by
	media   media
	token   string // with which the browser may come back to the call
}

// SID returns the call's sid: that given to Dial or Ringing, before that "".
func (l *Leg) SID() string {
	l.gateway.mu.Lock()
	defer l.gateway.mu.Unlock()
	return l.sid
}

// Identity returns whose browser it is. For a dialled leg only the name is known.
func (l *Leg) Identity() Identity {
	l.gateway.mu.Lock()
	defer l.gateway.mu.Unlock()
	return l.identity
}

// Port returns the leg's ears and mouth. It is there from the first moment, and
// silent as long as there is no media path, and after the end.
func (l *Leg) Port() conference.Port { return &l.seat }

func (l *Leg) isSilent() bool {
	l.gateway.mu.Lock()
	defer l.gateway.mu.Unlock()
	return l.silent
}

// Ringing tells a browser that placed the call its sid, and that it rings.
func (l *Leg) Ringing(sid string) {
	g := l.gateway
	g.mu.Lock()
	defer g.mu.Unlock()
	if !l.placed || l.state != legNew {
		return
	}
	f := l.forks[0]
	l.sid, f.callSID = sid, sid
	f.session.forks[sid] = f // the SDK goes on using its own id until this has arrived
	f.session.send(encode("ringing", fields{"callsid": sid}))
}

// Answer takes a call that a browser placed. Handler.Answered follows when the
// media path is up. Ringing must have come first.
func (l *Leg) Answer() {
	g := l.gateway
	g.mu.Lock()
	defer g.mu.Unlock()
	if !l.placed || l.state != legNew {
		return
	}
	f := l.forks[0]
	l.take(f)
	f.session.send(encode("answer", fields{"callsid": f.callSID, "sdp": l.answer, "reconnect": f.token}))
	l.answer = ""
}

// Hangup ends the leg in whatever state it is: a ringing one is cancelled on all
// devices. code and message tell the browser's page why (see the SDK's error
// codes: 31486 busy, 31603 declined, 31002 refused); 0 is the normal end. The
// handler hears nothing more of the leg.
func (l *Leg) Hangup(code int, message string) {
	g := l.gateway
	g.mu.Lock()
	defer g.mu.Unlock()
	l.silent = true
	l.end(code, message)
}

// What follows is called with Gateway.mu held.

// ring offers the leg to a device. Making the offer takes milliseconds, so it is
// done on the side.
func (l *Leg) ring(s *session) {
	g := l.gateway
	l.offered++
	f := &fork{leg: l, session: s, callSID: l.sid, token: newID("")}
	if l.offered > 1 {
		// The SDK keeps listeners of a stale call object under the first sid, and
		// a second device must not answer for the first.
		f.callSID = newID("CA")
	}
	l.forks = append(l.forks, f)
	s.forks[f.callSID] = f
	g.running.Go(func() { g.offer(f) })
}

// offer makes the fork's description and sends it.
func (g *Gateway) offer(f *fork) {
	l := f.leg
	m, sdp, err := g.makeOffer(f)
	g.mu.Lock()
	defer g.mu.Unlock()
	if err != nil {
		g.log.Error("offer a call", "call", l.sid, "err", err)
		l.drop(f)
		if l.state == legNew && len(l.forks) == 0 {
			l.end(0, "")
			g.events.add(l, func(h Handler) { h.MediaFailed(l, err.Error()) })
		}
		return
	}
	if !slices.Contains(l.forks, f) || l.state != legNew {
		g.discard(m) // cancelled, or the socket went, while we prepared
		return
	}
	f.media = m
	g.tokens[f.token] = f
	shown := fields{}
	for key, value := range l.parameters {
		shown[key] = value
	}
	shown["CallSid"] = f.callSID // the SDK answers under this sid
	f.session.send(encode("invite", fields{"callsid": f.callSID, "sdp": sdp, "parameters": shown, "reconnect": f.token}))
}

func (g *Gateway) makeOffer(f *fork) (media, string, error) {
	m, err := g.network.open(g.mediaEvents(f))
	if err != nil {
		return nil, "", err
	}
	ctx, cancel := context.WithTimeout(context.Background(), g.config.MediaTimeout)
	defer cancel()
	sdp, err := m.offer(ctx)
	if err != nil {
		m.close()
		return nil, "", err
	}
	return m, sdp, nil
}

func (l *Leg) offeredTo(s *session) bool {
	return slices.ContainsFunc(l.forks, func(f *fork) bool { return f.session == s })
}

// take makes f the leg's one connection; the other devices stop ringing.
func (l *Leg) take(f *fork) {
	for _, other := range slices.Clone(l.forks) {
		if other != f {
			other.cancel()
			l.drop(other)
		}
	}
	l.state = legTaken
	l.due = time.Now().Add(l.gateway.config.MediaTimeout)
	l.seat.connect(f.media)
	l.gateway.tokens[f.token] = f
}

// cancel ends a ringing fork at its browser, if it has been told of it.
func (f *fork) cancel() {
	if f.session != nil && f.media != nil {
		f.session.send(encode("cancel", fields{"callsid": f.callSID}))
	}
}

// drop forgets a fork.
func (l *Leg) drop(f *fork) {
	g := l.gateway
	l.forks = slices.DeleteFunc(l.forks, func(other *fork) bool { return other == f })
	delete(g.tokens, f.token)
	if s := f.session; s != nil {
		s.forget(f)
	}
	if f.media != nil {
		g.discard(f.media)
		f.media = nil
	}
}

// end closes the leg and tells its browsers.
func (l *Leg) end(code int, message string) {
	g := l.gateway
	if l.state == legClosed {
		return
	}
	ringing := l.state == legNew && !l.placed
	l.state = legClosed
	l.seat.disconnect()
	delete(g.legs, l)
	for _, f := range slices.Clone(l.forks) {
		switch {
		case ringing:
			f.cancel() // the SDK ignores hangup while a call is pending
		case f.session != nil:
			f.session.send(hangup(f.callSID, code, message))
		}
		// The socket may be dead without our knowing; the browser will ask.
		g.ended[f.token] = ending{code, message, time.Now()}
		l.drop(f)
	}
}

// discard closes a connection on the side: pion must not be waited for here. A
// leg is left only before Run has ended, or on a goroutine that Run waits for, so
// there is always a Run to wait for this one.
func (g *Gateway) discard(m media) { g.running.Go(m.close) }

// forget removes f under all its names.
func (s *session) forget(f *fork) {
	for sid, other := range s.forks {
		if other == f {
			delete(s.forks, sid)
		}
	}
}

// unique returns the session's forks, each once.
func (s *session) unique() []*fork {
	var found []*fork
	for _, f := range s.forks {
		if !slices.Contains(found, f) {
			found = append(found, f)
		}
	}
	return found
}
