package rest

import (
	"net/http"
	"slices"

	"warmdesk/switchboard/internal/exchange"
	"warmdesk/switchboard/internal/recording"
	"warmdesk/twilio"
)

// Behaviours of a pause.
const (
	pauseSkip    = "skip"
	pauseSilence = "silence" // Twilio's default
)

func (h *Handler) startRecording(r request) (answer, error) {
	callback, err := target(r.form, "RecordingStatusCallback", "RecordingStatusCallbackMethod")
	if err != nil {
		return answer{}, err
	}
	events, err := words(r.form, "RecordingStatusCallbackEvent", nil, "in-progress", "completed", "absent")
	if err != nil {
		return answer{}, err
	}
	made, err := h.cfg.Exchange.StartRecording(r.ctx, r.args[0], exchange.NewRecording{Callback: callback, Events: events})
	return answer{http.StatusCreated, h.showCallRecording(made)}, err
}

func (h *Handler) updateRecording(r request) (answer, error) {
	status, behaviour := r.form.Get("Status"), r.form.Get("PauseBehavior")
	if !slices.Contains([]string{twilio.RecordingPaused, twilio.RecordingInProgress, twilio.RecordingStopped}, status) {
		return answer{}, badParameter("Status %q is none of paused, in-progress, stopped", status)
	}
	if !slices.Contains([]string{"", pauseSkip, pauseSilence}, behaviour) {
		return answer{}, badParameter("PauseBehavior %q is neither skip nor silence", behaviour)
	}
	changed, err := h.cfg.Exchange.ChangeRecording(r.ctx, r.args[0], r.args[1], status, behaviour != pauseSkip)
	return answer{http.StatusOK, h.showCallRecording(changed)}, err
}

// fetchCallRecording and deleteCallRecording are the same below a call as below
// the account, of the call's own recordings.
func (h *Handler) fetchCallRecording(r request) (answer, error) {
	found, err := h.ofCall(r)
	return answer{http.StatusOK, h.showCallRecording(found)}, err
}

func (h *Handler) deleteCallRecording(r request) (answer, error) {
	if _, err := h.ofCall(r); err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusNoContent}, h.cfg.Recordings.Delete(r.args[1])
}

func (h *Handler) ofCall(r request) (recording.Recording, error) {
	if h.cfg.Recordings == nil {
		return recording.Recording{}, recording.ErrNotFound
	}
	found, err := h.cfg.Recordings.Get(r.args[1])
	if err == nil && found.CallSID != r.args[0] {
		err = recording.ErrNotFound
	}
	return found, err
}

func (h *Handler) deleteCall(r request) (answer, error) {
	return answer{status: http.StatusNoContent}, h.cfg.Exchange.ForgetCall(r.ctx, r.args[0])
}
