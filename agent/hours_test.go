package agent

import (
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // so that the table holds on every machine
)

// berlin is a time on the clocks of Berlin.
func berlin(t testing.TB, text string) time.Time {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", text, zone)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func hours(t testing.TB, text string) Hours {
	t.Helper()
	h, err := ParseHours(text)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestHours(t *testing.T) {
	const office = "Mon-Fri 09:00-17:00, Sat 10:00-14:00 Europe/Berlin"
	for _, tt := range []struct {
		name, hours, now string
		open             bool
		closes           string // empty: not open, or never
	}{
		{"a working day", office, "2026-11-23 09:00", true, "2026-11-23 17:00"},
		{"the last minute", office, "2026-11-23 16:59", true, "2026-11-23 17:00"},
		{"closing time", office, "2026-11-23 17:00", false, ""},
		{"before opening", office, "2026-11-23 08:59", false, ""},
		{"saturday is shorter", office, "2026-11-28 13:00", true, "2026-11-28 14:00"},
		{"sunday", office, "2026-11-22 12:00", false, ""},
		{"the clock goes forward: 09:00 is 09:00", "Sun 09:00-17:00 Europe/Berlin", "2026-03-29 09:00", true, "2026-03-29 17:00"},
		{"the clock goes back: 08:59 is too early", "Sun 09:00-17:00 Europe/Berlin", "2026-10-25 08:59", false, ""},
		{"open through the hour that is left out", "Sat-Sun 22:00-06:00 Europe/Berlin", "2026-03-29 04:00", true, "2026-03-29 06:00"},
		{"open through the hour that comes twice", "Sat 22:00-06:00 Europe/Berlin", "2026-10-25 02:30", true, "2026-10-25 06:00"},
		{"begins in an hour that there is not", "Sun 02:30-04:00 Europe/Berlin", "2026-03-29 03:45", true, "2026-03-29 04:00"},
		{"over midnight", "Fri 22:00-02:00 Europe/Berlin", "2026-11-28 01:30", true, "2026-11-28 02:00"},
		{"a break at noon", "Mon 08:00-12:00 13:00-17:00 Europe/Berlin", "2026-11-23 12:30", false, ""},
		{"times that touch are one", "Mon 08:00-12:00 12:00-17:00 Europe/Berlin", "2026-11-23 11:00", true, "2026-11-23 17:00"},
		{"days that touch are one", "Mon-Tue 00:00-24:00 Europe/Berlin", "2026-11-23 11:00", true, "2026-11-25 00:00"},
		{"over the end of the week", "Sat-Mon 09:00-10:00 Europe/Berlin", "2026-11-29 09:30", true, "2026-11-29 10:00"},
		{"full names, small letters, single days", "monday WED 9:00-10:00 Europe/Berlin", "2026-11-25 09:30", true, "2026-11-25 10:00"},
		{"another place's clocks", "Mon 09:00-17:00 America/New_York", "2026-11-23 15:00", true, "2026-11-23 23:00"},
		{"none: always", "", "2026-11-22 03:00", true, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h, now := hours(t, tt.hours), berlin(t, tt.now)
			if h.Open(now) != tt.open {
				t.Errorf("open: %v", !tt.open)
			}
			closes := h.Closes(now)
			if tt.closes == "" && !closes.IsZero() || tt.closes != "" && !closes.Equal(berlin(t, tt.closes)) {
				t.Errorf("closes at %v", closes)
			}
		})
	}
}

