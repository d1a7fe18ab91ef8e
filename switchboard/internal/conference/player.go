package conference

import "warmdesk/switchboard/internal/audio"

// player is a clip being played; its zero value is silence.
type player struct {
	samples []int16
	pos     int
	loops   int // still to play, counting the present one; 0 or less: for ever
	playing bool
	done    func()
}

// next returns the next frame of the clip, silence when there is none left, and
// the callback when the clip ended with this frame. The frame is part of the clip
// itself where possible, else it is put together in scratch.
func (p *player) next(scratch *audio.Frame) (frame *audio.Frame, done func()) {
	if !p.playing {
		return &silence, nil
	}
	if rest := p.samples[p.pos:]; len(rest) > audio.FrameSize {
		p.pos += audio.FrameSize
		return (*audio.Frame)(rest), nil
	}
	for n := 0; n < audio.FrameSize; {
		copied := copy(scratch[n:], p.samples[p.pos:])
		n += copied
		p.pos += copied
		if p.pos < len(p.samples) {
			continue // the frame is full
		}
		if p.loops == 1 || len(p.samples) == 0 {
			clear(scratch[n:])
			done = p.done
			*p = player{}
			break
		}
		p.loops = max(0, p.loops-1)
		p.pos = 0
	}
	return scratch, done
}
