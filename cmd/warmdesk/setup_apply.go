package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"warmdesk/twilio"
)

// undoRecord is what setup replaced and made, kept beside the env file. It is
// written before the change it tells of.
type undoRecord struct {
	path         string
	Account      string            `json:"account_sid"`
	Numbers      []undoNumber      `json:"numbers,omitempty"`
	Applications []undoApplication `json:"applications,omitempty"`
	Keys         []string          `json:"keys,omitempty"` // SIDs of those that were made
}

// undoNumber is a number before the first setup and after the last.
type undoNumber struct {
	SID    string        `json:"sid"`
	Number string        `json:"phone_number"`
	Before numberSetting `json:"before"`
	After  numberSetting `json:"after"`
}

type numberSetting struct {
	twilio.VoiceSettings
	VoiceApplicationSID string `json:"voice_application_sid"`
	TrunkSID            string `json:"trunk_sid"`
}

// undoApplication is likewise; Before means nothing if it was made.
type undoApplication struct {
	SID    string               `json:"sid"`
	Made   bool                 `json:"made"`
	Before twilio.VoiceSettings `json:"before"`
	After  twilio.VoiceSettings `json:"after"`
}

func undoPath(envFile string) string { return envFile + ".undo" }

// readUndo reads the record beside an env file; without one it is empty.
func readUndo(envFile, account string) (*undoRecord, error) {
	u := &undoRecord{path: undoPath(envFile), Account: account}
	content, err := os.ReadFile(u.path)
	if errors.Is(err, fs.ErrNotExist) {
		return u, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", u.path, err)
	}
	if err := json.Unmarshal(content, u); err != nil {
		return nil, wrong("%s cannot be read; it tells how to undo an earlier setup: move it away if you do not need that", u.path)
	}
	if u.Account != account {
		return nil, wrong("%s tells of another account, %s: undo that one first (warmdesk setup --undo with its credentials), or move the file away", u.path, u.Account)
	}
	return u, nil
}

func (u *undoRecord) empty() bool {
	return len(u.Numbers) == 0 && len(u.Applications) == 0 && len(u.Keys) == 0
}

// save keeps the record; an empty one is none.
func (u *undoRecord) save() error {
	if u.empty() {
		if err := os.Remove(u.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove %s: %w", u.path, err)
		}
		return nil
	}
	content, err := json.MarshalIndent(u, "", "  ")
	if err != nil {
		return fmt.Errorf("write %s: %w", u.path, err)
	}
	return writePrivate(u.path, append(content, '\n'))
}

func settingOf(n twilio.IncomingNumber) numberSetting {
	return numberSetting{n.VoiceSettings, n.VoiceApplicationSID, n.TrunkSID}
}

// makeKey writes the secret down at once: it is told only now.
func (p *provision) makeKey(ctx context.Context, plan *plan) error {
	key, err := p.client.CreateKey(ctx, plan.name)
	if err != nil {
		return err
	}
	plan.keyIs(apiKey{key.SID, key.Secret})
	p.undo.Keys = append(p.undo.Keys, key.SID)
	return errors.Join(p.undo.save(), p.write(plan))
}

func (p *provision) makeApplication(ctx context.Context, plan *plan) error {
	app, err := p.client.CreateApplication(ctx, plan.name, plan.appWants)
	if err != nil {
		return err
	}
	plan.applicationIs(app.SID)
	p.undo.Applications = append(p.undo.Applications, undoApplication{SID: app.SID, Made: true, After: plan.appWants})
	return errors.Join(p.undo.save(), p.write(plan))
}

func (p *provision) changeApplication(ctx context.Context, plan *plan) error {
	i := slices.IndexFunc(p.undo.Applications, func(a undoApplication) bool { return a.SID == plan.app.SID })
	if i < 0 {
		i = len(p.undo.Applications)
		p.undo.Applications = append(p.undo.Applications, undoApplication{SID: plan.app.SID, Before: plan.app.VoiceSettings})
	}
	p.undo.Applications[i].After = plan.appWants
	if err := p.undo.save(); err != nil {
		return err
	}
	_, err := p.client.UpdateApplication(ctx, plan.app.SID, plan.appWants)
	return err
}

// write puts the settings into the env file; what else is in it stays.
func (p *provision) write(plan *plan) error {
	if !p.file.exists && len(p.file.lines) == 0 {
		p.file.lines = []string{"# Settings of warmdesk; written by warmdesk setup. The environment wins over them. Keep this file secret."}
	}
	p.file.set(plan.names, plan.settings)
	return p.file.save()
}

func (p *provision) changeNumber(ctx context.Context, plan *plan) error {
	n := plan.number
	i := slices.IndexFunc(p.undo.Numbers, func(u undoNumber) bool { return u.SID == n.SID })
	if i < 0 {
		i = len(p.undo.Numbers)
		p.undo.Numbers = append(p.undo.Numbers, undoNumber{SID: n.SID, Number: n.PhoneNumber, Before: settingOf(n)})
	}
	p.undo.Numbers[i].After = numberSetting{VoiceSettings: plan.wants}
	if err := p.undo.save(); err != nil {
		return err
	}
	return p.point(ctx, n, numberSetting{VoiceSettings: plan.wants})
}

