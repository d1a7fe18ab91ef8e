package console

import (
	"errors"
	"net/http"
	"net/url"
)

// embedAgentPath is the way into an agent's page for a site that shows it.
const embedAgentPath = "/embed/agent"

var errWhosePage = &apiError{Status: http.StatusNotFound, Code: "no_such_agent", Message: "Say whose page it is, as in /embed/agent?agent=agent1."}

// embedAgent: GET /embed/agent?embed= is the agents' page in another site's frame
// (docs/embedding.md): the page of whoever is signed in there, or where they sign in.
func (c *Console) embedAgent(w http.ResponseWriter, r *http.Request) {
	found, err := c.identify(w, r)
	switch {
	case err == nil:
		to := url.URL{Path: "/as/" + string(found.id), RawQuery: url.Values{"embed": {r.URL.Query().Get("embed")}}.Encode()}
		http.Redirect(w, r, to.String(), http.StatusSeeOther)
	case c.cfg.Demo:
		c.fail(w, r, errWhosePage)
	case errors.Is(err, errSignIn), errors.Is(err, errNotYou):
		c.page("index.html")(w, r)
	default:
		c.fail(w, r, err)
	}
}
