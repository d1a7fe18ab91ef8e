package audio

import "math"

// Tone makes a sine of freq Hz with the given peak amplitude (0 to 32767), n
// samples long, starting at phase zero. It loops without a click when freq times
// n is a multiple of Rate.
func Tone(freq, amplitude float64, n int) Clip {
	samples := make([]int16, n)
	for i := range samples {
		samples[i] = int16(math.Round(amplitude * math.Sin(2*math.Pi*freq*float64(i)/Rate)))
	}
	return Clip{Samples: samples}
}

// Goertzel returns the peak amplitude of the sine of freq Hz within samples: a
// pure tone made by Tone with amplitude a gives about a, a tone whose distance
// from freq is several times Rate/len(samples) gives about 0. The Hann window
// keeps a loud neighbour from leaking into the answer.
func Goertzel(samples []int16, freq float64) float64 {
	if len(samples) == 0 {
		return 0
	}
	k := 2 * math.Cos(2*math.Pi*freq/Rate)
	var s1, s2, weight float64
	for i, v := range samples {
		w := 0.5 - 0.5*math.Cos(2*math.Pi*(float64(i)+0.5)/float64(len(samples)))
		weight += w
		s1, s2 = w*float64(v)+k*s1-s2, s1
	}
	power := s1*s1 + s2*s2 - k*s1*s2
	return 2 * math.Sqrt(math.Max(power, 0)) / weight
}

// RMS returns the root of the mean square of samples, 0 to 32768; a sine of peak
// amplitude a has a/√2.
func RMS(samples []int16) float64 {
	if len(samples) == 0 {
		return 0
	}
	var sum float64
	for _, v := range samples {
		sum += float64(v) * float64(v)
	}
	return math.Sqrt(sum / float64(len(samples)))
}
