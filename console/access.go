package console

import (
	"fmt"
	"net/http"

	"warmdesk/say"
	"warmdesk/staff"
)

// anyone need not be signed in.
const anyone staff.Role = ""

// access says who may use a route. One that is not named here is for admins: a
// forgotten row closes a door, and a test finds it.
var access = map[string]staff.Role{
	"GET /{$}":                    anyone,
	"GET /as/{agent}":             anyone, // the page, which holds nothing yet
	"GET /as/{agent}/{screen...}": anyone, // the same page
	"GET /call":                   anyone,
	"GET /embed.js":               anyone,
	"GET /embed/agent":            anyone, // it looks for itself, and opens nothing
	"GET /tutorial":               anyone,
	"GET /welcome":                anyone,
	"GET /https":                  anyone,
	"GET /assets/":                anyone,
	"GET /favicon.ico":            anyone,
	"GET /api/config":             anyone,
	"GET /api/openapi.json":       anyone,
	"GET /api/sounds/{sound}":     anyone, // carriers play it to callers
	"GET /healthz":                anyone,
	"GET /readyz":                 anyone,
	"GET /metrics":                anyone,
	"POST /api/session":           anyone,
	"POST /api/welcome":           anyone, // who has a link
	"POST /api/caller/callback":   anyone, // customers: their call's token is what counts
	"POST /api/caller/request":    anyone,
	"POST /api/caller/token":      anyone,
	"POST /api/caller/end":        anyone,
	"GET /api/caller/line":        anyone,
	"POST /api/caller/rating":     anyone, // the key of the call is what counts
	"GET /api/caller/stream":      anyone,
	// It looks for itself: a page that is signed out in the middle of a call keeps its pulse.
	"GET /api/agents/{agent}/stream": anyone,

	"DELETE /api/session":              staff.Agent,
	"DELETE /api/sessions":             staff.Agent,
	"POST /api/password":               staff.Agent,
	"POST /{agent}/token":              staff.Agent,
	"POST /conference/{agent}/call":    staff.Agent,
	"GET /api/agents/{agent}/snapshot": staff.Agent,

	"POST /api/agents/{agent}/presence": staff.Agent,
	"POST /api/calls/{call}/{request}":  staff.Agent,
	"GET /api/calls/{call}/timeline":    staff.Agent, // of a call within their reach
	"GET /api/colleagues":               staff.Agent, // what is usual, and no call in particular
	"GET /api/history":                  staff.Agent, // so too
	"POST /api/tasks/{task}/{request}":  staff.Agent,
	"GET /api/tasks/{task}/recording":   staff.Agent,

	"GET /api/reports":    staff.Lead,
	"GET /api/calls.json": staff.Lead,
	"GET /api/board":      staff.Lead,

	"POST /api/team/{member}/presence": staff.Lead,

	"GET /api/settings":  staff.Lead,
	"GET /api/calls.csv": staff.Lead,

	"GET /api/calls/{call}/recordings":             staff.Lead,
	"GET /api/calls/{call}/recordings/{recording}": staff.Lead,

	"POST /api/erase":                          staff.Admin,
	"GET /api/users":                           staff.Admin,
	"POST /api/users":                          staff.Admin,
	"PATCH /api/users/{user}":                  staff.Admin,
	"POST /api/users/{user}/link":              staff.Admin,
	"GET /api/health":                          staff.Admin,
	"GET /api/carrier":                         staff.Admin,
	"POST /api/carrier/test":                   staff.Admin,
	"PATCH /api/settings/{section}":            staff.Admin,
	"POST /api/settings/undo":                  staff.Admin,
	"POST /api/settings/music":                 staff.Admin,
	"POST /api/settings/speech":                staff.Admin,
	"GET /api/audit":                           staff.Admin,
	"DELETE /api/users/{user}/sessions":        staff.Admin,
	"GET /api/webhooks/deliveries":             staff.Admin,
	"POST /api/webhooks/deliveries/{id}/retry": staff.Admin,
}

// needed is the role that a route needs.
func needed(pattern string) staff.Role {
	need, ok := access[pattern]
	if !ok {
		return staff.Admin
	}
	return need
}

// roleNames are the roles in a sentence: "This is for …".
var roleNames = map[staff.Role]string{staff.Agent: "agents", staff.Lead: "leads and admins", staff.Admin: "admins"}

func errRole(need, have staff.Role) error {
	return &apiError{Status: http.StatusForbidden, Code: "not_allowed", Message: fmt.Sprintf("This is for %s, and you are signed in as %s. Nothing has changed. Ask an admin if you need it.", say.Phrase(roleNames[need]), say.Phrase(aRole(have)))}
}

func aRole(r staff.Role) string {
	if r == staff.Lead {
		return "a lead"
	}
	return "an " + string(r)
}
