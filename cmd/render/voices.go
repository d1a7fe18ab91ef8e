package main

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"

	"warmdesk/switchboard"
)

// person is somebody of the demo, where several people share a laptop whose one
// microphone would howl: each sends a recording instead, over and over.
type person struct {
	name  string // of the file
	voice string // in Twilio's words
	lines []line
}

// line is a sentence and how long its speaker then listens, in ms.
type line struct {
	text  string
	pause int
}

// people speak 12 to 20 s each, of different lengths, so that who talks over whom
// changes from round to round.
var people = []person{
	{"dana", "Polly.Kendra", []line{
		{"Hi, I am calling about my order from last week.", 900},
		{"It was supposed to come on Tuesday, but nothing came.", 1100},
		{"The number is four, seven, one, two.", 1300},
		{"I would just like to know where it is.", 1700},
	}},
	{"ana", "Polly.Salli", []line{
		{"Thank you for calling, this is Ana.", 1000},
		{"Let me have a look at your order.", 1300},
		{"I can see it here. It left our warehouse on Monday.", 1200},
		{"I will find out for you what happened then.", 1900},
	}},
	{"ben", "man", []line{
		{"Hello, this is Ben from the shipping team.", 1000},
		{"I have the tracking page in front of me.", 1500},
		{"Your parcel is in town, at the depot.", 1200},
		{"We can bring it to you tomorrow morning.", 2300},
	}},
	{"cy", "Polly.Brian", []line{
		{"Hello there, Cy speaking.", 1100},
		{"Give me a second to read the notes.", 1600},
		{"All right, I see what went wrong.", 1200},
		{"That one needs a new label. I will see to it.", 2100},
	}},
}

// stampName is the file that tells from which lines a folder's voices were made.
// Its dot keeps it out of what is embedded.
const stampName = ".rendered"

// renderVoices puts everybody's recording into the folder unless they are there,
// made from these very lines; it returns whether it had to.
func renderVoices(ctx context.Context, speech *switchboard.Speech, folder string) (bool, error) {
	stamp, err := stampOf(people)
	if err != nil {
		return false, err
	}
	stampPath := filepath.Join(folder, stampName)
	if old, err := os.ReadFile(stampPath); err == nil && string(old) == stamp && allThere(folder) {
		return false, nil
	}
	for _, p := range people {
		wav, err := record(ctx, speech, p)
		if err != nil {
			return false, fmt.Errorf("voice of %s: %w", p.name, err)
		}
		if err := writeChanged(filepath.Join(folder, p.name+".wav"), wav); err != nil {
			return false, err
		}
	}
	return true, writeFile(stampPath, []byte(stamp)) // last: an interrupted run is repeated
}

// stampOf names everything that decides how the voices sound.
func stampOf(people []person) (string, error) {
	var b strings.Builder
	fmt.Fprintln(&b, "room", roomLevel)
	for _, p := range people {
		for _, l := range p.lines {
			key, err := switchboard.SpeechFile(l.text, p.voice)
			if err != nil {
				return "", fmt.Errorf("voice of %s: %w", p.name, err)
			}
			fmt.Fprintln(&b, p.name, key, l.pause)
		}
	}
	return b.String(), nil
}

func allThere(folder string) bool {
	for _, p := range people {
		if _, err := os.Stat(filepath.Join(folder, p.name+".wav")); err != nil {
			return false
		}
	}
	return true
}

func record(ctx context.Context, speech *switchboard.Speech, p person) ([]byte, error) {
	const samplesPerMillisecond = 8
	var all []int16
	for _, l := range p.lines {
		samples, err := speech.Render(ctx, l.text, p.voice)
		if err != nil {
			return nil, err
		}
		all = append(all, samples...)
		all = append(all, make([]int16, l.pause*samplesPerMillisecond)...)
	}
	addRoom(all)
	return switchboard.WAV(all), nil
}

// roomLevel is the loudest sample of a quiet room, about −52 dBFS RMS.
const roomLevel = 140

// addRoom gives a recording the sound of a quiet room, as every microphone has
// it: a pause between two sentences is then no dead line, to the ear and to who
// measures silence.
func addRoom(samples []int16) {
	source := rand.New(rand.NewPCG(1, 2)) // the same room at every build
	for i, s := range samples {
		samples[i] = int16(min(max(int(s)+source.IntN(2*roomLevel+1)-roomLevel, math.MinInt16), math.MaxInt16))
	}
}
