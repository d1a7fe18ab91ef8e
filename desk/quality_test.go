package desk_test

import (
	"testing"
	"testing/synctest"
	"time"

	"warmdesk/call"
	"warmdesk/desk"
)

// What a page says of its line is known for 15 s, and of the call it is of alone.
func TestQuality(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		id := withPages(t, b)
		sid := b.sidOf(id, "ana")
		want := func(word desk.QualityWord) {
			t.Helper()
			c := b.call(id)
			if q, known := b.View().Quality(&c); q.Word != word || known != (word != "") {
				t.Errorf("%+v, want %q", q, word)
			}
		}
		tell := func(page string, q desk.Quality) {
			time.Sleep(2 * time.Second)
			b.PageHeard("ana", "page1")
			b.PageQuality("ana", page, q)
		}
		want("")
		good := desk.Quality{Line: sid, Word: desk.QualityGood, RTT: 20, Jitter: 3}
		weak := desk.Quality{Line: sid, Word: desk.QualityWeak, Loss: 8, RTT: 410, Jitter: 38}
		before := b.View().Version
		tell("page1", good)
		want(desk.QualityGood)
		seen := b.View().Version
		if seen == before {
			t.Error("nobody is told of a quality that was not known")
		}
		tell("page1", good)
		if b.View().Version != seen {
			t.Error("everybody is told of what has not changed")
		}
		b.PageQuality("ana", "page1", weak) // too soon
		want(desk.QualityGood)
		tell("page1", weak)
		want(desk.QualityWeak)

		for name, q := range map[string]desk.Quality{
			"no word":       {Line: sid, Word: "superb"},
			"impossible":    {Line: sid, Word: desk.QualityGood, Loss: 101},
			"negative":      {Line: sid, Word: desk.QualityGood, RTT: -1},
			"not of a line": {Word: desk.QualityGood},
		} {
			if tell("page1", q); b.View().Version != seen+1 {
				t.Errorf("%s was taken", name)
			}
		}
		tell("an old page", good)
		want(desk.QualityWeak)
		tell("page1", desk.Quality{Line: "CA of another call", Word: desk.QualityGood})
		want("")

		tell("page1", weak)
		b.pongs(15*time.Second, "ana")
		want(desk.QualityWeak)
		b.pongs(3*time.Second, "ana")
		want("")
	})
}

// A call is heard as badly as the worst line of those who are with the customer.
func TestQualityIsTheWorstOfTheCall(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		id := withPages(t, b)
		b.available("ben")
		b.page("ben", "page1")
		b.mustAsk(id, "ana", call.Invite, "ben")
		b.answer("ben")
		b.want(id, call.Together, "ana")
		b.PageQuality("ana", "page1", desk.Quality{Line: b.sidOf(id, "ana"), Word: desk.QualityFair, Loss: 3})
		b.PageQuality("ben", "page1", desk.Quality{Line: b.sidOf(id, "ben"), Word: desk.QualityGood})
		synctest.Wait()
		c := b.call(id)
		if q, _ := b.View().Quality(&c); q.Word != desk.QualityFair || q.Loss != 3 {
			t.Errorf("%+v", q)
		}
	})
}
