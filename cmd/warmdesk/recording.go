package main

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/settings"
)

// recordingSettings are what is recorded of calls. Whether the law allows it, and
// what callers must be told, is for whoever turns it on to know.
type recordingSettings struct {
	Recording    string `env:"RECORDING" enum:"on,off" default:"off" help:"on: conversations are recorded, after an announcement; an agent can pause and stop it."`
	Announcement string `env:"RECORDING_ANNOUNCEMENT" help:"What callers are told before anything is recorded. Default: This call may be recorded."`
	Retention    string `env:"RECORDING_RETENTION" default:"30d" help:"How long recordings and messages are kept, here and at the carrier: 30d, 12h; 0: for ever. Those of open tasks are kept until they are done."`
	CallsFor     string `env:"CALL_RETENTION" default:"0" help:"How long names, numbers and notes are kept with calls: 365d; 0: for ever. Figures stay."`
}

// check names what is wrong.
func (r *recordingSettings) check() error {
	if n := utf8.RuneCountInString(r.Announcement); n > settings.MostAnnounced {
		return wrong("RECORDING_ANNOUNCEMENT has %d characters; %d are the most, because callers hear it before anybody can answer", n, settings.MostAnnounced)
	}
	for name, text := range map[string]string{"RECORDING_RETENTION": r.Retention, "CALL_RETENTION": r.CallsFor} {
		if _, ok := span(text); !ok {
			return wrong("%s is %q; it must be a time like 30d or 12h, or 0 for ever", name, text)
		}
	}
	return nil
}

// span reads a time like 30d or 12h.
func span(text string) (time.Duration, bool) {
	if days, ok := strings.CutSuffix(text, "d"); ok {
		n, err := strconv.Atoi(days)
		return time.Duration(n) * 24 * time.Hour, err == nil && n >= 0 && n <= mostDays
	}
	d, err := time.ParseDuration(text)
	return d, err == nil && d >= 0
}

// mostDays is a hundred years.
const mostDays = 36500

// newKeeper makes what deletes that which is not to be kept, at the carrier and in
// the store.
func (a *app) newKeeper(remover desk.Remover) *desk.Keeper {
	return desk.NewKeeper(desk.KeeperConfig{
		Archive: a.store, Remover: remover, Account: a.carrier.account, Logger: a.log,
		Keep: func() (recordings, calls time.Duration) {
			set := a.settings.Now().Document.Recording
			return settings.Days(set.KeepDays), settings.Days(set.CallDays)
		},
		Erased: func(ids []call.ID) { a.desk.Forget(ids); a.recent.Forget() }, // there is a desk by then
	})
}
