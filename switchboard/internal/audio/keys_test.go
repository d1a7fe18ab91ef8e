package audio

import (
	"math"
	"testing"
)

// Each key sounds in the two tones of its row and column alone, at their levels, for
// 100 ms, and is silent for 70 ms.
func TestKeys(t *testing.T) {
	if n := len(Keys("12 w3").Samples); n != 3*(800+560) {
		t.Fatalf("%d samples", n)
	}
	for _, key := range keyNames {
		row, column, ok := KeyTones(key)
		if !ok {
			t.Fatalf("no key %c", key)
		}
		sound := Keys(string(key)).Samples
		for _, tone := range append(keyRows[:], keyColumns[:]...) {
			dbm := 20*math.Log10(Goertzel(sound[:800], tone)/math.MaxInt16) + 3.14
			want := map[float64]float64{row: -9, column: -7}[tone]
			if want == 0 && dbm > -30 || want != 0 && math.Abs(dbm-want) > 0.5 {
				t.Errorf("key %c has %.1f dBm0 of %v Hz, want %v", key, dbm, tone, want)
			}
		}
		if RMS(sound[800:]) != 0 || len(sound) != 1360 {
			t.Errorf("key %c: no pause behind it", key)
		}
	}
	if _, _, ok := KeyTones('E'); ok {
		t.Error("E is a key")
	}
}
