package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"warmdesk/switchboard/switchboardtest"
	"warmdesk/twilio"
)

// connections at once, as a carrier would hold open.
const connections = 16

// webhooks sends as many of each kind and tells the server's CPU, in
// milliseconds per request.
func webhooks(ctx context.Context, p *process, requests int) (connect, wait float64, err error) {
	connect, err = load(ctx, p, requests, "/conference/connect/client", func(i int) url.Values {
		return connectForm(p.secrets.AccountSID, callSID(i))
	})
	if err != nil {
		return 0, 0, err
	}
	wait, err = load(ctx, p, requests, "/conference/wait", func(i int) url.Values {
		return waitForm(p.secrets.AccountSID, callSID(i))
	})
	return connect, wait, err
}

func callSID(i int) string { return fmt.Sprintf("CA%032x", i+1) }

// connectForm is a first request of an inbound call, 511 bytes long.
func connectForm(account, sid string) url.Values {
	return url.Values{
		"AccountSid": {account}, "ApiVersion": {"2010-04-01"}, "CallSid": {sid}, "CallStatus": {"ringing"},
		"CallToken": {"%7B%22parentCallInfoToken%22%3A%22e%22%7D"}, "Called": {"+15550100"}, "CalledCity": {"SAN FRANCISCO"},
		"CalledCountry": {"US"}, "CalledState": {"CA"}, "CalledZip": {"94105"}, "Caller": {"+15550123"}, "CallerCity": {"OAKLAND"},
		"CallerCountry": {"US"}, "CallerState": {"CA"}, "CallerZip": {"94601"}, "Direction": {"inbound"}, "From": {"+15550123"},
		"To": {"+15550100"}, "FromCountry": {"US"}, "ToCountry": {"US"},
	}
}

func waitForm(account, sid string) url.Values {
	return url.Values{
		"AccountSid": {account}, "ApiVersion": {"2010-04-01"}, "CallSid": {sid}, "CallStatus": {"in-progress"},
		"Called": {"+15550100"}, "Caller": {"+15550123"}, "ConferenceSid": {"CF00000000000000000000000000000001"},
		"Direction": {"inbound"}, "From": {"+15550123"}, "FriendlyName": {sid}, "To": {"+15550100"},
	}
}

// load sends requests over a fixed number of connections and measures the server.
func load(ctx context.Context, p *process, requests int, path string, form func(int) url.Values) (float64, error) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: connections, MaxConnsPerHost: connections}}
	defer client.CloseIdleConnections()
	address := p.url + path
	signatures := make([]string, requests) // made beforehand: this is the carrier's work
	bodies := make([]string, requests)
	for i := range requests {
		f := form(i)
		bodies[i], signatures[i] = f.Encode(), twilio.Sign(p.secrets.AuthToken, address, f)
	}
	before, err := p.cpu()
	if err != nil {
		return 0, err
	}
	g, ctx := errgroup.WithContext(ctx)
	for c := range connections {
		g.Go(func() error {
			for i := c; i < requests; i += connections {
				if err := post(ctx, client, address, bodies[i], signatures[i]); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return 0, err
	}
	after, err := p.cpu()
	return ms(after-before) / float64(requests), err
}

func post(ctx context.Context, client *http.Client, address, body, signature string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("User-Agent", "TwilioProxy/1.1")
	r.Header.Set(twilio.SignatureHeader, signature)
	resp, err := client.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err == nil && (resp.StatusCode != http.StatusOK || !bytes.Contains(answer, []byte("<Response>"))) {
		err = fmt.Errorf("%s answered %d: %s", address, resp.StatusCode, answer)
	}
	return err
}

// ringTimes brings agent 2 in again and again, and tells how long after the
// press the phone rings.
func ringTimes(ctx context.Context, binary string, presses int) ([]time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	p, err := start(ctx, binary)
	if err != nil {
		return nil, err
	}
	defer p.stop()
	ana, err := p.agent(ctx, "agent1")
	if err != nil {
		return nil, err
	}
	defer ana.Close()
	ben, err := p.agent(ctx, "agent2")
	if err != nil {
		return nil, err
	}
	defer ben.Close()
	caller, err := p.talk(ctx, ana)
	if err != nil {
		return nil, err
	}
	defer caller.Close()
	times := make([]time.Duration, 0, presses)
	for range presses {
		pressed := time.Now()
		if err := p.ask(ctx, "agent1", "/conference/agent1/call", nil); err != nil {
			return nil, err
		}
		ring, err := ben.Incoming(ctx)
		if err != nil {
			return nil, err
		}
		times = append(times, time.Since(pressed))
		if err := p.ask(ctx, "agent1", "/api/calls/"+ring.Custom.Get("call")+"/cancel", nil); err != nil {
			return nil, err
		}
		if _, err := ring.Wait(ctx); err != nil {
			return nil, err
		}
	}
	return times, nil
}

// agent registers an agent's phone on the tutorial's routes.
func (p *process) agent(ctx context.Context, id string) (*switchboardtest.Phone, error) {
	var answer struct {
		Token string `json:"token"`
	}
	if err := p.ask(ctx, "", "/"+id+"/token", &answer); err != nil {
		return nil, err
	}
	phone, err := switchboardtest.Dial(ctx, switchboardtest.Config{URL: p.url, Token: answer.Token, Tone: 600})
	if err != nil {
		return nil, err
	}
	return phone, phone.Register(ctx)
}

// talk makes a customer call and agent 1 answer.
func (p *process) talk(ctx context.Context, ana *switchboardtest.Phone) (*switchboardtest.Phone, error) {
	var answer struct{ Token, Number string }
	if err := p.ask(ctx, "", "/api/caller/token", &answer); err != nil {
		return nil, err
	}
	dana, err := switchboardtest.Dial(ctx, switchboardtest.Config{URL: p.url, Token: answer.Token, Tone: 400})
	if err != nil {
		return nil, err
	}
	if _, err := dana.Call(ctx, url.Values{"To": {answer.Number}}); err != nil {
		return nil, err
	}
	ring, err := ana.Incoming(ctx)
	if err != nil {
		return nil, err
	}
	if err := ring.Accept(ctx); err != nil {
		return nil, err
	}
	return dana, ring.WaitTones(ctx, []float64{400}, []float64{400})
}

// ask posts to the desk; answer may be nil. A refusal that passes (a colleague
// whose last ring is just being cleared away) is asked again.
func (p *process) ask(ctx context.Context, who, path string, answer any) error {
	for {
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url+path, nil)
		if err != nil {
			return err
		}
		if who != "" {
			r.Header.Set("Warmdesk-Agent", who)
		}
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			return err
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		switch {
		case err != nil:
			return err
		case resp.StatusCode == http.StatusConflict:
			continue
		case resp.StatusCode >= 300:
			return fmt.Errorf("%s answered %d: %s", path, resp.StatusCode, body)
		case answer == nil:
			return nil
		}
		return json.Unmarshal(body, answer)
	}
}
