package console

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"warmdesk/settings"
)

// Sounds makes what callers hear.
type Sounds interface {
	// Speak returns text as the built-in voice says it, as a WAV file. ErrSpeech when it
	// cannot be said.
	Speak(r *http.Request, text string) (wav []byte, err error)
	// Convert returns a WAV or MP3 file as it is played on the telephone, and how long
	// that takes. ErrSound when it is none.
	Convert(file []byte) (wav []byte, length time.Duration, err error)
}

// Errors of Sounds.
var (
	ErrSpeech = errors.New("this text cannot be said")
	ErrSound  = errors.New("this is no sound that can be played")
)

// musicLimit is how large uploaded music may be, in bytes, and how long it and its
// upload may take.
const (
	musicLimit = 10 << 20
	mostMusic  = 15 * time.Minute
	leastMusic = time.Second
	uploadTime = 2 * time.Minute
	mostName   = 80 // characters of its name
)

// settingsAnswer is the settings as a page gets them.
type settingsAnswer struct {
	Version  int64             `json:"version"`
	Settings settings.Document `json:"settings"`
	// Fixed are fields that the environment sets, and by which variable.
	Fixed map[string]string `json:"fixed"`
	Undo  bool              `json:"undo"`
}

func (c *Console) settingsAnswer(s settings.State) settingsAnswer {
	return settingsAnswer{s.Version, s.Document, c.cfg.Settings.Fixed(), s.Undo}
}

// invalid is what is wrong with a change, field by field.
type invalid struct {
	Code    string            `json:"code"`
	Message string            `json:"message"`
	Fields  map[string]string `json:"fields"`
}

// overtaken is a change of settings that somebody else has changed meanwhile, and what
// they are now.
type overtaken struct {
	Code    string         `json:"code"`
	Message string         `json:"message"`
	Now     settingsAnswer `json:"now"`
}

// getSettings: GET /api/settings.
func (c *Console) getSettings(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, c.settingsAnswer(c.cfg.Settings.Now()))
}

// changeSettings: PATCH /api/settings/{section} with the version that was seen, and
// values by name.
func (c *Console) changeSettings(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		Version int64                      `json:"version"`
		Set     map[string]json.RawMessage `json:"set"`
	}
	if err := readJSON(r, &asked); err != nil {
		c.fail(w, r, err)
		return
	}
	set := map[string][]byte{}
	for name, value := range asked.Set {
		set[name] = value
	}
	if _, ok := set["music"]; ok && r.PathValue("section") == "routing" && !c.knownMusic(r, set["music"]) {
		c.fail(w, r, &apiError{Status: http.StatusUnprocessableEntity, Code: "invalid", Message: "This music is not here any more. Upload it again. Nothing has changed."})
		return
	}
	state, err := c.cfg.Settings.Change(r.Context(), settings.Request{Version: asked.Version, Section: r.PathValue("section"), Set: set}, c.origin(r))
	c.tellSettings(w, r, state, err)
}

// knownMusic reports whether a piece is the desk's own, or one that was uploaded.
func (c *Console) knownMusic(r *http.Request, value []byte) bool {
	var p settings.Piece
	if json.Unmarshal(value, &p) != nil || p == (settings.Piece{}) {
		return true // what cannot be read is told as such
	}
	sound, err := c.cfg.Settings.Sound(r.Context(), p.ID)
	return err == nil && p.Seconds == seconds(sound.WAV)
}

// undoSettings: POST /api/settings/undo with the version that was seen.
func (c *Console) undoSettings(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		Version int64 `json:"version"`
	}
	if err := readJSON(r, &asked); err != nil {
		c.fail(w, r, err)
		return
	}
	state, err := c.cfg.Settings.Undo(r.Context(), asked.Version, c.origin(r))
	c.tellSettings(w, r, state, err)
}

// tellSettings answers a change.
func (c *Console) tellSettings(w http.ResponseWriter, r *http.Request, state settings.State, err error) {
	var wrong *settings.InvalidError
	switch {
	case err == nil:
		writeJSON(w, http.StatusOK, c.settingsAnswer(state))
	case errors.As(err, &wrong):
		lang, fields := languageOf(r), map[string]string{}
		for name, why := range wrong.Fields {
			fields[name] = lang.Of(why)
		}
		writeJSON(w, http.StatusUnprocessableEntity, invalid{"invalid", lang.Of("Nothing was saved. Correct what is marked."), fields})
	case errors.Is(err, settings.ErrChanged):
		writeJSON(w, http.StatusConflict, overtaken{"changed", languageOf(r).Of("Somebody else has changed the settings meanwhile. Nothing was saved. Look at them and try again."), c.settingsAnswer(c.cfg.Settings.Now())})
	case errors.Is(err, settings.ErrSection):
		c.fail(w, r, &apiError{Status: http.StatusNotFound, Code: "not_found", Message: "There is no such part of the settings. Nothing has changed."})
	case errors.Is(err, settings.ErrNothing):
		c.fail(w, r, &apiError{Status: http.StatusConflict, Code: "nothing", Message: "There is nothing to undo."})
	default:
		c.fail(w, r, err)
	}
}

