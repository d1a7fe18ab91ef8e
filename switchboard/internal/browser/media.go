package browser

import (
	"context"
	"sync/atomic"
	"time"

	"warmdesk/switchboard/internal/audio"
	"warmdesk/switchboard/internal/conference"
)

// network makes media connections. The gateway knows WebRTC only through it and
// media, so that another stack can take pion's place.
type network interface {
	// open makes a connection, which tells events what happens to it.
	open(events mediaEvents) (media, error)
	// addresses returns where browsers are told to send to.
	addresses() []string
	// close frees the sockets, after all connections are closed.
	close() error
}

// media is the audio connection with one browser.
type media interface {
	conference.Port
	// offer returns our description, with all candidates in it.
	offer(ctx context.Context) (sdp string, err error)
	// accept takes the browser's answer to our offer.
	accept(sdp string) error
	// answer takes the browser's offer, its first or a later one that restarts
	// ICE, and returns our answer with all candidates in it.
	answer(ctx context.Context, offer string) (sdp string, err error)
	// heard returns when the last packet or connectivity check came; the zero
	// time if none has.
	heard() time.Time
	// trouble says in words what is known of a path that has not come up.
	trouble() string
	// close ends the connection and waits for its goroutines. It must not be
	// called from within an event.
	close()
}

// mediaEvents is what a connection reports, from goroutines of its own.
type mediaEvents struct {
	up    func()             // the path is up, encrypted; once
	digit func(digit string) // a key was pressed
}

// seat is the port of a leg: its media connection once there is one, a silent
// party before and after.
type seat struct {
	media atomic.Pointer[media]
}

func (s *seat) connect(m media) { s.media.Store(&m) }

func (s *seat) disconnect() { s.media.Store(nil) }

func (s *seat) Read(f *audio.Frame) bool {
	m := s.media.Load()
	return m != nil && (*m).Read(f)
}

func (s *seat) Write(f *audio.Frame) {
	if m := s.media.Load(); m != nil {
		(*m).Write(f)
	}
}
