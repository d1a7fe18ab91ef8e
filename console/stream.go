package console

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/coder/websocket"

	"warmdesk/agent"
	"warmdesk/desk"
)

// Times of a page's socket.
const (
	pingEvery = 3 * time.Second
	writeTime = 5 * time.Second // a page that takes longer to read is cut off
	helloTime = 5 * time.Second
)

// Close codes of our own.
const (
	closeTakenOver websocket.StatusCode = 4001 // another page of this agent is open
	closeSignedOut websocket.StatusCode = 4003
)

// upMessage is what a page says.
type upMessage struct {
	Type       string `json:"type"` // hello, device, mic, call, pong
	Page       string `json:"page"`
	Live       string `json:"live"`
	Age        int64  `json:"age"` // ms since the page was loaded; 0: it does not say
	Registered bool   `json:"registered"`
	State      string `json:"state"`
	SID        string `json:"sid"`
	Muted      bool   `json:"muted"`
	Token      string `json:"token"`
}

// downMessage is a snapshot with its type beside the fields.
type downMessage struct {
	Type string `json:"type"`
	Snapshot
}

// stream: GET /api/agents/{agent}/stream, the page's one socket.
func (c *Console) stream(w http.ResponseWriter, r *http.Request) {
	id, err := c.who(r, agent.ID(r.PathValue("agent")))
	if err != nil {
		c.fail(w, r, err)
		return
	}
	done, ok := c.limits.pages.Enter(string(id))
	if !ok {
		c.fail(w, r, tooMany(time.Minute, "You have too many pages of this desk open."))
		return
	}
	defer done()
	ws, leave, err := c.accept(w, r)
	if err != nil {
		return // accept has answered
	}
	defer leave()
	defer ws.CloseNow()
	hello, err := readHello(r.Context(), ws)
	if err != nil || hello.Page == "" {
		ws.Close(websocket.StatusPolicyViolation, "say hello first")
		return
	}
	page := desk.Page{ID: hello.Page, Live: hello.Live, Age: time.Duration(hello.Age) * time.Millisecond}
	if err := c.cfg.Desk.PageOpened(r.Context(), id, page); err != nil {
		c.log.Error("open page", "agent", id, "err", err)
		ws.Close(websocket.StatusInternalError, "try again")
		return
	}
	defer c.cfg.Desk.PageClosed(id, hello.Page)

	ctx, cancel := context.WithCancel(r.Context())
	var reading sync.WaitGroup
	defer reading.Wait()
	defer ws.CloseNow()
	defer cancel()
	reading.Go(func() {
		defer cancel()
		c.hearPage(ctx, ws, id, hello.Page)
	})
	c.tellPage(r.WithContext(ctx), ws, id, hello.Page)
}

// accept upgrades a request; its origin was checked by the guard.
//
// The address's socket is counted until it is left.
func (c *Console) accept(w http.ResponseWriter, r *http.Request) (ws *websocket.Conn, leave func(), err error) {
	if leave, err = c.limits.socket(r); err != nil {
		c.fail(w, r, err)
		return nil, nil, err
	}
	if ws, err = c.upgrade(w, r); err != nil {
		leave()
		return nil, nil, err
	}
	return ws, leave, nil
}

func (c *Console) upgrade(w http.ResponseWriter, r *http.Request) (*websocket.Conn, error) {
	ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
	if err != nil {
		return nil, err
	}
	ws.SetReadLimit(bodyLimit)
	return ws, nil
}

func readHello(ctx context.Context, ws *websocket.Conn) (upMessage, error) {
	ctx, cancel := context.WithTimeout(ctx, helloTime)
	defer cancel()
	m, err := read(ctx, ws)
	if err == nil && m.Type != "hello" {
		err = errors.New("the first message is not hello")
	}
	return m, err
}

func read(ctx context.Context, ws *websocket.Conn) (upMessage, error) {
	var m upMessage
	_, data, err := ws.Read(ctx)
	if err != nil {
		return m, err
	}
	return m, json.Unmarshal(data, &m)
}

// hearPage takes what the page says until it is gone.
func (c *Console) hearPage(ctx context.Context, ws *websocket.Conn, id agent.ID, pageID string) {
	for {
		m, err := read(ctx, ws)
		if err != nil {
			return
		}
		c.cfg.Desk.PageHeard(id, pageID)
		switch m.Type {
		case "device":
			c.cfg.Desk.PageDevice(ctx, id, pageID, m.Registered)
		case "mic":
			if m.State == "denied" || m.State == "missing" {
				// Nobody can be helped by an agent who cannot speak (console.md F13).
				if err := c.cfg.Desk.MicrophoneLost(ctx, id); err != nil {
					c.log.Error("microphone lost", "agent", id, "err", err)
				}
			}
		case "call":
			c.pageCall(ctx, id, pageID, m)
		}
	}
}

// pageCall takes what a page says of its own line: muting happens in the
// browser, so nobody else can tell the others.
func (c *Console) pageCall(ctx context.Context, id agent.ID, pageID string, m upMessage) {
	err := c.cfg.Desk.PageLine(ctx, id, pageID, m.SID, m.State != "closed", m.Muted)
	if err != nil && !errors.Is(err, desk.ErrNotFound) && ctx.Err() == nil {
		c.log.Error("note line of a page", "agent", id, "err", err)
	}
}

// tellPage sends a snapshot at every change, and pings.
func (c *Console) tellPage(r *http.Request, ws *websocket.Conn, id agent.ID, pageID string) {
	ctx := r.Context()
	changed, stop := c.cfg.Hub.listen()
	defer stop()
	ping := time.NewTicker(pingEvery)
	defer ping.Stop()
	var last []byte
	for {
		if other, ok := c.cfg.Desk.PageOf(id); ok && other != pageID {
			ws.Close(closeTakenOver, "another page has taken over")
			return
		}
		var err error
		if last, err = c.sendIfNew(ctx, ws, id, last); err != nil {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-changed:
		case <-ping.C:
			// Reachability and sign-in change by time alone: look again too.
			if !c.stillSignedIn(r, ws, id) || send(ctx, ws, []byte(`{"type":"ping"}`)) != nil {
				return
			}
		}
	}
}

// stillSignedIn closes the socket of a session that has ended meanwhile.
func (c *Console) stillSignedIn(r *http.Request, ws *websocket.Conn, id agent.ID) bool {
	if _, err := c.who(r, id); err != nil {
		ws.Close(closeSignedOut, "signed out")
		return false
	}
	return true
}

// sendIfNew sends the agent's snapshot unless the page has it already.
func (c *Console) sendIfNew(ctx context.Context, ws *websocket.Conn, id agent.ID, last []byte) ([]byte, error) {
	s := c.snapshotFor(id)
	now, version := s.Now, s.Version
	s.Now, s.Version = time.Time{}, 0
	content, err := json.Marshal(s)
	if err != nil || string(content) == string(last) {
		return last, err
	}
	s.Now, s.Version = now, version
	message, err := json.Marshal(downMessage{"snapshot", s})
	if err != nil {
		return last, err
	}
	return content, send(ctx, ws, message)
}

func send(ctx context.Context, ws *websocket.Conn, message []byte) error {
	ctx, cancel := context.WithTimeout(ctx, writeTime)
	defer cancel()
	return ws.Write(ctx, websocket.MessageText, message)
}
