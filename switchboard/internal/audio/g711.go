package audio

import "math/bits"

// The G.711 laws (ITU-T G.711, 11/88). A code is a sign, a three-bit segment and
// four bits within the segment. The tables are computed once from the law; coding
// a frame is then one look-up per sample.

const (
	ulawBias = 33   // added to the 14-bit magnitude so that every segment starts at a power of two
	ulawClip = 8158 // the largest 14-bit magnitude a code can stand for
)

// ULawSilence is the µ-law code of the sample value zero.
const ULawSilence = 0xFF

var (
	ulawToLinear = decodeTable(ulawSample)
	alawToLinear = decodeTable(alawSample)
	linearToULaw = encodeTable()
)

// DecodeULaw writes the linear samples of the µ-law codes in src to dst, as many
// as the shorter of the two holds, and returns how many.
func DecodeULaw(dst []int16, src []byte) int {
	return decode(dst, src, &ulawToLinear)
}

// DecodeALaw writes the linear samples of the A-law codes in src to dst, as many
// as the shorter of the two holds, and returns how many.
func DecodeALaw(dst []int16, src []byte) int {
	return decode(dst, src, &alawToLinear)
}

// EncodeULaw writes the µ-law codes of the samples in src to dst, as many as the
// shorter of the two holds, and returns how many.
func EncodeULaw(dst []byte, src []int16) int {
	n := min(len(dst), len(src))
	dst, src = dst[:n], src[:n]
	for i, s := range src {
		dst[i] = linearToULaw[uint16(s)>>2]
	}
	return n
}

func decode(dst []int16, src []byte, table *[256]int16) int {
	n := min(len(dst), len(src))
	dst, src = dst[:n], src[:n]
	for i, code := range src {
		dst[i] = table[code]
	}
	return n
}

func decodeTable(sample func(code byte) int16) (t [256]int16) {
	for i := range t {
		t[i] = sample(byte(i))
	}
	return t
}

// encodeTable is indexed by the upper 14 bits of a sample: µ-law is defined on
// 14 bits, and 16 KB stay in the first-level cache where 64 KB would not.
func encodeTable() (t [1 << 14]byte) {
	for i := range t {
		t[i] = ulawCode(int16(uint16(i) << 2))
	}
	return t
}

// ulawSample is table 2 of G.711, scaled from 14 to 16 bits.
func ulawSample(code byte) int16 {
	code = ^code
	segment, step := uint(code>>4&7), int16(code&0xF)
	v := ((2*step + ulawBias) << segment) - ulawBias
	if code&0x80 != 0 {
		v = -v
	}
	return v << 2
}

func ulawCode(sample int16) byte {
	v, sign := int(sample)>>2, byte(0)
	if v < 0 {
		v, sign = ^v, 0x80 // as the ITU reference: the negative half mirrors at -1/2
	}
	v = min(v, ulawClip) + ulawBias
	segment := bits.Len(uint(v)) - 6
	return ^(sign | byte(segment<<4) | byte(v>>(segment+1)&0xF))
}

// alawSample is table 1 of G.711, scaled from 13 to 16 bits.
func alawSample(code byte) int16 {
	code ^= 0x55
	segment, step := uint(code>>4&7), int16(code&0xF)
	v := step<<4 + 8
	if segment > 0 {
		v = (v + 0x100) << (segment - 1)
	}
	if code&0x80 == 0 {
		v = -v
	}
	return v
}
