// Package desk is the application around the rulebook: it loads a call, lets
// the rulebook take one step, saves the result with the actions it calls for,
// and carries them out. Their results come back as events.
//
// It decides nothing itself. What a call may become is package call's, who is
// rung next is package agent's; the ports it needs are declared in ports.go.
package desk

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/oklog/ulid/v2"
	"golang.org/x/sync/errgroup"

	"warmdesk/agent"
	"warmdesk/call"
)

// Config is everything a Desk needs. Every field is required unless it says
// otherwise.
type Config struct {
	Store Store
	Phone Phone
	// Line is watched for the carrier's trouble; nil: nobody is told of it.
	Line Line
	Feed Feed
	// Outbox is told of events; nil: there is none.
	Outbox Outbox
	// Account is the carrier account whose calls are ours; a demo's calls and
	// Twilio's never mix.
	Account string
	// Recovery off gives the tutorial's behaviour to new calls.
	Recovery bool
	// Shared: another desk works on the same store, and agents may have their pages
	// there. Whoever has none here counts as reachable until the carrier says
	// otherwise.
	Shared bool
	// Rules are those that may be others later (SetRules).
	Rules Rules
	// Roster names who may sign in. Agents the store knows keep their presence.
	Roster []agent.Agent
	Logger *slog.Logger
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// Desk is the application. Its methods may be called from many goroutines, and
// work only while Run does.
type Desk struct {
	store    Store
	phone    Phone
	carrier  Line
	feed     Feed
	outbox   Outbox
	account  string
	recovery bool
	shared   bool
	log      *slog.Logger
	now      func() time.Time
	began    time.Time // by then every action of an earlier desk had lost its answer

	work  *queue // actions to carry out: each waits for the carrier
	steps *queue // steps that wait for nobody outside: deadlines, rejoins
	kick  chan struct{}
	locks lockTable // one step of one call at a time

	// resumed and lookAt are owned by doubtLoop, or by whoever calls Turn.
	resumed   bool
	lookAt    time.Time
	refreshAt time.Time // owned by whoever calls Turn

	rosterMu sync.Mutex // held from reading an agent to having saved the next state
	taskMu   sync.Mutex // the same of a task

	freshMu sync.Mutex // held while refreshTogether refreshes
	freshAt time.Time  // when the last such one began; guarded by freshMu

	viewing sync.Mutex // held while a View is put together
	mu      sync.Mutex
	rules   Rules                    // see SetRules
	version int64                    // counts what people see
	live    map[call.ID]*call.Call   // what was last saved of every call not ended, by any desk
	saves   map[call.ID]int64        // the stored version of each of them
	seekers map[call.ID]*call.Call   // those of them that want somebody rung
	sids    map[string]call.ID       // the live calls by their legs' carrier ids
	returns map[string]call.ID       // the live calls whose customers may come back, by call.Return
	claims  map[agent.ID]call.ID     // who is taken, by which of the live calls
	people  map[agent.ID]agent.Agent // what was last saved of the roster
	line    agent.Line               // who waits, and who is free
	former  map[agent.ID]string      // names of those who do not work here any more; replaced, never changed
	teams   []string                 // everybody's, in order of name; replaced, never changed
	tasks   map[string]agent.Task    // the open ones, and what was done lately
	after   map[call.ID]*call.Call   // those that are over and that somebody is still writing on
	// lastEnded is when a call last ended; zero: none has.
	lastEnded time.Time
	// attended is whether anybody is signed in.
	attended attendance
	pages    map[agent.ID]page
	links    links
	met      map[agent.ID]string    // each agent's last page, open or not
	left     map[agent.ID]time.Time // when each agent's last page was closed
	notices  map[agent.ID][]Told
	// qualities are how the agents' lines travel; replaced, never changed.
	qualities map[agent.ID]Quality
	wakes     alarms
	learned   map[call.ID]call.Call // what others have saved, until the agents are told of it
	picture   *picture              // the last View's
	trouble   Trouble               // the carrier's
	rewake    chan struct{}
	seekAt    time.Time               // when the carrier is to be asked for customers we do not know
	unsaved   map[string]call.Arrived // by CallSid: arrivals that could not be saved
}

// New builds a desk and loads what the store knows.
func New(ctx context.Context, cfg Config) (*Desk, error) {
	d := &Desk{
		store: cfg.Store, phone: cfg.Phone, carrier: cfg.Line, feed: cfg.Feed, outbox: cfg.Outbox,
		account: cfg.Account, recovery: cfg.Recovery, shared: cfg.Shared, rules: cfg.Rules, log: cfg.Logger, now: cfg.Now,
		work: newQueue(), steps: newQueue(), kick: make(chan struct{}, 1), rewake: make(chan struct{}, 1),
		live: map[call.ID]*call.Call{}, saves: map[call.ID]int64{}, seekers: map[call.ID]*call.Call{}, learned: map[call.ID]call.Call{},
		sids: map[string]call.ID{}, returns: map[string]call.ID{}, claims: map[agent.ID]call.ID{}, people: map[agent.ID]agent.Agent{},
		pages: map[agent.ID]page{}, links: links{heard: map[agent.ID]time.Time{}, untold: map[agent.ID]string{}}, met: map[agent.ID]string{},
		left: map[agent.ID]time.Time{}, notices: map[agent.ID][]Told{}, wakes: alarms{at: map[call.ID]time.Time{}, retry: map[call.ID]time.Time{}},
		tasks: map[string]agent.Task{}, after: map[call.ID]*call.Call{}, unsaved: map[string]call.Arrived{}, qualities: map[agent.ID]Quality{},
	}
	if d.now == nil {
		d.now = time.Now
	}
	d.began = d.now()
	d.seekAt = d.began.Add(seekFirst)
	if err := d.loadRoster(ctx, cfg.Roster); err != nil {
		return nil, err
	}
	calls, err := d.store.LiveCalls(ctx, d.account)
	if err != nil {
		return nil, fmt.Errorf("load live calls: %w", err)
	}
	for _, v := range calls {
		d.remember(v.Call, v.Version)
	}
	d.attend()
	if d.lastEnded, err = d.store.LastEnded(ctx, d.account); err != nil {
		return nil, err
	}
	if err := d.freshAfter(ctx); err != nil {
		return nil, err
	}
	return d, d.loadTasks(ctx)
}

func (d *Desk) loadRoster(ctx context.Context, roster []agent.Agent) error {
	known, err := d.store.Agents(ctx)
	if err != nil {
		return fmt.Errorf("load roster: %w", err)
	}
	stored := map[agent.ID]agent.Agent{}
	for _, a := range known {
		stored[a.ID] = a
	}
	now := d.now()
	for _, a := range roster {
		if old, ok := stored[a.ID]; ok {
			old.Name, old.Teams, old.Phone = a.Name, a.Teams, a.Phone
			a = old
		} else {
			a.Presence, a.Since, a.IdleSince = agent.Offline, now, now
		}
		d.people[a.ID] = a
		d.seat(a.ID)
	}
	d.noteTeams()
	return nil
}

// workers carry actions out side by side: each waits for one REST call. Steps
// have steppers of their own, because a deadline must not wait for a carrier
// that hangs.
const (
	workers  = 32
	steppers = 4
)

// lookEvery is how often a live call is compared with the carrier's truth.
const lookEvery = time.Minute

// Run works until ctx ends: it carries actions out, keeps deadlines, offers
// waiting customers and looks at the carrier. First it takes up every call
// where it was.
func (d *Desk) Run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	for range workers {
		g.Go(func() error { d.work.run(ctx); return nil })
	}
	for range steppers {
		g.Go(func() error { d.steps.run(ctx); return nil })
	}
	g.Go(func() error {
		<-ctx.Done()
		d.work.close()
		d.steps.close()
		return nil
	})
	g.Go(func() error { return d.routeLoop(ctx) })
	g.Go(func() error { return d.wakeLoop(ctx) })
	g.Go(func() error { return d.doubtLoop(ctx) })
	g.Go(func() error { return d.refreshLoop(ctx) })
	if d.carrier != nil {
		g.Go(func() error { return d.carrier.Watch(ctx, d.carrierTrouble) })
	}
	err := g.Wait()
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// doubtLoop looks at the live calls whenever it is time to.
func (d *Desk) doubtLoop(ctx context.Context) error {
	for {
		d.look(ctx)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(d.lookAt.Sub(d.now())):
		}
	}
}

