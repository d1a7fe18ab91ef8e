package twilio

import (
	"context"
	"net/url"
	"strconv"
)

// Statuses of an account.
const (
	AccountActive    = "active"
	AccountSuspended = "suspended"
	AccountClosed    = "closed"
)

// TrialAccount is the Type of an account that nobody has paid for yet: it calls
// verified numbers only, and its callers hear a notice first.
const TrialAccount = "Trial"

// Account is who pays for the calls.
type Account struct {
	SID             string `json:"sid"`
	FriendlyName    string `json:"friendly_name"`
	Status          string `json:"status"` // active, suspended or closed
	Type            string `json:"type"`   // Trial or Full
	OwnerAccountSID string `json:"owner_account_sid"`
}

// FetchAccount reads the account itself. An API key may not; the auth token may.
func (c *Client) FetchAccount(ctx context.Context) (Account, error) {
	var a Account
	err := c.do(ctx, "GET", c.account+".json", nil, &a)
	return a, err
}

// ListKeys reads the account's API keys, at most fifty; without their secrets.
func (c *Client) ListKeys(ctx context.Context) ([]Key, error) {
	f := newForm()
	f.text("PageSize", strconv.Itoa(defaultPageSize))
	return list(ctx, c, "/Keys.json", f.Values, defaultPageSize, func(p *struct {
		page
		Keys []Key `json:"keys"`
	}) (page, []Key) {
		return p.page, p.Keys
	})
}

// FetchKey reads an API key, without its secret. CodeNotFound: there is none.
func (c *Client) FetchKey(ctx context.Context, sid string) (Key, error) {
	var key Key
	err := c.get(ctx, "/Keys/"+url.PathEscape(sid)+".json", nil, &key)
	return key, err
}

// DeleteKey ends an API key; tokens that it has signed are not accepted any more.
func (c *Client) DeleteKey(ctx context.Context, sid string) error {
	return c.delete(ctx, "/Keys/"+url.PathEscape(sid)+".json")
}
