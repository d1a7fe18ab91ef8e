package outbox

import (
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The examples of docs/webhooks.md say yes to what we send, and no to everything
// that is a little different.

// example takes the code of a language out of the document.
func example(t *testing.T, language string) string {
	t.Helper()
	text, err := os.ReadFile("../docs/webhooks.md")
	if err != nil {
		t.Fatal(err)
	}
	_, code, ok := strings.Cut(string(text), "```"+language+"\n")
	code, _, ok2 := strings.Cut(code, "```")
	if !ok || !ok2 {
		t.Fatalf("docs/webhooks.md has no example in %s", language)
	}
	return code
}

// message is one of the cases an example is asked about.
type message struct {
	Secret  string            `json:"secret"`
	Headers map[string]string `json:"headers"`
	Body    string            `json:"body"`
}

// messages are a genuine one, one signed with two secrets, and forgeries.
func messages(t *testing.T) (list []message, want string) {
	t.Helper()
	text, other := NewSecret(), NewSecret()
	secret, err := ParseSecret(text)
	if err != nil {
		t.Fatal(err)
	}
	second, err := ParseSecret(other)
	if err != nil {
		t.Fatal(err)
	}
	body := `{"customer":"Zoë"}`
	add := func(yes string, secrets []Secret, at time.Time, change func(*message)) {
		h := http.Header{}
		sign(h, secrets, "one-1-1", at, []byte(body))
		m := message{text, map[string]string{}, body}
		for name := range h {
			m.Headers[strings.ToLower(name)] = h.Get(name)
		}
		if change != nil {
			change(&m)
		}
		list, want = append(list, m), want+yes
	}
	now := time.Now()
	add("y", []Secret{secret}, now, nil)
	add("y", []Secret{second, secret}, now, nil)
	add("n", []Secret{second}, now, nil)
	add("n", []Secret{secret}, now.Add(-time.Hour), nil)
	add("n", []Secret{secret}, now.Add(time.Hour), nil)
	add("n", []Secret{secret}, now, func(m *message) { m.Body += " " })
	add("n", []Secret{secret}, now, func(m *message) { m.Headers["webhook-id"] = "one-1-2" })
	add("n", []Secret{secret}, now, func(m *message) { m.Headers["webhook-timestamp"] = "x" })
	add("n", []Secret{secret}, now, func(m *message) { m.Headers["webhook-signature"] = "v1," })
	return list, want
}

// ask runs a program that reads messages and prints y or n for each.
func ask(t *testing.T, dir, name, code string, command ...string) {
	t.Helper()
	if _, err := exec.LookPath(command[0]); err != nil {
		t.Skipf("%s is not here to run the example: %v", command[0], err)
	}
	if err := os.WriteFile(filepath.Join(dir, name), []byte(code), 0o600); err != nil {
		t.Fatal(err)
	}
	list, want := messages(t)
	input, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(command[0], append(command[1:], filepath.Join(dir, name))...)
	cmd.Stdin = strings.NewReader(string(input))
	out, err := cmd.CombinedOutput()
	if err != nil || string(out) != want {
		t.Errorf("got %q, %v; want %q", out, err, want)
	}
}

func TestExampleInGo(t *testing.T) {
	ask(t, t.TempDir(), "main.go", `package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
)

`+example(t, "go")+`
func main() {
	var list []struct {
		Secret  string
		Headers map[string]string
		Body    string
	}
	if err := json.NewDecoder(os.Stdin).Decode(&list); err != nil {
		panic(err)
	}
	for _, m := range list {
		h := http.Header{}
		for name, value := range m.Headers {
			h.Set(name, value)
		}
		fmt.Print(map[bool]string{true: "y", false: "n"}[genuine(m.Secret, h, []byte(m.Body))])
	}
}
`, "go", "run")
}

func TestExampleInNode(t *testing.T) {
	ask(t, t.TempDir(), "main.cjs", example(t, "js")+`
for (const m of JSON.parse(require("node:fs").readFileSync(0, "utf8"))) {
  process.stdout.write(genuine(m.secret, m.headers, Buffer.from(m.body)) ? "y" : "n");
}
`, "node")
}