// look resumes every call once, then looks at each live one every minute.
func (d *Desk) look(ctx context.Context) {
	if d.resumed {
		d.eachLive(ctx, call.Doubted{})
	} else { // without it an overdue deadline has no moment of grace
		d.resumed = d.eachLive(ctx, call.Resumed{Began: d.began})
	}
	d.lookAt = d.now().Add(lookEvery)
	if !d.resumed {
		d.lookAt = d.now().Add(time.Second)
	}
	d.route()
}

func (d *Desk) eachLive(ctx context.Context, e call.Event) (ok bool) {
	ok = true
	for _, id := range d.liveIDs() {
		if _, err := d.Fact(ctx, id, e, nil); err != nil && ctx.Err() == nil {
			d.log.Error("look at call", "call", id, "err", err)
			ok = false
		}
	}
	return ok
}

func (d *Desk) liveIDs() []call.ID {
	d.mu.Lock()
	defer d.mu.Unlock()
	ids := make([]call.ID, 0, len(d.live))
	for id := range d.live {
		ids = append(ids, id)
	}
	slices.Sort(ids) // oldest first
	return ids
}

// carrierTrouble takes the carrier's word on how it does.
func (d *Desk) carrierTrouble(t Trouble) {
	d.mu.Lock()
	d.trouble = t
	d.version++
	d.mu.Unlock()
	if t.Since.IsZero() {
		d.log.Info("carrier takes requests again")
	} else {
		d.log.Error("carrier fails every request", "why", t.Why.Why())
	}
	d.feed.Changed()
}

// newID is a call's id: sortable by time.
func newID() call.ID { return call.ID(ulid.Make().String()) }

// newKey is 128 random bits, for a page to know its own ring by.
func newKey() string {
	var b [16]byte
	rand.Read(b[:]) // never fails: crypto/rand
	return hex.EncodeToString(b[:])
}
