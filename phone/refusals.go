package phone

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"

	"warmdesk/call"
	"warmdesk/twilio"
)

// said is one refusal in words: what is wrong, and what can be done.
type said struct{ what, do string }

// What to do, where it is the same for several codes.
const (
	doReport  = "This is our mistake: please tell whoever runs this desk."
	doNumber  = "Check the number."
	doOther   = "Try another number."
	doOurs    = "An admin must set TWILIO_NUMBER to a number of this account."
	doAccount = "An admin must look at the account in Twilio's console."
	doWait    = "Try again in a moment."
)

// refusals words the codes that a request of ours may be answered with, from
// Twilio's list of errors. It is never the whole list: what is not in it is told
// in Twilio's own words.
func refusals() map[int]said {
	ours := said{"our request was not understood", doReport}
	return map[int]said{
		10001:                       {"the account is not active", doAccount},
		10002:                       {"a trial account may not do this", doAccount},
		10004:                       {"the account has as many calls as it may have", doWait},
		10005:                       {"calls are switched off for the account", doAccount},
		20001:                       ours,
		20002:                       ours,
		twilio.CodeUnauthorized:     {"wrong auth token", "An admin must set TWILIO_AUTH_TOKEN to the account's token."},
		twilio.CodeMethodNotAllowed: ours,
		20005:                       {"the account is not active", doAccount},
		20403:                       {"the account may not do this", doAccount},
		twilio.CodeNotFound:         {"it is not there any more", ""},
		twilio.CodeTooManyRequests:  {"too many requests at once", doWait},
		20500:                       {"it has trouble of its own", doWait},
		20503:                       {"it has trouble of its own", doWait},
		21201:                       ours,
		21205:                       {"our address is not valid", "An admin must set PUBLIC_URL to an address that Twilio can reach."},
		21206:                       ours,
		21208:                       ours,
		21209:                       ours,
		21210:                       {"our own number is not verified", doOurs},
		21211:                       {"number not valid", doNumber},
		21212:                       {"our own number is not valid", doOurs},
		21213:                       {"our own number is missing", doOurs},
		21214:                       {"number cannot be reached", doOther},
		21215:                       {"calls to that country are not allowed", "An admin can allow it in Twilio's voice geographic permissions."},
		21216:                       {"calls to that number are not allowed", doOther},
		21217:                       {"number not valid", doNumber},
		21218:                       ours,
		21219:                       {"a trial account calls verified numbers only", "An admin can verify the number in Twilio's console."},
		twilio.CodeNotInProgress:    {"the call was over already", ""},
		21609:                       {"our address is not valid", "An admin must set PUBLIC_URL to an address that Twilio can reach."},
		32018:                       ours,
	}
}

// mostSaid is how much of Twilio's own words is told where we have none.
const mostSaid = 120

// refused words why the carrier did not do something. nil has no words.
func refused(err error) call.Refusal {
	if err == nil {
		return call.Refusal{}
	}
	if e, ok := errors.AsType[*twilio.Error](err); ok {
		if known, ok := refusals()[e.Code]; ok {
			return call.Refusal{Code: e.Code, Said: known.what, Do: known.do}
		}
		switch {
		case e.Code != 0:
			return call.Refusal{Code: e.Code, Said: ownWords(e.Message)}
		case e.Status >= 500:
			return call.Refusal{Said: fmt.Sprintf("it has trouble of its own (HTTP %d)", e.Status), Do: doWait}
		case e.Status == http.StatusUnauthorized:
			return call.Refusal{Said: "it does not know us (HTTP 401)", Do: refusals()[twilio.CodeUnauthorized].do}
		case e.Status == http.StatusTooManyRequests:
			return call.Refusal{Said: refusals()[twilio.CodeTooManyRequests].what, Do: doWait}
		}
		return call.Refusal{Said: fmt.Sprintf("it answered HTTP %d", e.Status), Do: doReport}
	}
	switch {
	case errors.Is(err, errNoLeg):
		return call.Refusal{Said: "there is no such line any more"}
	case errors.Is(err, context.DeadlineExceeded):
		return call.Refusal{Said: "it did not answer in time", Do: doWait}
	case notSent(err):
		return call.Refusal{Said: "it cannot be reached", Do: doWait}
	}
	return call.Refusal{Said: "the connection to it broke", Do: doWait}
}

// ownWords is the first sentence of what Twilio says, on one line.
func ownWords(message string) string {
	message = strings.Join(strings.Fields(message), " ")
	if end := strings.Index(message, ". "); end > 0 {
		message = message[:end]
	}
	message = strings.TrimRight(message, ".")
	if runes := []rune(message); len(runes) > mostSaid {
		message = string(runes[:mostSaid]) + "..."
	}
	if message == "" {
		return "it did not say why"
	}
	return message
}

// notSent: no connection could be made, so nothing can have happened.
func notSent(err error) bool {
	if e, ok := errors.AsType[*net.OpError](err); ok && e.Op == "dial" {
		return true
	}
	_, ok := errors.AsType[*net.DNSError](err)
	return ok
}

// line is a failure as the timeline tells it: in our words, and behind them in the
// carrier's.
func line(kind call.ActionKind, err error) string {
	text := fmt.Sprintf("%s: %s", kind, refused(err).Why())
	if e, ok := errors.AsType[*twilio.Error](err); ok {
		return fmt.Sprintf("%s: HTTP %d, %s", text, e.Status, ownWords(e.Message))
	}
	return text
}
