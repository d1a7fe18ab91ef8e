package desk_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/settings"
	"warmdesk/staff"
)

// The desk is closed, and who calls is told so. An admin opens it, and who calls next is
// offered at once; nothing is started anew.
func TestOpenedWhileTheDeskWorks(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		week := settings.Hours{Zone: "Europe/Berlin", Days: [7]string{"09:00-17:00", "09:00-17:00", "09:00-17:00", "09:00-17:00", "09:00-17:00", "", ""}}
		set, err := settings.New(t.Context(), settings.Config{
			Store: b.store, Logger: slog.New(slog.DiscardHandler),
			Defaults: settings.Document{Routing: settings.Routing{Hours: week, MaxWait: 600, Language: "en"}},
			Changed: func(_ context.Context, now settings.State) {
				service, err := now.Document.Routing.Service()
				if err != nil {
					t.Error(err)
				}
				rules := b.Rules()
				rules.Service = service
				b.SetRules(rules)
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		if b.service, err = set.Now().Document.Routing.Service(); err != nil {
			t.Fatal(err)
		}
		b.stop()
		b.start("ana")
		b.page("ana", "page") // there, and not free
		if err := b.SetPresence(t.Context(), "ana", agent.Away, ""); err != nil {
			t.Fatal(err)
		}

		// A bubble begins on a Saturday.
		dana := b.arrive("CA-dana")
		b.pass(call.SettleTime + time.Second)
		b.want(dana, call.Choosing, "")
		if why := b.call(dana).Choice.Why; why != agent.Closed {
			t.Errorf("told that %q", why)
		}

		open := []byte(`{"zone":"Europe/Berlin","days":["09:00-17:00","","","","","00:00-01:20",""]}`)
		if _, err := set.Change(t.Context(), settings.Request{Version: set.Now().Version, Section: "routing", Set: map[string][]byte{"hours": open}}, staff.Origin{User: "ana"}); err != nil {
			t.Fatal(err)
		}
		b.hangup("CA-dana")
		dora := b.arrive("CA-dora")
		b.pass(2 * call.SettleTime)
		b.want(dora, call.Queued, "") // and was told nothing
		b.available("ana")
		b.pass(time.Second)
		b.wantTarget(dora, call.Offering, "ana")
		b.hangup("CA-dora")

		// At twenty past one in Berlin it is closed again, with nobody having done anything.
		b.pass(time.Until(time.Date(2000, 1, 1, 0, 20, 0, 0, time.UTC)))
		if err := b.SetPresence(t.Context(), "ana", agent.Away, ""); err != nil {
			t.Fatal(err)
		}
		late := b.arrive("CA-late")
		b.pass(call.SettleTime + time.Second)
		b.want(late, call.Choosing, "")
	})
}
