package settings

import (
	"errors"
	"strings"
	"time"

	"warmdesk/agent"
	"warmdesk/say"
)

// weekdays are the days of Hours.
var weekdays = [7]time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday}

// Service is when the desk is open and how long somebody waits.
func (r Routing) Service() (agent.Service, error) {
	hours, err := r.Hours.read(r.Holidays)
	return agent.Service{Hours: hours, MaxWait: time.Duration(r.MaxWait) * time.Second}, err
}

// HoursOf writes business hours down.
func HoursOf(h agent.Hours) Hours {
	out := Hours{Zone: h.Zone()}
	for i, day := range weekdays {
		out.Days[i] = strings.Join(h.Day(day), " ")
	}
	return out
}

// read is the hours as the rules take them. Without any, but with holidays, every
// other day is open.
func (h Hours) read(holidays []string) (agent.Hours, error) {
	var entries []string
	for i, times := range h.Days {
		if strings.TrimSpace(times) != "" {
			if strings.Contains(times, ",") || !strings.Contains(times, ":") {
				return agent.Hours{}, errors.New(say.Phrase(weekdays[i].String()) + " does not read like 09:00-12:00 13:00-17:00")
			}
			entries = append(entries, weekdays[i].String()+" "+times)
		}
	}
	switch {
	case len(entries) == 0 && len(holidays) == 0:
		return h.always()
	case strings.TrimSpace(h.Zone) == "":
		return agent.Hours{}, errors.New("the time zone is missing, like Europe/Berlin")
	case len(entries) == 0:
		entries = []string{"Mon-Sun 00:00-24:00"}
	}
	hours, err := agent.ParseHours(strings.Join(entries, ", ") + " " + h.Zone)
	if err != nil || len(holidays) == 0 {
		return hours, err
	}
	return hours.ClosedOn(holidays...)
}

// always is no business hours; a zone that is named is a known one all the same.
func (h Hours) always() (agent.Hours, error) {
	if h.Zone == "" {
		return agent.Hours{}, nil
	}
	_, err := agent.ParseHours("Mon-Sun 00:00-24:00 " + h.Zone)
	return agent.Hours{}, err
}
