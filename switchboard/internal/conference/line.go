package conference

import (
	"slices"

	"warmdesk/switchboard/internal/audio"
)

// Line is a party's seat in the engine. Its methods may be called from any
// goroutine and return at once; what they ask for happens between two periods,
// in the order of the calls, also across lines. So two commands given one after
// the other are never heard in the wrong order. After Close they do nothing.
type Line struct {
	engine *Engine
	port   Port

	// What follows belongs to whoever runs the line's bucket.
	bucket  *bucket
	room    *room
	closed  bool
	muted   bool
	held    bool
	coached Port        // who alone hears the line; nil: everybody in the room does
	talks   bool        // in is to be heard in this period
	in      audio.Frame // what the party said in this period
	voice   []int16     // said in the party's place, still to come
	player  player
	tape    Tape   // nil: nobody takes down what the party says
	heard   bool   // in is something that the party said in this period
	taps    []Tape // hear all that goes over the line
}

// Tape takes down sound: what a party says, or all that goes over its line.
type Tape interface {
	// Hear gets the next 20 ms, silence too. As a Port's methods it may
	// neither block nor allocate, nor keep f, and may still be called once just
	// after Record has ended.
	Hear(f *audio.Frame)
}

// Open gives p a line. It hears silence until told otherwise.
func (e *Engine) Open(p Port) *Line {
	l := &Line{engine: e, port: p}
	e.post(func() {
		e.lines++
		l.bucket = e.leastLoaded()
		l.bucket.addSolo(l)
	})
	return l
}

func (l *Line) post(do func()) {
	l.engine.post(func() {
		if !l.closed {
			do()
		}
	})
}

// Play lets the line hear c, loops times without a gap between them, 0 meaning
// for ever. It replaces what was playing. A line in the mix does not hear it: the
// clip waits at its place until the line is held or has left the room.
//
// done, which may be nil, is called when the clip has come to its end by itself,
// not when it was stopped or replaced. It is called once, from a goroutine of the
// engine that holds no lock, and should return soon: others wait behind it.
func (l *Line) Play(c audio.Clip, loops int, done func()) {
	l.post(func() {
		l.player = player{samples: c.Samples, loops: loops, playing: true, done: done}
	})
}

// Stop ends what plays; the line hears silence.
func (l *Line) Stop() {
	l.post(func() { l.player = player{} })
}

// Record lets t hear what the party says while it is in no room, in place of the
// tape that did so far; nil ends it.
func (l *Line) Record(t Tape) {
	l.post(func() { l.tape = t })
}

// Tap lets t hear what goes over the line, wherever it is: what the party says and
// what it hears, together. Untap ends it.
func (l *Line) Tap(t Tape) {
	l.post(func() { l.taps = append(l.taps, t) })
}

// Untap ends what Tap began for t.
func (l *Line) Untap(t Tape) {
	l.post(func() { l.taps = slices.DeleteFunc(l.taps, func(o Tape) bool { return o == t }) })
}

// speakLimit is how many samples may wait to be said in a party's place: 10 s.
const speakLimit = 10 * audio.Rate

// Speak says c in the party's place, once what was given before has been said. Where
// 10 s wait already, c is dropped.
func (l *Line) Speak(c audio.Clip) {
	l.post(func() {
		if len(l.voice) < speakLimit {
			l.voice = slices.Concat(l.voice, c.Samples)
		}
	})
}

// read takes what the party says, or what is said in its place.
func (l *Line) read() {
	l.heard = l.port.Read(&l.in)
	if len(l.voice) == 0 {
		return
	}
	n := copy(l.in[:], l.voice)
	clear(l.in[n:])
	if l.voice = l.voice[n:]; len(l.voice) == 0 {
		l.voice = nil // so that it can be freed
	}
	l.heard = true
}

// Join puts the line into the room of that name, which exists while somebody is
// in it: the line hears everybody else in the room and is heard by them. A line
// that is in another room leaves that one in the same moment.
func (l *Line) Join(name string) {
	l.post(func() {
		if l.room != nil && l.room.name == name {
			return
		}
		l.exit()
		l.enter(name)
	})
}

// Leave takes the line out of its room.
func (l *Line) Leave() {
	l.post(func() {
		if l.room == nil {
			return
		}
		l.exit()
		l.bucket = l.engine.leastLoaded()
		l.bucket.addSolo(l)
	})
}

// Mute decides whether the line is heard in its room. It hears the room anyway.
func (l *Line) Mute(on bool) {
	l.post(func() { l.muted = on })
}

// Hold takes the line out of the mix in both directions while it keeps its seat
// in the room: it hears only what Play gives it.
func (l *Line) Hold(on bool) {
	l.post(func() { l.held = on })
}

// Coach lets nobody but the party p hear the line, and p only while both are in one
// room; nil: everybody in the room hears it again. What the line hears stays as it is.
func (l *Line) Coach(p Port) {
	l.post(func() { l.coached = p })
}

// Close gives the line up.
func (l *Line) Close() {
	l.post(func() {
		l.exit()
		l.closed = true
		l.player, l.voice, l.tape, l.taps, l.coached = player{}, nil, nil, nil, nil
		l.engine.lines--
	})
}

// exit takes the line out of its room, or out of those without one; it is then in
// no bucket.
func (l *Line) exit() {
	b := l.bucket
	l.bucket = nil
	if l.room == nil {
		b.removeSolo(l)
		return
	}
	r := l.room
	l.room = nil
	r.remove(l)
	b.lines--
	if len(r.members) == 0 {
		b.removeRoom(r)
		delete(l.engine.rooms, r.name)
	}
}

func (l *Line) enter(name string) {
	r := l.engine.rooms[name]
	if r == nil {
		r = &room{name: name, bucket: l.engine.leastLoaded()}
		r.bucket.rooms = append(r.bucket.rooms, r)
		l.engine.rooms[name] = r
	}
	l.room, l.bucket = r, r.bucket
	r.members = append(r.members, l)
	r.bucket.lines++
}
