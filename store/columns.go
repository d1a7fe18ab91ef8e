package store

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
)

// nanos is a time as it is stored: nanoseconds since 1970, 0 for the zero time.
func nanos(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixNano()
}

// moment is the opposite of nanos, in UTC.
func moment(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(0, n).UTC()
}

// timeColumn scans what nanos wrote.
type timeColumn struct{ t *time.Time }

// Scan implements sql.Scanner.
func (c timeColumn) Scan(src any) error {
	n, ok := src.(int64)
	if !ok {
		return fmt.Errorf("a time is stored as %T", src)
	}
	*c.t = moment(n)
	return nil
}

// textColumn scans a text that may be NULL, which is "".
type textColumn struct{ s *string }

// Scan implements sql.Scanner.
func (c textColumn) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*c.s = ""
	case string:
		*c.s = v
	default:
		return fmt.Errorf("a text is stored as %T", src)
	}
	return nil
}

// orNull stores "" as NULL, which is equal to nothing and so never a duplicate.
func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

const callColumns = `account, room, number, name, recovery, stage, generation, since, deadline,
	started_at, waiting_at, talked_at, ended_at, returned, owner, target, leg_seq, rest`

// callArgs are the values of callColumns.
func callArgs(c *call.Call) ([]any, error) {
	rest, err := encodeRest(c)
	if err != nil {
		return nil, err
	}
	return []any{
		c.Account, c.Room, c.Number, c.Name, c.Recovery, string(c.Stage), int64(c.Generation), nanos(c.Since), nanos(c.Deadline),
		nanos(c.StartedAt), nanos(c.WaitingAt), nanos(c.TalkedAt), nanos(c.EndedAt), c.Returned, string(c.Owner), string(c.Target), int64(c.LegSeq), rest,
	}, nil
}

// scanCall reads id, version and callColumns.
func scanCall(rows *sql.Rows, c *call.Call, version *int64) error {
	var rest string
	if err := rows.Scan(&c.ID, version,
		&c.Account, &c.Room, &c.Number, &c.Name, &c.Recovery, &c.Stage, &c.Generation, timeColumn{&c.Since}, timeColumn{&c.Deadline},
		timeColumn{&c.StartedAt}, timeColumn{&c.WaitingAt}, timeColumn{&c.TalkedAt}, timeColumn{&c.EndedAt}, &c.Returned, &c.Owner, &c.Target, &c.LegSeq, &rest,
	); err != nil {
		return err
	}
	return decodeRest(rest, c)
}

// rest is the part of a call nobody searches for. Times are nanos.
type rest struct {
	Return       string   `json:"return,omitempty"`
	Asked        string   `json:"asked,omitempty"`
	AskedBy      agent.ID `json:"asked_by,omitempty"`
	LostAgent    agent.ID `json:"lost_agent,omitempty"`
	LostUntil    int64    `json:"lost_until,omitempty"`
	Notice       *notice  `json:"notice,omitempty"`
	Passes       []pass   `json:"passes,omitempty"`
	Team         string   `json:"team,omitempty"`
	Widened      bool     `json:"widened,omitempty"`
	DialFailures int      `json:"dial_failures,omitempty"`
	NotBefore    int64    `json:"not_before,omitempty"`
	Begun        string   `json:"begun,omitempty"`
	OldRooms     []string `json:"old_rooms,omitempty"`
	NoHold       string   `json:"no_hold,omitempty"`
	Doubt        bool     `json:"doubt,omitempty"`
	SeenAt       int64    `json:"seen_at,omitempty"`
	LookAgain    int64    `json:"look_again,omitempty"`

	HoldSince int64 `json:"hold_since,omitempty"`
	Reminded  int   `json:"reminded,omitempty"`
	BackAt    int64 `json:"back_at,omitempty"`

	LostIn     call.Stage `json:"lost_in,omitempty"`
	Place      call.Stage `json:"place,omitempty"`
	OwnerUntil int64      `json:"owner_until,omitempty"`

	Seeking    []address  `json:"seeking,omitempty"`
	Tried      []agent.ID `json:"tried,omitempty"`
	Former     agent.ID   `json:"former,omitempty"`
	TakingBack bool       `json:"taking_back,omitempty"`
	Taking     bool       `json:"taking,omitempty"`
	Note       string     `json:"note,omitempty"`
	NoteBy     agent.ID   `json:"noteBy,omitempty"`
	Topic      string     `json:"topic,omitempty"`
	Conclusion string     `json:"conclusion,omitempty"`
	Stars      int        `json:"stars,omitempty"`
	Recent     int        `json:"recent,omitempty"`
	Vouched    *vouched   `json:"vouched,omitempty"`

	Paged      []call.LegID `json:"paged,omitempty"`
	Suspicions []suspicion  `json:"suspicions,omitempty"`

	CallToken string `json:"call_token,omitempty"`
	Dialled   string `json:"dialled,omitempty"`
	Language  string `json:"language,omitempty"`
	Home      string `json:"home,omitempty"`

	LastWith agent.ID `json:"last_with,omitempty"`
	Moved    bool     `json:"moved,omitempty"`

	NotTaken    agent.ID     `json:"not_taken,omitempty"`
	TakeOutcome call.Outcome `json:"take_outcome,omitempty"`

	Choice *choice `json:"choice,omitempty"`
	Wishes []wish  `json:"wishes,omitempty"`
	Tapes  []tape  `json:"tapes,omitempty"`

	Limits *call.Limits `json:"limits,omitempty"`

	Recorder *recorder `json:"recorder,omitempty"`
	Watches  []watch   `json:"watches,omitempty"`
}