// speak: POST /api/settings/speech with a text, answered with a WAV file.
func (c *Console) speak(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		Text string `json:"text"`
	}
	if err := readJSON(r, &asked); err != nil {
		c.fail(w, r, err)
		return
	}
	if n := len([]rune(strings.TrimSpace(asked.Text))); n == 0 || n > settings.MostSaid {
		c.fail(w, r, &apiError{Status: http.StatusUnprocessableEntity, Code: "invalid", Message: fmt.Sprintf("A text to be said has 1 to %d characters.", settings.MostSaid)})
		return
	}
	wav, err := c.cfg.Sounds.Speak(r, asked.Text)
	if errors.Is(err, ErrSpeech) {
		err = &apiError{Status: http.StatusUnprocessableEntity, Code: "invalid", Message: "This text cannot be said. Write it in English letters."}
	}
	if err != nil {
		c.fail(w, r, err)
		return
	}
	writeSound(w, wav)
}

func writeSound(w http.ResponseWriter, wav []byte) {
	w.Header().Set("Content-Type", "audio/wav")
	w.Write(wav) // a page that is gone cannot be told
}

// playSound: GET /api/sounds/{sound}, which carriers fetch too. Its name is made from
// what it is, so it never changes.
func (c *Console) playSound(w http.ResponseWriter, r *http.Request) {
	id, ok := strings.CutSuffix(r.PathValue("sound"), ".wav")
	sound, err := c.cfg.Settings.Sound(r.Context(), id)
	if !ok || errors.Is(err, settings.ErrNotFound) {
		c.notFound(w, r)
		return
	}
	if err != nil {
		c.fail(w, r, err)
		return
	}
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	writeSound(w, sound.WAV)
}

// uploadMusic: POST /api/settings/music?version=3&name=Waltz with a WAV or MP3 file:
// what waiting callers hear from now on.
func (c *Console) uploadMusic(w http.ResponseWriter, r *http.Request) {
	// The usual time for a request is too short on a slow line.
	if err := http.NewResponseController(w).SetReadDeadline(time.Now().Add(uploadTime)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		c.fail(w, r, err)
		return
	}
	var version int64
	if _, err := fmt.Sscan(r.URL.Query().Get("version"), &version); err != nil {
		c.fail(w, r, errForm)
		return
	}
	file, err := io.ReadAll(r.Body)
	if err != nil {
		c.fail(w, r, errMusicSize)
		return
	}
	// One at a time: what is decoded is many times as large as the file.
	c.decoding.Lock()
	wav, length, err := c.cfg.Sounds.Convert(file)
	c.decoding.Unlock()
	switch {
	case errors.Is(err, ErrSound):
		err = &apiError{Status: http.StatusUnprocessableEntity, Code: "not_audio", Message: "This file is no WAV or MP3 that can be played. Nothing has changed."}
	case err == nil && (length < leastMusic || length > mostMusic):
		err = &apiError{Status: http.StatusUnprocessableEntity, Code: "length", Message: fmt.Sprintf("Music lasts 1 second to %d minutes; this file lasts %d s. Nothing has changed.", int(mostMusic.Minutes()), int(length.Seconds()))}
	}
	if err != nil {
		c.fail(w, r, err)
		return
	}
	sound := settings.SoundOf(wav)
	piece, err := json.Marshal(settings.Piece{ID: sound.ID, Name: musicName(r.URL.Query().Get("name")), Seconds: seconds(wav)})
	if err != nil {
		c.fail(w, r, err)
		return
	}
	state, err := c.cfg.Settings.Change(r.Context(), settings.Request{
		Version: version, Section: "routing", Set: map[string][]byte{"music": piece}, With: &sound,
	}, c.origin(r))
	c.tellSettings(w, r, state, err)
}

var errMusicSize = &apiError{Status: http.StatusRequestEntityTooLarge, Code: "too_large", Message: "Music has 10 MB at most. Nothing has changed."}

// seconds is how long a sound of 8000 bytes a second takes.
func seconds(wav []byte) int { return (len(wav) + 7999) / 8000 }

// musicName is a file's name as it is shown.
func musicName(name string) string {
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, ""))
	runes := []rune(strings.TrimSpace(name))
	if len(runes) == 0 {
		return "Music"
	}
	return string(runes[:min(len(runes), mostName)])
}