// point sends a number's calls elsewhere, and looks whether they go there.
func (p *provision) point(ctx context.Context, n twilio.IncomingNumber, to numberSetting) error {
	update := twilio.NumberUpdate{VoiceSettings: to.VoiceSettings}
	if n.VoiceApplicationSID != to.VoiceApplicationSID {
		update.VoiceApplicationSID = &to.VoiceApplicationSID
	}
	if n.TrunkSID != to.TrunkSID {
		update.TrunkSID = &to.TrunkSID
	}
	is, err := p.client.UpdateNumber(ctx, n.SID, update)
	if err != nil {
		return err
	}
	if settingOf(is) != to {
		return fmt.Errorf("the carrier took the change and did not make it: look at %s at console.twilio.com", n.PhoneNumber)
	}
	return nil
}

// undoSteps says what would be put back, and how. What somebody has changed since
// is left alone.
func (p *provision) undoSteps(ctx context.Context) ([]step, error) {
	var steps []step
	for _, u := range slices.Clone(p.undo.Numbers) {
		forget := func() error {
			p.undo.Numbers = slices.DeleteFunc(p.undo.Numbers, func(other undoNumber) bool { return other.SID == u.SID })
			return p.undo.save()
		}
		is, err := p.client.FetchNumber(ctx, u.SID)
		switch {
		case twilio.IsCode(err, twilio.CodeNotFound):
			p.say("Number     %s is not the account's any more: left alone", u.Number)
			steps = append(steps, step{"forget " + u.Number, func(context.Context) error { return forget() }})
			continue
		case err != nil:
			return nil, err
		}
		if now := settingOf(is); now != u.After && now != u.Before {
			p.say("Number     %s was changed since by somebody else: left alone", u.Number)
			steps = append(steps, step{"forget " + u.Number, func(context.Context) error { return forget() }})
			continue
		}
		p.say("Number     %s: as it was", u.Number)
		changed := fields(u.After.VoiceSettings, u.Before.VoiceSettings)
		for _, f := range []field{{"TwiML application", "", u.Before.VoiceApplicationSID}, {"SIP trunk", "", u.Before.TrunkSID}} {
			if f.wants != "" {
				changed = append(changed, f)
			}
		}
		p.sayFields(changed)
		steps = append(steps, step{"put " + u.Number + " back", func(ctx context.Context) error {
			if err := p.point(ctx, is, u.Before); err != nil {
				return err
			}
			return forget()
		}})
	}
	for _, u := range slices.Clone(p.undo.Applications) {
		steps = append(steps, p.undoApplication(u))
	}
	for _, sid := range slices.Clone(p.undo.Keys) {
		p.say("API key    %s: deleted; a desk that uses it cannot make browser tokens any more", sid)
		steps = append(steps, step{"delete the API key " + sid, func(ctx context.Context) error {
			if err := p.client.DeleteKey(ctx, sid); err != nil && !twilio.IsCode(err, twilio.CodeNotFound) {
				return err
			}
			p.undo.Keys = slices.DeleteFunc(p.undo.Keys, func(other string) bool { return other == sid })
			return errors.Join(p.forgetSettings("TWILIO_API_KEY_SID", sid, "TWILIO_API_KEY_SECRET"), p.undo.save())
		}})
	}
	return steps, nil
}

func (p *provision) undoApplication(u undoApplication) step {
	what := "put the TwiML application " + u.SID + " back"
	if u.Made {
		what = "delete the TwiML application " + u.SID
		p.say("TwiML app  %s: deleted", u.SID)
	} else {
		p.say("TwiML app  %s: as it was", u.SID)
		p.sayFields(fields(u.After, u.Before))
	}
	return step{what, func(ctx context.Context) error {
		var err error
		if u.Made {
			err = p.client.DeleteApplication(ctx, u.SID)
		} else {
			_, err = p.client.UpdateApplication(ctx, u.SID, u.Before)
		}
		if err != nil && !twilio.IsCode(err, twilio.CodeNotFound) {
			return err
		}
		p.undo.Applications = slices.DeleteFunc(p.undo.Applications, func(other undoApplication) bool { return other.SID == u.SID })
		if u.Made {
			err = p.forgetSettings("TWILIO_TWIML_APP_SID", u.SID)
		} else {
			err = nil
		}
		return errors.Join(err, p.undo.save())
	}}
}

// forgetSettings takes settings out of the env file whose first one names what
// was deleted.
func (p *provision) forgetSettings(name, value string, others ...string) error {
	if !p.file.exists || p.file.values[name] != value {
		return nil
	}
	p.file.set(append(others, name), nil)
	return p.file.save()
}
