package browser

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
)

const (
	// heartbeatTime is how often we send a heartbeat; the SDK drops a socket
	// after 15 s without any frame.
	heartbeatTime = 5 * time.Second
	// silenceLimit is how long a browser may say nothing: it has then missed
	// three heartbeats.
	silenceLimit = 16 * time.Second
	// listenLimit is how long a socket may stay without a valid token.
	listenLimit = 5 * time.Second
	// writeLimit is how long one frame may take on its way out.
	writeLimit = 5 * time.Second
	// outLimit is how many frames may wait for a slow browser before it is cut.
	outLimit = 64
)

// session is one socket of a browser, that is of one SDK Device.
type session struct {
	gateway *Gateway
	conn    *websocket.Conn
	cut     context.CancelCauseFunc
	out     chan []byte  // frames to send; nil closes the socket after those before it
	heard   atomic.Int64 // when the last frame came, Unix nanoseconds

	// The rest is guarded by Gateway.mu.
	identity   Identity // of the last valid token; Name is "" before the first
	registered bool
	expired    bool             // told that its token has expired
	forks      map[string]*fork // by every call sid the browser may use
}

var errSlow = errors.New("the browser does not take what it is sent")

// ServeHTTP serves the SDK's socket, GET /signal, until it closes.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	options := &websocket.AcceptOptions{}
	if g.config.CheckOrigin != nil {
		if !g.config.CheckOrigin(r) {
			http.Error(w, "origin not allowed", http.StatusForbidden)
			return
		}
		options.InsecureSkipVerify = true // it has just been verified
	}
	if !g.begin() {
		http.Error(w, "shutting down", http.StatusServiceUnavailable)
		return
	}
	defer g.running.Done()
	conn, err := websocket.Accept(w, r, options)
	if err != nil {
		g.log.Debug("signalling socket refused", "err", err)
		return // Accept has answered
	}
	defer conn.CloseNow()
	conn.SetReadLimit(maxListen)
	ctx, cut := context.WithCancelCause(context.WithoutCancel(r.Context()))
	defer cut(nil)
	s := &session{gateway: g, conn: conn, cut: cut, out: make(chan []byte, outLimit), forks: make(map[string]*fork)}
	s.heard.Store(time.Now().UnixNano())
	if !g.addSession(s) {
		return
	}
	written := make(chan struct{})
	go func() {
		defer close(written)
		cut(s.write(ctx))
	}()
	err = s.read(ctx)
	cut(err)
	<-written
	g.dropSession(s)
	g.log.Debug("signalling socket closed", "identity", s.identity.Name, "err", context.Cause(ctx))
}

// send queues a frame. A browser that does not take them fast enough is cut: it
// comes back and is told the present state, while waiting for it would hold up
// everybody else.
func (s *session) send(frame []byte) {
	select {
	case s.out <- frame:
	default:
		s.cut(errSlow)
	}
}

// finish closes the socket after what was sent before.
func (s *session) finish() { s.send(nil) }

func (s *session) fail(code int, message string) {
	s.send(encode("error", fields{"error": failure(code, message)}))
}

func (s *session) write(ctx context.Context) error {
	beat := time.NewTicker(heartbeatTime)
	defer beat.Stop()
	for {
		frame := []byte(heartbeat)
		select {
		case frame = <-s.out:
			if frame == nil {
				return s.conn.Close(websocket.StatusNormalClosure, "")
			}
		case <-beat.C:
			if time.Since(time.Unix(0, s.heard.Load())) > silenceLimit {
				return errors.New("the browser is silent")
			}
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		if err := s.writeFrame(ctx, frame); err != nil {
			return err
		}
	}
}

func (s *session) writeFrame(ctx context.Context, frame []byte) error {
	ctx, cancel := context.WithTimeout(ctx, writeLimit)
	defer cancel()
	return s.conn.Write(ctx, websocket.MessageText, frame)
}

// read handles the browser's frames in their order until the socket ends.
func (s *session) read(ctx context.Context) error {
	late := time.AfterFunc(listenLimit, func() { s.cut(errors.New("no token in time")) })
	defer late.Stop()
	for {
		kind, frame, err := s.conn.Read(ctx)
		if err != nil {
			return err
		}
		s.heard.Store(time.Now().UnixNano())
		if kind == websocket.MessageText && string(frame) == heartbeat {
			continue
		}
		message, err := parse(frame)
		if err != nil {
			return err
		}
		if message.Type == "listen" {
			if s.listen(message.Payload.Token) {
				late.Stop()
				s.conn.SetReadLimit(maxMessage)
			}
			continue
		}
		// The SDK sends what it had queued right behind listen. Frames are
		// handled in order, so the token has been judged by now.
		if !s.authorised() {
			s.fail(codeTokenInvalid, "no valid token yet")
			continue
		}
		s.handle(ctx, message)
	}
}

func (s *session) handle(ctx context.Context, m received) {
	g := s.gateway
	switch m.Type {
	case "register":
		if m.Payload.Media.Audio {
			g.register(s)
		} else {
			g.unregister(s)
		}
	case "invite":
		if m.Payload.Reconnect != "" {
			g.reconnect(s, m.Payload)
		} else {
			g.invite(ctx, s, m.Payload)
		}
	case "answer":
		g.answered(s, m.Payload)
	case "reject":
		g.rejected(s, m.Payload)
	case "hangup":
		g.hungUp(s, m.Payload)
	case "reinvite":
		g.reinvite(ctx, s, m.Payload)
	case "dtmf":
		g.typed(s, m.Payload)
	case "message":
		// User-defined messages belong to Twilio's own services.
		s.send(encode("error", fields{
			"error":   failure(codeBadRequest, "call messages are not supported"),
			"callsid": m.Payload.CallSID, "voiceeventsid": m.Payload.EventSID,
		}))
	default:
		g.log.Debug("signalling frame of unknown type", "type", m.Type)
	}
}

// listen judges a token, the first one or a fresh one for the same socket.
func (s *session) listen(token string) bool {
	g := s.gateway
	identity, err := g.config.Verify(token)
	if err == nil && identity.Name == "" {
		err = ErrTokenInvalid
	}
	if err != nil {
		code, text := codeUnauthenticated, "authentication failed"
		switch {
		case errors.Is(err, ErrTokenInvalid):
			code, text = codeTokenInvalid, "access token invalid"
		case errors.Is(err, ErrTokenExpired):
			code, text = codeTokenExpired, "access token expired"
		}
		g.log.Info("access token refused", "err", err)
		// error alone would leave the SDK's register() pending for ever.
		s.fail(code, text)
		s.send(encode("close", nil))
		s.finish()
		return false
	}
	g.identify(s, identity)
	ttl := max(0, int(time.Until(identity.Expires).Seconds()))
	s.send(encode("connected", fields{"token": fields{"identity": identity.Name, "ttl": ttl}}))
	return true
}

// authorised tells whether s has shown a valid token.
func (s *session) authorised() bool {
	s.gateway.mu.Lock()
	defer s.gateway.mu.Unlock()
	return s.identity.Name != ""
}
