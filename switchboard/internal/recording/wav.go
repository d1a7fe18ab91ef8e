package recording

import (
	"os"
	"time"

	"warmdesk/switchboard/internal/audio"
)

const (
	headerSize = audio.WAVHeaderSize
	sampleSize = 2
)

// finish cuts the file behind so many samples and makes its header say so.
func finish(f *os.File, samples int64) error {
	if err := f.Truncate(headerSize + samples*sampleSize); err != nil {
		return err
	}
	_, err := f.WriteAt(audio.AppendWAVHeader(nil, samples), 0)
	return err
}

func durationOf(samples int64) time.Duration {
	return time.Duration(samples) * time.Second / audio.Rate
}
