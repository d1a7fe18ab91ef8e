package rest

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Sizes of a list's page.
const (
	defaultPageSize = 50
	maxPageSize     = 1000
)

// list cuts the page that was asked for out of all, and writes it under name
// with Twilio's paging fields. A page's token names the item before it, so that
// what is added in front meanwhile shifts nothing.
func list[T any](r request, name string, all []T, sid func(T) string, show func(T) any) (answer, error) {
	size, err := number(r.form, "PageSize", defaultPageSize, 1)
	if err != nil {
		return answer{}, err
	}
	size = min(size, maxPageSize)
	page, err := number(r.form, "Page", 0, 0)
	if err != nil {
		return answer{}, err
	}
	start := min(page, len(all)/size+1) * size
	if token, ok := strings.CutPrefix(r.form.Get("PageToken"), "PA"); ok {
		if i := slices.IndexFunc(all, func(t T) bool { return sid(t) == token }); i >= 0 {
			start = i + 1
		}
	}
	start = min(start, len(all))
	end := min(start+size, len(all))
	items := make([]any, 0, end-start)
	for _, t := range all[start:end] {
		items = append(items, show(t))
	}
	body := map[string]any{
		name: items, "page": page, "page_size": size, "start": page * size, "end": page*size + max(len(items)-1, 0),
		"uri":            r.pageURI(page, size, r.form.Get("PageToken")),
		"first_page_uri": r.pageURI(0, size, ""), "next_page_uri": nil, "previous_page_uri": nil,
	}
	if end < len(all) {
		body["next_page_uri"] = r.pageURI(page+1, size, "PA"+sid(all[end-1]))
	}
	if page > 0 {
		body["previous_page_uri"] = r.pageURI(page-1, size, "")
	}
	return answer{http.StatusOK, body}, nil
}

func (r request) pageURI(page, size int, token string) string {
	q := url.Values{}
	for k, v := range r.form {
		q[k] = v
	}
	q.Del("PageToken")
	q.Set("Page", strconv.Itoa(page))
	q.Set("PageSize", strconv.Itoa(size))
	if token != "" {
		q.Set("PageToken", token)
	}
	return r.path + "?" + q.Encode()
}

// number reads a whole number of at least low.
func number(form url.Values, name string, otherwise, low int) (int, error) {
	s := form.Get(name)
	if s == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < low {
		return 0, badParameter("%s is not a number of at least %d", name, low)
	}
	return n, nil
}

// flag reads an optional boolean.
func flag(form url.Values, name string) (*bool, error) {
	s := form.Get(name)
	if s == "" {
		return nil, nil
	}
	b, err := strconv.ParseBool(strings.ToLower(s))
	if err != nil {
		return nil, badParameter("%s is neither true nor false", name)
	}
	return &b, nil
}

// window is a filter by time: on a day, or before or after a point.
type window struct{ from, until time.Time }

// within reads the filters NAME, NAME< and NAME> (whose "=" is the query's own:
// "StartTime>=2026-01-02"). A day stands for its whole in UTC.
func within(form url.Values, name string) (window, error) {
	var w window
	for suffix, set := range map[string]func(from, until time.Time){
		"":  func(from, until time.Time) { w = window{from, until} },
		">": func(from, until time.Time) { w.from = from },
		"<": func(from, until time.Time) { w.until = until },
	} {
		s := form.Get(name + suffix)
		if s == "" {
			continue
		}
		if day, err := time.Parse(time.DateOnly, s); err == nil {
			set(day, day.AddDate(0, 0, 1))
		} else if t, err := time.Parse(time.RFC3339, s); err == nil {
			set(t, t)
		} else {
			return w, badParameter("%s is neither YYYY-MM-DD nor a time", name)
		}
	}
	return w, nil
}

func (w window) has(t time.Time) bool {
	if w.from.IsZero() && w.until.IsZero() {
		return true
	}
	return !t.IsZero() && !t.Before(w.from) && (w.until.IsZero() || t.Before(w.until))
}
