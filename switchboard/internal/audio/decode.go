package audio

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"mime"

	"github.com/hajimehoshi/go-mp3"
)

// The sample rates a file may have, in Hz: telephone to studio.
const (
	minRate = 4000
	maxRate = 192000
)

var (
	// ErrTooLong is returned for audio that exceeds the limit given to Decode.
	ErrTooLong = errors.New("audio file too long")
	// ErrFormat is returned for what is no audio in a format we read.
	ErrFormat = errors.New("unknown audio format")
)

// expansion bounds what a small compressed file may become: decoded MP3 is at
// most about 24 times as long as the file at telephone bit rates (8 kbit/s
// against 16 bits × 2 × 24 kHz is more, but no tool writes it).
const expansion = 32

// Decode reads a whole audio file and converts it to a clip. It knows WAV (8 or
// 16 bits linear, µ-law, A-law), MP3, and bare µ-law as audio/basic. The content
// decides: contentType is asked only where the content has no signature of its
// own, because servers often call a WAV file application/octet-stream.
//
// The errors are ErrTooLong when r holds more than maxBytes, ErrFormat wrapped
// with the reason, and those of r.
func Decode(contentType string, r io.Reader, maxBytes int64) (Clip, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	if err != nil {
		return Clip{}, fmt.Errorf("read audio: %w", err)
	}
	if int64(len(b)) > maxBytes {
		return Clip{}, ErrTooLong
	}
	decoded, err := parse(contentType, b, maxBytes)
	if err != nil {
		return Clip{}, err
	}
	return Clip{Samples: toTelephone(decoded)}, nil
}

func parse(contentType string, b []byte, maxBytes int64) (pcm, error) {
	mediaType, _, _ := mime.ParseMediaType(contentType) // an unreadable type is no type
	switch {
	case bytes.HasPrefix(b, []byte("RIFF")):
		p, err := parseWAV(b)
		if err != nil {
			return pcm{}, fmt.Errorf("%w: %w", ErrFormat, err)
		}
		return p, nil
	case mediaType == "audio/basic" || mediaType == "audio/x-mulaw" || mediaType == "audio/ulaw":
		p := pcm{rate: Rate, channels: 1, samples: make([]int16, len(b))}
		DecodeULaw(p.samples, b)
		return p, nil
	case isMP3(b):
		return parseMP3(b, expansion*maxBytes)
	}
	return pcm{}, fmt.Errorf("%w: %q", ErrFormat, contentType)
}

// isMP3 tells whether b begins with an ID3 tag or the sync word of an MPEG audio
// frame, layer III.
func isMP3(b []byte) bool {
	return bytes.HasPrefix(b, []byte("ID3")) ||
		len(b) > 2 && b[0] == 0xFF && b[1]&0xE0 == 0xE0 && b[1]&0x06 == 0x02
}

func parseMP3(b []byte, maxBytes int64) (p pcm, err error) {
	// The decoder indexes its tables with what the file says and panics on some
	// damaged files; a file from somebody's server must not end our calls.
	defer func() {
		if r := recover(); r != nil {
			p, err = pcm{}, fmt.Errorf("%w: damaged MP3: %v", ErrFormat, r)
		}
	}()
	// Hiding Seek: with it the decoder walks through the whole file first.
	d, err := mp3.NewDecoder(struct{ io.Reader }{bytes.NewReader(b)})
	if err != nil {
		return pcm{}, fmt.Errorf("%w: MP3: %w", ErrFormat, err)
	}
	if d.SampleRate() < minRate || d.SampleRate() > maxRate {
		return pcm{}, fmt.Errorf("%w: MP3 at %d Hz", ErrFormat, d.SampleRate())
	}
	raw, err := io.ReadAll(io.LimitReader(d, maxBytes+1))
	if int64(len(raw)) > maxBytes {
		return pcm{}, ErrTooLong
	}
	if err != nil && len(raw) == 0 {
		return pcm{}, fmt.Errorf("%w: MP3: %w", ErrFormat, err)
	}
	// A file cut off at its end plays as far as it goes, as in every player.
	p = pcm{rate: d.SampleRate(), channels: 2, samples: make([]int16, len(raw)/2)}
	for i := range p.samples {
		p.samples[i] = int16(binary.LittleEndian.Uint16(raw[2*i:]))
	}
	return p, nil
}
