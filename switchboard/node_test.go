package switchboard_test

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"warmdesk/switchboard/switchboardtest"
)

// TestTwilioNode has an application that is written with Twilio's own library
// for Node drive the switchboard: its tokens, its REST client, its TwiML and its
// check of signatures.
func TestTwilioNode(t *testing.T) {
	modules, err := filepath.Abs("../web/node_modules")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(modules, "twilio")); err != nil {
		t.Skip("the npm package twilio is not installed in web/: Twilio's own client is not tried")
	}
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed: Twilio's own client is not tried")
	}
	w := newWorld(t)
	script := exec.CommandContext(w.ctx, node, "testdata/twilio-node.mjs")
	script.Env = append(os.Environ(), "BASE="+w.url, "MODULES="+modules, "ACCOUNT="+account, "TOKEN="+token,
		"KEY="+key, "SECRET="+secret, "APP="+app, "LINE="+line)
	var complaint strings.Builder
	script.Stderr = &complaint
	in, err := script.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := script.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := script.Start(); err != nil {
		t.Fatal(err)
	}
	access, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Errorf("no token: %v", err)
	} else {
		answer(w, strings.TrimSpace(access), func() { _, err = in.Write([]byte("ready\n")) })
	}
	if err := script.Wait(); err != nil {
		t.Fatalf("%v\n%s", err, complaint.String())
	}
}

// answer signs a phone in with a token, tells that it is ready, and answers the
// first call.
func answer(w *world, access string, ready func()) {
	w.Helper()
	p, err := switchboardtest.Dial(w.ctx, switchboardtest.Config{URL: w.url, Token: access, Tone: anaTone})
	if err != nil {
		w.Error(err)
		return
	}
	w.Cleanup(p.Close)
	if err := p.Register(w.ctx); err != nil {
		w.Error(err)
		return
	}
	ready()
	call, err := p.Incoming(w.ctx)
	if err == nil {
		err = call.Accept(w.ctx)
	}
	if err != nil {
		w.Error(err)
	}
}
