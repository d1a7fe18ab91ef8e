package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"warmdesk/console"
	"warmdesk/music"
	"warmdesk/switchboard"
)

// sounds makes what callers hear, for pages to play. It implements console.Sounds.
type sounds struct {
	log  *slog.Logger
	load func() ([]byte, error) // the synthesiser, which is large

	mu     sync.Mutex
	speech *switchboard.Speech // once somebody has wanted it
}

func newSounds(log *slog.Logger) *sounds {
	return &sounds{log: log, load: func() ([]byte, error) { return rendered.ReadFile("rendered/flite.wasm") }}
}

// speakTime bounds how long a text may take to be said.
const speakTime = 15 * time.Second

// Speak says a text; one at a time, because calls want the processors too.
func (s *sounds) Speak(r *http.Request, text string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.speech == nil {
		flite, err := s.load()
		if err != nil {
			return nil, fmt.Errorf("load the voice: %w", err)
		}
		s.speech = switchboard.NewSpeech(flite)
	}
	ctx, cancel := context.WithTimeout(r.Context(), speakTime)
	defer cancel()
	samples, err := s.speech.Render(ctx, text, "")
	if errors.Is(err, switchboard.ErrUnspeakable) {
		err = console.ErrSpeech
	}
	if err != nil {
		return nil, err
	}
	return switchboard.WAV(samples), nil
}

// Convert makes a WAV or MP3 file what a telephone gets.
func (s *sounds) Convert(file []byte) ([]byte, time.Duration, error) {
	samples, err := switchboard.Decode(file, int64(max(len(file), 1)))
	if errors.Is(err, switchboard.ErrSound) {
		s.log.Info("uploaded file cannot be played", "err", err)
		return nil, 0, console.ErrSound
	}
	if err != nil {
		return nil, 0, err
	}
	return switchboard.WAV(samples), time.Duration(len(samples)) * time.Second / music.Rate, nil
}

// close frees the voice.
func (s *sounds) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.speech == nil {
		return nil
	}
	return s.speech.Close()
}
