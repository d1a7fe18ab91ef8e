package conference

import "warmdesk/switchboard/internal/audio"

// mixer adds up the frames of one room in one period. Most periods have no
// talker, or one or two; their frames are passed on as they are, and everybody
// who is silent gets the same frame.
type mixer struct {
	talkers int
	pair    [2]*audio.Frame // the first two talkers
	sum     [audio.FrameSize]int32
	total   audio.Frame // the clamped sum, if totalled
	part    audio.Frame
	// totalled tells that total is valid.
	totalled bool
}

func (m *mixer) reset() {
	m.talkers, m.totalled = 0, false
}

// add lets f be heard. f must stay as it is until the next reset.
func (m *mixer) add(f *audio.Frame) {
	m.talkers++
	switch m.talkers {
	case 1, 2:
		m.pair[m.talkers-1] = f
		if m.talkers == 2 {
			for i, v := range m.pair[0] {
				m.sum[i] = int32(v) + int32(f[i])
			}
		}
	default:
		for i, v := range f {
			m.sum[i] += int32(v)
		}
	}
}

// all returns what somebody hears who said nothing. It is valid until reset.
func (m *mixer) all() *audio.Frame {
	switch m.talkers {
	case 0:
		return &silence
	case 1:
		return m.pair[0]
	}
	if !m.totalled {
		m.totalled = true
		for i, v := range m.sum {
			m.total[i] = audio.Clamp(v)
		}
	}
	return &m.total
}

// others returns what the talker of f, which was added, hears. It is valid until
// the next call.
func (m *mixer) others(f *audio.Frame) *audio.Frame {
	switch {
	case m.talkers == 1:
		return &silence
	case m.talkers == 2 && f == m.pair[0]:
		return m.pair[1]
	case m.talkers == 2:
		return m.pair[0]
	}
	for i, v := range m.sum {
		m.part[i] = audio.Clamp(v - int32(f[i]))
	}
	return &m.part
}
