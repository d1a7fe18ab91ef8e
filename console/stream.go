package console

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/say"
	"warmdesk/staff"
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
	Type         string `json:"type"` // hello, language, device, mic, call, quality, board, pong
	Page         string `json:"page"`
	Live         string `json:"live"`
	Age          int64  `json:"age"` // ms since the page was loaded; 0: it does not say
	Registered   bool   `json:"registered"`
	State        string `json:"state"`
	SID          string `json:"sid"`
	Muted        bool   `json:"muted"`
	Token        string `json:"token"`
	On           bool   `json:"on"`       // of board: the page looks at it
	Language     string `json:"language"` // of hello and language; empty: English
	desk.Quality        // of quality, of the line with this SID
}

// downMessage is a snapshot with its type beside the fields.
type downMessage struct {
	Type string `json:"type"`
	Snapshot
}

// stream: GET /api/agents/{agent}/stream, the page's one socket. A page whose
// session ended in the middle of a call may come back with nothing but its pulse.
func (c *Console) stream(w http.ResponseWriter, r *http.Request) {
	from, err := c.identify(w, r)
	pulse := false
	if err != nil {
		from.id = agent.ID(r.PathValue("agent"))
		if pulse = errors.Is(err, errSignIn) && c.pulses.of(from.id) != ""; !pulse {
			c.fail(w, r, err)
			return
		}
	}
	done, ok := c.limits.pages.Enter(string(from.id))
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
	if pulse && c.pulses.of(from.id) != hello.Page {
		ws.Close(closeSignedOut, "signed out")
		return
	}
	page := desk.Page{ID: hello.Page, Live: hello.Live, Age: time.Duration(hello.Age) * time.Millisecond}
	if err := c.cfg.Desk.PageOpened(r.Context(), from.id, page); err != nil {
		c.log.Error("open page", "agent", from.id, "err", err)
		ws.Close(websocket.StatusInternalError, "try again")
		return
	}
	defer c.cfg.Desk.PageClosed(from.id, hello.Page)

	ctx, cancel := context.WithCancel(r.Context())
	from.lang = "" // the page says it, and may say another
	s := &pageSocket{ws: ws, caller: from, page: hello.Page, turned: make(chan struct{}, 1)}
	s.speech.choose(hello.Language)
	if pulse {
		s.signedOut.Store(true)
	} else {
		c.pulses.over(from.id)
	}
	var reading sync.WaitGroup
	defer reading.Wait()
	defer ws.CloseNow()
	defer cancel()
	reading.Go(func() {
		defer cancel()
		c.hearPage(ctx, s)
	})
	c.tellPage(ctx, s)
}

// pageSocket is the socket of one page.
type pageSocket struct {
	ws *websocket.Conn
	caller
	page   string
	speech speech
	// signedOut: the session is over and the call is not. The page is heard and told
	// nothing, so that a customer is not taken for lost.
	signedOut atomic.Bool
	// board: the page looks at the board. turned holds a token when that has changed.
	board  atomic.Bool
	turned chan struct{}
}

// speech is the language that a page reads, which may change while it is open.
type speech struct {
	mu   sync.Mutex
	lang say.Language
	told chan struct{} // holds one
}

func (s *speech) choose(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lang = say.Known(name)
	select {
	case s.signal() <- struct{}{}:
	default:
	}
}

func (s *speech) language() say.Language {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lang
}

// chosen is signalled after a choice.
func (s *speech) chosen() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.signal()
}

