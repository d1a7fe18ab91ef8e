package agent

import (
	"errors"
	"slices"
	"strings"
	"unicode/utf8"
)

// Request is the wish of somebody who is not on a call to be called back: they came
// outside the opening hours, or cannot be heard.
type Request struct {
	Name, Number string
	Topic        string // what it is about; may be empty
	When         string // it suits them, in their own words; may be empty
}

// Bounds of it, in characters; and how many requests may be open: more than can be
// called is no promise any more.
const (
	MostRequestName = 60
	MostRequestText = 80
	MostRequests    = 200
)

// Errors of a request. Nothing has changed.
var (
	ErrRequestName   = errors.New("a request to be called back needs a name of 60 characters at most")
	ErrRequestNumber = errors.New("that does not look like a telephone number")
	ErrRequestText   = errors.New("what it is about, and when it suits, have 80 characters at most")
	ErrRequestsMost  = errors.New("there are too many requests to be called back already")
)

// Clean is the request as it is kept, or why it cannot be.
func (r Request) Clean() (Request, error) {
	line := func(text string) string { return strings.Join(strings.Fields(text), " ") }
	number, ok := ReadNumber(r.Number)
	r = Request{Name: line(r.Name), Number: number, Topic: line(r.Topic), When: line(r.When)}
	switch {
	case r.Name == "" || utf8.RuneCountInString(r.Name) > MostRequestName:
		return Request{}, ErrRequestName
	case !ok:
		return Request{}, ErrRequestNumber
	case utf8.RuneCountInString(r.Topic) > MostRequestText || utf8.RuneCountInString(r.When) > MostRequestText:
		return Request{}, ErrRequestText
	}
	return r, nil
}

// Ask makes a task of a request, for Give to complete. Who has asked already, and is
// not called back yet, is not noted twice: known, and the task that there is.
func Ask(r Request, tasks []Task) (t Task, known bool, err error) {
	if r, err = r.Clean(); err != nil {
		return Task{}, false, err
	}
	open := slices.DeleteFunc(slices.Clone(tasks), func(t Task) bool { return !t.Open() || t.Call != "" })
	if i := slices.IndexFunc(open, func(t Task) bool { return t.Number == r.Number }); i >= 0 {
		return open[i], true, nil
	}
	if len(open) >= MostRequests {
		return Task{}, false, ErrRequestsMost
	}
	return Task{Kind: Callback, Name: r.Name, Number: r.Number, Topic: r.Topic, When: r.When}, false, nil
}

// ReadNumber reads a telephone number as people write it; false: it cannot be one.
func ReadNumber(text string) (string, bool) {
	number := strings.NewReplacer(" ", "", "-", "", "(", "", ")", "", "/", "", ".", "").Replace(text)
	return number, Dialable(number)
}

// Dialable reports whether somebody can be called at a number: 6 to 15 digits as
// in E.164, with or without the plus.
func Dialable(number string) bool {
	digits := strings.TrimPrefix(number, "+")
	return len(digits) >= 6 && len(digits) <= 15 && strings.Trim(digits, "0123456789") == ""
}
