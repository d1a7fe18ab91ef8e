package agent

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Hours are the business hours of a week, as clocks on the wall of one time zone
// show them. The zero value is always open.
type Hours struct {
	week [7][]opening // by time.Weekday; all empty: always open
	zone *time.Location
	// closed are days without business hours, whatever the week says.
	closed map[date]bool
}

// date is a day of the calendar.
type date struct {
	year  int
	month time.Month
	day   int
}

// opening is a time of one day, in minutes since midnight. One that lasts over
// midnight ends after minute 1440.
type opening struct{ from, to int }

// midnight ends a day, in minutes.
const midnight = 24 * 60

// ParseHours reads business hours: entries of days and times with commas between
// them, and then the time zone they are meant in.
//
//	Mon-Fri 09:00-17:00, Sat 10:00-14:00 Europe/Berlin
//	Mon Wed 08:00-12:00 13:00-16:30, Fri-Sat 22:00-02:00 America/New_York
//
// An end that is not after its beginning is the next day's. The empty text is
// always open.
func ParseHours(text string) (Hours, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return Hours{}, nil
	}
	cut := strings.LastIndexAny(text, " \t,")
	name := text[cut+1:]
	if cut < 0 || name == "" || name == "Local" || strings.Contains(name, ":") {
		return Hours{}, fmt.Errorf("%q does not name its time zone, like Europe/Berlin, at the end", text)
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return Hours{}, fmt.Errorf("%q is not a known time zone like Europe/Berlin", name)
	}
	h := Hours{zone: zone}
	for _, entry := range strings.Split(text[:cut], ",") {
		if err := h.add(entry); err != nil {
			return Hours{}, err
		}
	}
	return h, nil
}

// ClosedOn is h with no hours that begin on these days, each written like
// 2026-12-25. What began the evening before lasts as long as it would.
func (h Hours) ClosedOn(days ...string) (Hours, error) {
	h.closed = map[date]bool{}
	for _, text := range days {
		t, err := time.Parse(time.DateOnly, text)
		if err != nil {
			return Hours{}, fmt.Errorf("%q is not a day like 2026-12-25", text)
		}
		h.closed[date{t.Year(), t.Month(), t.Day()}] = true
	}
	return h, nil
}

// Zone is the time zone's name; empty: there are no business hours.
func (h Hours) Zone() string {
	if h.Always() {
		return ""
	}
	return h.zone.String()
}

// Day is the open times of a day of the week, as ParseHours reads them.
func (h Hours) Day(d time.Weekday) []string {
	var list []string
	clock := func(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }
	for _, o := range h.week[d] {
		to := o.to
		if to > midnight {
			to -= midnight
		}
		list = append(list, clock(o.from)+"-"+clock(to))
	}
	return list
}

// add reads one entry: days, then times.
func (h *Hours) add(entry string) error {
	words := strings.Fields(entry)
	var days []time.Weekday
	for len(words) > 0 && !strings.Contains(words[0], ":") {
		more, err := parseDays(words[0])
		if err != nil {
			return err
		}
		days, words = append(days, more...), words[1:]
	}
	if len(days) == 0 || len(words) == 0 {
		return fmt.Errorf("%q does not read like Mon-Fri 09:00-17:00", strings.TrimSpace(entry))
	}
	for _, word := range words {
		o, err := parseOpening(word)
		if err != nil {
			return err
		}
		for _, day := range days {
			h.week[day] = append(h.week[day], o)
		}
	}
	return nil
}

func parseDays(word string) ([]time.Weekday, error) {
	first, last, isRange := strings.Cut(word, "-")
	if !isRange {
		last = first
	}
	day, ok := weekday(first)
	end, ok2 := weekday(last)
	if !ok || !ok2 {
		return nil, fmt.Errorf("%q is not a day like Mon or days like Mon-Fri", word)
	}
	days := []time.Weekday{day}
	for day != end {
		day = (day + 1) % 7
		days = append(days, day)
	}
	return days, nil
}

