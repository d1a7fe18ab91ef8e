package twiliotest

import (
	_ "embed"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"warmdesk/twilio"
)

// contractText is Twilio's OpenAPI document, as much of it as says what a request
// may carry. A test holds it equal to the document where that is at hand, and
// writes it anew with -update.
//
//go:embed contract.txt
var contractText string

// operation is one method of one resource.
type operation struct {
	method     string
	path       *regexp.Regexp // below the account
	template   string
	parameters map[string]parameter
}

// parameter is what a request may say by one name, in its query (GET) or in its
// form (POST).
type parameter struct {
	required bool
	list     bool
	kind     string   // string, uri, integer, boolean, date, one, like, …
	detail   []string // the bounds of an integer, the words of one, the pattern of like
}

// readContract reads the table. A line that begins with a method begins an
// operation, an indented one is a parameter.
func readContract(text string) []operation {
	var all []operation
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		switch {
		case len(words) == 0 || words[0] == "#":
		case !strings.HasPrefix(line, " "):
			pattern := regexp.MustCompile(`\\\{[A-Za-z]+\\\}`).ReplaceAllString(regexp.QuoteMeta(words[1]), `[^/]+`)
			all = append(all, operation{words[0], regexp.MustCompile("^" + pattern + "$"), words[1], map[string]parameter{}})
		default:
			name, required := strings.CutSuffix(words[0], "!")
			p := parameter{required: required, kind: words[1], detail: words[2:]}
			if p.kind == "list" {
				p = parameter{required: required, list: true, kind: words[2], detail: words[3:]}
			}
			all[len(all)-1].parameters[name] = p
		}
	}
	return all
}

// violation is what a request says that the document does not allow.
type violation struct {
	parameter string
	kind      string // undocumented, missing, repeated, or the kind that the value is not of
	text      string
}

func (v *violation) Error() string { return v.text }

// belowAccount is the part of a path that names the resource.
func belowAccount(path string) string {
	rest, ok := strings.CutPrefix(path, "/"+twilio.APIVersion+"/Accounts/")
	_, resource, below := strings.Cut(rest, "/")
	if !ok || !below {
		return path
	}
	return "/" + resource
}

// Documented says whether Twilio's document knows a request, whose form has been
// parsed: the resource and its method, every parameter, the required ones, and
// their kinds. For a test that stands in for Twilio itself.
func Documented(r *http.Request) error {
	known, v := documentedIn(readContract(contractText), r)
	switch {
	case !known:
		return fmt.Errorf("%s %s is not documented", r.Method, r.URL.Path)
	case v != nil:
		return v
	}
	return nil
}

func documentedIn(contract []operation, r *http.Request) (known bool, v *violation) {
	resource := belowAccount(r.URL.EscapedPath())
	i := slices.IndexFunc(contract, func(o operation) bool { return o.method == r.Method && o.path.MatchString(resource) })
	if i < 0 {
		return false, nil
	}
	query := r.URL.Query()
	if r.Method == http.MethodPost {
		for name := range query {
			return true, &violation{name, "undocumented", fmt.Sprintf("%s is in the query of a POST", name)}
		}
		return true, contract[i].check(r.PostForm)
	}
	return true, contract[i].check(query)
}

func (o operation) check(form url.Values) *violation {
	for _, name := range slices.Sorted(maps.Keys(form)) {
		p, values := o.parameters[name], form[name]
		_, ok := o.parameters[name]
		switch {
		case !ok:
			return &violation{name, "undocumented", fmt.Sprintf("Parameter %s is not documented of %s %s", name, o.method, o.template)}
		case len(values) > 1 && !p.list:
			return &violation{name, "repeated", fmt.Sprintf("Parameter %s is given %d times", name, len(values))}
		}
		for _, value := range values {
			if value != "" && !p.takes(value) { // an empty one says as much as none
				return &violation{name, p.kind, fmt.Sprintf("Parameter %s is %q, which is not %s %s", name, value, p.kind, strings.Join(p.detail, " "))}
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(o.parameters)) {
		if p := o.parameters[name]; p.required && form.Get(name) == "" {
			return &violation{name, "missing", fmt.Sprintf("Parameter %s is required", name)}
		}
	}
	return nil
}

// takes reports whether a value is of the parameter's kind.
func (p parameter) takes(value string) bool {
	switch p.kind {
	case "uri":
		u, err := url.Parse(value)
		return err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https")
	case "integer":
		n, err := strconv.Atoi(value)
		if err != nil || len(p.detail) > 0 && n < number(p.detail[0]) || len(p.detail) > 1 && n > number(p.detail[1]) {
			return false
		}
		return true
	case "boolean":
		return slices.Contains([]string{"true", "false", "True", "False"}, value)
	case "one", "method":
		return slices.Contains(p.detail, value)
	case "like":
		return regexp.MustCompile(p.detail[0]).MatchString(value)
	case "date":
		_, err := time.Parse(time.DateOnly, value)
		return err == nil
	case "date-time":
		if _, err := time.Parse(time.DateOnly, value); err == nil {
			return true
		}
		_, err := time.Parse(time.RFC3339, value)
		return err == nil
	}
	return true
}

func number(s string) int {
	n, _ := strconv.Atoi(s) // the table is tested
	return n
}

// refusal is how Twilio refuses what a request must not say: with a code of its
// own for the few that Calls and Participants have one for.
func (v *violation) refusal(resource string) *apiError {
	code := codeParameter
	if strings.HasPrefix(resource, "/Calls") || strings.Contains(resource, "/Participants") {
		switch {
		case v.kind == "missing" && v.parameter == "To":
			code = codeNoTo
		case v.kind == "missing" && v.parameter == "From":
			code = codeNoFrom
		case v.kind == "uri" && v.parameter == "StatusCallback":
			code = codeStatusCallback
		case v.kind == "uri":
			code = codeURL
		case v.kind == "method":
			code = codeMethod
		case v.kind == "integer" && v.parameter == "Timeout":
			code = codeTimeout
		case v.kind == "like" && v.parameter == "ApplicationSid":
			code = codeApplication
		}
	}
	return refuse(http.StatusBadRequest, code, "%s", v.text)
}
