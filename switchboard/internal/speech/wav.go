package speech

import (
	"encoding/binary"

	"warmdesk/switchboard/internal/audio"
)

// maxWAV bounds a WAV file of the longest text: flite's 16 kHz, 16 bits, for far
// longer than anybody listens.
const maxWAV = 64 << 20

// WAV returns samples at 8 kHz as a WAV file in µ-law, which is half the size of
// linear samples, loses nothing on the way to a telephone, and is among the
// formats Twilio plays.
func WAV(samples []int16) []byte {
	const header, ulaw = 58, 7 // WAVE_FORMAT_MULAW; other formats than PCM carry a fact chunk
	size := uint32(len(samples))
	le := binary.LittleEndian
	b := make([]byte, 0, header+len(samples)+1)
	b = append(b, "RIFF"...)
	b = le.AppendUint32(b, header-8+size+size&1)
	b = append(b, "WAVEfmt "...)
	b = le.AppendUint32(b, 18)
	b = le.AppendUint16(b, ulaw)
	b = le.AppendUint16(b, 1) // channel
	b = le.AppendUint32(b, audio.Rate)
	b = le.AppendUint32(b, audio.Rate) // bytes a second
	b = le.AppendUint16(b, 1)          // bytes a sample
	b = le.AppendUint16(b, 8)          // bits a sample
	b = le.AppendUint16(b, 0)          // bytes of extension
	b = append(b, "fact"...)
	b = le.AppendUint32(b, 4)
	b = le.AppendUint32(b, size)
	b = append(b, "data"...)
	b = le.AppendUint32(b, size)
	at := len(b)
	b = append(b, make([]byte, size+size&1)...) // chunks have an even length
	audio.EncodeULaw(b[at:at+len(samples)], samples)
	return b
}
