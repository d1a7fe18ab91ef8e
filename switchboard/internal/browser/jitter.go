package browser

import (
	"sync"

	"warmdesk/switchboard/internal/audio"
)

// The jitter buffer's measures, in frames of 20 ms. Packets of a browser on the
// same network come within a few milliseconds of their time; two frames also
// cover a computer that is busy for a moment.
const (
	jitterSlots    = 32  // what the buffer can hold
	jitterStart    = 2   // frames that must have come before playing begins
	jitterLimit    = 5   // more than this is cut back at once: 100 ms is felt in talk
	jitterWatch    = 100 // after how many frames a buffer never below its start is shortened by one
	concealedLimit = 3   // missing frames in a row that are concealed; then comes silence
)

// jitter puts the µ-law packets of one RTP stream in order and hands them out
// frame by frame. It never waits: what is missing is concealed by repeating the
// last frame ever more softly, what comes too late is dropped and counted.
type jitter struct {
	mu      sync.Mutex
	started bool
	filling bool // waits for jitterStart frames
	ssrc    uint32
	next    uint32 // timestamp of the frame to hand out next
	end     uint32 // timestamp behind the newest frame
	slots   [jitterSlots]jitterSlot

	last    audio.Frame // handed out last, for concealing
	missing int         // frames missing in a row
	lowest  int         // lowest depth seen while watched
	watched int         // frames since lowest was reset

	stats jitterStats
}

type jitterSlot struct {
	full      bool
	timestamp uint32
	data      [audio.FrameSize]byte
}

// jitterStats counts frames since the leg began.
type jitterStats struct {
	played    int // handed out as they came
	concealed int // missing when their time came
	dropped   int // came too late, or were skipped to shorten the delay
}

// push takes the payload of a packet. What does not fill a frame at its end is
// dropped: no browser sends such packets.
func (j *jitter) push(ssrc, timestamp uint32, payload []byte) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for ; len(payload) >= audio.FrameSize; payload = payload[audio.FrameSize:] {
		j.put(ssrc, timestamp, payload[:audio.FrameSize])
		timestamp += audio.FrameSize
	}
}

func (j *jitter) put(ssrc, timestamp uint32, frame []byte) {
	const span = jitterSlots * audio.FrameSize
	ahead := int32(timestamp - j.next) // modulo 2³², RFC 3550
	if !j.started || ssrc != j.ssrc || ahead%audio.FrameSize != 0 || ahead <= -span || ahead >= span {
		j.restart(ssrc, timestamp)
	} else if ahead < 0 {
		j.stats.dropped++
		return
	}
	slot := j.slot(timestamp)
	slot.full, slot.timestamp = true, timestamp
	copy(slot.data[:], frame)
	if int32(timestamp+audio.FrameSize-j.end) > 0 {
		j.end = timestamp + audio.FrameSize
	}
	if depth := j.depth(); depth > jitterLimit {
		j.skip(depth - jitterStart)
	}
}

// restart begins anew at timestamp: at the start of a stream, and after a jump.
func (j *jitter) restart(ssrc, timestamp uint32) {
	j.started, j.filling = true, true
	j.ssrc, j.next, j.end = ssrc, timestamp, timestamp
	for i := range j.slots {
		j.slots[i].full = false
	}
	j.watch()
}

func (j *jitter) watch() { j.lowest, j.watched = jitterSlots, 0 }

func (j *jitter) slot(timestamp uint32) *jitterSlot {
	return &j.slots[timestamp/audio.FrameSize%jitterSlots]
}

func (j *jitter) depth() int { return int(int32(j.end-j.next)) / audio.FrameSize }

// skip drops the n oldest frames.
func (j *jitter) skip(n int) {
	for range n {
		if slot := j.slot(j.next); slot.full && slot.timestamp == j.next {
			slot.full = false
			j.stats.dropped++
		}
		j.next += audio.FrameSize
	}
	j.watch()
}

// pull fills f with the next frame and reports true, or reports false when there
// is only silence.
func (j *jitter) pull(f *audio.Frame) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	if !j.started {
		return false
	}
	depth := j.depth()
	if j.filling && depth < jitterStart {
		return j.conceal(f)
	}
	j.filling = false
	j.shorten(depth)
	slot := j.slot(j.next)
	if !slot.full || slot.timestamp != j.next {
		if depth > 0 { // lost, for later ones are here
			j.next += audio.FrameSize
			j.stats.concealed++
		} else if j.missing >= concealedLimit { // the stream stopped, or is late: its frames will still be played
			j.filling = true
		}
		return j.conceal(f)
	}
	slot.full = false
	j.next += audio.FrameSize
	j.missing = 0
	j.stats.played++
	if quiet(&slot.data) {
		j.last = audio.Frame{}
		return false
	}
	audio.DecodeULaw(f[:], slot.data[:])
	j.last = *f
	return true
}

// shorten takes back delay that a burst of late packets has caused: where the
// buffer was never low for two seconds, one frame is left out.
func (j *jitter) shorten(depth int) {
	j.lowest = min(j.lowest, depth)
	if j.watched++; j.watched < jitterWatch {
		return
	}
	if j.lowest > jitterStart {
		j.skip(1)
	}
	j.watch()
}

// conceal fills f with the last frame, softer by 6 dB each time.
func (j *jitter) conceal(f *audio.Frame) bool {
	j.missing++
	if j.missing > concealedLimit || j.last == (audio.Frame{}) {
		return false
	}
	for i := range f {
		j.last[i] /= 2
	}
	*f = j.last
	return true
}

// counted returns the counters.
func (j *jitter) counted() jitterStats {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.stats
}

// quiet tells whether the frame is digital silence, which a muted browser sends.
func quiet(frame *[audio.FrameSize]byte) bool {
	for _, code := range frame {
		if code|0x80 != audio.ULawSilence { // both signs of zero
			return false
		}
	}
	return true
}
