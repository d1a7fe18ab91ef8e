package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"warmdesk/twiml"
)

// Limits of the message that a caller may leave while no desk answers.
const (
	fallbackMessage = 2 * time.Minute
	fallbackSilence = 10 * time.Second
)

// fallbackCommand prints the document that Twilio is to run while no desk can be
// reached.
type fallbackCommand struct {
	Music string `help:"https address of a sound to play behind the apology; it must not be this desk's, which is away by then."`
}

func (c fallbackCommand) Run() error {
	if c.Music != "" {
		if err := httpAddress("--music", c.Music); err != nil {
			return err
		}
	}
	return c.write(os.Stdout)
}

func (c fallbackCommand) write(w io.Writer) error {
	_, err := fmt.Fprintln(w, string(fallbackDocument(c.Music).Encode()))
	return err
}

// fallbackDocument needs nothing of ours. Its Record has no action, so that what
// follows a message is the same document once more, where it is asked with GET
// as a static file is; whoever says nothing then hears the goodbye.
func fallbackDocument(music string) twiml.Document {
	var between twiml.Verb = twiml.Pause{Length: 2 * time.Second}
	if music != "" {
		between = twiml.Play{URL: music, Loop: 1}
	}
	return twiml.Document{
		twiml.Say{Text: "Thank you for calling. We are sorry: we cannot put you through at the moment."},
		between,
		twiml.Say{Text: "Please leave your name, your number and a message after the tone, and hang up when you are done. We will call you back."},
		twiml.Record{
			Method: http.MethodGet, MaxLength: fallbackMessage, Timeout: fallbackSilence, PlayBeep: twiml.Bool(true), FinishOnKey: twiml.String(""),
		},
		twiml.Say{Text: "We have heard nothing more. Goodbye."},
		twiml.Hangup{},
	}
}
