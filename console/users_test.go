package console_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"warmdesk/agent"
)

// admin is a world where Ana of AGENTS is signed in, and may add the others.
func admin(t *testing.T) (w *world, ask func(method, path, body string) (int, string)) {
	w = newWorld(t, map[agent.ID]string{"agent1": "one"})
	return w, signedIn(t, w)
}

// signedIn asks as agent1, who is an admin.
func signedIn(t *testing.T, w *world) (ask func(method, path, body string) (int, string)) {
	_, _, head := w.send("POST", "/api/session", "agent=agent1&password=one", "Content-Type", "application/x-www-form-urlencoded")
	cookie, _, _ := strings.Cut(head.Get("Set-Cookie"), ";")
	return func(method, path, body string) (int, string) {
		t.Helper()
		status, said, _ := w.send(method, path, body, "Cookie", cookie, "Content-Type", "application/json")
		return status, said
	}
}

func TestUsers(t *testing.T) {
	w, ask := admin(t)
	status, said := ask("POST", "/api/users", `{"id":"dora","name":"Dora","role":"lead","phone":"+4930123456"}`)
	if status != http.StatusOK || !strings.Contains(said, w.url+"/welcome#") {
		t.Fatalf("add: %d %s", status, said)
	}
	_, link, _ := strings.Cut(said, "#")
	token, _, _ := strings.Cut(link, `"`)
	if status, said, _ := w.send("POST", "/api/welcome", `{"token":"`+token+`","password":"a long enough word"}`, "Content-Type", "application/json"); status != http.StatusNoContent {
		t.Errorf("the link: %d %s", status, said)
	}
	for _, c := range []struct {
		method, path, body string
		want               int
	}{
		{"PATCH", "/api/users/dora", `{"role":"agent"}`, 204}, {"PATCH", "/api/users/dora", `{"phone":""}`, 204}, {"PATCH", "/api/users/dora", `{"disabled":true}`, 204},
		{"PATCH", "/api/users/dora", `{"role":"king"}`, 400}, {"PATCH", "/api/users/dora", `{"phone":"911"}`, 400}, {"PATCH", "/api/users/dora", `{}`, 400},
		{"PATCH", "/api/users/dora", `{"role":"lead","disabled":false}`, 400}, {"PATCH", "/api/users/nobody", `{"role":"lead"}`, 404}, {"PATCH", "/api/users/agent1", `{"role":"agent"}`, 409},
		{"POST", "/api/users", `{"id":"dora","name":"Dora","role":"agent"}`, 409}, {"POST", "/api/users", `{"id":"api","name":"Eve","role":"agent"}`, 400}, {"POST", "/api/users", `{"id":"eve","name":"","role":"agent"}`, 400},
		{"POST", "/api/users/nobody/link", ``, 404}, {"POST", "/api/users/agent1/link", ``, 409},
	} {
		if status, said := ask(c.method, c.path, c.body); status != c.want || status >= 400 && !strings.Contains(said, "message") {
			t.Errorf("%s %s %s: %d %s", c.method, c.path, c.body, status, said)
		}
	}
	_, said = ask("GET", "/api/users", "")
	var list struct {
		Users []struct {
			ID, Role, Phone, PasswordSet string
			Disabled, Invited, Fixed     bool
		}
	}
	if err := json.Unmarshal([]byte(said), &list); err != nil || len(list.Users) != 2 || strings.Contains(said, "argon2") {
		t.Fatalf("%s %v", said, err)
	}
	if u := list.Users[1]; u.ID != "dora" || u.Role != "agent" || u.Phone != "" || !u.Disabled || u.Invited || u.Fixed || u.PasswordSet == "" || !list.Users[0].Fixed {
		t.Errorf("%+v", list.Users)
	}
}

func TestNobodyIsAddedInTheDemo(t *testing.T) {
	w := newWorld(t, nil)
	status, said, _ := w.send("POST", "/api/users", `{"id":"eve","name":"Eve","role":"admin"}`, "Warmdesk-Agent", "agent1", "Content-Type", "application/json")
	if status != http.StatusConflict || !strings.Contains(said, "demo") {
		t.Errorf("%d %s", status, said)
	}
	status, said, _ = w.send("GET", "/api/users", "", "Warmdesk-Agent", "agent1")
	if status != http.StatusOK || !strings.Contains(said, `{"id":"agent1","name":"Ana","role":"admin","phone":"","disabled":false,"invited":false,"fixed":true}`) {
		t.Errorf("the people of the demo: %d %s", status, said)
	}
	if users, err := w.db.Users(t.Context()); err != nil || len(users) != 0 {
		t.Errorf("%v %v", users, err)
	}
}

func TestHealth(t *testing.T) {
	_, ask := admin(t)
	status, said := ask("GET", "/api/health", "")
	if status != http.StatusOK || !strings.Contains(said, `"webhooks":[]`) || !strings.Contains(said, `"calls":0`) {
		t.Errorf("%d %s", status, said)
	}
}
