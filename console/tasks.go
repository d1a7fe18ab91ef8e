package console

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/staff"
	"warmdesk/twilio"
)

// Recordings opens messages and recorded conversations, at the carrier.
type Recordings interface {
	// RecordingAudio opens the sound of a message; it is closed by the caller.
	RecordingAudio(ctx context.Context, sid string) (twilio.Sound, error)
	// RecordingPart opens a part of a sound, by a Range header.
	RecordingPart(ctx context.Context, sid, ranges string) (twilio.Sound, error)
}

// TaskView is something a customer has left to do.
type TaskView struct {
	ID        string         `json:"id"`
	Kind      agent.TaskKind `json:"kind"` // voicemail, callback
	Call      call.ID        `json:"call"` // empty: asked for without one
	Sentence  string         `json:"sentence"`
	Customer  CustomerView   `json:"customer"`
	Owner     *Person        `json:"owner"` // null: nobody
	State     string         `json:"state"` // open, done
	CreatedAt time.Time      `json:"createdAt"`
	Due       time.Time      `json:"due"`
	Overdue   bool           `json:"overdue"`
	Length    int            `json:"length,omitempty"`    // of the message, in seconds
	Recording string         `json:"recording,omitempty"` // path of its sound
	Topic     string         `json:"topic,omitempty"`     // of what was asked for without a call: what it is about,
	When      string         `json:"when,omitempty"`      // and when it suits the customer
	// Allowed is what this agent may ask: POST /api/tasks/{task}/{request}.
	Allowed []agent.TaskRequestKind `json:"allowed"`
}

// taskViews draws the open tasks for one agent: their own first, then all others,
// each as it is due; and at the end what they have done lately.
func taskViews(v desk.View, id agent.ID, tell teller) []TaskView {
	tasks := slices.DeleteFunc(slices.Clone(v.Tasks), func(t agent.Task) bool { return !t.Open() && t.DoneBy != id })
	slices.SortFunc(tasks, func(a, b agent.Task) int {
		switch {
		case a.Open() && !b.Open():
			return -1
		case !a.Open() && b.Open():
			return 1
		}
		return agent.TaskOrder(id)(a, b)
	})
	views := []TaskView{}
	for _, t := range tasks {
		view := TaskView{
			ID: t.ID, Kind: t.Kind, Call: call.ID(t.Call), Sentence: tell.of(taskSentence(t, tell)), Customer: CustomerView{Name: t.Name, Number: t.Number},
			State: "open", CreatedAt: t.CreatedAt, Due: t.DueAt, Overdue: t.Overdue(v.At),
			Length: int(t.Length.Seconds()), Allowed: agent.AllowedTask(t, id),
			Topic: t.Topic, When: t.When,
		}
		if t.Owner != "" {
			view.Owner = &Person{ID: t.Owner, Name: v.Name(t.Owner)}
		}
		if !t.Open() {
			view.State = "done"
		}
		if t.Recording != "" {
			view.Recording = "/api/tasks/" + t.ID + "/recording"
		}
		views = append(views, view)
	}
	return views
}

func taskSentence(t agent.Task, tell teller) string {
	name := tell.name(t.Name)
	switch {
	case t.Kind == agent.Callback:
		return fmt.Sprintf("%s wants to be called back at %s.", name, tell.name(t.Number))
	case t.Length == 0:
		return name + " left a message."
	}
	return fmt.Sprintf("%s left a message of %d:%02d.", name, int(t.Length.Minutes()), int(t.Length.Seconds())%60)
}

// taskRequest: POST /api/tasks/{task}/{request}.
func (c *Console) taskRequest(w http.ResponseWriter, r *http.Request) {
	id, err := c.who(r, "")
	if err != nil {
		c.fail(w, r, err)
		return
	}
	var body struct {
		To agent.ID `json:"to"`
	}
	if err := readJSON(r, &body); err != nil {
		c.fail(w, r, err)
		return
	}
	kind := agent.TaskRequestKind(r.PathValue("request"))
	if _, err := c.cfg.Desk.RequestTask(r.Context(), r.PathValue("task"), agent.TaskRequest{Kind: kind, By: id, To: body.To}); err != nil {
		c.refuse(w, r, err)
		return
	}
	c.accepted(w, r)
}

// maxSound bounds a message's sound, in bytes: the longest is 3 minutes, below
// 3 MB.
const maxSound = 8 << 20

// taskRecording: GET /api/tasks/{task}/recording. The sound stays at the carrier
// and passes through here, for those who are signed in. An <audio> element sends
// no headers, so the agent may be named in the query.
func (c *Console) taskRecording(w http.ResponseWriter, r *http.Request) {
	t, err := c.cfg.Desk.Task(r.Context(), r.PathValue("task"))
	if err == nil && t.Recording == "" {
		err = errNoSound
	}
	if from := r.Header.Get("Range"); err == nil && (from == "" || strings.HasPrefix(from, "bytes=0-")) {
		err = c.note(r, staff.RecordingHeard, t.ID) // once for each hearing: players ask for parts
	}
	var sound []byte
	if err == nil {
		sound, err = c.sound(r.Context(), t.Recording)
	}
	if err != nil {
		c.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "audio/wav")
	w.Header().Set("Cache-Control", "no-store")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(sound)) // parts of it, too
}

// sound reads a message from the carrier.
func (c *Console) sound(ctx context.Context, sid string) ([]byte, error) {
	s, err := c.cfg.Recordings.RecordingAudio(ctx, sid)
	if refused, ok := errors.AsType[*twilio.Error](err); ok && refused.Status == http.StatusNotFound {
		return nil, errNoSound
	}
	if err != nil {
		return nil, fmt.Errorf("message %s: %w", sid, err)
	}
	defer s.Close()
	sound, err := io.ReadAll(io.LimitReader(s, maxSound+1))
	if err != nil {
		return nil, fmt.Errorf("message %s: %w", sid, err)
	}
	if len(sound) > maxSound {
		return nil, fmt.Errorf("message %s is longer than %d bytes", sid, maxSound)
	}
	return sound, nil
}

// callerCallback: POST /api/caller/callback. A waiting customer asks on their own
// page to be called back.
func (c *Console) callerCallback(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Token  string `json:"token"`
		Return string `json:"return"`
		Number string `json:"number"`
	}
	if err := readJSON(r, &body); err != nil {
		c.fail(w, r, err)
		return
	}
	mine, err := c.callOfPage(r.Context(), body.Token, body.Return)
	if err == nil && mine == nil {
		err = errNotYourCall
	}
	if err != nil {
		c.fail(w, r, err)
		return
	}
	now, err := c.cfg.Desk.Fact(r.Context(), mine.ID, call.CallMeBack{Number: body.Number}, nil)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	writeJSON(w, http.StatusAccepted, map[string]string{"sentence": tellerOf(c.cfg.Desk.View(), languageOf(r)).toCustomer(now)})
}
