package console

import (
	"net/http"
	"slices"
	"strings"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/desk"
)

// WrapView is the call that an agent is in the time after.
type WrapView struct {
	ID       call.ID      `json:"id"`
	Customer CustomerView `json:"customer"`
	// With is who has the customer now; empty: the call is over.
	With    agent.ID           `json:"with,omitempty"`
	Note    string             `json:"note"`
	Topic   string             `json:"topic"`
	Outcome string             `json:"outcome"` // empty: none is chosen yet
	Allowed []call.RequestKind `json:"allowed"`
}

func wrapView(v desk.View, id agent.ID) *WrapView {
	c, ok := v.WrapCall(id)
	if !ok {
		return nil
	}
	w := &WrapView{
		ID: c.ID, Customer: customerView(c), Note: c.Note, Topic: c.Topic, Outcome: c.Conclusion, Allowed: call.AllowedAfter(),
	}
	if c.Live() && c.Stage != call.Ending {
		w.With = c.Owner
	}
	return w
}

// CustomerView names the customer.
type CustomerView struct {
	// Link is their page in another system (settings.ScreenPop); empty: none.
	Link string `json:"link,omitempty"`

	Name   string `json:"name"`
	Number string `json:"number"`
	Recent int    `json:"recent,omitempty"` // which call of theirs it is within seven days, from 1
	// Verified: the site they called from has signed who they are, and the rest of this.
	Verified  bool   `json:"verified,omitempty"`
	Phone     string `json:"phone,omitempty"`
	Email     string `json:"email,omitempty"`
	Reference string `json:"reference,omitempty"` // the site's own id of them
}

func customerView(c call.Call) CustomerView {
	return CustomerView{
		Name: c.CustomerName(), Number: c.Number, Recent: c.Recent,
		Verified: c.Vouched.Verified(), Phone: c.Vouched.Phone, Email: c.Vouched.Email, Reference: c.Vouched.ID,
	}
}

// checkOutcome refuses what is none of the outcomes.
func (c *Console) checkOutcome(kind call.RequestKind, text string) error {
	if kind != call.Conclude || text == "" || slices.Contains(c.cfg.Outcomes(), text) {
		return nil
	}
	return &apiError{Status: http.StatusBadRequest, Code: "bad_request",
		Message: "The outcomes to choose from are: " + strings.Join(c.cfg.Outcomes(), ", ") + ". It is as it was."}
}
