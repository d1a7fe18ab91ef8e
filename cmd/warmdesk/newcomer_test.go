package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// documented are the commands of docs/twilio.md, in order.
func documented(t *testing.T) (commands []string) {
	t.Helper()
	text, err := os.ReadFile("../../docs/twilio.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, block := range strings.Split(string(text), "```sh\n")[1:] {
		inside, _, _ := strings.Cut(block, "```")
		commands = append(commands, strings.Split(strings.TrimSpace(inside), "\n")...)
	}
	return commands
}

// TestNewcomer does what docs/twilio.md says, word for word: from an account with
// nothing but a number to the first call, and back.
func TestNewcomer(t *testing.T) {
	c := newClinic(t)
	before := c.double.Numbers()
	ana := c.double.Agent("agent1")
	program := fmt.Sprintf("#!/bin/sh\n%s=1 exec %q \"$@\"\n", runAsProgram, os.Args[0])
	if err := os.WriteFile(filepath.Join(c.dir, "warmdesk"), []byte(program), 0o700); err != nil {
		t.Fatal(err)
	}
	said := map[string]string{}
	for _, command := range documented(t) {
		if command == "warmdesk serve" {
			c.start()
			dana := c.double.Call("+15550001")
			dana.WaitFor(t, "words: Thank you for calling")
			session := c.desk.signIn("agent1", "one")
			ana.Ringing(t).Answer()
			dana.WaitFor(t, "people: agent1")
			c.desk.ask("agent1", session, dana, "end")
			dana.WaitFor(t, "completed")
			_, _, ticket := c.desk.ticket("203.0.113.7", "")
			page := c.double.CallApplication(c.file()["TWILIO_TWIML_APP_SID"], ticket.Identity, nil)
			page.WaitFor(t, "words: Thank you for calling")
			if faults := c.double.Faults(); len(faults) > 0 {
				t.Errorf("Twilio would complain: %q", faults)
			}
			c.desk.stop(syscall.SIGTERM)
			said[command] = c.desk.log.String()
			continue
		}
		// As a person's shell, who answers what is asked.
		cmd := exec.CommandContext(t.Context(), "sh", "-c", command)
		cmd.Dir, cmd.Env, cmd.Stdin = c.dir, append(append(os.Environ(), c.env...), "PATH="+c.dir+":"+os.Getenv("PATH")), strings.NewReader("yes\n")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", command, err, out)
		}
		said[command] = string(out)
	}
	for command, want := range map[string]string{
		"warmdesk setup": "Done. Settings are in warmdesk.env", "warmdesk doctor": " 1 warnings, 0 wrong", "warmdesk serve": "settings from warmdesk.env",
		"warmdesk fallback": "<Record ", "warmdesk setup --undo": "as it was",
	} {
		if !strings.Contains(said[command], want) {
			t.Errorf("%s says\n%s", command, said[command])
		}
	}
	if after := c.double.Numbers(); after[0] != before[0] || len(c.double.Keys())+len(c.double.Applications()) > 0 {
		t.Errorf("not as it was: %+v", after)
	}
}
