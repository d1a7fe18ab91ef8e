// Package browser holds the switchboard's browser legs: the signalling and the
// media that the unmodified @twilio/voice-sdk speaks with Twilio's gateway. It
// knows who is registered and which leg is in which state; what a call is, and
// what its parties hear, is the Handler's business.
package browser

import (
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"time"
)

var (
	// ErrTokenInvalid is what Config.Verify returns, wrapped, for a token that
	// is not well formed or not signed by us.
	ErrTokenInvalid = errors.New("access token invalid")
	// ErrTokenExpired is what Config.Verify returns, wrapped, for a token whose
	// time is over.
	ErrTokenExpired = errors.New("access token expired")
	// ErrNotRegistered is returned by Dial for an identity without a device.
	ErrNotRegistered = errors.New("identity not registered")
)

// Identity is what a verified access token says of its bearer.
type Identity struct {
	Name      string
	Expires   time.Time  // the token is worth nothing from here on
	Incoming  bool       // may register and be called
	AppSID    string     // application that handles calls placed with this token; "" means none may be
	AppParams url.Values // parameters the token adds to such calls
}

// Config configures a Gateway.
type Config struct {
	// Verify checks an access token. Its errors are ErrTokenInvalid and
	// ErrTokenExpired; any other means that authentication failed.
	Verify func(token string) (Identity, error)
	// Handler learns what happens to the legs.
	Handler Handler
	// MediaAddrs are the IPv4 addresses to receive media on, all with the same
	// UDP port; they are told to the browsers. Default: 127.0.0.1.
	MediaAddrs []string
	// MediaPort is the UDP port for the media of all legs; 0 means any.
	MediaPort int
	// PublicIP, if set, is told to the browsers in place of the first of
	// MediaAddrs that is not loopback: the address under which the NAT box in
	// front of us can be reached. It must forward the UDP port unchanged.
	PublicIP string
	// LostCallee and LostCaller tell after which time without any packet or
	// check a leg is lost: one that we called, by default 5 s, and one that
	// called us, by default 40 s.
	LostCallee, LostCaller time.Duration
	// MediaTimeout is how long an accepted leg may be without a media path;
	// default 5 s.
	MediaTimeout time.Duration
	// CheckOrigin tells whether a page may connect; nil means pages of the same
	// host only.
	CheckOrigin func(*http.Request) bool
	// Account is the account sid shown to browsers.
	Account string
	// Logger may be nil: then nobody is told.
	Logger *slog.Logger
}

// Handler learns what happens to legs. Its methods are called one after the
// other, in the order things happened, from a goroutine of the gateway that holds
// no lock. They must not block, and may call the methods of Leg and Gateway.
//
// Rejected, HungUp, Lost and MediaFailed end a leg: at most one of them is called
// for it, it is the last call, and none is called after Leg.Hangup.
type Handler interface {
	// Invited tells that a browser places the call l. The handler answers with
	// l.Ringing and l.Answer, or l.Hangup. params are the browser's own, not
	// yet merged with Identity.AppParams.
	Invited(l *Leg, params url.Values)
	// Answered tells that the media path of l is up after a person has accepted
	// it (dialled) or Leg.Answer was called (placed by the browser): what is
	// played or joined now is heard from its first sample. Once per leg.
	Answered(l *Leg)
	// Rejected tells that a person has declined l on one of the devices.
	Rejected(l *Leg)
	// HungUp tells that the browser ended l.
	HungUp(l *Leg)
	// Lost tells that nothing was heard of l for LostCallee or LostCaller, or
	// that a calling browser went away before it was answered.
	Lost(l *Leg, why string)
	// MediaFailed tells that l was accepted, or answered, and no media path came
	// up within MediaTimeout; why says what was seen, in words.
	MediaFailed(l *Leg, why string)
	// Digits tells which keys were pressed: 0 to 9, *, #, A to D.
	Digits(l *Leg, digits string)
}
