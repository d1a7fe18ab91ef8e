package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"golang.org/x/term"

	"warmdesk/agent"
	"warmdesk/staff"
	"warmdesk/store"
)

// userCommand changes who may sign in, whether a desk works on the database or
// not. A desk that does notices within seconds.
type userCommand struct {
	Add     userAdd     `cmd:"" help:"Add somebody; the password is asked for, or read from standard input."`
	List    userList    `cmd:"" help:"List everybody who is stored."`
	Passwd  userPasswd  `cmd:"" help:"Set a password, which is asked for or read from standard input."`
	Role    userRole    `cmd:"" help:"Make somebody an agent, a lead or an admin."`
	Disable userDisable `cmd:"" help:"Sign somebody out and let them in no more; a call they are in goes on."`
	Enable  userEnable  `cmd:"" help:"Let somebody in again."`
	Signout userSignout `cmd:"" help:"Sign somebody out everywhere."`
	Link    userLink    `cmd:"" help:"Make a one-time link to set a password; without an id, to become the first admin."`
}

// staffAt is the desk the commands are about.
type staffAt struct {
	DatabaseURL string `env:"DATABASE_URL" default:"warmdesk.db" help:"SQLite file of the desk."`
	PublicURL   string `env:"PUBLIC_URL" default:"http://localhost:8080" help:"How browsers reach the desk: where one-time links lead to."`
}

// here is who works on the machine itself.
func here() staff.Origin { return staff.Origin{Address: staff.CommandLine} }

// with opens the database, does what is to be done, and says what was wrong.
func (at staffAt) with(ctx context.Context, do func(*staff.Staff) error) error {
	db, err := store.Open(ctx, store.Config{URL: at.DatabaseURL})
	if err != nil {
		return err
	}
	err = do(staff.New(staff.Config{Store: db, Logger: slog.New(slog.NewTextHandler(os.Stderr, nil))}))
	if errors.Is(err, staff.ErrNotFound) {
		err = wrong("there is no such user in %s; warmdesk user list shows them, and those of AGENTS are changed there. Nothing has changed", at.DatabaseURL)
	}
	for _, mistake := range []error{staff.ErrTaken, staff.ErrID, staff.ErrName, staff.ErrRole, staff.ErrPhone, staff.ErrShort, staff.ErrLong, staff.ErrOwnName, staff.ErrLastAdmin} {
		if errors.Is(err, mistake) {
			err = wrong("%v. Nothing has changed", mistake)
		}
	}
	return errors.Join(err, db.Close())
}

// link prints a one-time link.
func (at staffAt) link(token, lasts string) {
	fmt.Printf("Open within %s, once:\n%s\n", lasts, welcomeURL(strings.TrimRight(at.PublicURL, "/"), token))
}

type userAdd struct {
	staffAt
	ID    agent.ID   `arg:"" help:"1 to 64 of a-z, 0-9 and _; for good."`
	Name  string     `arg:"" help:"What colleagues and customers are told."`
	Role  staff.Role `default:"agent" help:"agent, lead or admin."`
	Phone string     `help:"Number where they take calls, like +4930123456."`
	Link  bool       `help:"Print a link by which they set the password themselves, within 24 hours."`
}

func (c userAdd) Run(ctx context.Context) error {
	u := staff.User{ID: c.ID, Name: c.Name, Role: c.Role, Phone: c.Phone}
	return c.with(ctx, func(s *staff.Staff) error {
		if err := u.Check(); err != nil {
			return err
		}
		if c.Link {
			if err := s.Add(ctx, u, "", here()); err != nil {
				return err
			}
			return userLink{c.staffAt, c.ID}.make(ctx, s)
		}
		password, err := askPassword(u.CheckPassword)
		if err != nil {
			return err
		}
		if err := s.Add(ctx, u, password, here()); err != nil {
			return err
		}
		fmt.Printf("%s may sign in as %s.\n", c.Name, c.ID)
		return nil
	})
}

type userList struct{ staffAt }

func (c userList) Run(ctx context.Context) error {
	return c.with(ctx, func(s *staff.Staff) error {
		users, err := s.Users(ctx)
		if err != nil {
			return err
		}
		out := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)
		fmt.Fprintln(out, "ID\tNAME\tROLE\tPHONE\tSTATE\tPASSWORD SET")
		for _, u := range users {
			state, set := "active", "never"
			switch {
			case u.Disabled:
				state = "disabled"
			case u.Hash == "":
				state = "invited"
			}
			if !u.PasswordSet.IsZero() {
				set = u.PasswordSet.Local().Format(time.DateOnly)
			}
			fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\t%s\n", u.ID, u.Name, u.Role, u.Phone, state, set)
		}
		return out.Flush()
	})
}

