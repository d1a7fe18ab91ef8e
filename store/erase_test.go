package store_test

import (
	"bytes"
	"context"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/history"
	"warmdesk/store"
)

const (
	herNumber = "+15005550042"
	herName   = "Dana Unmistakable"
	herNote   = "wants her Klarsfeld order"
)

// remains are the files of a database in which a text can be found.
func remains(t *testing.T, dir, text string) (files []string) {
	t.Helper()
	all, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		body, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(body, []byte(text)) {
			files = append(files, f.Name())
		}
	}
	return files
}

// herCall saves a call as a desk would, step by step, and returns it.
func herCall(t *testing.T, s *store.Store, id call.ID, over bool) call.Call {
	t.Helper()
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	c := call.Create(call.Arrived{
		Call: id, Account: "AC1", SID: "CA" + string(id), Number: herNumber, Name: herName, Recovery: true, Announcement: "Recorded.",
	}, now)
	version := int64(0)
	step := func(save desk.Save) {
		t.Helper()
		save.Call, save.Version = c, version
		for _, n := range c.News {
			save.Entries = append(save.Entries, desk.Entry{At: n.At, Kind: n.Kind, Agent: n.Agent, Why: n.Why, Raw: url.Values{"From": {herNumber}, "CallerName": {herName}}})
		}
		if err := s.SaveCall(t.Context(), save); err != nil {
			t.Fatal(err)
		}
		version++
	}
	happens := func(e call.Event) {
		t.Helper()
		var err error
		if c, err = call.Step(c, e, now); err != nil {
			t.Fatal(err)
		}
	}
	step(desk.Save{})
	happens(call.CallMeBack{Number: herNumber})
	step(desk.Save{
		Tasks: []agent.Task{
			{ID: "task1" + string(id), Account: "AC1", Call: string(id), Kind: agent.Callback, Name: herName, Number: herNumber, CreatedAt: now},
			{ID: "task2" + string(id), Account: "AC1", Call: string(id), Kind: agent.Callback, Name: herName, Number: herNumber + "9", CreatedAt: now},
		},
		Recordings: []desk.Recording{{SID: "RE" + string(id), Call: id, Kind: desk.OfCall, At: now, Length: time.Minute}},
		Events:     []history.Event{{ID: "evt" + string(id), Type: history.CallStarted, At: now, Call: id, Customer: history.Customer{Number: herNumber, Name: herName}}},
		Receivers:  []string{"crm"},
	})
	c.Note, c.NoteBy = herNote, "ana"
	step(desk.Save{})
	c.News = []call.News{{At: now, Kind: call.NewsNoted, Agent: "ana", Why: herNote}}
	step(desk.Save{})
	if over {
		c.Stage, c.EndedAt, c.News = call.Ended, now, nil
		step(desk.Save{})
	}
	return c
}

