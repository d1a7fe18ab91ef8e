package storetest

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"warmdesk/settings"
	"warmdesk/staff"
)

func settingsVersions(t *testing.T, s Store) {
	ctx := t.Context()
	want := func(asked int64, want settings.Saved) {
		t.Helper()
		if got, err := s.Settings(ctx, asked); err != nil || !cmp.Equal(got, want) {
			t.Fatalf("version %d: %v\n%s", asked, err, cmp.Diff(want, got))
		}
	}
	version := func(want int64) {
		t.Helper()
		if got, err := s.SettingsVersion(ctx); err != nil || got != want {
			t.Fatalf("the newest version is %d, %v; want %d", got, err, want)
		}
	}
	want(0, settings.Saved{})
	version(0)
	one := settings.Saved{Version: 1, At: Now(), Who: "ana", Document: []byte(`{"wrapUp":{"seconds":30}}`)}
	two := settings.Saved{Version: 2, At: Now().Add(1), Who: "ben", Document: []byte(`{}`)}
	must(t, s.SaveSettings(ctx, one, nil, staff.Deed{At: Now(), Who: "ana", What: staff.SettingsChanged, Outcome: staff.Done}))
	must(t, s.SaveSettings(ctx, two, nil, staff.Deed{}))
	wantErr(t, s.SaveSettings(ctx, two, nil, staff.Deed{What: staff.SettingsChanged}), settings.ErrChanged)
	want(0, two)
	want(1, one)
	version(2)
	_, err := s.Settings(ctx, 3)
	wantErr(t, err, settings.ErrNotFound)
	if list, err := s.Deeds(ctx, 0, 10); err != nil || len(list) != 1 || list[0].Who != "ana" {
		t.Errorf("the audit trail: %+v, %v", list, err)
	}
	for v := int64(3); v <= 40; v++ {
		must(t, s.SaveSettings(ctx, settings.Saved{Version: v, At: Now(), Document: []byte(`{}`)}, nil, staff.Deed{}))
	}
	_, err = s.Settings(ctx, 1)
	wantErr(t, err, settings.ErrNotFound)
	if _, err := s.Settings(ctx, 39); err != nil {
		t.Errorf("the version before the newest: %v", err)
	}
}

func settingsRace(t *testing.T, s Store) {
	const hands = 8
	errs := make([]error, hands)
	var all sync.WaitGroup
	for i := range hands {
		all.Go(func() {
			errs[i] = s.SaveSettings(t.Context(), settings.Saved{Version: 1, At: Now(), Document: fmt.Appendf(nil, `{"n":%d}`, i)}, nil, staff.Deed{})
		})
	}
	all.Wait()
	saved := 0
	for _, err := range errs {
		if err == nil {
			saved++
			continue
		}
		wantErr(t, err, settings.ErrChanged)
	}
	if saved != 1 {
		t.Errorf("%d of %d were saved", saved, hands)
	}
}

func sounds(t *testing.T, s Store) {
	ctx := t.Context()
	_, err := s.Sound(ctx, "a1")
	wantErr(t, err, settings.ErrNotFound)
	sound := settings.Sound{ID: "a1", WAV: slices.Repeat([]byte{0, 255}, 1<<20)}
	at := func(version int64, document string, with *settings.Sound) {
		t.Helper()
		must(t, s.SaveSettings(ctx, settings.Saved{Version: version, At: Now(), Document: []byte(document)}, with, staff.Deed{}))
	}
	at(1, `{"routing":{"music":{"id":"a1"}}}`, &sound)
	at(2, `{}`, nil)
	if got, err := s.Sound(ctx, "a1"); err != nil || !slices.Equal(got.WAV, sound.WAV) {
		t.Errorf("before it is forgotten: %d bytes, %v", len(got.WAV), err)
	}
	at(3, `{"routing":{"music":{"id":"a1"}}}`, &sound) // uploaded again
	for v := int64(4); v <= 40; v++ {
		at(v, `{}`, nil)
	}
	_, err = s.Sound(ctx, "a1")
	wantErr(t, err, settings.ErrNotFound)
}
