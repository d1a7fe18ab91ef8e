package console_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"warmdesk/agent"
)

// pipes is a listener whose connections have no room for what is not read: whoever
// does not read is noticed with the first byte.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error { close(p.closed); return nil }

func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)} }

// serverEnd tells when the server has given the connection up.
type serverEnd struct {
	net.Conn
	once sync.Once
	gone chan struct{}
}

func (c *serverEnd) RemoteAddr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 9} }

func (c *serverEnd) Close() error {
	c.once.Do(func() { close(c.gone) })
	return c.Conn.Close()
}

// A page that does not read is cut off after 5 s. Others do not wait for it.
func TestASlowPageIsCutOff(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	listener := &pipes{make(chan net.Conn), make(chan struct{})}
	server := &http.Server{Handler: w.handler, BaseContext: func(net.Listener) context.Context { return ctx }}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	defer func() {
		server.Close()
		if err := <-served; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	}()
	ours, theirs := net.Pipe()
	end := &serverEnd{Conn: theirs, gone: make(chan struct{})}
	transport := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return ours, nil }}
	defer transport.CloseIdleConnections()
	go func() { listener.conns <- end }()
	slow, _, err := websocket.Dial(ctx, w.url+"/api/agents/agent1/stream", &websocket.DialOptions{
		HTTPHeader: http.Header{"Origin": {w.url}}, HTTPClient: &http.Client{Transport: transport},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer slow.CloseNow()
	say(ctx, t, slow, `{"type":"hello","page":"p1"}`)
	hear(ctx, t, slow)
	quick, _, err := websocket.Dial(ctx, w.url+"/api/agents/agent2/stream", &websocket.DialOptions{HTTPHeader: http.Header{"Origin": {w.url}}})
	if err != nil {
		t.Fatal(err)
	}
	defer quick.CloseNow()
	say(ctx, t, quick, `{"type":"hello","page":"p2"}`)
	say(ctx, t, quick, `{"type":"device","registered":true}`)

	begun := time.Now()
	for n, presence := range []agent.Presence{agent.Available, agent.Away, agent.Available, agent.Offline} {
		if err := w.desk.SetPresence(ctx, "agent2", presence, ""); err != nil {
			t.Fatal(err)
		}
		waitFor(ctx, t, quick, func(m message) bool { return m.Presence == string(presence) })
		if took := time.Since(begun); took > 2*time.Second {
			t.Errorf("the other page has waited %v for change %d", took, n)
		}
	}
	select {
	case <-end.gone:
	case <-ctx.Done():
		t.Fatal("the slow page is still connected")
	}
	if took := time.Since(begun); took < 4*time.Second || took > 9*time.Second {
		t.Errorf("the slow page was cut off after %v", took)
	}
}
