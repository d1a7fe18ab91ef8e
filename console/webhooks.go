package console

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"warmdesk/call"
	"warmdesk/history"
	"warmdesk/outbox"
	"warmdesk/staff"
)

// Limits of the delivery log.
const (
	deliveriesShown = 100
	deliveriesMost  = 1000
)

// deliveries: GET /api/webhooks/deliveries, the last attempts first.
func (c *Console) deliveries(w http.ResponseWriter, r *http.Request) {
	limit := deliveriesShown
	if text := r.URL.Query().Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > deliveriesMost {
			c.fail(w, r, &apiError{Status: http.StatusBadRequest, Code: "bad_request", Message: "limit is 1 to 1000."})
			return
		}
		limit = n
	}
	list, err := c.cfg.Outbox.Deliveries(r.Context(), limit)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	type line struct {
		ID     string        `json:"id"`
		Event  string        `json:"event"`
		Type   history.Type  `json:"type"`
		Call   call.ID       `json:"call"`
		At     time.Time     `json:"at"`
		URL    string        `json:"url"`
		Status outbox.Status `json:"status"`
		Tries  int           `json:"tries"`
		Tried  time.Time     `json:"tried"`
		Next   *time.Time    `json:"next"`
		Code   int           `json:"code"`
		Error  string        `json:"error"`
	}
	lines := make([]line, len(list))
	for i, d := range list {
		lines[i] = line{strconv.FormatInt(d.Number, 10), d.Event, d.Type, d.Call, d.At, d.Receiver, d.Status, d.Tries, d.Tried, nil, d.Code, d.Error}
		if !d.Next.IsZero() {
			lines[i].Next = &d.Next
		}
	}
	writeJSON(w, http.StatusOK, map[string]any{"deliveries": lines})
}

// retry: POST /api/webhooks/deliveries/{id}/retry sends an event once more.
func (c *Console) retry(w http.ResponseWriter, r *http.Request) {
	number, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err == nil {
		err = errors.Join(c.note(r, staff.DeliveryRepeated, r.PathValue("id")), c.cfg.Outbox.Retry(r.Context(), number))
	} else {
		err = outbox.ErrNotFound
	}
	switch {
	case errors.Is(err, outbox.ErrNotFound):
		c.fail(w, r, &apiError{Status: http.StatusNotFound, Code: "no_such_delivery", Message: "That delivery is not known here, or it has been forgotten."})
	case err != nil:
		c.fail(w, r, err)
	default:
		writeJSON(w, http.StatusAccepted, map[string]string{"status": string(outbox.Pending)})
	}
}
