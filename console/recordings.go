package console

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/staff"
	"warmdesk/twilio"
)

// Keeper keeps what is recorded of calls, and takes a person out of them.
type Keeper interface {
	// Recordings lists what is recorded of a call, oldest first.
	Recordings(ctx context.Context, id call.ID) ([]desk.Recording, error)
	// CallsOf names the calls of a number.
	CallsOf(ctx context.Context, number string) ([]call.ID, error)
	// Erasure says what Erase would do; desk.ErrNotFound.
	Erasure(ctx context.Context, ids []call.ID) (desk.Erasure, error)
	// Erase takes the person out of calls; desk.ErrLive, desk.ErrNotFound: then
	// nothing has changed.
	Erase(ctx context.Context, ids []call.ID) (desk.Erasure, error)
}

// withRecordings adds the routes of this file.
func (c *Console) withRecordings(routes map[string]http.HandlerFunc) map[string]http.HandlerFunc {
	routes["GET /api/calls/{call}/recordings"] = c.recordings
	routes["GET /api/calls/{call}/recordings/{recording}"] = c.recordingSound
	routes["POST /api/erase"] = c.erase
	return routes
}

// RecordingItem is a recording in the list of its call.
type RecordingItem struct {
	ID        string             `json:"id"`
	Kind      desk.RecordingKind `json:"kind"`
	At        time.Time          `json:"at"`     // when it was complete
	Length    int                `json:"length"` // s; 0: not known
	Sound     string             `json:"sound,omitempty"`
	DeletedAt *time.Time         `json:"deletedAt,omitempty"`
}

// recordings: GET /api/calls/{call}/recordings.
func (c *Console) recordings(w http.ResponseWriter, r *http.Request) {
	id, list, err := c.recordingsOf(r)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	items := make([]RecordingItem, len(list))
	for i, rec := range list {
		items[i] = RecordingItem{ID: rec.SID, Kind: rec.Kind, At: rec.At, Length: int(rec.Length.Seconds())}
		if rec.DeletedAt.IsZero() {
			items[i].Sound = "/api/calls/" + string(id) + "/recordings/" + url.PathEscape(rec.SID)
		} else {
			items[i].DeletedAt = &rec.DeletedAt
		}
	}
	writeJSON(w, http.StatusOK, map[string]any{"call": id, "recordings": items})
}

// recordingsOf are those of the call that a request names, for those who may hear
// them.
func (c *Console) recordingsOf(r *http.Request) (call.ID, []desk.Recording, error) {
	// An <audio> element sends no headers, so the agent may be named in the query.
	if _, err := c.who(r, agent.ID(r.URL.Query().Get("agent"))); err != nil {
		return "", nil, err
	}
	id, err := c.cfg.Desk.Resolve(r.Context(), c.cfg.Account, r.PathValue("call"))
	if err != nil {
		return "", nil, err
	}
	if _, err := c.callInReach(r, id); err != nil {
		return "", nil, err
	}
	list, err := c.cfg.Keeper.Recordings(r.Context(), id)
	return id, list, err
}

var errNoRecording = &apiError{Status: http.StatusNotFound, Code: "no_recording",
	Message: "There is no such recording, or it has been deleted."}

