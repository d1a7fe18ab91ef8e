package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/url"

	"warmdesk/call"
)

// ReturnHash is what a call keeps of the key of a customer's page. The key is 128
// random bits in hex; anything else could be guessed, and is as good as none: "".
func ReturnHash(key string) string {
	if bits, err := hex.DecodeString(key); err != nil || len(bits) != 16 {
		return ""
	}
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])
}

// Returning finds the live call that a customer may come back into, by
// ReturnHash of their page's key.
func (d *Desk) Returning(ctx context.Context, hash string) (call.Call, bool) {
	if hash != "" && d.shared {
		d.refreshTogether(ctx) // another desk may have made the call, or lost its customer, this moment
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if c := d.live[d.returns[hash]]; c != nil {
		return *c, true
	}
	return call.Call{}, false
}

// refreshTogether refreshes once for everybody who asks while another refresh is
// under way: keys come from strangers, and must not cost the database one look each.
func (d *Desk) refreshTogether(ctx context.Context) {
	asked := d.now()
	d.freshMu.Lock()
	defer d.freshMu.Unlock()
	if d.freshAt.After(asked) {
		return // that one began after we had asked
	}
	began := d.now()
	d.refresh(ctx)
	if ctx.Err() == nil {
		d.freshAt = began
	}
}

// comeBack joins a leg to the live call that its key is of; without one the
// answer is the zero call.
func (d *Desk) comeBack(ctx context.Context, e call.Arrived, raw url.Values) (call.Call, error) {
	known, ok := d.Returning(ctx, e.Return)
	if !ok {
		return call.Call{}, nil
	}
	c, err := d.Fact(ctx, known.ID, e, raw)
	switch {
	case errors.Is(err, ErrConflict):
		return call.Call{}, nil // the leg is in another call
	case err != nil:
		return call.Call{}, err
	case c.LegBySID(e.SID) == nil:
		return call.Call{}, nil // it has ended meanwhile
	}
	return c, nil
}
