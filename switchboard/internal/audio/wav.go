package audio

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// The RIFF form codes of the sample formats we read (Microsoft's mmreg.h).
const (
	wavPCM        = 1
	wavALaw       = 6
	wavULaw       = 7
	wavExtensible = 0xFFFE
)

// pcm is decoded audio as a file held it: interleaved channels at any rate.
type pcm struct {
	rate     int
	channels int
	samples  []int16
}

type wavFormat struct {
	code, channels, bits int
	rate                 int
}

// parseWAV reads a RIFF/WAVE file. A data chunk that is longer than the file, as
// streaming writers leave it, ends with the file.
func parseWAV(b []byte) (pcm, error) {
	if len(b) < 12 || string(b[:4]) != "RIFF" || string(b[8:12]) != "WAVE" {
		return pcm{}, errors.New("not a RIFF/WAVE file")
	}
	var format *wavFormat
	for rest := b[12:]; len(rest) >= 8; {
		id, size := string(rest[:4]), int64(binary.LittleEndian.Uint32(rest[4:8]))
		rest = rest[8:]
		body := rest[:min(size, int64(len(rest)))]
		switch id {
		case "fmt ":
			f, err := parseWAVFormat(body)
			if err != nil {
				return pcm{}, err
			}
			format = &f
		case "data":
			if format == nil {
				return pcm{}, errors.New("data before its format")
			}
			return format.decode(body), nil
		}
		rest = rest[min(size+size&1, int64(len(rest))):] // chunks are padded to even length
	}
	return pcm{}, errors.New("no audio data")
}

func parseWAVFormat(b []byte) (wavFormat, error) {
	if len(b) < 16 {
		return wavFormat{}, errors.New("format chunk too short")
	}
	f := wavFormat{
		code:     int(binary.LittleEndian.Uint16(b)),
		channels: int(binary.LittleEndian.Uint16(b[2:])),
		rate:     int(binary.LittleEndian.Uint32(b[4:])),
		bits:     int(binary.LittleEndian.Uint16(b[14:])),
	}
	if f.code == wavExtensible && len(b) >= 26 {
		f.code = int(binary.LittleEndian.Uint16(b[24:])) // the sub-format GUID begins with the old code
	}
	if f.channels < 1 || f.channels > 8 {
		return wavFormat{}, fmt.Errorf("%d channels", f.channels)
	}
	if f.rate < minRate || f.rate > maxRate {
		return wavFormat{}, fmt.Errorf("sample rate %d Hz", f.rate)
	}
	switch {
	case f.code == wavPCM && (f.bits == 8 || f.bits == 16):
	case (f.code == wavALaw || f.code == wavULaw) && f.bits == 8:
	default:
		return wavFormat{}, fmt.Errorf("sample format %#x with %d bits", f.code, f.bits)
	}
	return f, nil
}

func (f wavFormat) decode(b []byte) pcm {
	out := pcm{rate: f.rate, channels: f.channels}
	out.samples = make([]int16, len(b)*8/f.bits)
	switch {
	case f.code == wavULaw:
		DecodeULaw(out.samples, b)
	case f.code == wavALaw:
		DecodeALaw(out.samples, b)
	case f.bits == 8:
		for i, v := range b {
			out.samples[i] = (int16(v) - 128) << 8
		}
	default:
		for i := range out.samples {
			out.samples[i] = int16(binary.LittleEndian.Uint16(b[2*i:]))
		}
	}
	return out
}

// WAVHeaderSize is how many bytes of a file stand before the samples that
// AppendWAVHeader announces.
const WAVHeaderSize = 44

// MaxWAVSamples is how many samples a RIFF header can announce.
const MaxWAVSamples = (1<<32 - 1 - WAVHeaderSize) / 2

// AppendWAVHeader appends to b the beginning of a RIFF/WAVE file that goes on
// with so many samples, 16 bits linear, little-endian.
func AppendWAVHeader(b []byte, samples int64) []byte {
	size := 2 * samples
	b = append(b, "RIFF"...)
	b = binary.LittleEndian.AppendUint32(b, uint32(WAVHeaderSize-8+size))
	b = append(b, "WAVEfmt "...)
	b = binary.LittleEndian.AppendUint32(b, 16)
	b = binary.LittleEndian.AppendUint16(b, wavPCM)
	b = binary.LittleEndian.AppendUint16(b, 1)
	b = binary.LittleEndian.AppendUint32(b, Rate)
	b = binary.LittleEndian.AppendUint32(b, 2*Rate)
	b = binary.LittleEndian.AppendUint16(b, 2)
	b = binary.LittleEndian.AppendUint16(b, 16)
	b = append(b, "data"...)
	return binary.LittleEndian.AppendUint32(b, uint32(size))
}

// EncodeWAV writes c as a RIFF/WAVE file, 16 bits linear. Its errors are those of
// w, and a clip whose length a RIFF header cannot hold.
func EncodeWAV(w io.Writer, c Clip) error {
	if len(c.Samples) > MaxWAVSamples {
		return fmt.Errorf("clip of %s is too long for a WAV file", c.Duration())
	}
	b := AppendWAVHeader(make([]byte, 0, WAVHeaderSize+2*len(c.Samples)), int64(len(c.Samples)))
	for _, s := range c.Samples {
		b = binary.LittleEndian.AppendUint16(b, uint16(s))
	}
	_, err := w.Write(b)
	return err
}
