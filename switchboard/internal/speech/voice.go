package speech

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// renderVersion is part of every key. Change it whenever the same text would
// sound different, so that clips of an older build are not taken for current.
const renderVersion = 1

// timbre is one way to sound: a flite voice, spoken by a larger or smaller person.
type timbre struct {
	flite string // flite's name of the voice: slt, rms, awb
	// size is in percent. Above 100 the voice is higher and comes from a shorter
	// throat, below it is deeper; the speed of speaking stays the same.
	size int
}

// The people we have. slt and rms are American, awb is Scottish. flite's other
// voices (kal, kal16) are of an older kind that sounds far more like a machine.
var (
	woman       = timbre{"slt", 100}
	deeperWoman = timbre{"slt", 93}
	higherWoman = timbre{"slt", 107}
	child       = timbre{"slt", 118}
	man         = timbre{"rms", 100}
	deeperMan   = timbre{"rms", 94}
	higherMan   = timbre{"rms", 108}
	scot        = timbre{"awb", 100}
	tallScot    = timbre{"awb", 94}
)

// voices says whom we have for each name Twilio knows in English: its own two,
// and Amazon Polly's (Twilio's "Text-to-Speech" page). Names are in lower case
// and without Polly's engine (-Neural, -Generative).
var voices = map[string]timbre{
	"": woman, "woman": woman, "alice": woman, "man": man,

	"polly.joanna": woman, "polly.danielle": woman, "polly.ruth": deeperWoman,
	"polly.kendra": deeperWoman, "polly.kimberly": higherWoman, "polly.salli": higherWoman,
	"polly.ivy": child, "polly.justin": child, "polly.kevin": child,
	"polly.matthew": man, "polly.joey": higherMan, "polly.stephen": deeperMan, "polly.gregory": deeperMan,

	"polly.amy": woman, "polly.emma": higherWoman, "polly.nicole": woman, "polly.olivia": higherWoman,
	"polly.raveena": deeperWoman, "polly.aditi": woman, "polly.kajal": higherWoman,
	"polly.ayanda": deeperWoman, "polly.aria": woman, "polly.niamh": higherWoman, "polly.jasmine": woman,
	"polly.brian": scot, "polly.arthur": tallScot, "polly.geraint": tallScot, "polly.russell": scot,
}

// timbreOf returns who speaks for Twilio's name of a voice. Twilio also knows
// hundreds of names in other languages; they are spoken by the default voice,
// in English.
func timbreOf(voice string) timbre {
	name := strings.ToLower(strings.TrimSpace(voice))
	name, _, _ = strings.Cut(name, "-") // Polly.Joanna-Neural
	if t, ok := voices[name]; ok {
		return t
	}
	return woman
}

// FileName returns the name under which Config.Rendered holds text as spoken by
// voice. Texts that sound the same have the same name. The errors are those of
// Say that come from the text itself.
func FileName(text, voice string) (string, error) {
	words, err := clean(text)
	if err != nil {
		return "", err
	}
	return keyOf(words, timbreOf(voice)) + ".wav", nil
}

func keyOf(words string, t timbre) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %s %d %s", renderVersion, t.flite, t.size, words))
	return hex.EncodeToString(sum[:12])
}
