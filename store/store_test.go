package store_test

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"go.uber.org/goleak"

	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/store"
	"warmdesk/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func open(t testing.TB, url string) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), store.Config{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestFile(t *testing.T) {
	storetest.Exercise(t, func(t *testing.T) storetest.Store { return open(t, filepath.Join(t.TempDir(), "desk #1?.db")) })
}

func TestMemory(t *testing.T) {
	storetest.Exercise(t, func(t *testing.T) storetest.Store { return open(t, store.Memory) })
}

func arrive(id string) call.Call {
	return call.Create(call.Arrived{Call: call.ID(id), Account: "AC1", SID: "CA" + id, Number: "+1555"}, storetest.Now())
}

func TestReopen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "desk.db")
	s, err := store.Open(t.Context(), store.Config{URL: path})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.SaveCall(t.Context(), desk.Save{Call: arrive("one")}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, version, err := open(t, path).Call(t.Context(), "one"); err != nil || version != 1 {
		t.Fatalf("version %d, %v", version, err)
	}
}

// Two desks on one file see each other's writes.
func TestTwoDesks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "desk.db")
	a, b := open(t, path), open(t, path)
	if err := a.SaveCall(t.Context(), desk.Save{Call: arrive("one")}); err != nil {
		t.Fatal(err)
	}
	c, version, err := b.Call(t.Context(), "one")
	if err != nil {
		t.Fatal(err)
	}
	if err := b.SaveCall(t.Context(), desk.Save{Call: c, Version: version}); err != nil {
		t.Fatal(err)
	}
	if _, version, err = a.Call(t.Context(), "one"); err != nil || version != 2 {
		t.Fatalf("version %d, %v", version, err)
	}
}

func TestModeOfNewFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "desk.db")
	s := open(t, path)
	if err := s.SaveCall(t.Context(), desk.Save{Call: arrive("one")}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{path, path + "-wal"} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %o", name, info.Mode().Perm())
		}
	}
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	garbage := filepath.Join(dir, "notes.txt")
	if err := os.WriteFile(garbage, []byte(strings.Repeat("not a database\n", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ url, want string }{
		{"", "no database is named"},
		{"postgres://desk@db/desk", "PostgreSQL is not supported yet"},
		{"mysql://db", "mysql:// is not known"},
		{filepath.Join(dir, "absent", "desk.db"), "its folder does not exist"},
		{dir, "it is a folder"},
		{garbage, "not a database"},
	} {
		s, err := store.Open(t.Context(), store.Config{URL: test.url})
		if err == nil {
			t.Errorf("%q was opened: %v", test.url, s.Close())
			continue
		}
		if !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q: %v, want it to say %q", test.url, err, test.want)
		}
	}
}

func TestReadOnlyFile(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root may write to everything")
	}
	path := filepath.Join(t.TempDir(), "desk.db")
	if err := os.WriteFile(path, nil, 0o400); err != nil {
		t.Fatal(err)
	}
	_, err := store.Open(t.Context(), store.Config{URL: path})
	if err == nil || !strings.Contains(err.Error(), "permission denied") {
		t.Fatalf("got %v", err)
	}
}

// BenchmarkEvent is what one event costs: load, change, save. The call is a
// transfer in the middle: three legs, one action under way, two claims.
func BenchmarkEvent(b *testing.B) {
	for _, where := range []struct{ name, url string }{{"file", filepath.Join(b.TempDir(), "desk.db")}, {"memory", store.Memory}} {
		b.Run(where.name, func(b *testing.B) {
			s := open(b, where.url)
			c := transfer(b)
			if err := s.SaveCall(b.Context(), desk.Save{Call: c}); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				c, version, err := s.Call(b.Context(), "one")
				if err != nil {
					b.Fatal(err)
				}
				if err := s.SaveCall(b.Context(), desk.Save{Call: c, Version: version, Claims: call.Claims(c), Entries: []desk.Entry{{At: storetest.Now(), Kind: call.NewsTogether}}}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkArrivals is what a new customer costs when 16 come at the same time.
func BenchmarkArrivals(b *testing.B) {
	s := open(b, filepath.Join(b.TempDir(), "desk.db"))
	var n atomic.Int64
	b.SetParallelism(16 / runtime.GOMAXPROCS(0))
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			c := arrive(strconv.FormatInt(n.Add(1), 10))
			if err := s.SaveCall(b.Context(), desk.Save{Call: c, Entries: []desk.Entry{{At: storetest.Now(), Kind: call.NewsArrived}}}); err != nil {
				b.Error(err)
			}
		}
	})
}

// BenchmarkArrival is what a new customer costs who comes alone.
func BenchmarkArrival(b *testing.B) {
	s := open(b, filepath.Join(b.TempDir(), "desk.db"))
	n := 0
	for b.Loop() {
		n++
		c := arrive(strconv.Itoa(n))
		if err := s.SaveCall(b.Context(), desk.Save{Call: c, Entries: []desk.Entry{{At: storetest.Now(), Kind: call.NewsArrived}}}); err != nil {
			b.Fatal(err)
		}
	}
}

func transfer(b *testing.B) call.Call {
	b.Helper()
	c, now := arrive("one"), storetest.Now()
	for _, e := range []call.Event{
		call.RoomMoved{SID: "CAone", RoomSID: "CF1", Seq: 1, Move: call.Joined},
		call.Offered{Agent: "ana"},
		call.LegMoved{Leg: "one-2", Account: "AC1", SID: "CA2", Status: call.Answered, Seq: 1},
		call.RoomMoved{SID: "CA2", RoomSID: "CF1", Seq: 2, Move: call.Joined},
		call.Request{Kind: call.Invite, By: "ana", To: "ben", Free: true},
	} {
		var err error
		if c, err = call.Step(c, e, now); err != nil {
			b.Fatal(err)
		}
	}
	c = call.Begin(c, call.Plan(c, now), now)
	if len(c.Legs) != 3 || len(c.Doing) != 1 || len(call.Claims(c)) != 2 {
		b.Fatalf("not the call wanted: %+v", c)
	}
	return c
}
