package conference

import (
	"slices"

	"warmdesk/switchboard/internal/audio"
)

// silence is what a line hears when there is nothing to hear. It is never
// written to.
var silence audio.Frame

// bucket is the lines that are moved together: by one worker, at one place in
// the period.
type bucket struct {
	lines    int // all of them, those in rooms too
	solo     []*Line
	rooms    []*room
	finished []func()
	scratch  audio.Frame
	coaching audio.Frame // what a party hears who is coached
	both     audio.Frame // what a party says and hears, for taps
	mix      mixer
}

// room is a set of lines that hear each other.
type room struct {
	name    string
	bucket  *bucket
	members []*Line
}

func (b *bucket) addSolo(l *Line) {
	l.bucket = b
	b.solo = append(b.solo, l)
	b.lines++
}

func (b *bucket) removeSolo(l *Line) {
	b.solo = without(b.solo, l)
	b.lines--
}

func (b *bucket) removeRoom(r *room) { b.rooms = without(b.rooms, r) }

func (r *room) remove(l *Line) { r.members = without(r.members, l) }

// without removes v from s, which must hold it, keeping no reference to it.
func without[T comparable](s []T, v T) []T {
	i := slices.Index(s, v)
	return slices.Delete(s, i, i+1)
}

// move gives and takes one frame of every line in the bucket.
func (b *bucket) move() {
	for _, l := range b.solo {
		l.read() // for a tape at most: the party is in no mix
		if l.tape != nil {
			l.tape.Hear(spoken(&l.in, l.heard))
		}
		b.tap(l, b.play(l))
	}
	for _, r := range b.rooms {
		b.moveRoom(r)
	}
}

// spoken is what a party said in this period.
func spoken(f *audio.Frame, heard bool) *audio.Frame {
	if !heard {
		return &silence
	}
	return f
}

func (b *bucket) moveRoom(r *room) {
	b.mix.reset()
	coaches := false
	for _, l := range r.members {
		l.read()
		l.talks = l.heard && !l.muted && !l.held
		switch {
		case l.talks && l.coached != nil:
			coaches = true
		case l.talks:
			b.mix.add(&l.in)
		}
	}
	for _, l := range r.members {
		if l.held {
			b.tap(l, b.play(l))
			continue
		}
		frame := b.mix.all()
		if l.talks && l.coached == nil {
			frame = b.mix.others(&l.in)
		}
		if coaches {
			frame = b.coached(r, l, frame)
		}
		l.port.Write(frame)
		b.tap(l, frame)
	}
}

// coached adds to what l hears of the room the voices of those who coach it.
func (b *bucket) coached(r *room, l *Line, frame *audio.Frame) *audio.Frame {
	for _, o := range r.members {
		if o.coached != l.port || !o.talks || o == l {
			continue
		}
		for i, v := range frame {
			b.coaching[i] = audio.Clamp(int32(v) + int32(o.in[i]))
		}
		frame = &b.coaching
	}
	return frame
}

// tap lets whoever taps a line hear what its party says and hears.
func (b *bucket) tap(l *Line, out *audio.Frame) {
	if len(l.taps) == 0 {
		return
	}
	frame := out
	if l.heard {
		for i, v := range out {
			b.both[i] = audio.Clamp(int32(v) + int32(l.in[i]))
		}
		frame = &b.both
	}
	for _, t := range l.taps {
		t.Hear(frame)
	}
}

// play lets l hear the next frame of its clip, and returns it.
func (b *bucket) play(l *Line) *audio.Frame {
	frame, done := l.player.next(&b.scratch)
	l.port.Write(frame)
	if done != nil {
		b.finished = append(b.finished, done)
	}
	return frame
}
