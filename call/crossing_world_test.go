package call

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// crossWorld is a world that does exactly what it is told.
type crossWorld struct {
	*world
	lead bool    // mia's requests are crossed, too
	late []Event // answers that come when everything else is done
	// silentSince is since when the customer has heard nobody and nothing, silent
	// the longest that was, and goneAt when they left.
	silentSince, goneAt time.Time
	silent              time.Duration
}

// broken is a run that has broken an invariant.
type broken struct {
	t         failer
	pair, why string
}

func (b *broken) Helper() {}

func (b *broken) Fatalf(format string, args ...any) {
	b.why, _, _ = strings.Cut(fmt.Sprintf(format, args...), "\n")
	if t, ok := b.t.(*testing.T); ok {
		t.Errorf("%s: %s", b.pair, b.why)
	}
	panic(b)
}

func (w *crossWorld) clone() *crossWorld {
	n := *w.world
	k := *w.k
	k.parties = nil
	for _, p := range w.k.parties {
		copied := *p
		copied.tracks = slices.Clone(p.tracks)
		k.parties = append(k.parties, &copied)
	}
	n.k, n.mail, n.seen, n.todo = &k, nil, edges{}, slices.Clone(w.todo)
	for i := range n.todo {
		n.todo[i].since = slices.Clone(n.todo[i].since)
	}
	n.met = map[string]bool{}
	return &crossWorld{world: &n}
}

// takeOut takes an action out of what is under way.
func (w *crossWorld) takeOut(key string) sent {
	i := slices.IndexFunc(w.todo, func(a sent) bool { return a.Key == key })
	if i < 0 {
		w.t.Fatalf("%s is not under way", key)
	}
	a := w.todo[i]
	w.todo = slices.Delete(w.todo, i, i+1)
	return a
}

func (w *crossWorld) deliverAll() {
	for len(w.mail) > 0 {
		e := w.mail[0]
		w.mail = w.mail[1:]
		_ = w.step(e)
	}
}

// carryAll carries out what is under way now, before anything is told.
func (w *crossWorld) carryAll() {
	todo := w.todo
	w.todo = nil
	for _, a := range todo {
		r, facts := w.carryOut(a)
		w.post(facts)
		_ = w.step(r)
	}
}

// obey delivers everything, and lets the carrier do all that is asked.
func (w *crossWorld) obey() {
	for {
		w.deliverAll()
		switch {
		case len(w.todo) > 0:
			a := w.todo[0]
			w.todo = w.todo[1:]
			r, facts := w.carryOut(a)
			w.post(facts)
			_ = w.step(r)
		case len(w.late) > 0:
			w.mail, w.late = w.late, nil
		default:
			return
		}
	}
}

// goOn lets time pass, waking the call as the desk does, with a carrier that
// obeys.
func (w *crossWorld) goOn(end time.Time) {
	for range 1000 {
		wake := Wake(w.c, w.now)
		for _, a := range w.todo { // the carrier hangs: the answer is that there is none
			if gaveUp := a.at.Add(restTime); wake.IsZero() || gaveUp.Before(wake) {
				wake = later(gaveUp, w.now)
			}
		}
		if wake.IsZero() || wake.After(end) {
			w.now = later(w.now, end)
			return
		}
		w.now = wake
		_ = w.step(TimePassed{Generation: w.c.Generation})
		w.obey()
		w.cared()
	}
	w.t.Fatalf("never at rest: stage %s, under way %v", w.c.Stage, w.c.Doing)
}

// restart is the desk gone and back: what was under way died with it, done or not.
func (w *crossWorld) restart(done bool) {
	todo := w.todo
	w.todo = nil
	for _, a := range todo {
		if done {
			w.carryOut(a)
		}
	}
	w.now = w.now.Add(time.Second)
	w.post([]Event{Resumed{Began: w.now}})
}

// endRoom ends the conference, and everybody in it asks what is next.
func (w *crossWorld) endRoom() {
	for _, f := range w.k.endRoom() {
		if a, ok := f.(AskedAgain); ok {
			w.admit(w.k.party(a.SID))
			continue
		}
		w.post([]Event{f})
	}
}