func TestHoursAfter(t *testing.T) {
	const office = "Mon-Fri 09:00-17:00 Europe/Berlin"
	for _, tt := range []struct{ name, hours, now, want string }{
		{"on the same day", office, "2026-11-23 10:00", "2026-11-23 14:00"},
		{"up to closing time", office, "2026-11-23 13:00", "2026-11-23 17:00"},
		{"over the night", office, "2026-11-23 16:00", "2026-11-24 12:00"},
		{"over the weekend", office, "2026-11-27 16:30", "2026-11-30 12:30"},
		{"from before opening", office, "2026-11-23 06:00", "2026-11-23 13:00"},
		{"weeks of one hour", "Mon 09:00-10:00 Europe/Berlin", "2026-11-23 09:30", "2026-12-21 09:30"},
		{"over the hour that is left out", "Sat-Sun 22:00-06:00 Europe/Berlin", "2026-03-29 01:30", "2026-03-29 22:30"},
		{"always open", "", "2026-11-22 23:00", "2026-11-23 03:00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := hours(t, tt.hours).After(berlin(t, tt.now), TaskTime); !got.Equal(berlin(t, tt.want)) {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestHoursThatDoNotRead(t *testing.T) {
	for text, want := range map[string]string{
		"Mon-Fri 09:00-17:00":                   "does not name its time zone",
		"Mon":                                   "does not name its time zone",
		"Mon-Fri 09:00-17:00 Local":             "does not name its time zone",
		"Mon-Fri 09:00-17:00 Europe/Atlantis":   "is not a known time zone",
		"Mon-Fri 09:00-17:00, Europe/Berlin":    "does not read like",
		"09:00-17:00 Europe/Berlin":             "does not read like",
		"Mon Europe/Berlin":                     "does not read like",
		", Europe/Berlin":                       "does not read like",
		"Moonday 09:00-17:00 Europe/Berlin":     "is not a day",
		"Mon-Fry 09:00-17:00 Europe/Berlin":     "is not a day",
		"Mon 09:00 Europe/Berlin":               "is not a time",
		"Mon 09:00-17:60 Europe/Berlin":         "is not a time",
		"Mon 09:00-24:01 Europe/Berlin":         "is not a time",
		"Mon 24:00-09:00 Europe/Berlin":         "is not a time",
		"Mon 09:00-09:00 Europe/Berlin":         "is not a time",
		"Mon 9-17 Europe/Berlin":                "is not a day",
		"Mon 09:00-17:00 Tue Europe/Berlin":     "is not a time",
		"Mon -1:00-17:00 Europe/Berlin":         "is not a time",
		"Mon 0x9:00-17:00 Europe/Berlin":        "is not a time",
		"Mon 09:00-17:00 ../../../etc/hostname": "is not a known time zone",
	} {
		if _, err := ParseHours(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

// FuzzHours: whatever is read keeps its own rules at any time.
func FuzzHours(f *testing.F) {
	f.Add("Mon-Fri 09:00-17:00, Sat 10:00-14:00 Europe/Berlin", int64(1774745999))
	f.Add("Sun-Sat 00:00-24:00 America/New_York", int64(0))
	f.Add("Fri 22:00-02:00 UTC", int64(1<<40))
	f.Fuzz(func(t *testing.T, text string, unix int64) {
		h, err := ParseHours(text)
		if err != nil {
			return
		}
		now := time.Unix(unix%(1<<40), 0)
		closes := h.Closes(now)
		if !closes.IsZero() && (!h.Open(now) || !closes.After(now)) {
			t.Errorf("%q at %v: open %v, closes at %v", text, now, h.Open(now), closes)
		}
		if h.Open(now) && !h.Always() && closes.IsZero() {
			t.Errorf("%q at %v: open for ever", text, now)
		}
		due := h.After(now, TaskTime)
		if due.Before(now.Add(TaskTime)) {
			t.Errorf("%q at %v: %v is too soon", text, now, due)
		}
		if later := h.After(now, TaskTime+time.Minute); !later.After(due) {
			t.Errorf("%q at %v: a minute more is not later: %v, %v", text, now, due, later)
		}
	})
}

func TestClosedDays(t *testing.T) {
	const office = "Mon-Fri 09:00-17:00, Fri 22:00-02:00 Europe/Berlin"
	h, err := hours(t, office).ClosedOn("2026-12-24", "2026-12-25", "2026-12-26")
	if err != nil {
		t.Fatal(err)
	}
	for at, open := range map[string]bool{
		"2026-12-23 10:00": true, "2026-12-24 10:00": false, "2026-12-25 23:00": false, "2026-12-28 10:00": true,
		"2026-12-19 01:00": true, "2026-12-26 01:00": false, // what would begin on the 25th
	} {
		if h.Open(berlin(t, at)) != open {
			t.Errorf("%s: open is %v", at, !open)
		}
	}
	if got := h.After(berlin(t, "2026-12-23 16:00"), 2*time.Hour); !got.Equal(berlin(t, "2026-12-28 10:00")) {
		t.Errorf("two open hours later it is %v", got)
	}
	if _, err := h.ClosedOn("24.12.2026"); err == nil {
		t.Error("a day of another form was taken")
	}
}

// A closed time that is longer than a week has an end.
func TestLongClosedTime(t *testing.T) {
	var days []string
	for at := berlin(t, "2026-12-21 12:00"); at.Before(berlin(t, "2027-01-11 00:00")); at = at.AddDate(0, 0, 1) {
		days = append(days, at.Format(time.DateOnly))
	}
	h, err := hours(t, "Mon 09:00-17:00 Europe/Berlin").ClosedOn(days...)
	if err != nil {
		t.Fatal(err)
	}
	if got := h.After(berlin(t, "2026-12-19 10:00"), time.Hour); !got.Equal(berlin(t, "2027-01-11 10:00")) {
		t.Errorf("the next open hour ends at %v", got)
	}
}

func TestHoursAreToldAsTheyAreRead(t *testing.T) {
	h := hours(t, "Mon-Tue 8:00-12:00 13:00-24:00, Fri 22:00-02:00 America/New_York")
	if got := strings.Join(h.Day(time.Tuesday), " "); got != "08:00-12:00 13:00-24:00" {
		t.Errorf("Tuesday: %s", got)
	}
	if got := strings.Join(h.Day(time.Friday), " "); got != "22:00-02:00" || len(h.Day(time.Sunday)) != 0 {
		t.Errorf("Friday: %s", got)
	}
	if h.Zone() != "America/New_York" || (Hours{}).Zone() != "" {
		t.Errorf("zone %q", h.Zone())
	}
}
