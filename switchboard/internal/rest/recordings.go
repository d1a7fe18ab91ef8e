package rest

import (
	"cmp"
	"errors"
	"net/http"
	"os"
	"strconv"
	"strings"

	"warmdesk/switchboard/internal/recording"
	"warmdesk/twilio"
)

// recordingJSON has the fields that the OpenAPI schemas of a recording and of a
// call's recording share.
type recordingJSON struct {
	SID               string      `json:"sid"`
	AccountSID        string      `json:"account_sid"`
	APIVersion        string      `json:"api_version"`
	CallSID           string      `json:"call_sid"`
	ConferenceSID     *string     `json:"conference_sid"`
	DateCreated       twilio.Time `json:"date_created"`
	DateUpdated       twilio.Time `json:"date_updated"`
	StartTime         twilio.Time `json:"start_time"`
	Duration          *string     `json:"duration"` // seconds; null while it is in progress
	Price             *string     `json:"price"`
	PriceUnit         string      `json:"price_unit"`
	Status            string      `json:"status"`
	Channels          int         `json:"channels"`
	Source            string      `json:"source"`
	ErrorCode         *int        `json:"error_code"`
	URI               string      `json:"uri"`
	EncryptionDetails *string     `json:"encryption_details"`
}

// accountRecordingJSON is a recording below the account.
type accountRecordingJSON struct {
	recordingJSON
	SubresourceURIs map[string]string `json:"subresource_uris"`
	MediaURL        string            `json:"media_url"`
}

// callRecordingJSON is a recording below its call.
type callRecordingJSON struct {
	recordingJSON
	Track *string `json:"track"`
}

func (h *Handler) recordingFields(r recording.Recording) recordingJSON {
	j := recordingJSON{
		SID: r.SID, AccountSID: h.cfg.AccountSID, APIVersion: twilio.APIVersion, CallSID: r.CallSID,
		DateCreated: twilio.Time{Time: r.Started}, DateUpdated: twilio.Time{Time: r.Updated},
		StartTime: twilio.Time{Time: r.Started}, PriceUnit: "USD", Status: r.Status, Channels: 1, Source: cmp.Or(r.Source, twilio.RecordVerb),
		URI: h.uri("/Recordings/%s.json", r.SID),
	}
	if r.Status == twilio.RecordingCompleted {
		seconds := strconv.Itoa(r.Seconds())
		j.Duration = &seconds
	}
	return j
}

func (h *Handler) showRecording(r recording.Recording) any {
	return accountRecordingJSON{h.recordingFields(r), map[string]string{}, h.cfg.PublicURL + h.uri("/Recordings/%s", r.SID)}
}

func (h *Handler) showCallRecording(r recording.Recording) any {
	return callRecordingJSON{recordingJSON: h.recordingFields(r)}
}

func (h *Handler) fetchRecording(r request) (answer, error) {
	if h.cfg.Recordings == nil {
		return answer{}, recording.ErrNotFound
	}
	found, err := h.cfg.Recordings.Get(r.args[0])
	return answer{http.StatusOK, h.showRecording(found)}, err
}

func (h *Handler) deleteRecording(r request) (answer, error) {
	if h.cfg.Recordings == nil {
		return answer{}, recording.ErrNotFound
	}
	return answer{status: http.StatusNoContent}, h.cfg.Recordings.Delete(r.args[0])
}

func (h *Handler) listRecordings(r request) (answer, error) {
	created, err := within(r.form, "DateCreated")
	if err != nil {
		return answer{}, err
	}
	return h.recordings(r, r.form.Get("CallSid"), created, h.showRecording)
}

func (h *Handler) listCallRecordings(r request) (answer, error) {
	created, err := within(r.form, "DateCreated")
	if err != nil {
		return answer{}, err
	}
	return h.recordings(r, r.args[0], created, h.showCallRecording)
}

// recordings lists those of a call, or all of them. A call that nobody remembers
// has its recordings still: they outlive the process.
func (h *Handler) recordings(r request, call string, created window, show func(recording.Recording) any) (answer, error) {
	var all []recording.Recording
	if h.cfg.Recordings != nil && r.form.Get("ConferenceSid") == "" {
		all = h.cfg.Recordings.List(func(x recording.Recording) bool {
			return is(call, x.CallSID) && created.has(x.Started)
		})
	}
	return list(r, "recordings", all, func(x recording.Recording) string { return x.SID }, show)
}

// sound is an answer that is a file of sound.
type sound struct{ file *os.File }

// audio answers a recording's sound, whole or in parts.
func (h *Handler) audio(r request) (answer, error) {
	if h.cfg.Recordings == nil {
		return answer{}, recording.ErrNotFound
	}
	f, err := h.cfg.Recordings.Audio(strings.TrimSuffix(r.args[0], ".wav"))
	if errors.Is(err, recording.ErrInProgress) {
		return answer{}, recording.ErrNotFound // as on Twilio: it is not there yet
	}
	return answer{http.StatusOK, sound{f}}, err
}

// serve sends the file. It is the recording's for good.
func (s sound) serve(w http.ResponseWriter, r *http.Request) {
	defer s.file.Close()
	info, err := s.file.Stat()
	if err != nil {
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "audio/x-wav") // Twilio's
	w.Header().Set("Cache-Control", "private")
	http.ServeContent(w, r, "", info.ModTime(), s.file)
}
