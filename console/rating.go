package console

import (
	"errors"
	"net/http"

	"warmdesk/call"
	"warmdesk/desk"
)

// callerRating: POST /api/caller/rating is what a customer says of their call when
// it is over. The call is named by the carrier's id of their leg, and the key of the
// page shows that it is theirs.
func (c *Console) callerRating(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Call   string `json:"call"`
		Return string `json:"return"`
		Stars  int    `json:"stars"`
	}
	if err := readJSON(r, &body); err != nil {
		c.fail(w, r, err)
		return
	}
	if err := c.rate(r, body.Call, desk.ReturnHash(body.Return), body.Stars); err != nil {
		c.fail(w, r, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// rate is refused alike for a call that is not the page's and for one that is
// nobody's: a stranger learns nothing.
func (c *Console) rate(r *http.Request, ref, hash string, stars int) error {
	if hash == "" {
		return errNotYourCall
	}
	id, err := c.cfg.Desk.Resolve(r.Context(), c.cfg.Account, ref)
	if err != nil {
		return hideCall(err)
	}
	mine, err := c.cfg.Desk.Call(r.Context(), id)
	if err != nil {
		return hideCall(err)
	}
	if mine.Account != c.cfg.Account || mine.Return != hash {
		return errNotYourCall
	}
	_, err = c.cfg.Desk.Fact(r.Context(), id, call.Rate{Stars: stars}, nil)
	return err
}

// hideCall says of a call that is not known the same as of somebody else's.
func hideCall(err error) error {
	if errors.Is(err, desk.ErrNotFound) {
		return errNotYourCall
	}
	return err
}
