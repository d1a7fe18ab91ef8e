package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"warmdesk/switchboard"
)

// readSentences returns the lines of a file, without blank ones.
func readSentences(name string) ([]string, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var lines []string
	scanner := bufio.NewScanner(f)
	for scanner.Scan() {
		if line := strings.TrimSpace(scanner.Text()); line != "" {
			lines = append(lines, line)
		}
	}
	if err := scanner.Err(); err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return lines, nil
}

// renderPrompts puts each sentence into the folder, under the name by which the
// switchboard looks for it, and removes what earlier versions said. It returns how
// many it had to make: the name changes with the sentence, so a file that is there
// is current.
func renderPrompts(ctx context.Context, speech *switchboard.Speech, sentences []string, voice, folder string) (int, error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return 0, err
	}
	wanted := map[string]string{} // file name → sentence
	for _, s := range sentences {
		name, err := switchboard.SpeechFile(s, voice)
		if err != nil {
			return 0, fmt.Errorf("sentence %.40q: %w", s, err)
		}
		wanted[name] = s
	}
	if err := removeOthers(folder, wanted); err != nil {
		return 0, err
	}
	var made atomic.Int64
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for name, sentence := range wanted {
		path := filepath.Join(folder, name)
		if _, err := os.Stat(path); err == nil {
			continue
		}
		group.Go(func() error {
			samples, err := speech.Render(ctx, sentence, voice)
			if err != nil {
				return fmt.Errorf("sentence %.40q: %w", sentence, err)
			}
			made.Add(1)
			return writeFile(path, switchboard.WAV(samples))
		})
	}
	err := group.Wait()
	return int(made.Load()), err
}

// removeOthers removes the WAV files of folder that are not wanted.
func removeOthers(folder string, wanted map[string]string) error {
	files, err := filepath.Glob(filepath.Join(folder, "*.wav"))
	if err != nil {
		return err
	}
	for _, f := range files {
		if _, ok := wanted[filepath.Base(f)]; ok {
			continue
		}
		if err := os.Remove(f); err != nil {
			return err
		}
	}
	return nil
}

// writeFile writes a file whole or not at all: what is there is taken for current.
func writeFile(path string, data []byte) error {
	part := path + ".part"
	if err := os.WriteFile(part, data, 0o644); err != nil {
		return err
	}
	return os.Rename(part, path)
}

// writeChanged writes a file, with its folder, unless it holds data already: its
// time stays, and with it what was built from it.
func writeChanged(path string, data []byte) error {
	old, err := os.ReadFile(path)
	if err == nil && bytes.Equal(old, data) {
		return nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return writeFile(path, data)
}
