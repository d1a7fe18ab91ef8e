package speech

import (
	"math"

	"warmdesk/switchboard/internal/audio"
)

const (
	// speechLevel is the level of the speech itself, pauses apart: −20 dBFS is
	// where telephone speech is expected (ITU-T P.56 measures, G.100.1 places it).
	speechLevel = 3277
	// maxPeak, −1 dBFS, leaves room for the rounding of µ-law.
	maxPeak = 29204

	window = audio.Rate / 100 // 10 ms, the grain in which loudness is judged
	// silence is where speech begins and ends: 35 dB below its loudest window,
	// under the softest f and th, above the noise flite makes in pauses.
	silence = 0.0178
	margin  = 2 * window // left at either end
)

// loudness returns the RMS of each whole window of samples, and the highest.
func loudness(samples []int16) (each []float64, loudest float64) {
	each = make([]float64, len(samples)/window)
	for i := range each {
		each[i] = audio.RMS(samples[i*window : (i+1)*window])
		loudest = max(loudest, each[i])
	}
	return each, loudest
}

// trim returns samples without the silence around them, except 20 ms that fade
// in and out.
func trim(samples []int16) []int16 {
	each, loudest := loudness(samples)
	if loudest == 0 {
		return nil
	}
	first, last := 0, len(each)-1
	for each[first] < silence*loudest {
		first++
	}
	for each[last] < silence*loudest {
		last--
	}
	from := max(first*window-margin, 0)
	to := min((last+1)*window+margin, len(samples))
	out := append([]int16(nil), samples[from:to]...)
	for i := range min(window, len(out)) {
		gain := float64(i) / window
		out[i] = int16(gain * float64(out[i]))
		out[len(out)-1-i] = int16(gain * float64(out[len(out)-1-i]))
	}
	return out
}

// level amplifies samples in place so that their speech is at speechLevel, less
// where a peak would be clipped, and returns them.
func level(samples []int16) []int16 {
	each, loudest := loudness(samples)
	var sum float64
	active, peak := 0, 0.0
	for _, rms := range each {
		if rms >= silence*loudest {
			sum += rms * rms
			active++
		}
	}
	for _, v := range samples {
		peak = max(peak, math.Abs(float64(v)))
	}
	if sum == 0 {
		return samples
	}
	gain := min(speechLevel/math.Sqrt(sum/float64(active)), maxPeak/peak)
	for i, v := range samples {
		samples[i] = int16(math.Round(gain * float64(v)))
	}
	return samples
}