// recordingSound: GET /api/calls/{call}/recordings/{recording}. The sound stays at
// the carrier and passes through here, the part that is asked for.
func (c *Console) recordingSound(w http.ResponseWriter, r *http.Request) {
	_, list, err := c.recordingsOf(r)
	sid := r.PathValue("recording")
	known := false
	for _, rec := range list {
		known = known || rec.SID == sid && rec.DeletedAt.IsZero()
	}
	if err == nil && !known {
		err = errNoRecording
	}
	if ranges := r.Header.Get("Range"); err == nil && (ranges == "" || strings.HasPrefix(ranges, "bytes=0-")) {
		err = c.note(r, staff.RecordingHeard, sid) // once for each hearing: players ask for parts
	}
	if err != nil {
		c.fail(w, r, err)
		return
	}
	sound, err := c.cfg.Recordings.RecordingPart(r.Context(), sid, r.Header.Get("Range"))
	if refused, ok := errors.AsType[*twilio.Error](err); ok {
		switch refused.Status {
		case http.StatusNotFound:
			err = errNoRecording
		case http.StatusRequestedRangeNotSatisfiable:
			err = &apiError{Status: refused.Status, Code: "bad_range", Message: "The recording has no such part."}
		}
	}
	if err != nil {
		c.fail(w, r, fmt.Errorf("recording %s: %w", sid, err))
		return
	}
	defer sound.Close()
	h := w.Header()
	h.Set("Content-Type", "audio/wav")
	h.Set("Cache-Control", "no-store")
	h.Set("Accept-Ranges", "bytes")
	if sound.Size >= 0 {
		h.Set("Content-Length", strconv.FormatInt(sound.Size, 10))
	}
	if sound.Range != "" {
		h.Set("Content-Range", sound.Range)
		w.WriteHeader(http.StatusPartialContent)
	}
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(listenTime)) // not every writer has one
	if _, err := io.Copy(w, sound); err != nil && r.Context().Err() == nil {
		c.log.Warn("recording not delivered to its end", "recording", sid, "err", err)
	}
}

// listenTime is how long somebody may take to hear a recording.
const listenTime = time.Hour

// eraseBody is whom to erase: one of the two.
type eraseBody struct {
	Number  string `json:"number"`
	Call    string `json:"call"`
	Confirm bool   `json:"confirm"` // without it nothing is erased, and what would be is told
}

// erase: POST /api/erase takes a person out of their calls, everywhere.
func (c *Console) erase(w http.ResponseWriter, r *http.Request) {
	if _, err := c.who(r, ""); err != nil {
		c.fail(w, r, err)
		return
	}
	var body eraseBody
	err := readJSON(r, &body)
	var ids []call.ID
	if err == nil {
		ids, err = c.whomToErase(r.Context(), body)
	}
	var done desk.Erasure
	if err == nil && body.Confirm {
		done, err = c.eraseCalls(r, ids)
	} else if err == nil {
		done, err = c.cfg.Keeper.Erasure(r.Context(), ids)
	}
	if errors.Is(err, desk.ErrLive) {
		err = &apiError{Status: http.StatusConflict, Code: "live",
			Message: "One of their calls is not over, or its recording is not complete yet. Nothing was erased. Try again a minute after its end."}
	}
	if err != nil {
		c.fail(w, r, err)
		return
	}
	type sent struct {
		Event    string    `json:"event"`
		Type     string    `json:"type"`
		Receiver string    `json:"receiver"`
		At       time.Time `json:"at"`
	}
	told := make([]sent, len(done.Sent))
	for i, s := range done.Sent {
		told[i] = sent(s)
	}
	writeJSON(w, http.StatusOK, map[string]any{
		"erased": body.Confirm, "calls": done.Calls, "recordings": done.Recordings, "carrierCalls": done.Legs,
		"tasks": done.Tasks, "pendingDeliveries": done.Pending, "sent": told,
	})
}

// eraseCalls erases, and says so in the audit trail: of which calls, not of whom.
func (c *Console) eraseCalls(r *http.Request, ids []call.ID) (desk.Erasure, error) {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = string(id)
	}
	if err := c.note(r, staff.CallerErased, strings.Join(names, " ")); err != nil {
		return desk.Erasure{}, err
	}
	return c.cfg.Keeper.Erase(r.Context(), ids)
}

func (c *Console) whomToErase(ctx context.Context, body eraseBody) ([]call.ID, error) {
	number, ref := strings.TrimSpace(body.Number), strings.TrimSpace(body.Call)
	if (number == "") == (ref == "") {
		return nil, &apiError{Status: http.StatusBadRequest, Code: "bad_request", Message: "Say whom to erase: a number or a call. Nothing was erased."}
	}
	if ref != "" {
		id, err := c.cfg.Desk.Resolve(ctx, c.cfg.Account, ref)
		return []call.ID{id}, err
	}
	ids, err := c.cfg.Keeper.CallsOf(ctx, number)
	if err == nil && len(ids) == 0 {
		err = &apiError{Status: http.StatusNotFound, Code: "no_such_call", Message: "There are no calls of that number here. Write it as the calls show it, like +15550100123."}
	}
	return ids, err
}