// signal makes the channel when it is first wanted. The caller holds s.mu.
func (s *speech) signal() chan struct{} {
	if s.told == nil {
		s.told = make(chan struct{}, 1)
	}
	return s.told
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
func (c *Console) hearPage(ctx context.Context, s *pageSocket) {
	for {
		m, err := read(ctx, s.ws)
		if err != nil {
			return
		}
		c.cfg.Desk.PageHeard(s.id, s.page)
		if m.Type == "call" {
			c.pageCall(ctx, s.id, s.page, m)
		}
		if s.signedOut.Load() {
			continue // it takes no new calls
		}
		switch m.Type {
		case "language":
			s.speech.choose(m.Language)
		case "device":
			c.cfg.Desk.PageDevice(ctx, s.id, s.page, m.Registered)
		case "quality":
			m.Quality.Line = m.SID
			c.cfg.Desk.PageQuality(s.id, s.page, m.Quality)
		case "board":
			s.board.Store(m.On)
			select {
			case s.turned <- struct{}{}:
			default: // there is a token already
			}
		case "mic":
			if err := c.cfg.Desk.Microphone(ctx, s.id, m.State == "granted"); err != nil && ctx.Err() == nil {
				c.log.Error("note microphone", "agent", s.id, "err", err)
			}
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
func (c *Console) tellPage(ctx context.Context, s *pageSocket) {
	changed, stop := c.cfg.Hub.listen()
	defer stop()
	ping := time.NewTicker(pingEvery)
	defer ping.Stop()
	var last []byte
	var board int
	if s.signedOut.Load() && send(ctx, s.ws, []byte(`{"type":"signed_out"}`)) != nil {
		return
	}
	for {
		if other, ok := c.cfg.Desk.PageOf(s.id); ok && other != s.page {
			s.ws.Close(closeTakenOver, "another page has taken over")
			return
		}
		var err error
		switch {
		case !s.signedOut.Load():
			last, err = c.sendIfNew(ctx, s, last)
		case !c.onLine(s.id):
			c.pulses.over(s.id)
			s.ws.Close(closeSignedOut, "signed out")
			return
		}
		if err == nil {
			board, err = c.sendBoard(ctx, s, board)
		}
		if err != nil {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-changed:
		case <-s.turned:
		case <-s.speech.chosen():
		case <-ping.C:
			// Reachability and sign-in change by time alone: look again too.
			if !c.stillSignedIn(ctx, s) || send(ctx, s.ws, []byte(`{"type":"ping"}`)) != nil {
				return
			}
		}
	}
}

// stillSignedIn looks whether the session holds. One that ends in the middle of
// a call leaves the page its pulse, any other closes the socket.
func (c *Console) stillSignedIn(ctx context.Context, s *pageSocket) bool {
	if c.cfg.Demo || s.signedOut.Load() {
		return true
	}
	who, err := c.cfg.Staff.Still(ctx, s.session)
	switch {
	case err == nil:
		s.caller = callerOf(who, "")
		return true
	case !errors.Is(err, staff.ErrSignedOut):
		c.log.Error("look at a session", "agent", s.id, "err", err)
		return true // trouble of ours signs nobody out
	case !c.onLine(s.id):
		s.ws.Close(closeSignedOut, "signed out")
		return false
	}
	s.signedOut.Store(true)
	c.pulses.begin(s.id, s.page)
	c.cfg.Desk.PageDevice(ctx, s.id, s.page, false) // no new calls
	return send(ctx, s.ws, []byte(`{"type":"signed_out"}`)) == nil
}

// onLine reports whether an agent hears somebody in a call.
func (c *Console) onLine(id agent.ID) bool {
	return slices.ContainsFunc(c.cfg.Desk.View().CallsOf(id), func(v *call.Call) bool {
		l := v.AgentLeg(id)
		return l != nil && l.Status == call.Answered
	})
}

// pulses are the pages whose sessions have ended and whose calls have not.
type pulses struct {
	mu    sync.Mutex
	pages map[agent.ID]string
}

func (p *pulses) begin(id agent.ID, page string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pages == nil {
		p.pages = map[agent.ID]string{}
	}
	p.pages[id] = page
}

func (p *pulses) over(id agent.ID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.pages, id)
}

// of is the page of an agent that is let in for its pulse alone; empty: none.
func (p *pulses) of(id agent.ID) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.pages[id]
}

// sendIfNew sends the agent's snapshot unless the page has it already.
func (c *Console) sendIfNew(ctx context.Context, to *pageSocket, last []byte) ([]byte, error) {
	by := to.caller
	by.lang = to.speech.language()
	s := c.snapshotFor(by)
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
	return content, send(ctx, to.ws, message)
}

func send(ctx context.Context, ws *websocket.Conn, message []byte) error {
	ctx, cancel := context.WithTimeout(ctx, writeTime)
	defer cancel()
	return ws.Write(ctx, websocket.MessageText, message)
}
