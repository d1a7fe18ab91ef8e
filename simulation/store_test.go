package simulation

import (
	"context"
	"errors"
	"slices"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/desk"
)

// memory is a desk.Store in memory, with the constraints of the real one.
type memory struct {
	calls  map[call.ID]desk.Versioned
	order  []call.ID
	sids   map[string]call.ID
	claims map[agent.ID]call.ID
	agents map[agent.ID]agent.Agent
	tasks  []agent.Task
}

func newMemory() *memory {
	return &memory{
		calls: map[call.ID]desk.Versioned{}, sids: map[string]call.ID{},
		claims: map[agent.ID]call.ID{}, agents: map[agent.ID]agent.Agent{},
	}
}

func (m *memory) Call(_ context.Context, id call.ID) (call.Call, int64, error) {
	v, ok := m.calls[id]
	if !ok {
		return call.Call{}, 0, desk.ErrNotFound
	}
	return v.Call, v.Version, nil
}

func (m *memory) FindCall(_ context.Context, _, sid string) (call.ID, error) {
	if id, ok := m.sids[sid]; ok {
		return id, nil
	}
	return "", desk.ErrNotFound
}

func (m *memory) LiveCalls(context.Context, string) ([]desk.Versioned, error) {
	var live []desk.Versioned
	for _, id := range m.order {
		if v := m.calls[id]; v.Call.Live() {
			live = append(live, v)
		}
	}
	return live, nil
}

func (m *memory) LiveVersions(context.Context, string) (map[call.ID]int64, error) {
	live := map[call.ID]int64{}
	for id, v := range m.calls {
		if v.Call.Live() {
			live[id] = v.Version
		}
	}
	return live, nil
}

func (m *memory) SaveCall(_ context.Context, s desk.Save) error {
	id := s.Call.ID
	if m.calls[id].Version != s.Version {
		return desk.ErrConflict
	}
	for _, c := range s.Claims {
		if other, ok := m.claims[c.Agent]; ok && other != id {
			return desk.ErrConflict
		}
	}
	for _, l := range s.Call.Legs {
		if other, ok := m.sids[l.SID]; ok && l.SID != "" && other != id {
			return desk.ErrConflict
		}
	}
	if s.Version == 0 {
		m.order = append(m.order, id)
	}
	s.Call.News = nil
	m.calls[id] = desk.Versioned{Call: s.Call, Version: s.Version + 1}
	for who, taken := range m.claims {
		if taken == id {
			delete(m.claims, who)
		}
	}
	for _, c := range s.Claims {
		m.claims[c.Agent] = id
	}
	for _, l := range s.Call.Legs {
		if l.SID != "" {
			m.sids[l.SID] = id
		}
	}
	for _, t := range s.Tasks {
		if !slices.ContainsFunc(m.tasks, func(o agent.Task) bool {
			return o.Call == t.Call && o.Kind == t.Kind && o.Number == t.Number && o.Recording == t.Recording
		}) {
			m.tasks = append(m.tasks, t)
		}
	}
	return m.SaveAgents(context.Background(), s.Agents...)
}

func (m *memory) Agents(context.Context) ([]agent.Agent, error) {
	var all []agent.Agent
	for _, id := range everybody() {
		if a, ok := m.agents[id]; ok {
			all = append(all, a)
		}
	}
	return all, nil
}

func (m *memory) SaveAgents(_ context.Context, agents ...agent.Agent) error {
	for _, a := range agents {
		m.agents[a.ID] = a
	}
	return nil
}

func (m *memory) Tasks(context.Context, string) ([]agent.Task, error) {
	return slices.Clone(m.tasks), nil
}

func (m *memory) Task(_ context.Context, id string) (agent.Task, error) {
	for _, t := range m.tasks {
		if t.ID == id {
			return t, nil
		}
	}
	return agent.Task{}, desk.ErrNotFound
}

func (m *memory) SaveTask(context.Context, desk.TaskSave) error { return desk.ErrConflict }

func (m *memory) Timeline(context.Context, call.ID) ([]desk.Entry, error) { return nil, nil }

// CountCalls and LastEnded are for pages, which there are none of here.
func (m *memory) CountCalls(context.Context, string, string, string, time.Time) (int, error) {
	return 0, nil
}
func (m *memory) LastEnded(context.Context, string) (time.Time, error) { return time.Time{}, nil }

// everybody is the roster.
func everybody() []agent.ID { return []agent.ID{"ana", "ben", "cy"} }

var (
	errKilled = errors.New("the desk was killed")
	errBusy   = errors.New("database is locked")
)

// shelf is the store as one life of the desk sees it: it may be busy, and the
// desk may die before or after a commit.
type shelf struct {
	desk.Store
	p    *process
	life int
}

// fails: the desk is dead, or the store fails for a while.
func (s *shelf) fails() error {
	switch {
	case s.dead():
		return errKilled
	case s.p.w.now < s.p.w.storeOut:
		return errBusy
	}
	return nil
}

func (s *shelf) LiveVersions(ctx context.Context, account string) (map[call.ID]int64, error) {
	if err := s.fails(); err != nil {
		return nil, err
	}
	return s.Store.LiveVersions(ctx, account)
}

func (s *shelf) Agents(ctx context.Context) ([]agent.Agent, error) {
	if s.p.desk != nil && s.fails() != nil { // a desk that starts waits for its store
		return nil, s.fails()
	}
	return s.Store.Agents(ctx)
}

func (s *shelf) dead() bool { return s.life != s.p.life }

func (s *shelf) Call(ctx context.Context, id call.ID) (call.Call, int64, error) {
	if err := s.fails(); err != nil {
		return call.Call{}, 0, err
	}
	if s.p.w.strikes(storeBusy, 40, s.p.w.callOf(id), "the store cannot be read") {
		s.p.w.excuse(id, storeTime)
		return call.Call{}, 0, errBusy
	}
	return s.Store.Call(ctx, id)
}

func (s *shelf) FindCall(ctx context.Context, account, sid string) (call.ID, error) {
	if err := s.fails(); err != nil {
		return "", err
	}
	return s.Store.FindCall(ctx, account, sid)
}

func (s *shelf) SaveCall(ctx context.Context, save desk.Save) error {
	w := s.p.w
	if s.dead() {
		return errKilled
	}
	id, k := save.Call.ID, w.customerOf(save.Call.Room)
	switch {
	case w.now < w.storeOut:
		return errBusy
	case w.strikes(killedBefore, 60, k, "the desk is killed before it saves"):
		s.p.kill()
		return errKilled
	case w.strikes(conflict, 12, k, "the save is in conflict"):
		return desk.ErrConflict
	case w.strikes(storeBusy, 25, k, "the store cannot be written"):
		w.excuse(id, storeTime)
		return errBusy
	}
	w.overtaken(s.p, id)
	if err := s.Store.SaveCall(ctx, save); err != nil {
		return err
	}
	w.saved(s.p, save)
	switch {
	case w.strikes(killedAfter, 60, k, "the desk is killed as soon as it has saved"):
		s.p.kill()
		return errKilled
	case w.strikes(savedButFailed, 40, k, "the save is done, its answer lost"):
		w.excuse(id, lookTime)
		return errBusy
	}
	return nil
}

func (s *shelf) SaveAgents(ctx context.Context, agents ...agent.Agent) error {
	if err := s.fails(); err != nil {
		return err
	}
	err := s.Store.SaveAgents(ctx, agents...)
	if err == nil {
		s.p.w.savedAgents(agents)
	}
	return err
}