// cared: a customer is not left in silence, and nothing rings for one who is
// gone (invariants 2 and 5). The carrier has just done all it was asked.
func (w *crossWorld) cared() {
	p := w.k.find(w.c.CustomerLeg().ID)
	if p.status == Over {
		if w.goneAt.IsZero() {
			w.goneAt = w.now
		}
		for _, o := range w.k.parties {
			if l := w.c.Leg(o.leg); w.c.Stage == Awaiting && l != nil && l.Purpose == Rejoin {
				continue // an owner who was lost, too, may be back first
			}
			if o.status < Answered && w.now.Sub(w.goneAt) > time.Second {
				w.t.Fatalf("5: %s rings %v after the customer left", w.name(o), w.now.Sub(w.goneAt))
			}
		}
		return
	}
	w.goneAt = time.Time{}
	if !w.silentSince.IsZero() {
		w.silent = max(w.silent, w.now.Sub(w.silentSince))
	}
	if w.silent > OwedTime {
		w.t.Fatalf("2: the customer has heard nothing for %v", w.silent)
	}
	switch {
	case w.customerHears() != "nothing":
		w.silentSince = time.Time{}
	case w.silentSince.IsZero():
		w.silentSince = w.now
	}
}

// customerHears is what the carrier lets the customer hear.
func (w *crossWorld) customerHears() string {
	p, l := w.k.find(w.c.CustomerLeg().ID), w.c.CustomerLeg()
	switch {
	case slices.ContainsFunc(w.k.parties, func(o *party) bool { return hear(p, o) }):
		return "talk"
	case p.held, !p.in && l.Parked:
		return "music"
	case p.outside != "":
		return string(p.outside)
	case !p.in:
		return "nothing"
	case slices.ContainsFunc(w.k.parties, func(o *party) bool { return o.agent && !o.watches && o.room == p.room }):
		return "nothing" // no supervisor begins a conference; alone where the conference has begun: not certain
	}
	return "music"
}

// state says how the call stands at the carrier.
func (w *crossWorld) state() string {
	text := strings.Join(compact(string(w.c.Stage), string(w.c.Owner)), " ")
	if w.c.Target != "" {
		text += ", target " + string(w.c.Target)
	}
	if n := w.c.Notice; n != nil {
		text += ", told " + string(n.Kind)
	}
	var parts []string
	for _, pair := range w.k.heard() {
		parts = append(parts, w.name(pair[0])+"-"+w.name(pair[1]))
	}
	for _, pair := range w.k.voices() {
		parts = append(parts, w.name(pair[1])+"<"+w.name(pair[0]))
	}
	for _, p := range w.k.parties {
		l := w.c.Leg(p.leg)
		switch {
		case p.status == Over:
		case p.watches && p.in && p.muted:
			parts = append(parts, w.name(p)+" listens")
		case l != nil && l.Role == Customer && l.ID != w.c.CustomerLeg().ID:
			parts = append(parts, "dana's older leg")
		case !p.agent:
			if hears := w.customerHears(); hears != "talk" {
				parts = append(parts, "dana-"+hears)
			}
		case p.status < Answered:
			parts = append(parts, w.name(p)+" rings")
		case p.held || !p.in && l != nil && l.Parked:
			parts = append(parts, w.name(p)+"-music")
		case !p.in:
			parts = append(parts, w.name(p)+" on the way")
		}
	}
	if len(parts) > 0 {
		text += " (" + strings.Join(parts, ", ") + ")"
	}
	return text
}

// name is the person of a party.
func (w *crossWorld) name(p *party) string { return w.nameOf(w.c.Leg(p.leg)) }

func (w *crossWorld) nameOf(l *Leg) string {
	switch {
	case l == nil:
		return "somebody"
	case l.Role == Customer:
		return "dana"
	}
	return string(l.Agent)
}

// source reads the package's own files.
func source(t *testing.T) []*ast.File {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	return files
}

// sourceStages lists the stages that the package declares.
func sourceStages(t *testing.T) []Stage {
	var list []Stage
	for _, f := range source(t) {
		ast.Inspect(f, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok {
				return true
			}
			if typ, ok := spec.Type.(*ast.Ident); !ok || typ.Name != "Stage" || len(spec.Values) != 1 {
				return true
			}
			if lit, ok := spec.Values[0].(*ast.BasicLit); ok {
				name, _ := strconv.Unquote(lit.Value)
				list = append(list, Stage(name))
			}
			return true
		})
	}
	return list
}

// sourceEvents lists the events that the package declares.
func sourceEvents(t *testing.T) []string {
	var list []string
	for _, f := range source(t) {
		for _, d := range f.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Name.Name == "callEvent" {
				if typ, ok := f.Recv.List[0].Type.(*ast.Ident); ok {
					list = append(list, typ.Name)
				}
			}
		}
	}
	return list
}
