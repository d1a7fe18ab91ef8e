package settings

import (
	"crypto/sha256"
	"encoding/hex"
)

// SoundOf names a sound by what it is, so that one name never has another sound, and
// nobody can guess the name of one they do not have.
func SoundOf(wav []byte) Sound {
	sum := sha256.Sum256(wav)
	return Sound{ID: hex.EncodeToString(sum[:16]), WAV: wav}
}