func weekday(word string) (time.Weekday, bool) {
	for day := time.Sunday; day <= time.Saturday; day++ {
		if strings.EqualFold(word, day.String()[:3]) || strings.EqualFold(word, day.String()) {
			return day, true
		}
	}
	return 0, false
}

func parseOpening(word string) (opening, error) {
	from, to, ok := strings.Cut(word, "-")
	begin, ok2 := parseClock(from)
	end, ok3 := parseClock(to)
	if !ok || !ok2 || !ok3 || begin == end || begin == midnight {
		return opening{}, fmt.Errorf("%q is not a time like 09:00-17:00; 00:00-24:00 is the whole day", word)
	}
	if end < begin {
		end += midnight
	}
	return opening{begin, end}, nil
}

// parseClock reads 00:00 to 24:00.
func parseClock(word string) (minutes int, ok bool) {
	hour, minute, found := strings.Cut(word, ":")
	if !found || len(hour) == 0 || len(hour) > 2 || len(minute) != 2 {
		return 0, false
	}
	h, err := strconv.ParseUint(hour, 10, 8)
	m, err2 := strconv.ParseUint(minute, 10, 8)
	minutes = int(h)*60 + int(m)
	return minutes, err == nil && err2 == nil && m < 60 && minutes <= midnight
}

// Always reports whether there are no business hours: open day and night.
func (h Hours) Always() bool { return h.zone == nil }

// Open reports whether now is within business hours.
func (h Hours) Open(now time.Time) bool {
	return h.Always() || !h.period(now).from.After(now)
}

// Closes is when the present open time ends; zero: it does not, or it is closed
// now already.
func (h Hours) Closes(now time.Time) time.Time {
	if h.Always() || !h.Open(now) {
		return time.Time{}
	}
	return h.period(now).to
}

// After is the time when d of open time will have passed since now.
func (h Hours) After(now time.Time, d time.Duration) time.Time {
	if h.Always() {
		return now.Add(d)
	}
	for {
		p := h.period(now)
		if p.from.After(now) {
			now = p.from
		}
		if left := p.to.Sub(now); left < d {
			now, d = p.to, d-left
			continue
		}
		return now.Add(d)
	}
}

// period is an unbroken open time.
type period struct{ from, to time.Time }

// period is the open time that now is in, or the next one. Times that touch are
// one. One without an end is told to end when the days looked at do, a week from
// now: whoever asks again then is told more.
func (h Hours) period(now time.Time) period {
	if p := h.look(now, 8); !p.to.IsZero() {
		return p
	}
	return h.look(now, 8+len(h.closed)) // a closed time may be longer than a week
}

// look is period, among that many days.
func (h Hours) look(now time.Time, days int) period {
	y, m, d := now.In(h.zone).Date()
	var all []period
	for day := -1; day <= days; day++ { // yesterday's may last over midnight
		noon := time.Date(y, m, d+day, 12, 0, 0, 0, h.zone)
		if h.closed[date{noon.Year(), noon.Month(), noon.Day()}] {
			continue
		}
		for _, o := range h.week[noon.Weekday()] {
			// The clock on the wall tells the time: on the days it is put forward or
			// back, 09:00 is still 09:00.
			p := period{time.Date(y, m, d+day, 0, o.from, 0, 0, h.zone), time.Date(y, m, d+day, 0, o.to, 0, 0, h.zone)}
			if p.from.Before(p.to) {
				all = append(all, p)
			}
		}
	}
	slices.SortFunc(all, func(a, b period) int { return cmp.Or(a.from.Compare(b.from), a.to.Compare(b.to)) })
	var found period
	for _, p := range all {
		switch {
		case !p.to.After(now):
		case found.to.IsZero():
			found = p
		case p.from.After(found.to):
			return found
		case p.to.After(found.to):
			found.to = p.to
		}
	}
	return found
}
