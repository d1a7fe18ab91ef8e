package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/staff"
	"warmdesk/store"
)

// eraseCommand takes a person out of their calls. What the carrier has is deleted
// by the desk that serves.
type eraseCommand struct {
	Whom        string `arg:"" help:"A number as the calls show it, like +15550100123, or the id of a call."`
	Yes         bool   `help:"Do not ask."`
	DatabaseURL string `env:"DATABASE_URL" default:"warmdesk.db"`
	Account     string `env:"TWILIO_ACCOUNT_SID"`
}

// Run shows what would be erased, asks, and erases.
func (e eraseCommand) Run(ctx context.Context) error {
	if _, err := os.Stat(e.DatabaseURL); err != nil {
		return wrong("there is no database %s: set DATABASE_URL to the one of the desk", e.DatabaseURL)
	}
	account, err := e.account()
	if err != nil {
		return err
	}
	s, err := store.Open(ctx, store.Config{URL: e.DatabaseURL})
	if err != nil {
		return err
	}
	return errors.Join(e.erase(ctx, s, account), s.Close())
}

// account is whose calls are meant: Twilio's, or the built-in switchboard's.
func (e eraseCommand) account() (string, error) {
	if e.Account != "" {
		return e.Account, nil
	}
	have, err := loadCredentials(credentialsPath(e.DatabaseURL))
	if err == nil && have.AccountSID == "" {
		err = wrong("there is no account: set TWILIO_ACCOUNT_SID as for the desk")
	}
	return have.AccountSID, err
}

func (e eraseCommand) erase(ctx context.Context, s *store.Store, account string) error {
	ids, err := s.CallsOf(ctx, account, e.Whom)
	if err != nil {
		return err
	}
	if len(ids) == 0 {
		ids = []call.ID{call.ID(e.Whom)}
	}
	would, err := s.Erasure(ctx, account, ids)
	if errors.Is(err, desk.ErrNotFound) {
		return wrong("there are no calls of %s here; write a number as the calls show it, like +15550100123, or the id of a call", e.Whom)
	}
	if err != nil {
		return err
	}
	fmt.Printf("Calls, without their figures: %d\nRecordings and messages: %d\nRecords of lines at the carrier: %d\nTasks: %d\nWebhooks not sent yet: %d\n",
		len(would.Calls), would.Recordings, would.Legs, would.Tasks, would.Pending)
	for _, sent := range would.Sent {
		fmt.Printf("Sent already, and to be erased there by hand: %s (%s) to %s at %s\n", sent.Type, sent.Event, sent.Receiver, sent.At.Format(time.RFC3339))
	}
	if !e.Yes && !agreed("Erase this? It cannot be undone. [y/N] ") {
		fmt.Println("Nothing was erased.")
		return nil
	}
	_, err = s.Erase(ctx, account, ids, desk.ByErasure, time.Now())
	err = errors.Join(err, noteErased(ctx, s, ids, err))
	if errors.Is(err, desk.ErrLive) {
		return wrong("one of the calls is not over, or its recording is not complete yet; nothing was erased; try again a minute after its end")
	}
	if err == nil {
		err = s.Vacuum(ctx)
	}
	if err != nil {
		return err
	}
	fmt.Println("Erased here. The desk deletes the rest at the carrier within a minute while it serves, and tries until it is done.")
	return nil
}

// noteErased writes to the audit trail that calls were erased, or were not: which
// calls, not whose.
func noteErased(ctx context.Context, s *store.Store, ids []call.ID, failed error) error {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = string(id)
	}
	outcome := staff.Done
	if failed != nil {
		outcome = staff.Failed
	}
	return staff.New(staff.Config{Store: s}).Note(ctx, staff.Origin{Address: staff.CommandLine}, staff.CallerErased, strings.Join(names, " "), outcome)
}

// agreed asks on the terminal.
func agreed(question string) bool {
	fmt.Print(question)
	answer, _ := bufio.NewReader(os.Stdin).ReadString('\n') // no answer is none
	return strings.EqualFold(strings.TrimSpace(answer), "y") || strings.EqualFold(strings.TrimSpace(answer), "yes")
}
