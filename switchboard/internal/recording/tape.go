package recording

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"warmdesk/switchboard/internal/audio"
	"warmdesk/twilio"
)

const (
	// speechFrames is how many frames of speech are a message and not a click: 100 ms.
	speechFrames = 5
	// margin is how much silence trimming leaves at both ends, in frames: 200 ms.
	margin = 10
)

// queued is how many frames wait for the disk: 10 s. What is said while as many
// wait is lost.
const queued = 500

// chunk is how many frames are written at once: a second.
const chunk = 50

// Options say how to record.
type Options struct {
	SID, CallSID string
	// Silence is how long nothing must be said for Quiet to be called.
	Silence time.Duration
	// Quiet is called once, from a goroutine of the tape.
	Quiet func()
	// Trim leaves out the silence at both ends.
	Trim bool
	// Whole: everything is taken down, silence too, and kept however little it is.
	Whole bool
	// Source, Callback and Method go into the Recording.
	Source, Callback, Method string
}

// Tape takes down what one party says. The sound is handed to a goroutine that
// writes it: nobody who moves sound waits for a disk.
type Tape struct {
	store *Store
	opts  Options
	rec   Recording

	frames chan audio.Frame
	lost   atomic.Int64  // frames that the queue had no room for
	paused atomic.Int32  // a pause
	stop   chan struct{} // closed by Close
	once   sync.Once
	ended  chan struct{} // closed by the writer

	// What follows belongs to the writer until ended is closed.
	file    *os.File
	err     error // the first one; nothing is written after it
	buffer  []byte
	lead    []audio.Frame // silence before the first word, of which margin is kept
	written int64         // samples in the file
	kept    int64         // samples up to the last word and its margin
	spoken  int           // frames of speech
	quiet   int           // frames since the last speech
	told    bool          // Quiet was called
}

// Start begins a recording and returns at once. The tape must be closed.
func (s *Store) Start(o Options) *Tape {
	now := time.Now()
	t := &Tape{
		store: s, opts: o, rec: Recording{
			SID: o.SID, CallSID: o.CallSID, Status: twilio.RecordingInProgress, Started: now, Updated: now,
			Source: o.Source, Callback: o.Callback, Method: o.Method,
		},
		frames: make(chan audio.Frame, queued), stop: make(chan struct{}), ended: make(chan struct{}),
	}
	s.set(t.rec)
	go t.run()
	return t
}

// Hear takes the next 20 ms. It never waits and does not allocate, and may still
// be called after Close.
func (t *Tape) Hear(f *audio.Frame) {
	switch t.paused.Load() {
	case skipping:
		return
	case silencing:
		f = &silent
	}
	select {
	case t.frames <- *f:
	default:
		t.lost.Add(1)
	}
}

// What is done with sound that comes during a pause.
const (
	running = iota
	skipping
	silencing
)

// silent is taken down in place of what is said. It is never written to.
var silent audio.Frame

// Pause leaves out what comes from now on, or takes silence of the same length
// down in its place.
func (t *Tape) Pause(silence bool) {
	how := int32(skipping)
	if silence {
		how = silencing
	}
	t.paused.Store(how)
	t.store.status(t.opts.SID, twilio.RecordingPaused)
}

// Resume ends a pause.
func (t *Tape) Resume() {
	t.paused.Store(running)
	t.store.status(t.opts.SID, twilio.RecordingInProgress)
}

// Stop leaves out everything from now on; Close is to follow.
func (t *Tape) Stop() {
	t.paused.Store(skipping)
	t.store.status(t.opts.SID, twilio.RecordingStopped)
}

// Close ends the recording and waits until it is on the disk. kept reports
// whether something was said; otherwise nothing is left of it. An error tells
// that the disk failed; what was written before is kept all the same. A second
// Close returns the same.
func (t *Tape) Close() (r Recording, kept bool, err error) {
	t.once.Do(func() { close(t.stop) })
	<-t.ended
	return t.rec, t.rec.Status == twilio.RecordingCompleted, t.err
}

