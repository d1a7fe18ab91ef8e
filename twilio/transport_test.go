package twilio

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

// path is the network between a client and a server; it can forget the connections
// there are, as a router does that has lost its tables.
type path struct {
	net.Listener
	to string

	mu    sync.Mutex
	dead  chan struct{} // closed: what came before goes nowhere
	conns []net.Conn
}

func newPath(t *testing.T, to string) *path {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &path{Listener: l, to: to, dead: make(chan struct{})}
	var all sync.WaitGroup
	all.Go(func() { p.run(t, &all) })
	t.Cleanup(func() {
		l.Close()
		p.mu.Lock()
		for _, c := range p.conns {
			c.Close()
		}
		p.mu.Unlock()
		all.Wait()
	})
	return p
}

func (p *path) run(t *testing.T, all *sync.WaitGroup) {
	for {
		near, err := p.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("tcp", p.to)
		if err != nil {
			t.Error(err)
			return
		}
		p.mu.Lock()
		p.conns = append(p.conns, near, far)
		dead := p.dead
		p.mu.Unlock()
		for _, way := range [][2]net.Conn{{near, far}, {far, near}} {
			all.Go(func() { carry(way[0], way[1], dead) })
		}
	}
}

func carry(from io.Reader, to io.Writer, dead <-chan struct{}) {
	b := make([]byte, 4096)
	for {
		n, err := from.Read(b)
		if err != nil {
			return
		}
		select {
		case <-dead:
			continue // swallowed, without a word to either end
		default:
		}
		if _, err := to.Write(b[:n]); err != nil {
			return
		}
	}
}

func (p *path) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	close(p.dead)
	p.dead = make(chan struct{})
}

// A connection of which the network knows nothing any more is given up, and the
// requests after it take another.
func TestDeadConnectionIsGivenUp(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor != 2 {
			t.Errorf("spoken: %s", r.Proto)
		}
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `{"sid":"CA1"}`)
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	way := newPath(t, server.Listener.Addr().String())
	transport := newTransport(50*time.Millisecond, 50*time.Millisecond)
	transport.TLSClientConfig = &tls.Config{RootCAs: server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs, ServerName: "example.com"}
	defer transport.CloseIdleConnections()
	c, err := NewClient(Config{AccountSID: "AC1", Password: "x", BaseURL: "https://" + way.Addr().String(), HTTP: &http.Client{Transport: transport}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.FetchCall(t.Context(), "CA1"); err != nil {
		t.Fatal(err)
	}
	way.forget()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	begun := time.Now()
	for {
		_, err := c.FetchCall(ctx, "CA1")
		if err == nil {
			break
		}
		if errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("still asked for on the dead connection: %v", err)
		}
	}
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("given up after %v", took)
	}
}
