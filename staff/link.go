package staff

import (
	"context"
	"errors"
	"fmt"
	"time"

	"warmdesk/agent"
)

// Link is a one-time link by which somebody sets a password.
type Link struct {
	Digest  Digest   // of its token
	User    agent.ID // empty: whoever opens it becomes the first admin
	Expires time.Time
}

// How long links are good for.
const (
	firstLink  = time.Hour
	inviteLink = 24 * time.Hour
)

// ErrLink: the link was used, is too old, or never was.
var ErrLink = errors.New("this link has been used or is too old: ask for a new one")

// FirstLink makes the link for the first admin and returns its token; a link made
// before is good no longer. ErrTaken when there is a user already.
func (s *Staff) FirstLink(ctx context.Context, by Origin) (string, error) {
	users, err := s.store.Users(ctx)
	if err != nil {
		return "", fmt.Errorf("load users: %w", err)
	}
	if len(users) > 0 {
		return "", ErrTaken
	}
	return s.link(ctx, "", firstLink, by)
}

// Invite makes a link by which a stored user sets a password; one made before is
// good no longer. ErrNotFound, ErrFixed.
func (s *Staff) Invite(ctx context.Context, id agent.ID, by Origin) (string, error) {
	if _, err := s.stored(ctx, id); err != nil {
		return "", err
	}
	return s.link(ctx, id, inviteLink, by)
}

func (s *Staff) link(ctx context.Context, id agent.ID, lasts time.Duration, by Origin) (string, error) {
	token := newToken()
	l := Link{Digest: digestOf(token), User: id, Expires: s.now().Add(lasts)}
	if err := s.store.SaveLink(ctx, l, s.deed(by, LinkMade, string(id))); err != nil {
		return "", fmt.Errorf("make a link: %w", err)
	}
	return token, nil
}

// OpenLink tells whom a link is for; the zero User: the first admin. ErrLink.
func (s *Staff) OpenLink(ctx context.Context, token string) (User, error) {
	l, err := s.store.Link(ctx, digestOf(token))
	if errors.Is(err, ErrNotFound) || err == nil && !s.now().Before(l.Expires) {
		return User{}, ErrLink
	}
	if err != nil || l.User == "" {
		return User{}, err
	}
	u, err := s.stored(ctx, l.User)
	if errors.Is(err, ErrNotFound) || err == nil && u.Disabled {
		return User{}, ErrLink
	}
	return u, err
}

// UseLink sets the password, for which the link is used up, and begins a session.
// id and name are those of the first admin, and not looked at otherwise. ErrLink,
// and what is wrong with id, name or password.
func (s *Staff) UseLink(ctx context.Context, token string, id agent.ID, name, password, address string) (User, string, error) {
	u, err := s.OpenLink(ctx, token)
	if err != nil {
		return u, "", err
	}
	first := u.ID == ""
	if first {
		u = User{ID: id, Name: name, Role: Admin, Created: s.now()}
		if err := u.Check(); err != nil {
			return u, "", err
		}
	}
	if u, err = s.withPassword(ctx, u, password); err != nil {
		return u, "", err
	}
	by := Origin{User: u.ID, Address: address}
	err = s.save(ctx, Change{
		User: u, New: first, First: first, Link: digestOf(token), EndSessions: true, DropLinks: true, Deed: s.deed(by, LinkUsed, string(u.ID)),
	})
	if errors.Is(err, ErrNotFound) || errors.Is(err, ErrTaken) {
		err = ErrLink // somebody else was faster
	}
	if err != nil {
		return u, "", err
	}
	session, err := s.begin(ctx, u.ID, nil, address, SignedIn)
	return u, session, err
}
