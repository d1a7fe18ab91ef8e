package webhook

import (
	"context"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// policy is how long and how often a webhook is tried. A fragment of its URL
// overrides Twilio's defaults: tt is the total time in ms, rc the number of
// retries, rp what is retried. The other names of such fragments (ct, rt, e,
// sni) are read over.
type policy struct {
	total   time.Duration
	retries int
	on      map[string]bool // "4xx", "5xx", "ct", "rt", "all"
}

const (
	maxRetries = 5
	minTotal   = 100 * time.Millisecond
)

// policyOf reads the fragment; what is not understood keeps its default: 15 s,
// one retry, and only when no connection could be made.
func policyOf(target string) policy {
	p := policy{total: TotalTimeout, retries: 1, on: map[string]bool{"ct": true}}
	_, fragment, _ := strings.Cut(target, "#")
	values, err := url.ParseQuery(fragment)
	if err != nil {
		return p
	}
	if n, err := strconv.Atoi(values.Get("rc")); err == nil && n >= 0 && n <= maxRetries {
		p.retries = n
	}
	if ms, err := strconv.Atoi(values.Get("tt")); err == nil {
		if d := time.Duration(ms) * time.Millisecond; d >= minTotal && d <= TotalTimeout {
			p.total = d
		}
	}
	if rp := values.Get("rp"); rp != "" {
		p.on = map[string]bool{}
		for word := range strings.SplitSeq(rp, ",") {
			p.on[word] = true
		}
	}
	return p
}

// retriable reports whether the policy covers a failure. status is 0 when there
// was no answer.
func (p policy) retriable(err error, status int) bool {
	switch {
	case p.on["all"]:
		return true
	case status >= 500:
		return p.on["5xx"]
	case status >= 400:
		return p.on["4xx"]
	case isConnect(err):
		return p.on["ct"]
	}
	return p.on["rt"] && !errors.Is(err, context.Canceled)
}
