package browser

import (
	"context"
	"net/http"
	"net/url"

	"warmdesk/switchboard/internal/conference"
)

type Gateway struct{}
type Leg struct{}

func New(c Config) (*Gateway, error)                                { panic("to come") }
func (g *Gateway) Run(ctx context.Context) error                    { panic("to come") }
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) { panic("to come") }
func (g *Gateway) Registered(identity string) bool                  { panic("to come") }
func (g *Gateway) Dial(sid, identity string, parameters map[string]string, custom url.Values) (*Leg, error) {
	panic("to come")
}
func (l *Leg) SID() string                     { panic("to come") }
func (l *Leg) Identity() Identity              { panic("to come") }
func (l *Leg) Port() conference.Port           { panic("to come") }
func (l *Leg) Ringing(sid string)              { panic("to come") }
func (l *Leg) Answer()                         { panic("to come") }
func (l *Leg) Hangup(code int, message string) { panic("to come") }