// TestErasedIsNotInTheFiles: neither the number nor the name nor what was noted
// can be found in any byte of the database, while it is open. Figures stay.
func TestErasedIsNotInTheFiles(t *testing.T) {
	dir := t.TempDir()
	s, err := store.Open(context.Background(), store.Config{URL: filepath.Join(dir, "desk.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	herCall(t, s, "01ONE", true)
	herCall(t, s, "02TWO", true)
	asked := agent.Task{ID: "03ASKED", Account: "AC1", Kind: agent.Callback, Name: herName, Number: herNumber, Topic: herNote, CreatedAt: time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)}
	told := history.Event{ID: "03ASKED-task.created", Type: history.TaskCreated, At: asked.CreatedAt, Customer: history.Customer{Number: herNumber, Name: herName}}
	if err := s.SaveTask(t.Context(), desk.TaskSave{Task: asked, Events: []history.Event{told}, Receivers: []string{"crm"}}); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{herNumber, herName, herNote} {
		if len(remains(t, dir, text)) == 0 {
			t.Fatalf("%q was never there", text)
		}
	}
	ctx, now := t.Context(), time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	ids, err := s.CallsOf(ctx, "AC1", herNumber)
	if err != nil || len(ids) != 3 {
		t.Fatalf("her calls: %v, %v", ids, err)
	}
	would, err := s.Erasure(ctx, "AC1", ids)
	if err != nil || would.Recordings != 2 || would.Legs != 2 || would.Tasks != 5 || would.Pending != 3 {
		t.Errorf("it would erase %+v, %v", would, err)
	}
	did, err := s.Erase(ctx, "AC1", ids, desk.ByErasure, now)
	if err != nil || did.Recordings != would.Recordings || did.Legs != would.Legs {
		t.Fatalf("erased %+v, %v", did, err)
	}
	for _, text := range []string{herNumber, herName, herNote} {
		if found := remains(t, dir, text); len(found) > 0 {
			t.Errorf("%q is still in %v", text, found)
		}
	}
	due, err := s.Deletions(ctx, "AC1", now, 10)
	if err != nil || len(due) != 4 {
		t.Fatalf("to be deleted at the carrier: %+v, %v", due, err)
	}
	for _, d := range due {
		if err := s.Deleted(ctx, "AC1", d, now); err != nil {
			t.Error(err)
		}
	}
	if due, _ := s.Deletions(ctx, "AC1", now, 10); len(due) != 0 {
		t.Errorf("left: %+v", due)
	}
	if r, err := s.Recordings(ctx, "01ONE"); err != nil || len(r) != 1 || !r[0].DeletedAt.Equal(now) {
		t.Errorf("her recording: %+v, %v", r, err)
	}
	records, err := s.Records(ctx, history.Query{Account: "AC1", Limit: 10})
	if err != nil || len(records) != 2 || records[0].Number+records[0].Name != "" || len(records[0].Entries) < 3 {
		t.Errorf("the figures: %+v, %v", records, err)
	}
	if again, err := s.CallsOf(ctx, "AC1", herNumber); err != nil || len(again) != 0 {
		t.Errorf("her calls afterwards: %v, %v", again, err)
	}
	if open, err := s.Tasks(ctx, "AC1"); err != nil || len(open) != 0 {
		t.Errorf("her tasks: %+v, %v", open, err)
	}
	if err := s.Vacuum(ctx); err != nil {
		t.Error(err)
	}
}

// A recording that the carrier tells of when its call is erased already is deleted
// there, too.
func TestRecordingOfAnErasedCall(t *testing.T) {
	s, err := store.Open(t.Context(), store.Config{URL: store.Memory})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	herCall(t, s, "01ONE", true)
	herCall(t, s, "02TWO", true)
	ctx, now := t.Context(), time.Now()
	if _, err := s.Erase(ctx, "AC1", []call.ID{"01ONE"}, desk.ByErasure, now); err != nil {
		t.Fatal(err)
	}
	for _, id := range []call.ID{"01ONE", "02TWO"} {
		c, version, err := s.Call(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		late := []desk.Recording{{SID: "RElate" + string(id), Call: id, Kind: desk.OfCall, At: now}}
		if err := s.SaveCall(ctx, desk.Save{Call: c, Version: version, Recordings: late}); err != nil {
			t.Fatal(err)
		}
	}
	due, err := s.Deletions(ctx, "AC1", now, 10)
	var sids []string
	for _, d := range due {
		if d.Kind == desk.DeleteRecording {
			sids = append(sids, d.SID+" "+d.Why)
		}
	}
	slices.Sort(sids)
	if want := []string{"RE01ONE erased", "RElate01ONE erased"}; err != nil || !slices.Equal(sids, want) {
		t.Errorf("to be deleted: %v, %v", sids, err)
	}
}

// TestALiveCallIsNotErased, nor anything with it.
func TestALiveCallIsNotErased(t *testing.T) {
	s, err := store.Open(context.Background(), store.Config{URL: filepath.Join(t.TempDir(), "desk.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	herCall(t, s, "01ONE", true)
	herCall(t, s, "02TWO", false)
	ctx, now := t.Context(), time.Now()
	if _, err := s.Erase(ctx, "AC1", []call.ID{"01ONE", "02TWO"}, desk.ByErasure, now); !errors.Is(err, desk.ErrLive) {
		t.Errorf("a live call: %v", err)
	}
	if _, err := s.Erase(ctx, "AC2", []call.ID{"01ONE"}, desk.ByErasure, now); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("somebody else's call: %v", err)
	}
	if c, _, err := s.Call(ctx, "01ONE"); err != nil || c.Number != herNumber {
		t.Errorf("something was changed: %+v, %v", c, err)
	}
	if due, _ := s.Deletions(ctx, "AC1", now.Add(time.Hour), 10); len(due) != 0 {
		t.Errorf("to be deleted: %+v", due)
	}
}

// TestOldRecordingsExpire, save a message of which the task is open.
func TestOldRecordingsExpire(t *testing.T) {
	s, err := store.Open(context.Background(), store.Config{URL: store.Memory})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	c := herCall(t, s, "01ONE", true)
	ctx, began := t.Context(), c.StartedAt
	c.News = nil
	task := agent.Task{ID: "voice", Account: "AC1", Call: "01ONE", Kind: agent.Voicemail, Recording: "REmessage", CreatedAt: began}
	if err := s.SaveCall(ctx, desk.Save{Call: c, Version: 5, Tasks: []agent.Task{task},
		Recordings: []desk.Recording{{SID: "REmessage", Call: "01ONE", Kind: desk.Message, At: began}}}); err != nil {
		t.Fatal(err)
	}
	expire := func(after time.Duration, want int) {
		t.Helper()
		if n, err := s.Expire(ctx, "AC1", began.Add(after), began.Add(after)); err != nil || n != want {
			t.Errorf("after %v %d expire, not %d: %v", after, n, want, err)
		}
	}
	expire(0, 0)
	expire(time.Second, 1)
	expire(time.Second, 0)
	done := task
	done.DoneAt, done.DoneBy = began.Add(time.Minute), "ana"
	if err := s.SaveTask(ctx, desk.TaskSave{Was: task, Task: done}); err != nil {
		t.Fatal(err)
	}
	expire(2*time.Minute, 1)
	asked := agent.Task{ID: "02ASKED", Account: "AC1", Kind: agent.Callback, Name: herName, Number: herNumber, CreatedAt: began}
	if err := s.SaveTask(ctx, desk.TaskSave{Task: asked}); err != nil {
		t.Fatal(err)
	}
	if old, err := s.Outdated(ctx, "AC1", began.Add(time.Second), 10); err != nil || !slices.Equal(old, []call.ID{"01ONE", "02ASKED"}) {
		t.Errorf("old calls and requests: %v, %v", old, err)
	}
	due, err := s.Deletions(ctx, "AC1", began.Add(time.Hour), 10)
	if err != nil || len(due) != 2 || due[0].Why != desk.ByRetention {
		t.Fatalf("%+v, %v", due, err)
	}
	due[0].Error = "no answer"
	if err := s.Postponed(ctx, "AC1", due[0], began.Add(2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if left, err := s.Deletions(ctx, "AC1", began.Add(time.Hour), 10); err != nil || len(left) != 1 {
		t.Errorf("after it was postponed: %+v, %v", left, err)
	}
	if later, err := s.Deletions(ctx, "AC1", began.Add(3*time.Hour), 10); err != nil || len(later) != 2 {
		t.Errorf("later: %+v, %v", later, err)
	} else if later[1].Tries != 1 || later[1].Error != "no answer" {
		t.Errorf("later: %+v", later)
	}
}
