package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is a server under measurement.
type process struct {
	cmd     *exec.Cmd
	dir     string // its own data; removed by stop
	url     string
	secrets credentials
	upAfter time.Duration
}

// credentials is what the built-in switchboard's account file holds.
type credentials struct {
	AccountSID string `json:"account_sid"`
	AuthToken  string `json:"auth_token"`
}

// start runs the program on a free port with an empty database.
func start(ctx context.Context, binary string) (*process, error) {
	dir, err := os.MkdirTemp("", "warmdesk-bench")
	if err != nil {
		return nil, err
	}
	p := &process{dir: dir}
	database := filepath.Join(dir, "bench.db")
	err = p.launch(exec.CommandContext(ctx, binary, "serve"), "ADDR=127.0.0.1:0", "DATABASE_URL="+database)
	if err == nil {
		var data []byte
		if data, err = os.ReadFile(database + ".credentials"); err == nil {
			err = json.Unmarshal(data, &p.secrets)
		}
	}
	if err != nil {
		p.stop()
		return nil, err
	}
	return p, nil
}

// startFloor runs this program again as the bare server.
func startFloor(ctx context.Context) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	p := &process{secrets: credentials{AccountSID: "AC0", AuthToken: "token"}}
	if err := p.launch(exec.CommandContext(ctx, self, "-floor")); err != nil {
		p.stop()
		return nil, err
	}
	return p, nil
}

// launch starts a command that prints "Open URL" and waits until it answers.
func (p *process) launch(cmd *exec.Cmd, env ...string) error {
	p.cmd = cmd
	cmd.Env = append(os.Environ(), env...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	begun := time.Now()
	if err := cmd.Start(); err != nil {
		return err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	fields := strings.Fields(line)
	if err != nil || len(fields) < 2 {
		return fmt.Errorf("%s did not say where it listens: %q", cmd.Path, line)
	}
	p.url = fields[1]
	for {
		resp, err := http.Get(p.url + "/readyz")
		if err == nil {
			resp.Body.Close()
			p.upAfter = time.Since(begun)
			return nil
		}
		if time.Since(begun) > 10*time.Second {
			return fmt.Errorf("%s does not answer: %w", cmd.Path, err)
		}
	}
}

func (p *process) stop() {
	if p.cmd != nil && p.cmd.Process != nil {
		p.cmd.Process.Signal(syscall.SIGTERM)
		p.cmd.Wait() // however it ends, it is no longer measured
	}
	if p.dir != "" {
		os.RemoveAll(p.dir)
	}
}

// cpu is the processor time used so far, user and system.
func (p *process) cpu() (time.Duration, error) {
	// One file a thread: the process is their sum.
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", p.cmd.Process.Pid))
	if err != nil || len(tasks) == 0 {
		return 0, errors.Join(err, errors.New("the kernel tells no schedstat"))
	}
	var sum time.Duration
	for _, task := range tasks {
		data, err := os.ReadFile(task)
		if err != nil {
			continue // a thread that has ended
		}
		ns, err := strconv.ParseInt(strings.Fields(string(data))[0], 10, 64)
		if err != nil {
			return 0, err
		}
		sum += time.Duration(ns)
	}
	return sum, nil
}

// memory is the resident memory in MiB.
func (p *process) memory() float64 {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", p.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	pages, err := strconv.Atoi(strings.Fields(string(data))[1])
	if err != nil {
		return 0
	}
	return float64(pages) * float64(os.Getpagesize()) / (1 << 20)
}

// The documents of the floor: what the desk answers, byte for byte long.
const (
	floorConnect = `<?xml version="1.0" encoding="UTF-8"?><Response><Dial action="http://localhost:8080/conference/CA00000000000000000000000000000001/out?leg=01M81JN7K7JPBXPWA3AETXGN2T-1"><Conference beep="false" startConferenceOnEnter="false" endConferenceOnExit="false" waitUrl="http://localhost:8080/conference/wait" waitMethod="POST" statusCallback="http://localhost:8080/conference/CA00000000000000000000000000000001/events" statusCallbackEvent="start end join leave mute hold">CA00000000000000000000000000000001</Conference></Dial></Response>`
	floorWait    = `<?xml version="1.0" encoding="UTF-8"?><Response><Say>Thank you for calling. Please wait in line for a few seconds. An agent will be with you shortly.</Say><Play loop="0">http://localhost:8080/assets/music.wav</Play></Response>`
)

// serveFloor is the least a webhook server can do: read the form, answer.
func serveFloor(ctx context.Context) error {
	answer := func(body string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if err := r.ParseForm(); err != nil {
				http.Error(w, err.Error(), http.StatusBadRequest)
				return
			}
			w.Header().Set("Content-Type", "text/xml")
			w.Write([]byte(body)) // a client that is gone cannot be told
		}
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /conference/connect/client", answer(floorConnect))
	mux.HandleFunc("POST /conference/wait", answer(floorWait))
	mux.HandleFunc("GET /readyz", func(http.ResponseWriter, *http.Request) {})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Printf("Open http://%s\n", listener.Addr())
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	stop := context.AfterFunc(ctx, func() { server.Close() })
	defer stop()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
