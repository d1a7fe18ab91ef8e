package twilio

import (
	"net/http"
	"time"
)

// Values that no document of Twilio's names for certain. docs/unverified.md says of
// each what it is for, why it does no harm if it is otherwise, and how to find out.
const (
	// DialStatusAfterConference is DialCallStatus at an action after a conference
	// that the leg was in, and DialStatusRefused of one that it never got into.
	DialStatusAfterConference = "answered"
	DialStatusRefused         = "failed"
	// FirstConferenceSequence is the SequenceNumber of a conference's first callback.
	FirstConferenceSequence = 1
	// StatusTooManyCalls is the HTTP status of code 10004.
	StatusTooManyCalls = http.StatusTooManyRequests
	// MostTokenTTL is the longest life of an access token.
	MostTokenTTL = 24 * time.Hour
)
