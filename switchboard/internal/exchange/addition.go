package exchange

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"time"

	"warmdesk/twilio"
	"warmdesk/twiml"
)

// addition is a participant made by REST: a call that is rung for a room and
// enters it when it is answered. Run's goroutine owns it.
type addition struct {
	call *call
	r    *room
	conf twiml.Conference
}

// NewParticipant is a participant to be made.
type NewParticipant struct {
	Call NewCall // Start and Twiml are not used
	// Conference says how it enters. Its Name is not used, its callback counts
	// if the participant is the first of the conference.
	Conference twiml.Conference
}

// AddParticipant rings somebody for a conference, named by the SID of a live
// one or by a name. A conference of that name is made if there is none.
func (x *Exchange) AddParticipant(ctx context.Context, conference string, n NewParticipant) (Participant, error) {
	var p Participant
	var failure error
	err := x.ask(ctx, func() {
		r := x.liveRoom(conference)
		if r == nil && isSID(conference, "CF") {
			failure = ErrNotFound
			return
		}
		conf := n.Conference
		if r == nil {
			r = x.findRoom(conference, roomHook{
				Target{conf.StatusCallback, conf.StatusCallbackMethod}, conf.StatusCallbackEvents,
			})
		}
		conf.Name = r.rec.Name
		c := n.Call.make()
		a := &addition{call: c, r: r, conf: conf}
		c.into = a
		r.coming = append(r.coming, a)
		x.addCall(c)
		x.post(c.dial)
		p = a.record()
	})
	if err == nil {
		err = failure
	}
	return p, err
}

// document is what the call runs when it is answered.
func (a *addition) document() twiml.Document {
	return twiml.Document{twiml.Dial{Conference: &a.conf}}
}

// arrived: the call takes its seat.
func (a *addition) arrived() {
	a.r.coming = slices.DeleteFunc(a.r.coming, func(o *addition) bool { return o == a })
}

// failed: the call ended without an answer. The room hears of it as if somebody
// had left.
func (a *addition) failed(c *call, status string) {
	a.arrived()
	p := url.Values{
		"CallSid": {c.rec.SID}, "Muted": {strconv.FormatBool(a.conf.Muted)}, "Hold": {"false"}, "Coaching": {strconv.FormatBool(a.conf.Coach != "")},
		"EndConferenceOnExit":    {strconv.FormatBool(a.conf.EndOnExit)},
		"StartConferenceOnEnter": {strconv.FormatBool(a.startOnEnter())},
		"ReasonParticipantLeft":  {leftNeverCame}, "ParticipantCallStatus": {status},
	}
	if a.conf.Label != "" {
		p.Set("ParticipantLabel", a.conf.Label)
	}
	a.r.event("leave", "participant-leave", p)
	if len(a.r.members)+len(a.r.coming) == 0 {
		a.r.finish(endedLastLeft, c.rec.SID)
	}
}

func (a *addition) startOnEnter() bool { return a.conf.StartOnEnter == nil || *a.conf.StartOnEnter }

func (a *addition) record() Participant {
	status := "queued"
	if a.call.rec.Status == twilio.CallRinging {
		status = "ringing"
	}
	return Participant{
		CallSID: a.call.rec.SID, ConferenceSID: a.r.rec.SID, Label: a.conf.Label, Status: status,
		Muted: a.conf.Muted, Coaches: a.conf.Coach, StartOnEnter: a.startOnEnter(), EndOnExit: a.conf.EndOnExit,
		Created: a.call.rec.Created, Updated: a.call.rec.Updated,
	}
}

// isSID reports whether s is a SID of that kind and not a name.
func isSID(s, prefix string) bool {
	if len(s) != 34 || s[:2] != prefix {
		return false
	}
	for _, b := range []byte(s[2:]) {
		if (b < '0' || b > '9') && (b < 'a' || b > 'f') && (b < 'A' || b > 'F') {
			return false
		}
	}
	return true
}

// NewCall is a call to be made to a browser or to a telephone.
type NewCall struct {
	To, From  string
	Identity  string     // the browser's name
	Number    string     // or the telephone's
	Custom    url.Values // parameters of the target
	Start     Target     // the document asked for when it is answered
	Twiml     string     // the document itself, instead
	Fallback  Target
	Callback  Callback
	Timeout   time.Duration // ring time; 0 is 60 s
	TimeLimit time.Duration // 0 is four hours
	Detection *Detection    // nil: nobody listens who has answered
}

func (n NewCall) make() *call {
	c := &call{
		rec:      Call{To: n.To, From: n.From, Status: twilio.CallQueued, Direction: DirectionOutbound},
		identity: n.Identity, number: n.Number, detect: n.Detection, custom: customParams(n.Custom), hook: n.Callback,
		first: n.Start, twiml: n.Twiml, fallback: n.Fallback,
		ringTime: n.Timeout, timeLimit: n.TimeLimit,
	}
	if c.ringTime == 0 {
		c.ringTime = defaultRing
	}
	if c.timeLimit == 0 {
		c.timeLimit = defaultTimeLimit
	}
	return c
}
