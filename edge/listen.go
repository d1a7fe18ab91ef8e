package edge

import (
	"net"
	"net/netip"
	"sync"
)

// Listen bounds how many connections one address has at a time: the next one is
// closed unread. Trusted proxies and this computer are not bounded; they speak for
// others.
func (e *Edge) Listen(l net.Listener, most int) net.Listener {
	return &bounded{Listener: l, edge: e, counts: NewCounts(most)}
}

type bounded struct {
	net.Listener
	edge   *Edge
	counts *Counts
}

// Accept implements net.Listener.
func (b *bounded) Accept() (net.Conn, error) {
	for {
		conn, err := b.Listener.Accept()
		if err != nil {
			return nil, err
		}
		addr := connAddr(conn)
		if addr.IsLoopback() || b.edge.cfg.Proxies.Contains(addr) {
			return conn, nil
		}
		if leave, ok := b.counts.Enter(key(addr)); ok {
			return &counted{Conn: conn, leave: leave}, nil
		}
		conn.Close()
	}
}

func connAddr(conn net.Conn) netip.Addr {
	addr, _ := parseAddr(conn.RemoteAddr().String())
	return addr
}

// counted counts itself out when it is closed.
type counted struct {
	net.Conn
	once  sync.Once
	leave func()
}

// Close implements net.Conn.
func (c *counted) Close() error {
	c.once.Do(c.leave)
	return c.Conn.Close()
}
