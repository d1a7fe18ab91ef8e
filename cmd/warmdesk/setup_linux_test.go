package main

import (
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"warmdesk/twilio"
)

// terminal opens a terminal: what is typed into keys comes out at screen.
func terminal(t *testing.T) (keys, screen *os.File) {
	t.Helper()
	keys, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("this machine gives out no terminals: %v", err)
	}
	t.Cleanup(func() { keys.Close() })
	const unlock, number = 0x40045431, 0x80045430 // TIOCSPTLCK, TIOCGPTN
	var zero, n int32
	for request, value := range map[uintptr]*int32{unlock: &zero, number: &n} {
		if _, _, failed := syscall.Syscall(syscall.SYS_IOCTL, keys.Fd(), request, uintptr(unsafe.Pointer(value))); failed != 0 {
			t.Fatal(failed)
		}
	}
	screen, err = os.OpenFile("/dev/pts/"+strconv.Itoa(int(n)), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	return keys, screen
}

// unseen waits until a terminal does not show what is typed.
func unseen(t *testing.T, keys *os.File) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); ; {
		var state syscall.Termios
		if _, _, failed := syscall.Syscall(syscall.SYS_IOCTL, keys.Fd(), syscall.TCGETS, uintptr(unsafe.Pointer(&state))); failed != 0 {
			t.Fatal(failed)
		}
		if state.Lflag&syscall.ECHO == 0 {
			return
		}
		if time.Now().After(end) {
			t.Fatal("what is typed would be shown")
		}
		time.Sleep(time.Millisecond) // polling, with the deadline above
	}
}

// A person is asked for what is missing; the token is not shown while it is typed.
func TestSetupAsksOnTheTerminal(t *testing.T) {
	w := newWorkshop(t)
	second := "+15550199"
	w.double.Provision(func(_ *twilio.Account, numbers *[]*twilio.IncomingNumber) {
		*numbers = append(*numbers, &twilio.IncomingNumber{PhoneNumber: second})
	})
	keys, screen := terminal(t)
	cmd := exec.CommandContext(t.Context(), os.Args[0], "setup")
	cmd.Dir, cmd.Env = w.dir, append(os.Environ(), runAsProgram+"=1", "TWILIO_API_URL="+w.setting("TWILIO_API_URL"))
	cmd.Stdin, cmd.Stdout, cmd.Stderr = screen, screen, screen
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	screen.Close()
	var shown strings.Builder
	for _, turn := range []struct{ question, answer string }{
		{"Account SID", testAccount}, {"Auth token", testToken}, {"Address", "https://desk.example.com"}, {"Number that customers call", second}, {"Type yes", "yes"},
	} {
		for !strings.Contains(shown.String(), turn.question) {
			one := make([]byte, 1)
			if _, err := keys.Read(one); err != nil {
				t.Fatalf("%v before it asks for %s:\n%s", err, turn.question, &shown)
			}
			shown.Write(one)
		}
		for rest := make([]byte, 1); !strings.HasSuffix(shown.String(), ": "); {
			if _, err := keys.Read(rest); err != nil {
				t.Fatal(err)
			}
			shown.Write(rest)
		}
		if turn.question == "Auth token" {
			unseen(t, keys)
		}
		if _, err := keys.WriteString(turn.answer + "\n"); err != nil {
			t.Fatal(err)
		}
	}
	rest, _ := io.ReadAll(keys) // ends with an error when the program has ended
	shown.Write(rest)
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v\n%s", err, &shown)
	}
	if strings.Contains(shown.String(), testToken) {
		t.Errorf("the token is shown:\n%s", &shown)
	}
	if file := w.file(); file["TWILIO_NUMBER"] != second || file["TWILIO_AUTH_TOKEN"] != testToken || file["PUBLIC_URL"] != "https://desk.example.com" {
		t.Errorf("%s", &shown)
	}
}
