package audio

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"testing"

	"github.com/zaf/g711"
)

// The tables are computed from the law; an independent implementation of it is
// the oracle.
func TestG711AgreesWithAnotherImplementation(t *testing.T) {
	for code := range 256 {
		var got [2]int16
		DecodeULaw(got[:1], []byte{byte(code)})
		DecodeALaw(got[1:], []byte{byte(code)})
		if want := g711.DecodeUlawFrame(uint8(code)); got[0] != want {
			t.Errorf("µ-law %#x decodes to %d, want %d", code, got[0], want)
		}
		if want := g711.DecodeAlawFrame(uint8(code)); got[1] != want {
			t.Errorf("A-law %#x decodes to %d, want %d", code, got[1], want)
		}
	}
}

// Every value a code stands for must code as itself.
func TestULawCodesAreStable(t *testing.T) {
	for code := range 256 {
		var value, back [1]int16
		var again [1]byte
		DecodeULaw(value[:], []byte{byte(code)})
		EncodeULaw(again[:], value[:])
		DecodeULaw(back[:], again[:])
		if back != value {
			t.Errorf("code %#x means %d, which codes as %#x", code, value[0], again[0])
		}
	}
}

// A step is a sixteenth of its segment, so the error is at most a thirty-second
// part of the biased magnitude, and what the two bits below the 14 add.
func TestULawErrorIsHalfAStep(t *testing.T) {
	for s := math.MinInt16; s <= math.MaxInt16; s++ {
		var code [1]byte
		var back [1]int16
		EncodeULaw(code[:], []int16{int16(s)})
		DecodeULaw(back[:], code[:])
		magnitude := min(math.Abs(float64(s)), 4*ulawClip)
		limit := (magnitude+4*ulawBias)/32 + 4 + math.Abs(float64(s)) - magnitude
		if off := math.Abs(float64(s) - float64(back[0])); off > limit {
			t.Fatalf("sample %d came back as %d, %v off; the limit is %v", s, back[0], off, limit)
		}
	}
}

func TestULawSilence(t *testing.T) {
	var code [1]byte
	EncodeULaw(code[:], []int16{0})
	if code[0] != ULawSilence {
		t.Errorf("silence codes as %#x", code[0])
	}
}

func TestClampSaturates(t *testing.T) {
	for in, want := range map[int32]int16{40000: 32767, -40000: -32768, 5: 5, 32768: 32767, -32769: -32768} {
		if got := Clamp(in); got != want {
			t.Errorf("Clamp(%d) = %d, want %d", in, got, want)
		}
	}
}

func TestGoertzelTellsTonesApart(t *testing.T) {
	c := Tone(440, 8000, Rate/10)
	if got := Goertzel(c.Samples, 440); math.Abs(got-8000) > 100 {
		t.Errorf("440 Hz found with amplitude %.0f, want 8000", got)
	}
	for _, other := range []float64{350, 550, 1000} {
		if got := Goertzel(c.Samples, other); got > 80 {
			t.Errorf("%.0f Hz found with amplitude %.0f in a tone of 440 Hz", other, got)
		}
	}
}

func TestWAVRoundTrip(t *testing.T) {
	in := Tone(440, 8000, 1001)
	var b bytes.Buffer
	if err := EncodeWAV(&b, in); err != nil {
		t.Fatal(err)
	}
	out, err := Decode("audio/wav", &b, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	if len(out.Samples) != len(in.Samples) {
		t.Fatalf("%d samples came back of %d", len(out.Samples), len(in.Samples))
	}
	for i := range in.Samples {
		if in.Samples[i] != out.Samples[i] {
			t.Fatalf("sample %d is %d, want %d", i, out.Samples[i], in.Samples[i])
		}
	}
}

func TestDecodeResamples(t *testing.T) {
	for _, tc := range []struct{ rate, channels int }{{16000, 1}, {44100, 2}, {48000, 1}, {11025, 1}, {8000, 2}} {
		out, err := Decode("application/octet-stream", bytes.NewReader(wav(tc.rate, tc.channels, 1000, 9000)), 1<<20)
		if err != nil {
			t.Fatalf("%v: %v", tc, err)
		}
		if got := len(out.Samples); got < Rate-1 || got > Rate {
			t.Errorf("%v: one second became %d samples", tc, got)
		}
		if got := Goertzel(out.Samples, 1000); math.Abs(got-9000) > 300 {
			t.Errorf("%v: 1000 Hz has amplitude %.0f, want 9000", tc, got)
		}
	}
}

// What lies above half the rate must vanish, not come back as another tone.
func TestDecodeDoesNotAlias(t *testing.T) {
	out, err := Decode("", bytes.NewReader(wav(48000, 1, 5000, 20000)), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	if got := RMS(out.Samples[400 : len(out.Samples)-400]); got > 10 {
		t.Errorf("a 5 kHz tone left RMS %.1f at 8 kHz", got)
	}
}

func TestDecodeRefuses(t *testing.T) {
	if _, err := Decode("audio/wav", bytes.NewReader(make([]byte, 100)), 99); !errors.Is(err, ErrTooLong) {
		t.Errorf("too long: %v", err)
	}
	if _, err := Decode("text/html", bytes.NewReader([]byte("<html>")), 99); !errors.Is(err, ErrFormat) {
		t.Errorf("a page: %v", err)
	}
	if _, err := Decode("audio/mpeg", bytes.NewReader([]byte{0xFF, 0xFB, 0x90, 0, 1, 2, 3}), 99); !errors.Is(err, ErrFormat) {
		t.Errorf("a broken MP3: %v", err)
	}
}

func TestDecodeBasic(t *testing.T) {
	out, err := Decode("audio/basic", bytes.NewReader([]byte{ULawSilence, 0x80}), 99)
	if err != nil || len(out.Samples) != 2 || out.Samples[0] != 0 || out.Samples[1] != 32124 {
		t.Errorf("got %v, %v", out.Samples, err)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add("audio/wav", wav(8000, 1, 440, 1000)[:200])
	f.Add("audio/wav", wav(44100, 2, 440, 1000)[:300])
	f.Add("audio/mpeg", append([]byte{0xFF, 0xFB, 0x90, 0x64}, make([]byte, 413)...))
	f.Add("audio/mpeg", []byte("ID3\x03\x00\x00\x00\x00\x00\x00\xff\xfb\x90\x64"))
	f.Add("audio/basic", []byte{1, 2, 3})
	f.Fuzz(func(t *testing.T, contentType string, b []byte) {
		const limit = 1 << 16
		c, err := Decode(contentType, bytes.NewReader(b), limit)
		if err != nil && len(c.Samples) > 0 {
			t.Error("audio together with an error")
		}
		if len(c.Samples) > expansion*limit {
			t.Errorf("%d bytes became %d samples", len(b), len(c.Samples))
		}
	})
}

// wav makes one second of a tone as a 16-bit file.
func wav(rate, channels int, freq, amplitude float64) []byte {
	var data []byte
	for i := range rate {
		s := int16(amplitude * math.Sin(2*math.Pi*freq*float64(i)/float64(rate)))
		for range channels {
			data = binary.LittleEndian.AppendUint16(data, uint16(s))
		}
	}
	b := append([]byte("RIFF\x00\x00\x00\x00WAVEfmt "), 16, 0, 0, 0, 1, 0, byte(channels), 0)
	b = binary.LittleEndian.AppendUint32(b, uint32(rate))
	b = binary.LittleEndian.AppendUint32(b, uint32(rate*channels*2))
	b = append(b, byte(2*channels), 0, 16, 0)
	b = append(b, "data"...)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(data)))
	return append(b, data...)
}