// run writes until Close.
func (t *Tape) run() {
	defer close(t.ended)
	t.open()
	for {
		select {
		case f := <-t.frames:
			t.take(&f)
		case <-t.stop:
			for range len(t.frames) { // what was said before the end
				f := <-t.frames
				t.take(&f)
			}
			t.settle()
			return
		}
	}
}

// open makes the two files. The header promises more sound than there is, as
// those of streams do, so that a file that is cut off can be played.
func (t *Tape) open() {
	if t.err = t.store.note(t.rec); t.err != nil {
		return
	}
	if t.file, t.err = t.store.root.OpenFile(t.opts.SID+audioExt, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600); t.err != nil {
		return
	}
	_, t.err = t.file.WriteAt(audio.AppendWAVHeader(nil, audio.MaxWAVSamples), 0)
}

// take deals with one frame.
func (t *Tape) take(f *audio.Frame) {
	if t.opts.Whole {
		t.append(f)
		return
	}
	if !f.Speech() {
		t.quiet++
		t.keep(f)
	} else {
		t.spoken++
		t.quiet = 0
		for i := range t.lead {
			t.append(&t.lead[i])
		}
		t.lead = nil
		t.append(f)
	}
	if t.quiet <= margin {
		t.kept = t.written + int64(len(t.buffer)/sampleSize)
	}
	if !t.told && t.opts.Quiet != nil && time.Duration(t.quiet)*audio.FrameTime >= t.opts.Silence {
		t.told = true
		t.opts.Quiet()
	}
}

// keep takes a silent frame. Before the first word only the last ones are of
// use, when silence is trimmed.
func (t *Tape) keep(f *audio.Frame) {
	if !t.opts.Trim || t.spoken > 0 {
		t.append(f)
		return
	}
	if len(t.lead) == margin {
		t.lead = append(t.lead[:0], t.lead[1:]...)
	}
	t.lead = append(t.lead, *f)
}

func (t *Tape) append(f *audio.Frame) {
	for _, v := range f {
		t.buffer = binary.LittleEndian.AppendUint16(t.buffer, uint16(v))
	}
	if len(t.buffer) >= chunk*sampleSize*audio.FrameSize {
		t.flush()
	}
}

// flush writes what has gathered.
func (t *Tape) flush() {
	if t.err == nil {
		if _, t.err = t.file.WriteAt(t.buffer, headerSize+t.written*sampleSize); t.err == nil {
			t.written += int64(len(t.buffer) / sampleSize)
		}
	}
	t.buffer = t.buffer[:0]
}

// settle completes the recording, or removes what is not one.
func (t *Tape) settle() {
	t.flush()
	samples := t.written
	if t.opts.Trim {
		samples = min(samples, t.kept)
	}
	if t.file != nil {
		if (t.spoken >= speechFrames || t.opts.Whole) && samples > 0 {
			t.err = errors.Join(t.err, t.complete(samples))
		}
		t.err = errors.Join(t.err, t.file.Close())
	}
	if t.rec.Status != twilio.RecordingCompleted {
		t.err = errors.Join(t.err, t.store.drop(t.opts.SID))
	}
	if lost := t.lost.Load(); lost > 0 {
		t.err = errors.Join(t.err, fmt.Errorf("the disk was too slow for %d frames", lost))
	}
	if t.err != nil {
		t.err = fmt.Errorf("recording %s: %w", t.opts.SID, t.err)
	}
}

// complete makes a whole file of so many samples. The recording counts even if
// its note cannot be written: the next Open repairs that.
func (t *Tape) complete(samples int64) error {
	if err := finish(t.file, samples); err != nil {
		return err
	}
	t.rec.Status, t.rec.Duration, t.rec.Updated = twilio.RecordingCompleted, durationOf(samples), time.Now()
	t.store.set(t.rec)
	return errors.Join(t.file.Sync(), t.store.note(t.rec))
}
