package music

// Notes are numbered as the keys of MIDI are: 60 is middle C, 69 the A above it,
// each step a semitone.
const (
	keyA4  = 69
	octave = 12
)

// note is a key struck at a sample with a loudness of 0 to 1.
type note struct {
	at       int
	key      int
	loudness float64
}

// chord is a bar's harmony: a bass, four voices above it, and which figure the
// piano makes of those voices.
type chord struct {
	bass   int
	pad    [4]int
	figure int
}

var score = [bars]chord{
	{51, [4]int{55, 58, 62, 65}, 0}, // E♭ major 9
	{48, [4]int{55, 58, 62, 63}, 1}, // C minor 9
	{44, [4]int{55, 58, 60, 63}, 0}, // A♭ major 9
	{46, [4]int{56, 60, 63, 65}, 2}, // B♭ 9 suspended
	{43, [4]int{53, 58, 62, 65}, 1}, // G minor 7
	{48, [4]int{55, 58, 62, 63}, 0}, // C minor 9
	{41, [4]int{56, 60, 63, 67}, 1}, // F minor 9
	{46, [4]int{56, 60, 62, 65}, 2}, // B♭ 9
	{44, [4]int{55, 60, 63, 67}, 0}, // A♭ major 7
	{43, [4]int{55, 58, 62, 65}, 1}, // G minor 7
	{41, [4]int{56, 60, 63, 67}, 0}, // F minor 9
	{51, [4]int{55, 58, 62, 65}, 2}, // E♭ major 9
	{44, [4]int{55, 58, 60, 63}, 0}, // A♭ major 9
	{44, [4]int{56, 59, 63, 65}, 1}, // A♭ minor 6, borrowed from the darker key
	{46, [4]int{55, 58, 63, 67}, 0}, // E♭ over B♭
	{46, [4]int{56, 60, 63, 65}, 2}, // B♭ 9 suspended, leading back
}

const rest = -1

// figures are what the piano plays in a bar, quaver by quaver: which of the four
// voices, an octave up.
var figures = [][8]int{
	{0, 1, 2, 3, 2, 1, 2, rest},
	{0, 2, 1, 3, rest, 2, 1, rest},
	{0, 1, 3, 2, rest, 1, rest, rest},
}

// melody enters after four bars and leaves the last one to the way back.
var melody = []struct{ bar, quaver, key int }{
	{4, 0, 70}, {4, 6, 72},
	{5, 0, 74}, {5, 4, 70},
	{6, 0, 72}, {6, 6, 70},
	{7, 0, 68}, {7, 4, 65},
	{8, 0, 67}, {8, 6, 68},
	{9, 0, 70}, {9, 4, 74},
	{10, 0, 75}, {10, 4, 72},
	{11, 0, 70},
	{12, 2, 67}, {12, 6, 70},
	{13, 0, 71}, {13, 4, 68},
	{14, 0, 67},
}