type vouched struct {
	ID    string `json:"id,omitempty"`
	Name  string `json:"name,omitempty"`
	Phone string `json:"phone,omitempty"`
	Email string `json:"email,omitempty"`
	Topic string `json:"topic,omitempty"`
}

type watch struct {
	Leg   call.LegID `json:"leg"`
	Mode  call.Mode  `json:"mode"`
	Coach call.LegID `json:"coach,omitempty"`
	Heard call.LegID `json:"heard,omitempty"`
	Asked call.LegID `json:"asked,omitempty"`

	Private bool `json:"private,omitempty"`
}

type tape struct {
	Leg      call.LegID `json:"leg"`
	Question int        `json:"question"`
}

type suspicion struct {
	Leg   call.LegID `json:"leg"`
	Until int64      `json:"until"`
}

type choice struct {
	Why       agent.Unserved `json:"why"`
	Times     int            `json:"times,omitempty"`
	NotBefore int64          `json:"not_before,omitempty"`
	Question  int            `json:"question,omitempty"`
	Prompt    call.Prompt    `json:"prompt,omitempty"`
	Tries     int            `json:"tries,omitempty"`
}

type wish struct {
	Kind      agent.TaskKind `json:"kind"`
	Number    string         `json:"number,omitempty"`
	Recording string         `json:"recording,omitempty"`
	Length    time.Duration  `json:"length,omitempty"`
}

type notice struct {
	Kind  call.Outcome `json:"kind"`
	Agent agent.ID     `json:"agent"`
	Team  string       `json:"team,omitempty"`
	Why   string       `json:"why,omitempty"`
	At    int64        `json:"at"`
	// Refusal is the carrier's, Code its number.
	Refusal *refusal `json:"refusal,omitempty"`
}

type refusal struct {
	Code int    `json:"code,omitempty"`
	Said string `json:"said,omitempty"`
	Do   string `json:"do,omitempty"`
}

type address struct {
	Kind  call.AddressKind `json:"kind"`
	Value string           `json:"value"`
}

type pass struct {
	Agent agent.ID `json:"agent"`
	Until int64    `json:"until"`
}

