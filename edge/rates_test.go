package edge

import (
	"fmt"
	"net"
	"testing"
	"time"
)

func TestRates(t *testing.T) {
	now := time.Now()
	r := NewRates(Rate{Burst: 2, Every: time.Minute})
	for i, want := range []time.Duration{0, 0, time.Minute, time.Minute} {
		if got := r.take("a", now); got != want {
			t.Errorf("turn %d waits %v", i+1, got)
		}
	}
	if got := r.take("b", now); got != 0 {
		t.Errorf("another key waits %v", got)
	}
	if got := r.take("a", now.Add(time.Minute)); got != 0 {
		t.Errorf("a minute later it waits %v: asking in vain must cost nothing", got)
	}
}

// However many keys come, what is remembered is bounded, and who keeps coming is
// not forgotten.
func TestRatesForgetTheUnused(t *testing.T) {
	now := time.Now()
	r := NewRates(Rate{Burst: 1, Every: time.Hour})
	r.take("busy", now)
	for i := range 5 * mostKeys {
		r.take(fmt.Sprint(i), now)
		if i%1000 == 0 && r.take("busy", now) == 0 {
			t.Fatalf("forgotten after %d others", i)
		}
	}
	if n := len(r.young) + len(r.old); n > 2*mostKeys {
		t.Errorf("%d keys are remembered", n)
	}
	if r.take("0", now) != 0 {
		t.Error("a key is remembered for ever")
	}
}

func TestCounts(t *testing.T) {
	c := NewCounts(2)
	first, _ := c.Enter("a")
	if _, ok := c.Enter("a"); !ok {
		t.Error("the second is not let in")
	}
	if _, ok := c.Enter("a"); ok {
		t.Error("the third is let in")
	}
	first()
	first()
	if _, ok := c.Enter("a"); !ok {
		t.Error("nobody is let in after one has left")
	}
	if _, ok := c.Enter("a"); ok {
		t.Error("leaving twice made two places")
	}
}

// away is a connection that says it comes from elsewhere.
type away struct {
	net.Conn
	from string
}

func (a away) RemoteAddr() net.Addr { at, _ := net.ResolveTCPAddr("tcp", a.from); return at }

type queue chan net.Conn

func (q queue) Accept() (net.Conn, error) {
	c, ok := <-q
	if !ok {
		return nil, net.ErrClosed
	}
	return c, nil
}
func (queue) Close() error   { return nil }
func (queue) Addr() net.Addr { return nil }

func TestConnectionsPerAddress(t *testing.T) {
	e := testEdge(t, nil, "10.0.0.1")
	incoming := make(queue, 10)
	l := e.Listen(incoming, 1)
	open := func(from string) (theirs net.Conn) {
		ours, theirs := net.Pipe()
		incoming <- away{ours, from}
		return theirs
	}
	accept := func() string {
		t.Helper()
		c, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		return c.RemoteAddr().String()
	}
	open("203.0.113.7:1")
	kept, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	cut := open("203.0.113.7:2")
	for _, from := range []string{"203.0.113.8:1", "10.0.0.1:1", "10.0.0.1:2", "127.0.0.1:1", "127.0.0.1:2"} {
		open(from)
		if got := accept(); got != from {
			t.Errorf("accepted %s; want %s", got, from)
		}
	}
	if _, err := cut.Read(make([]byte, 1)); err == nil {
		t.Error("the second connection of an address is open")
	}
	kept.Close()
	kept.Close()
	open("203.0.113.7:3")
	if got := accept(); got != "203.0.113.7:3" {
		t.Errorf("accepted %s after one was closed", got)
	}
}
