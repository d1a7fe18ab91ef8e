package speech

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"warmdesk/switchboard/internal/audio"
)

// plain writes in ASCII what English texts and names hold beyond it: flite reads
// bytes, and would spell the others out.
var plain = strings.NewReplacer(
	"‘", "'", "’", "'", "“", `"`, "”", `"`, "„", `"`, "–", ", ", "—", ", ", "…", "...", "•", ", ",
	"À", "A", "Á", "A", "Â", "A", "Ã", "A", "Ä", "A", "Å", "A", "Æ", "Ae", "Ç", "C", "Č", "C", "Ć", "C",
	"È", "E", "É", "E", "Ê", "E", "Ë", "E", "Ì", "I", "Í", "I", "Î", "I", "Ï", "I", "Ł", "L", "Ñ", "N",
	"Ò", "O", "Ó", "O", "Ô", "O", "Õ", "O", "Ö", "O", "Ø", "O", "Œ", "Oe", "Š", "Sh", "Ś", "S",
	"Ù", "U", "Ú", "U", "Û", "U", "Ü", "U", "Ý", "Y", "Ž", "Z", "Ż", "Z", "Ź", "Z",
	"à", "a", "á", "a", "â", "a", "ã", "a", "ä", "a", "å", "a", "æ", "ae", "ą", "a", "ç", "c", "č", "ch", "ć", "c",
	"è", "e", "é", "e", "ê", "e", "ë", "e", "ę", "e", "ě", "e", "ì", "i", "í", "i", "î", "i", "ï", "i", "ł", "l",
	"ñ", "n", "ń", "n", "ò", "o", "ó", "o", "ô", "o", "õ", "o", "ö", "o", "ø", "o", "œ", "oe", "ř", "r",
	"š", "sh", "ś", "s", "ß", "ss", "ù", "u", "ú", "u", "û", "u", "ü", "u", "ý", "y", "ÿ", "y", "ž", "z", "ż", "z", "ź", "z",
	"£", " pounds ", "€", " euros ", "°", " degrees ", "½", " one half ",
)

// clean returns text as flite can read it: printable ASCII, words parted by one
// blank. A text of blanks gives "".
func clean(text string) (string, error) {
	if utf8.RuneCountInString(text) > MaxCharacters {
		return "", ErrTooLong
	}
	speakable := false
	ascii := strings.Map(func(r rune) rune {
		if r > unicode.MaxASCII || !unicode.IsPrint(r) {
			return ' '
		}
		speakable = speakable || unicode.IsLetter(r) || unicode.IsDigit(r)
		return r
	}, plain.Replace(text))
	if !speakable && strings.TrimSpace(text) != "" {
		return "", ErrUnspeakable
	}
	return strings.Join(strings.Fields(ascii), " "), nil
}

// pieceBytes bounds what flite is given at once. Its memory and its time grow with
// the text (4096 characters in one go: 200 MB); two hundred are some 12 s of speech.
const pieceBytes = 200

// The silence between two pieces, in samples.
const (
	sentencePause = audio.Rate * 30 / 100
	phrasePause   = audio.Rate * 15 / 100
	noPause       = 0
)

// piece is a part of a text that is synthesised at once.
type piece struct {
	text  string
	pause int // silence before it, in samples, when it is not the first
}

// cut parts a clean text into pieces of at most pieceBytes, preferably between
// sentences, else at a comma, else between words, and in the last resort anywhere.
func cut(text string) []piece {
	var out []piece
	pause := noPause
	for len(text) > pieceBytes {
		n, next := cutAt(text[:pieceBytes+1])
		out = append(out, piece{strings.TrimSpace(text[:n]), pause})
		text, pause = strings.TrimSpace(text[n:]), next
	}
	if text != "" {
		out = append(out, piece{text, pause})
	}
	return out
}

// cutAt returns where to end a piece of the given beginning of a text, and the
// pause a speaker would make there.
func cutAt(head string) (at, pause int) {
	comma, blank := 0, 0
	for i := len(head) - 1; i > 0; i-- {
		if head[i] != ' ' {
			continue
		}
		switch head[i-1] {
		case '.', '!', '?':
			return i, sentencePause
		case ',', ';', ':':
			comma = max(comma, i)
		}
		blank = max(blank, i)
	}
	switch {
	case comma > 0:
		return comma, phrasePause
	case blank > 0:
		return blank, noPause
	}
	return len(head) - 1, noPause
}
