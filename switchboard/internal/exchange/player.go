package exchange

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"warmdesk/switchboard/internal/audio"
	"warmdesk/switchboard/internal/script"
	"warmdesk/switchboard/internal/webhook"
	"warmdesk/twiml"
)

// player performs documents on one call's line: the call's own, or what it hears
// while it waits or is held in a room. It is the script's stage. Run's goroutine
// owns it; what takes time runs elsewhere and comes back with the turn it was
// started in, so that results of a former turn are dropped.
type player struct {
	c        *call
	room     *room // where a wait document is heard; nil for a call's own
	prog     script.Program
	turn     int
	over     bool
	fallback bool // the fallback was asked, and nothing was heard since
	sounded  bool // something was heard
	mute     bool // nothing was, because a sound failed
	pause    *time.Timer
	take     *take           // the <Record> under way
	ctx      context.Context // ends with the player
	cancel   context.CancelFunc
}

func newPlayer(c *call, r *room) *player {
	p := &player{c: c, room: r}
	if r != nil {
		p.prog.Kind = script.Wait
	}
	p.ctx, p.cancel = context.WithCancel(c.x.ctx)
	return p
}

// stop ends the player; the line is silent afterwards.
func (p *player) stop() {
	if p == nil || p.over {
		return
	}
	p.over = true
	p.cancel()
	p.pause = stopTimer(p.pause)
	if p.take != nil {
		p.take.end("")
	}
	if p.c.line != nil {
		p.c.line.Stop()
	}
}

// step performs the next verb.
func (p *player) step() {
	if !p.over {
		p.turn++
		p.prog.Step(p)
	}
}

// perform starts a document.
func (p *player) perform(doc twiml.Document, url, method string) {
	if p.over {
		return
	}
	if err := p.prog.Load(doc, url, method); err != nil {
		p.fail(err, url)
		return
	}
	p.prefetch()
	c := p.c
	if p.room == nil && c.rec.Direction == DirectionInbound && c.rec.Started.IsZero() && !p.prog.Rejects() {
		c.leg.Answer() // the document starts when the media path is up
		return
	}
	p.step()
}

// prefetch fetches the sounds that come later in the document.
func (p *player) prefetch() {
	for i, target := range p.prog.Sounds() {
		if i == maxPrefetch {
			return
		}
		p.c.x.start(func() {
			// Only to have it in the cache; an error shows at its turn.
			_, _ = p.c.x.cfg.Web.Clip(p.ctx, target)
		})
	}
}

// away runs work on a goroutine and then hands its result to then, unless the
// player has moved on meanwhile.
func away[T any](p *player, work func(context.Context) (T, error), then func(T, error)) {
	p.turn++
	turn := p.turn
	p.c.x.start(func() {
		result, err := work(p.ctx)
		p.c.x.post(func() {
			if !p.over && p.turn == turn {
				then(result, err)
			}
		})
	})
}

// Say speaks a text.
func (p *player) Say(text, voice string, loops int) {
	away(p, func(ctx context.Context) (audio.Clip, error) {
		return p.c.x.cfg.Speech.Say(ctx, text, voice)
	}, func(clip audio.Clip, err error) { p.sound(clip, loops, err) })
}

// Play plays a file.
func (p *player) Play(target string, loops int) {
	away(p, func(ctx context.Context) (audio.Clip, error) {
		return p.c.x.cfg.Web.Clip(ctx, target)
	}, func(clip audio.Clip, err error) { p.sound(clip, loops, err) })
}

// sound plays what Say and Play got.
func (p *player) sound(clip audio.Clip, loops int, err error) {
	if err != nil {
		p.c.x.log.Warn("sound failed", "call", p.c.rec.SID, "error", err)
		p.mute = !p.sounded
	}
	if err != nil || len(clip.Samples) == 0 {
		p.step()
		return
	}
	p.heard()
	turn := p.turn
	p.c.line.Play(clip, loops, func() {
		p.c.x.post(func() {
			if p.turn == turn {
				p.step()
			}
		})
	})
}

// heard: the documents lead somewhere.
func (p *player) heard() {
	p.fallback, p.sounded, p.mute = false, true, false
	p.prog.Heard()
}

// music plays the platform's own, for ever.
func (p *player) music() {
	p.turn++
	if music := p.c.x.cfg.Music; len(music.Samples) > 0 {
		p.c.line.Play(music, 0, nil)
	}
}

// Pause is silent for d.
func (p *player) Pause(d time.Duration) {
	p.heard()
	p.c.line.Stop()
	turn := p.turn
	p.pause = p.c.x.after(d, func() {
		if p.turn == turn {
			p.step()
		}
	})
}

// Fetch asks for the next document.
func (p *player) Fetch(target, method string, extra url.Values) {
	if method == "" {
		method = http.MethodPost
	}
	params := p.c.params()
	if p.room != nil {
		params.Set("ConferenceSid", p.room.rec.SID)
		params.Set("FriendlyName", p.room.rec.Name)
	}
	for name, values := range extra {
		params[name] = values
	}
	req := webhook.Request{URL: target, Method: method, Params: params}
	away(p, func(ctx context.Context) (twiml.Document, error) {
		return p.c.x.cfg.Web.Document(ctx, req)
	}, func(doc twiml.Document, err error) {
		if err != nil {
			p.fail(err, target)
			return
		}
		p.perform(doc, target, method)
	})
}

// fail deals with a document that cannot go on.
func (p *player) fail(err error, target string) {
	if p.room != nil {
		p.c.x.log.Warn("wait document failed, music instead", "call", p.c.rec.SID, "url", target, "error", err)
		p.music()
		return
	}
	p.c.trouble(err, target)
}

// Dial enters a conference.
func (p *player) Dial(d twiml.Dial) { p.c.enter(d) }

// Hangup ends the call.
func (p *player) Hangup() { p.c.end(outcomeFinished) }

// Reject refuses an incoming call that was not answered.
func (p *player) Reject(reason string) {
	if !p.c.rec.Started.IsZero() {
		p.c.end(outcomeFinished)
		return
	}
	p.c.end(rejectOutcome(reason))
}

// Finished ends a call whose document has run out. A waiting participant hears
// silence from here on, unless that is all it would have heard.
func (p *player) Finished() {
	switch {
	case p.room == nil:
		p.c.end(outcomeFinished)
	case p.mute:
		p.music()
	}
}

// Failed deals with a verb that cannot be performed.
func (p *player) Failed(code int, target, why string) {
	p.fail(&webhook.Error{Code: code, URL: target, Err: errors.New(why)}, target)
}

// codeOf finds Twilio's number of a document's failure.
func codeOf(err error) int {
	if we, ok := errors.AsType[*webhook.Error](err); ok {
		return we.Code
	}
	if te, ok := errors.AsType[*twiml.Error](err); ok {
		return te.Code
	}
	return webhook.CodeHTTP
}
