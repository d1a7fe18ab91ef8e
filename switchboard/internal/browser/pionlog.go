package browser

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/pion/logging"
)

// pionLog takes what pion has to say to our logger, two levels lower: what is an
// error to a protocol stack (a packet that could not be sent, a peer that talks
// nonsense) is daily life to a server on the internet, and its warnings are for
// people who debug it.
type pionLog struct {
	log *slog.Logger
}

// NewLogger is part of logging.LoggerFactory.
func (p pionLog) NewLogger(scope string) logging.LeveledLogger {
	return pionLog{p.log.With("pion", scope)}
}

func (p pionLog) say(level slog.Level, message string) {
	p.log.Log(context.Background(), level, message)
}

func (p pionLog) sayf(level slog.Level, format string, args []any) {
	if p.log.Enabled(context.Background(), level) {
		p.say(level, fmt.Sprintf(format, args...))
	}
}

// The rest of this file is logging.LeveledLogger.

func (p pionLog) Error(m string)            { p.say(slog.LevelInfo, m) }
func (p pionLog) Errorf(f string, a ...any) { p.sayf(slog.LevelInfo, f, a) }
func (p pionLog) Warn(m string)             { p.say(slog.LevelDebug, m) }
func (p pionLog) Warnf(f string, a ...any)  { p.sayf(slog.LevelDebug, f, a) }

func (pionLog) Info(string)           {}
func (pionLog) Infof(string, ...any)  {}
func (pionLog) Debug(string)          {}
func (pionLog) Debugf(string, ...any) {}
func (pionLog) Trace(string)          {}
func (pionLog) Tracef(string, ...any) {}
