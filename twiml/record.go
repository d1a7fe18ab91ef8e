package twiml

import (
	"strconv"
	"strings"
	"time"
)

// Twilio's defaults of a Record.
const (
	DefaultRecordTimeout   = 5 * time.Second
	DefaultRecordMaxLength = time.Hour
	DefaultRecordKeys      = "1234567890*#"
)

// Values of Record.Trim.
const (
	TrimSilence = "trim-silence"
	DoNotTrim   = "do-not-trim"
)

// Events of Record.StatusCallbackEvents, which are also the states of the
// recording that they tell of.
const (
	RecordingInProgress = "in-progress"
	RecordingCompleted  = "completed"
	RecordingAbsent     = "absent" // nothing was said
)

// Record records what the caller says. Transcriptions are not in the
// vocabulary: transcribe and transcribeCallback are read over.
type Record struct {
	// Action is asked for the next document with RecordingUrl, RecordingSid,
	// RecordingDuration and Digits; "" is the document itself. When nothing was
	// said the call goes on with the next verb.
	Action string
	Method string // for Action; "" is POST
	// Timeout, in whole seconds, is the silence that ends it; 0 is
	// DefaultRecordTimeout.
	Timeout time.Duration
	// MaxLength, in whole seconds, is the longest recording; 0 is
	// DefaultRecordMaxLength.
	MaxLength time.Duration
	// FinishOnKey are the keys of which any ends it: nil is DefaultRecordKeys, a
	// pointer to "" no key.
	FinishOnKey *string
	PlayBeep    *bool  // before it begins; nil is true
	Trim        string // TrimSilence (also ""), DoNotTrim: silence at both ends
	// RecordingStatusCallback is told what becomes of the recording.
	RecordingStatusCallback       string
	RecordingStatusCallbackMethod string // "" is POST
	// RecordingStatusCallbackEvents is any of RecordingInProgress,
	// RecordingCompleted, RecordingAbsent; none is RecordingCompleted.
	RecordingStatusCallbackEvents []string
}

func (v Record) encode(w *writer) {
	w.begin("Record")
	w.attr("action", v.Action)
	w.attr("method", v.Method)
	w.seconds("timeout", v.Timeout)
	w.optional("finishOnKey", v.FinishOnKey)
	w.seconds("maxLength", v.MaxLength)
	if v.PlayBeep != nil {
		w.attrAlways("playBeep", strconv.FormatBool(*v.PlayBeep))
	}
	w.attr("trim", v.Trim)
	w.attr("recordingStatusCallback", v.RecordingStatusCallback)
	w.attr("recordingStatusCallbackMethod", v.RecordingStatusCallbackMethod)
	w.attr("recordingStatusCallbackEvent", strings.Join(v.RecordingStatusCallbackEvents, " "))
	w.end()
}

// record reads the attributes of a <Record>.
func record(a *attributes) Record {
	r := Record{
		Action:                        a.text("action"),
		Method:                        a.method("method", CodeSchema),
		Timeout:                       a.seconds("timeout"),
		MaxLength:                     a.seconds("maxLength"),
		FinishOnKey:                   a.keys("finishOnKey"),
		Trim:                          a.oneOf("trim", CodeSchema, TrimSilence, DoNotTrim),
		RecordingStatusCallback:       a.text("recordingStatusCallback"),
		RecordingStatusCallbackMethod: a.method("recordingStatusCallbackMethod", CodeSchema),
	}
	if _, ok := a.get("playBeep"); ok {
		r.PlayBeep = Bool(a.flag("playBeep", CodeSchema))
	}
	for _, event := range strings.Fields(a.text("recordingStatusCallbackEvent")) {
		switch event {
		case RecordingInProgress, RecordingCompleted, RecordingAbsent:
			r.RecordingStatusCallbackEvents = append(r.RecordingStatusCallbackEvents, event)
		default:
			a.fail(CodeSchema, "recordingStatusCallbackEvent", event)
		}
	}
	return r
}