func encodeRest(c *call.Call) (string, error) {
	r := rest{
		Return: c.Return, Asked: c.Asked, AskedBy: c.AskedBy, LostAgent: c.LostAgent, LostUntil: nanos(c.LostUntil),
		Team: c.Team, Widened: c.Widened, DialFailures: c.DialFailures, NotBefore: nanos(c.NotBefore), Begun: c.Begun,
		OldRooms: c.OldRooms, NoHold: c.NoHold, Doubt: c.Doubt, SeenAt: nanos(c.SeenAt), LookAgain: nanos(c.LookAgain),
		HoldSince: nanos(c.HoldSince), Reminded: c.Reminded, BackAt: nanos(c.BackAt), LostIn: c.LostIn, Place: c.Place, OwnerUntil: nanos(c.OwnerUntil),
		Tried: c.Tried, Former: c.Former, TakingBack: c.TakingBack, Taking: c.Taking, Note: c.Note, NoteBy: c.NoteBy, Paged: c.Paged, LastWith: c.LastWith, CallToken: c.CallToken,
	}
	r.NotTaken, r.TakeOutcome = c.NotTaken, c.TakeOutcome
	r.Topic, r.Conclusion, r.Recent, r.Stars, r.Moved = c.Topic, c.Conclusion, c.Recent, c.Stars, c.Moved
	r.Dialled, r.Language, r.Home = c.Dialled, c.Language, c.Home
	r.Recorder = encodeRecorder(&c.Recorder)
	if c.Limits != (call.Limits{}) {
		r.Limits = &c.Limits
	}
	for _, s := range c.Suspicions {
		r.Suspicions = append(r.Suspicions, suspicion{s.Leg, nanos(s.Until)})
	}
	if c.Choice != (call.Choice{}) {
		r.Choice = &choice{c.Choice.Why, c.Choice.Times, nanos(c.Choice.NotBefore), c.Choice.Question, c.Choice.Prompt, c.Choice.Tries}
	}
	if c.Vouched != (call.Vouched{}) {
		v := vouched(c.Vouched)
		r.Vouched = &v
	}
	for _, w := range c.Watches {
		r.Watches = append(r.Watches, watch{w.Leg, w.Mode, w.Coach, w.Heard, w.Asked, w.Private})
	}
	for _, w := range c.Wishes {
		r.Wishes = append(r.Wishes, wish(w))
	}
	for _, t := range c.Tapes {
		r.Tapes = append(r.Tapes, tape(t))
	}
	if c.Notice != nil {
		r.Notice = &notice{c.Notice.Kind, c.Notice.Agent, c.Notice.Team, c.Notice.Why, nanos(c.Notice.At), nil}
		if why := refusal(c.Notice.Refusal); why != (refusal{}) {
			r.Notice.Refusal = &why
		}
	}
	for _, a := range c.Seeking {
		r.Seeking = append(r.Seeking, address(a))
	}
	for _, p := range c.Passes {
		r.Passes = append(r.Passes, pass{p.Agent, nanos(p.Until)})
	}
	b, err := json.Marshal(r)
	if err != nil {
		return "", fmt.Errorf("encode the rest: %w", err)
	}
	return string(b), nil
}

func decodeRest(s string, c *call.Call) error {
	var r rest
	if err := json.Unmarshal([]byte(s), &r); err != nil {
		return fmt.Errorf("decode the rest of call %s: %w", c.ID, err)
	}
	c.Return, c.Asked, c.AskedBy, c.LostAgent, c.LostUntil = r.Return, r.Asked, r.AskedBy, r.LostAgent, moment(r.LostUntil)
	c.Team, c.Widened = r.Team, r.Widened
	c.DialFailures, c.NotBefore, c.Begun = r.DialFailures, moment(r.NotBefore), r.Begun
	c.OldRooms, c.NoHold, c.Doubt, c.SeenAt, c.LookAgain = r.OldRooms, r.NoHold, r.Doubt, moment(r.SeenAt), moment(r.LookAgain)
	c.Tried, c.Recorder = r.Tried, r.Recorder.decode()
	c.Former, c.TakingBack, c.LastWith = r.Former, r.TakingBack, r.LastWith
	c.CallToken, c.Dialled, c.Language, c.Home = r.CallToken, r.Dialled, r.Language, r.Home
	if r.Limits != nil {
		c.Limits = *r.Limits
	}
	if h := r.Choice; h != nil {
		c.Choice = call.Choice{Why: h.Why, Times: h.Times, NotBefore: moment(h.NotBefore), Question: h.Question, Prompt: h.Prompt, Tries: h.Tries}
	}
	if r.Vouched != nil {
		c.Vouched = call.Vouched(*r.Vouched)
	}
	for _, w := range r.Watches {
		c.Watches = append(c.Watches, call.Watch{Leg: w.Leg, Mode: w.Mode, Coach: w.Coach, Heard: w.Heard, Asked: w.Asked, Private: w.Private})
	}
	for _, w := range r.Wishes {
		c.Wishes = append(c.Wishes, call.Wish(w))
	}
	for _, t := range r.Tapes {
		c.Tapes = append(c.Tapes, call.Tape(t))
	}
	c.HoldSince, c.Reminded, c.BackAt = moment(r.HoldSince), r.Reminded, moment(r.BackAt)
	c.LostIn, c.Place, c.OwnerUntil = r.LostIn, r.Place, moment(r.OwnerUntil)
	c.Paged, c.Taking, c.Note, c.NoteBy = r.Paged, r.Taking, r.Note, r.NoteBy
	c.NotTaken, c.TakeOutcome = r.NotTaken, r.TakeOutcome
	c.Topic, c.Conclusion, c.Recent, c.Stars, c.Moved = r.Topic, r.Conclusion, r.Recent, r.Stars, r.Moved
	for _, s := range r.Suspicions {
		c.Suspicions = append(c.Suspicions, call.Suspicion{Leg: s.Leg, Until: moment(s.Until)})
	}
	if r.Notice != nil {
		c.Notice = &call.Notice{Kind: r.Notice.Kind, Agent: r.Notice.Agent, Team: r.Notice.Team, Why: r.Notice.Why, At: moment(r.Notice.At)}
		if r.Notice.Refusal != nil {
			c.Notice.Refusal = call.Refusal(*r.Notice.Refusal)
		}
	}
	for _, a := range r.Seeking {
		c.Seeking = append(c.Seeking, call.Address(a))
	}
	for _, p := range r.Passes {
		c.Passes = append(c.Passes, call.Pass{Agent: p.Agent, Until: moment(p.Until)})
	}
	return nil
}

