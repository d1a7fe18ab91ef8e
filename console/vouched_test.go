package console_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"warmdesk/call"
	"warmdesk/console"
)

// Who is vouched for is shown as verified, whatever name the page gives; what is not
// believed costs nobody their call, and the log says why without the token.
func TestVouchedCustomer(t *testing.T) {
	const key = "0123456789abcdef0123456789abcdef"
	var log bytes.Buffer
	var tickets *console.Tickets
	w := newWorldWith(t, nil, func(cfg *console.Config) {
		cfg.EmbedKey, cfg.Logger, tickets = key, slog.New(slog.NewTextHandler(&log, nil)), cfg.Tickets
	})
	sign := func(key string) string {
		token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"name": "Dana Reyes", "email": "dana@example.com", "id": "42", "exp": time.Now().Add(time.Hour).Unix()}).SignedString([]byte(key))
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	good, forged := sign(key), sign("x"+key)
	arrives := func(ctx, sid string) string {
		t.Helper()
		g := w.granted(`{"name":"Eve","ctx":"` + ctx + `"}`)
		ticket, err := tickets.Admit(t.Context(), g.Identity, sid, "")
		if err != nil || time.Since(ticket.Given) > time.Minute {
			t.Fatalf("%+v, %v", ticket, err)
		}
		c, err := w.desk.Arrive(t.Context(), call.Arrived{Account: account, SID: sid, Number: "client:" + g.Identity, Name: g.Name, Vouched: ticket.Vouched}, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, rows, _ := w.send("GET", "/api/history", "", "Warmdesk-Agent", "agent1")
		return fmt.Sprintf("%s, %+v, in the history: %t", c.CustomerName(), c.Vouched, strings.Contains(rows, `"name":"`+c.Name+`"`) && strings.Contains(rows, `"verified":true`))
	}
	if got := arrives(forged, "CA1"); got != "Eve, {ID: Name: Phone: Email: Topic:}, in the history: false" {
		t.Error(got)
	}
	if !strings.Contains(log.String(), `why="not signed by HS256 with EMBED_KEY"`) {
		t.Errorf("the log does not say why:\n%s", &log)
	}
	if got := arrives(good, "CA2"); got != "Dana Reyes, {ID:42 Name:Dana Reyes Phone: Email:dana@example.com Topic:}, in the history: true" {
		t.Error(got)
	}
	for _, secret := range []string{good, forged, key} {
		if strings.Contains(log.String(), secret) {
			t.Error(secret)
		}
	}
}
