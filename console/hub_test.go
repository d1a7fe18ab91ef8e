package console

import (
	"testing"
	"testing/synctest"
	"time"
)

// The first change is told at once, the rest of a crowd once, and none is
// forgotten.
func TestHub(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := NewHub()
		changed, stop := h.listen()
		defer stop()
		told := func() bool {
			synctest.Wait()
			select {
			case <-changed:
				return true
			default:
				return false
			}
		}
		h.Changed()
		if !told() {
			t.Fatal("the first change is not told at once")
		}
		for range 100 {
			h.Changed()
			time.Sleep(time.Millisecond / 10)
		}
		if told() {
			t.Fatal("a crowd of changes is told one by one")
		}
		time.Sleep(drawEvery)
		if !told() {
			t.Fatal("the last change is never told")
		}
		time.Sleep(drawEvery)
		if told() {
			t.Fatal("told though nothing has changed")
		}
		h.Changed()
		if !told() {
			t.Fatal("a change after a quiet time is not told at once")
		}
	})
}
