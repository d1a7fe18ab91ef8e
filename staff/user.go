// Package staff knows the people who work here: who they are, what they may do,
// how they sign in and for how long that holds. It keeps no call: whoever loses
// a session loses buttons, never a customer.
package staff

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"warmdesk/agent"
)

// Role is what somebody may do. Each may do what the ones before it may.
type Role string

// The roles.
const (
	Agent Role = "agent" // own calls, own presence, tasks, notes
	Lead  Role = "lead"  // also every call's timeline, exports, the board
	Admin Role = "admin" // also users, settings, deliveries, erasing, the audit trail
)

var ranks = []Role{Agent, Lead, Admin}

// Valid reports whether r is one of the roles.
func (r Role) Valid() bool { return slices.Contains(ranks, r) }

// May reports whether r may do what need is needed for. No role may do nothing.
func (r Role) May(need Role) bool {
	return r.Valid() && slices.Index(ranks, r) >= slices.Index(ranks, need)
}

// User is somebody who may sign in, as stored.
type User struct {
	ID   agent.ID
	Name string // 1 to MostName characters
	Role Role
	// Phone is a number where they take calls, E.164; empty: none.
	Phone string
	// Hash is the password's, as an argon2id PHC string; empty: no password yet, so
	// nobody can sign in.
	Hash string
	// Disabled people cannot sign in, and get no new calls.
	Disabled    bool
	Created     time.Time
	PasswordSet time.Time // zero: never
}

// MostName bounds names, in characters.
const MostName = 80

// Limits of passwords. The longest bounds the work of those who guess.
const (
	LeastPassword = 10   // characters
	MostPassword  = 1024 // bytes
)

// Errors of what people ask for. Their texts are for people.
var (
	ErrNotFound = errors.New("there is no such user")
	ErrTaken    = errors.New("there is a user of that id already")
	ErrID       = errors.New("an id has 1 to 64 of a-z, 0-9 and _, and is none of our own words")
	ErrName     = fmt.Errorf("a name has 1 to %d characters", MostName)
	ErrRole     = errors.New("a role is one of agent, lead and admin")
	ErrPhone    = errors.New("a phone number reads like +4930123456: a plus sign and 7 to 15 digits")
	ErrShort    = fmt.Errorf("a password has %d characters or more", LeastPassword)
	ErrLong     = fmt.Errorf("a password has %d bytes at most", MostPassword)
	ErrOwnName  = errors.New("the password is the name or the id: take another one")
)

// Check reports what is wrong with a user's id, name, role or phone.
func (u User) Check() error {
	switch {
	case !u.ID.Valid():
		return ErrID
	case strings.TrimSpace(u.Name) == "" || utf8.RuneCountInString(u.Name) > MostName || !utf8.ValidString(u.Name) || strings.ContainsFunc(u.Name, control):
		return ErrName
	case !u.Role.Valid():
		return ErrRole
	case u.Phone != "" && !e164(u.Phone):
		return ErrPhone
	}
	return nil
}

// CheckPassword reports what is wrong with a password for u. Length counts, and
// that nobody can read it off the roster; a rule about kinds of characters would
// only make passwords alike (NIST SP 800-63B, 3.1.1).
func (u User) CheckPassword(password string) error {
	switch {
	case utf8.RuneCountInString(password) < LeastPassword:
		return ErrShort
	case len(password) > MostPassword:
		return ErrLong
	case strings.EqualFold(password, string(u.ID)) || strings.EqualFold(password, u.Name):
		return ErrOwnName
	}
	return nil
}

func control(r rune) bool { return r < ' ' || r == 0x7f }

func e164(number string) bool {
	digits, ok := strings.CutPrefix(number, "+")
	return ok && len(digits) >= 7 && len(digits) <= 15 && digits[0] != '0' &&
		!strings.ContainsFunc(digits, func(r rune) bool { return r < '0' || r > '9' })
}
