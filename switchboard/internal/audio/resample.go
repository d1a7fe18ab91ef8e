package audio

import (
	"math"

	"github.com/oov/audio/resampler"
)

// resampleQuality is the filter of the Opus tools that keeps aliases 91 dB down;
// lower ones are audible on music, higher ones only cost time.
const resampleQuality = 3

// toTelephone mixes p down to one channel and resamples it to Rate. The result
// has the duration of p, rounded to a sample.
func toTelephone(p pcm) []int16 {
	if p.channels == 1 && p.rate == Rate {
		return p.samples
	}
	mono := p.mono()
	if p.rate == Rate {
		return narrow(mono)
	}
	want := int(int64(len(mono)) * Rate / int64(p.rate))
	out := make([]float32, 0, want)
	r := resampler.NewWithSkipZeros(1, p.rate, Rate, resampleQuality)
	// The filter holds back its own length; silence behind the end pushes it out.
	mono = append(mono, make([]float32, p.rate/10)...)
	var buffer [4096]float32
	for len(out) < want {
		read, written := r.ProcessFloat32(0, mono, buffer[:])
		if read == 0 && written == 0 {
			break
		}
		mono = mono[read:]
		out = append(out, buffer[:written]...)
	}
	return narrow(out[:min(want, len(out))])
}

// mono averages the channels of p, as floats in the range of 16 bits.
func (p pcm) mono() []float32 {
	out := make([]float32, len(p.samples)/p.channels)
	scale := 1 / float32(p.channels)
	for i := range out {
		var sum float32
		for _, s := range p.samples[i*p.channels : (i+1)*p.channels] {
			sum += float32(s)
		}
		out[i] = sum * scale
	}
	return out
}

func narrow(in []float32) []int16 {
	out := make([]int16, len(in))
	for i, v := range in {
		out[i] = Clamp(int32(math.Round(float64(v))))
	}
	return out
}