const legColumns = `id, role, agent, purpose, key, release, account_sid, call_sid, call_status, outcome, call_seq,
	room_sid, room_seq, in_room, held, muted, self_muted, planned_at, rang_at, answered_at, over_at, out_since,
	dial_unknown, looks, moves, looked_at, hold_sure, admitted, parked, told, refusal_code, refusal_said, refusal_do, queued,
	elsewhere, astray_at, strays, phone, accepted, human`

// legArgs are the values of call, position and legColumns.
func legArgs(id call.ID, position int, l *call.Leg) []any {
	return []any{
		string(id), int64(position),
		string(l.ID), string(l.Role), string(l.Agent), string(l.Purpose), l.Key, string(l.Release), l.Account, orNull(l.SID), int64(l.Status), string(l.Outcome), int64(l.Seq),
		orNull(l.RoomSID), int64(l.RoomSeq), l.InRoom, l.Held, l.Muted, l.SelfMuted, nanos(l.PlannedAt), nanos(l.RangAt), nanos(l.AnsweredAt), nanos(l.OverAt), nanos(l.OutSince),
		l.DialUnknown, int64(l.Looks), int64(l.Moves), int64(l.LookedAt), l.HoldSure, l.Admitted, l.Parked, l.Told,
		int64(l.Refusal.Code), l.Refusal.Said, l.Refusal.Do, int64(l.Queued),
		l.Elsewhere, nanos(l.AstrayAt), int64(l.Strays), l.Phone, l.Accepted, l.Human,
	}
}

// scanLeg reads call and legColumns.
func scanLeg(rows *sql.Rows, id *call.ID, l *call.Leg) error {
	return rows.Scan(id,
		&l.ID, &l.Role, &l.Agent, &l.Purpose, &l.Key, &l.Release, &l.Account, textColumn{&l.SID}, &l.Status, &l.Outcome, &l.Seq,
		textColumn{&l.RoomSID}, &l.RoomSeq, &l.InRoom, &l.Held, &l.Muted, &l.SelfMuted,
		timeColumn{&l.PlannedAt}, timeColumn{&l.RangAt}, timeColumn{&l.AnsweredAt}, timeColumn{&l.OverAt}, timeColumn{&l.OutSince},
		&l.DialUnknown, &l.Looks, &l.Moves, &l.LookedAt, &l.HoldSure, &l.Admitted, &l.Parked, &l.Told,
		&l.Refusal.Code, &l.Refusal.Said, &l.Refusal.Do, &l.Queued,
		&l.Elsewhere, timeColumn{&l.AstrayAt}, &l.Strays, &l.Phone, &l.Accepted, &l.Human)
}

const actionColumns = `key, kind, attempt, running, until, not_before, unknown, void`

// actionArgs are the values of call, position and actionColumns.
func actionArgs(id call.ID, position int, d *call.Doing) []any {
	return []any{
		string(id), int64(position),
		d.Key, string(d.Kind), int64(d.Attempt), d.Running, nanos(d.Until), nanos(d.NotBefore), d.Unknown, d.Void,
	}
}

// scanAction reads call and actionColumns.
func scanAction(rows *sql.Rows, id *call.ID, d *call.Doing) error {
	return rows.Scan(id, &d.Key, &d.Kind, &d.Attempt, &d.Running, timeColumn{&d.Until}, timeColumn{&d.NotBefore}, &d.Unknown, &d.Void)
}
