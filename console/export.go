package console

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"warmdesk/call"
	"warmdesk/history"
	"warmdesk/staff"
)

// Limits of an export. A page is what is read from the database at once: small,
// because calls wait for the same database.
const (
	exportLimit = 1000
	exportMost  = 100_000
	exportPage  = 50
	exportTime  = 30 * time.Second // for a page to be taken
)

// callsJSON: GET /api/calls.json, newest first.
func (c *Console) callsJSON(w http.ResponseWriter, r *http.Request) {
	q, err := c.exportQuery(r)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	begin := func() {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		fmt.Fprint(w, `{"calls":[`)
	}
	separator := ""
	next, begun := c.export(w, r, q, begin, func(row history.Row) error {
		fmt.Fprint(w, separator)
		separator = ","
		return json.NewEncoder(w).Encode(row)
	})
	if begun {
		fmt.Fprintf(w, `],"next":%q}`+"\n", next)
	}
}

// callsCSV: GET /api/calls.csv, the same as a table (RFC 4180).
func (c *Console) callsCSV(w http.ResponseWriter, r *http.Request) {
	q, err := c.exportQuery(r)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	table := csv.NewWriter(w)
	table.UseCRLF = true
	begin := func() {
		w.Header().Set("Content-Type", "text/csv; charset=utf-8; header=present")
		w.Header().Set("Content-Disposition", `attachment; filename="calls.csv"`)
		table.Write([]string{
			"id", "started", "ended", "number", "name", "waited", "talked", "held", "away", "agents",
			"transfers", "transfer_outcomes", "recoveries", "returns", "how", "by", "topic", "conclusion", "rating",
		})
	}
	_, begun := c.export(w, r, q, begin, func(row history.Row) error {
		if err := table.Write(cells(row)); err != nil {
			return err
		}
		table.Flush()
		return table.Error()
	})
	if begun {
		table.Flush()
	}
}

// cells are a row of the table.
func cells(r history.Row) []string {
	ended := ""
	if r.Ended != nil {
		ended = r.Ended.Format(time.RFC3339)
	}
	var agents, outcomes []string
	for _, p := range r.Agents {
		agents = append(agents, p.Name)
	}
	for _, x := range r.Transfers {
		outcomes = append(outcomes, string(x.Kind)+" "+string(x.Outcome))
	}
	list := []string{
		string(r.ID), r.Started.Format(time.RFC3339), ended, r.Number, r.Name,
		strconv.Itoa(r.Waited), strconv.Itoa(r.Talked), strconv.Itoa(r.Held), strconv.Itoa(r.Away), strings.Join(agents, "; "),
		strconv.Itoa(len(r.Transfers)), strings.Join(outcomes, "; "), strconv.Itoa(r.Recoveries), strconv.Itoa(r.Returns), string(r.How), string(r.By), r.Topic, r.Conclusion, rating(r.Rating),
	}
	for i, s := range list {
		list[i] = harmless(s)
	}
	return list
}

// rating of nobody is nothing: a mean of the column is of those who gave one.
func rating(stars int) string {
	if stars == 0 {
		return ""
	}
	return strconv.Itoa(stars)
}

// harmless keeps a spreadsheet from taking a text for a formula: callers choose
// their names. A number with its plus is none.
func harmless(s string) string {
	text := strings.TrimLeft(s, " \t\r\n\v\f\u00a0\u3000\ufeff")
	if text == "" || !strings.ContainsAny(text[:1], "=+-@") && !strings.ContainsAny(s[:1], "\t\r\n") && !startsWide(text) {
		return s
	}
	if digits, ok := strings.CutPrefix(s, "+"); ok && digits != "" && strings.Trim(digits, "0123456789") == "" {
		return s
	}
	return "'" + s
}

// startsWide: some programs read the wide forms of = + - @ as the plain ones.
func startsWide(s string) bool {
	for _, wide := range []string{"＝", "＋", "－", "＠"} {
		if strings.HasPrefix(s, wide) {
			return true
		}
	}
	return false
}

// export writes rows page by page. It tells the cursor of what is left, and
// whether there is an answer to be completed: a failure in the middle cuts the
// connection, so that nobody takes a part for the whole.
func (c *Console) export(w http.ResponseWriter, r *http.Request, q history.Query, begin func(), write func(history.Row) error) (next call.ID, begun bool) {
	left := q.Limit
	names, now := c.cfg.Desk.View().Name, time.Now()
	out := http.NewResponseController(w)
	for {
		q.Limit = min(left, exportPage) + 1 // one more tells whether there is more
		page, err := c.cfg.Records.Records(r.Context(), q)
		switch {
		case err != nil && !begun:
			c.fail(w, r, err)
			return "", false
		case err != nil:
			if r.Context().Err() == nil {
				c.log.Error("export calls", "err", err)
			}
			panic(http.ErrAbortHandler)
		case !begun:
			w.Header().Set("Cache-Control", "no-store")
			begin()
			begun = true
		}
		more := len(page) == q.Limit
		if more {
			page = page[:q.Limit-1]
		}
		_ = out.SetWriteDeadline(time.Now().Add(exportTime)) // not every writer has one
		for _, record := range page {
			if write(history.RowOf(record, names, now)) != nil {
				panic(http.ErrAbortHandler) // the client is gone
			}
			q.Before = record.ID
		}
		if left -= len(page); !more {
			return "", true
		} else if left == 0 {
			return q.Before, true
		}
	}
}

// exportQuery reads what is asked for, and puts the export in the audit trail.
func (c *Console) exportQuery(r *http.Request) (history.Query, error) {
	q, err := c.callsQuery(r, exportLimit, exportMost)
	if err != nil {
		return q, err
	}
	return q, c.note(r, staff.Exported, "calls")
}