type userPasswd struct {
	staffAt
	ID agent.ID `arg:""`
}

func (c userPasswd) Run(ctx context.Context) error {
	return c.with(ctx, func(s *staff.Staff) error {
		users, err := s.Users(ctx)
		if err != nil {
			return err
		}
		for _, u := range users {
			if u.ID != c.ID {
				continue
			}
			password, err := askPassword(u.CheckPassword)
			if err != nil {
				return err
			}
			if err := s.SetPassword(ctx, c.ID, password, here()); err != nil {
				return err
			}
			fmt.Printf("The password of %s is set, and %s is signed out everywhere.\n", u.ID, u.ID)
			return nil
		}
		return staff.ErrNotFound
	})
}

type userRole struct {
	staffAt
	ID   agent.ID   `arg:""`
	Role staff.Role `arg:"" help:"agent, lead or admin."`
}

func (c userRole) Run(ctx context.Context) error {
	return c.with(ctx, func(s *staff.Staff) error { return s.SetRole(ctx, c.ID, c.Role, here()) })
}

type userDisable struct {
	staffAt
	ID agent.ID `arg:""`
}

func (c userDisable) Run(ctx context.Context) error {
	return c.with(ctx, func(s *staff.Staff) error { return s.SetDisabled(ctx, c.ID, true, here()) })
}

type userEnable struct {
	staffAt
	ID agent.ID `arg:""`
}

func (c userEnable) Run(ctx context.Context) error {
	return c.with(ctx, func(s *staff.Staff) error { return s.SetDisabled(ctx, c.ID, false, here()) })
}

type userSignout struct {
	staffAt
	ID agent.ID `arg:""`
}

func (c userSignout) Run(ctx context.Context) error {
	return c.with(ctx, func(s *staff.Staff) error { return s.SignOutEverywhere(ctx, c.ID, here()) })
}

type userLink struct {
	staffAt
	ID agent.ID `arg:"" optional:""`
}

func (c userLink) Run(ctx context.Context) error {
	return c.with(ctx, func(s *staff.Staff) error { return c.make(ctx, s) })
}

func (c userLink) make(ctx context.Context, s *staff.Staff) error {
	if c.ID == "" {
		token, err := s.FirstLink(ctx, here())
		if errors.Is(err, staff.ErrTaken) {
			return wrong("there are users already: name the one who is to set a password. Nothing has changed")
		}
		if err == nil {
			c.link(token, "the hour")
		}
		return err
	}
	token, err := s.Invite(ctx, c.ID, here())
	if err == nil {
		c.link(token, "24 hours")
	}
	return err
}

// auditCommand prints the audit trail.
type auditCommand struct {
	staffAt
	Limit int `default:"100" help:"How many lines, the newest."`
}

func (c auditCommand) Run(ctx context.Context) error {
	return c.with(ctx, func(s *staff.Staff) error {
		list, err := s.Deeds(ctx, 0, max(1, c.Limit))
		if err != nil {
			return err
		}
		out := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)
		fmt.Fprintln(out, "TIME\tWHO\tFROM\tWHAT\tON\tOUTCOME")
		for _, d := range list {
			fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\t%s\n", d.At.Local().Format(time.DateTime), orDash(string(d.Who)), d.Address, d.What, orDash(d.On), d.Outcome)
		}
		return out.Flush()
	})
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// askPassword asks twice on a terminal, unseen, and otherwise reads one line. A
// password is never an argument: others on the machine can read those.
func askPassword(check func(string) error) (string, error) {
	fd := int(os.Stdin.Fd())
	if !term.IsTerminal(fd) {
		line, err := bufio.NewReader(io.LimitReader(os.Stdin, 2*staff.MostPassword)).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return "", fmt.Errorf("read the password: %w", err)
		}
		password := strings.TrimRight(line, "\r\n")
		return password, check(password)
	}
	first, err := askOnce(fd, "Password: ")
	if err != nil {
		return "", err
	}
	if err := check(string(first)); err != nil {
		return "", err
	}
	second, err := askOnce(fd, "Once more: ")
	if err == nil && !bytes.Equal(first, second) {
		err = wrong("the two are not the same. Nothing has changed")
	}
	return string(first), err
}

func askOnce(fd int, words string) ([]byte, error) {
	fmt.Fprint(os.Stderr, words)
	typed, err := term.ReadPassword(fd)
	fmt.Fprintln(os.Stderr)
	if err != nil {
		return nil, fmt.Errorf("read the password: %w", err)
	}
	return typed, nil
}
