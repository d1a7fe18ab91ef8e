package browser

import (
	"context"
	"strings"
	"time"
)

// placedLimit is how many calls one socket may have placed at a time. The SDK
// has one; each costs a media connection.
const placedLimit = 8

// What browsers ask about calls, in the order of wire.go's types. A browser can
// only name calls of its own socket.

// invite is a browser placing a call.
func (g *Gateway) invite(ctx context.Context, s *session, p payload) {
	refuse := func(code int, message string) { s.send(hangup(p.CallSID, code, message)) }
	params, err := p.params()
	if err != nil || p.CallSID == "" || p.SDP == "" {
		refuse(codeBadRequest, "the invite is malformed")
		return
	}
	g.mu.Lock()
	identity, known, placed := s.identity, s.forks[p.CallSID] != nil, len(s.unique())
	g.mu.Unlock()
	switch {
	case known:
		return // sent twice
	case !identity.valid():
		refuse(codeTokenExpired, "access token expired")
		return
	case identity.AppSID == "":
		refuse(codeUnauthenticated, "the token does not allow outgoing calls")
		return
	case placed >= placedLimit:
		refuse(codeBusy, "too many calls")
		return
	}

	l := &Leg{gateway: g, placed: true, identity: identity}
	f := &fork{leg: l, session: s, callSID: p.CallSID, token: newID("")}
	l.forks = []*fork{f}
	f.media, l.answer, err = g.makeAnswer(ctx, f, p.SDP)
	if err != nil {
		g.log.Warn("browser's call refused", "identity", identity.Name, "err", err)
		refuse(codeBadRequest, err.Error())
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.stopped {
		refuse(codeRefused, "shutting down")
		g.discard(f.media)
		return
	}
	g.legs[l] = struct{}{}
	s.forks[p.CallSID] = f
	g.events.add(l, func(h Handler) { h.Invited(l, params) })
}

func (g *Gateway) makeAnswer(ctx context.Context, f *fork, offer string) (media, string, error) {
	m, err := g.network.open(g.mediaEvents(f))
	if err != nil {
		return nil, "", err
	}
	ctx, cancel := context.WithTimeout(ctx, g.config.MediaTimeout)
	defer cancel()
	sdp, err := m.answer(ctx, offer)
	if err != nil {
		m.close()
		return nil, "", err
	}
	return m, sdp, nil
}

// reconnect is a browser coming back to a call on a new socket, or asking for it
// again on the same one. Any number of times gives the same answer.
func (g *Gateway) reconnect(s *session, p payload) {
	g.mu.Lock()
	defer g.mu.Unlock()
	f := g.tokens[p.Reconnect]
	if f == nil || f.leg.identity.Name != s.identity.Name || f.leg.state == legNew {
		code, message := codeNoReconnect, "the call is over"
		if e, ok := g.ended[p.Reconnect]; ok {
			code, message = e.code, e.message
		}
		s.send(hangup(p.CallSID, code, message))
		return
	}
	if f.session != nil {
		f.session.forget(f)
	}
	f.session = s
	s.forks[f.callSID] = f
	s.send(encode("answer", fields{"callsid": f.callSID, "reconnect": f.token}))
}

// answered is a person accepting a call.
func (g *Gateway) answered(s *session, p payload) {
	g.mu.Lock()
	f := s.forks[p.CallSID]
	if f == nil || f.leg.placed || f.leg.state != legNew || f.media == nil {
		g.mu.Unlock()
		// It crossed our cancel, which the SDK no longer obeys.
		s.send(hangup(p.CallSID, 0, ""))
		return
	}
	l, m := f.leg, f.media
	l.take(f)
	g.mu.Unlock()

	if err := m.accept(p.SDP); err != nil {
		g.fail(l, codeBadRequest, err.Error())
	}
}

// fail ends a leg that has no media path and never will.
func (g *Gateway) fail(l *Leg, code int, why string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if l.state != legTaken {
		return
	}
	l.end(code, why)
	g.events.add(l, func(h Handler) { h.MediaFailed(l, why) })
}

// rejected is a person declining a call, for all devices.
func (g *Gateway) rejected(s *session, p payload) {
	g.mu.Lock()
	defer g.mu.Unlock()
	f := s.forks[p.CallSID]
	if f == nil || f.leg.placed || f.leg.state != legNew {
		return
	}
	l := f.leg
	l.drop(f) // it has ended the call itself
	l.end(0, "")
	g.events.add(l, func(h Handler) { h.Rejected(l) })
}

// hungUp is a browser ending a call. One that still rings goes on ringing, on
// other devices or when this one is back: only reject declines.
func (g *Gateway) hungUp(s *session, p payload) {
	g.mu.Lock()
	defer g.mu.Unlock()
	f := s.forks[p.CallSID]
	if f == nil {
		return
	}
	l := f.leg
	l.drop(f) // it has ended the call itself
	if !l.placed && l.state == legNew {
		return
	}
	l.end(0, "")
	g.events.add(l, func(h Handler) { h.HungUp(l) })
}

// reinvite is a browser restarting ICE after its network has changed.
func (g *Gateway) reinvite(ctx context.Context, s *session, p payload) {
	g.mu.Lock()
	f := s.forks[p.CallSID]
	if f == nil || f.media == nil || f.leg.state == legNew {
		g.mu.Unlock()
		return
	}
	m := f.media
	g.mu.Unlock()

	ctx, cancel := context.WithTimeout(ctx, g.config.MediaTimeout)
	defer cancel()
	sdp, err := m.answer(ctx, p.SDP)
	if err != nil {
		g.log.Warn("restart of media refused", "call", p.CallSID, "err", err)
		return // the SDK tries again; if the path stays down the leg is lost
	}
	s.send(encode("answer", fields{"callsid": p.CallSID, "sdp": sdp}))
}

// typed is keys by signalling, for a browser without telephone-events.
func (g *Gateway) typed(s *session, p payload) {
	digits := strings.Map(func(r rune) rune {
		if strings.ContainsRune("0123456789*#ABCD", r) {
			return r
		}
		return -1 // w is a pause, which has no meaning here
	}, p.DTMF)
	g.mu.Lock()
	defer g.mu.Unlock()
	if f := s.forks[p.CallSID]; f != nil && digits != "" && f.leg.state == legOpen {
		g.events.add(f.leg, func(h Handler) { h.Digits(f.leg, digits) })
	}
}

// mediaEvents connects what happens to a media connection with its fork.
func (g *Gateway) mediaEvents(f *fork) mediaEvents {
	l := f.leg
	return mediaEvents{
		up: func() {
			g.mu.Lock()
			defer g.mu.Unlock()
			if l.state == legTaken {
				l.state, l.heard = legOpen, time.Now()
				g.events.add(l, func(h Handler) { h.Answered(l) })
			}
		},
		digit: func(digit string) {
			g.mu.Lock()
			defer g.mu.Unlock()
			if l.state == legOpen {
				g.events.add(l, func(h Handler) { h.Digits(l, digit) })
			}
		},
	}
}
