package staff

import (
	"time"

	"warmdesk/agent"
)

// Deed is one line of the audit trail: who did what to whom, from where, and
// what came of it. It never holds a secret, or what was typed and is no user.
type Deed struct {
	Number  int64 // in the order they were written; given by the store
	At      time.Time
	Who     agent.ID // empty: nobody who is signed in
	Address string   // of the browser, or CommandLine
	What    What
	On      string // a user, a call, a number; empty: nothing in particular
	Outcome string // Done, or why not
}

// CommandLine is the address of who works on the machine itself.
const CommandLine = "command line"

// What somebody did.
type What string

// What the audit trail tells of.
const (
	SignedIn         What = "sign_in"
	SignedOut        What = "sign_out"
	SignedOutAll     What = "sign_out_everywhere"
	UserAdded        What = "user_added"
	UserDisabled     What = "user_disabled"
	UserEnabled      What = "user_enabled"
	RoleChanged      What = "role_changed"
	PhoneChanged     What = "phone_changed"
	PasswordChanged  What = "password_changed"
	LinkMade         What = "link_made"
	LinkUsed         What = "link_used"
	SettingsChanged  What = "settings_changed"
	Exported         What = "exported"
	RecordingHeard   What = "recording_heard"
	RecordingErased  What = "recording_erased"
	CallerErased     What = "caller_erased"
	DeliveryRepeated What = "delivery_repeated"
	CallBackAsked    What = "call_back_asked" // by a customer, without a call
)

// Outcomes.
const (
	Done     = "ok"
	Failed   = "failed"
	Locked   = "locked"
	Disabled = "disabled"
)
