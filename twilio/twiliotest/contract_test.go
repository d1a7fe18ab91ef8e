package twiliotest

import (
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write contract.txt anew from Twilio's OpenAPI document")

// openAPI is where Twilio's OpenAPI document is found when it is at hand; it is
// not part of this project.
const openAPI = "../../../shared/data/twilio-voice-openapi.json"

// openSchema is what we read of an OpenAPI schema.
type openSchema struct {
	Ref     string `json:"$ref"`
	Type    string
	Format  string
	Pattern string
	Enum    []string
	Minimum *int
	Maximum *int
	Items   *openSchema
}

type openOperation struct {
	Parameters []struct {
		Name, In string
		Required bool
		Schema   openSchema
	}
	RequestBody struct {
		Content map[string]struct {
			Schema struct {
				Required   []string
				Properties map[string]openSchema
			}
		}
	} `json:"requestBody"`
}

type openDocument struct {
	Paths      map[string]map[string]json.RawMessage
	Components struct{ Schemas map[string]openSchema }
}

// TestContractIsTwilios: the committed table says what Twilio's document says.
func TestContractIsTwilios(t *testing.T) {
	raw, err := os.ReadFile(openAPI)
	if os.IsNotExist(err) {
		t.Skip("Twilio's OpenAPI document is not at hand: the table is not compared with it")
	}
	if err != nil {
		t.Fatal(err)
	}
	var doc openDocument
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	want := doc.table(t)
	if *update {
		if err := os.WriteFile("contract.txt", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if contractText != want {
		t.Error("contract.txt is not what Twilio's document says; go test ./twilio/twiliotest -run TestContractIsTwilios -update writes it")
	}
}

func (d openDocument) table(t *testing.T) string {
	var b strings.Builder
	b.WriteString("# What requests may carry, from Twilio's OpenAPI document (twilio/twilio-oai, voice part). \"!\" is required.\n")
	for _, path := range slices.Sorted(maps.Keys(d.Paths)) {
		resource := strings.TrimPrefix(path, "/2010-04-01/Accounts/{AccountSid}")
		for _, method := range slices.Sorted(maps.Keys(d.Paths[path])) {
			if !slices.Contains([]string{"get", "post", "delete"}, method) {
				continue
			}
			var o openOperation
			if err := json.Unmarshal(d.Paths[path][method], &o); err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&b, "%s %s\n", strings.ToUpper(method), resource)
			for _, line := range d.lines(o) {
				b.WriteString("  " + line + "\n")
			}
		}
	}
	return b.String()
}

func (d openDocument) lines(o openOperation) []string {
	var lines []string
	add := func(name string, required bool, s openSchema) {
		mark := " "
		if required {
			mark = "! "
		}
		lines = append(lines, name+mark+d.kind(s))
	}
	for _, p := range o.Parameters {
		if p.In == "query" {
			add(p.Name, p.Required, p.Schema)
		}
	}
	body := o.RequestBody.Content["application/x-www-form-urlencoded"].Schema
	for name, s := range body.Properties {
		add(name, slices.Contains(body.Required, name), s)
	}
	slices.SortFunc(lines, cmp.Compare)
	return lines
}

func (d openDocument) kind(s openSchema) string {
	if s.Ref != "" {
		s = d.Components.Schemas[s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]]
	}
	switch {
	case s.Type == "array":
		return "list " + d.kind(*s.Items)
	case s.Format == "http-method":
		return "method " + strings.Join(s.Enum, " ")
	case len(s.Enum) > 0:
		return "one " + strings.Join(s.Enum, " ")
	case s.Pattern != "":
		return "like " + s.Pattern
	case s.Type == "integer":
		text := "integer"
		if s.Minimum != nil {
			text += fmt.Sprint(" ", *s.Minimum)
		}
		if s.Maximum != nil {
			text += fmt.Sprint(" ", *s.Maximum)
		}
		return text
	case s.Type == "boolean", s.Format == "":
		return s.Type
	}
	return s.Format
}

// Each kind of what a document forbids is found, and nothing else.
func TestDocumented(t *testing.T) {
	const account = "/2010-04-01/Accounts/AC1"
	const dial = "To=client:ana&From=%2B15550100"
	for _, test := range []struct{ method, path, form, want string }{
		{"POST", "/Calls.json", dial + "&Url=https://desk.example.test/", ""},
		{"POST", "/Calls.json", dial + "&StatusCallbackEvent=ringing&StatusCallbackEvent=completed", ""},
		{"POST", "/Calls.json", dial + "&Colour=red", "Colour is not documented"},
		{"POST", "/Calls.json", "To=client:ana", "From is required"},
		{"POST", "/Calls.json", dial + "&Timeout=1&Timeout=2", "given 2 times"},
		{"POST", "/Calls.json", dial + "&Timeout=soon", `Timeout is "soon"`},
		{"POST", "/Calls.json", dial + "&Url=/agent", `Url is "/agent"`},
		{"POST", "/Calls.json", dial + "&Record=maybe", `Record is "maybe"`},
		{"POST", "/Calls.json", dial + "&ApplicationSid=AP1", `ApplicationSid is "AP1"`},
		{"POST", "/Calls.json", dial + "&Method=PUT", `Method is "PUT"`},
		{"POST", "/Calls.json?Url=x", dial, "in the query of a POST"},
		{"POST", "/Calls/CA1.json", "Status=finished", `Status is "finished"`},
		{"POST", "/Calls/CA1", "Status=completed", "is not documented"},
		{"POST", "/Conferences/CF1/Participants/a%2Fb.json", "Hold=true", ""},
		{"GET", "/Calls.json?PageSize=1001", "", `PageSize is "1001"`},
		{"GET", "/Calls.json?StartTime%3E=2026-11-22", "", ""},
		{"GET", "/Calls.json?StartTime=yesterday", "", `StartTime is "yesterday"`},
		{"GET", "/Conferences.json?DateCreated=22.11.2026", "", "DateCreated is"},
		{"PUT", "/Calls.json", "", "is not documented"},
		{"GET", "/Accounts.json", "", "is not documented"},
	} {
		r := httptest.NewRequest(test.method, account+test.path, nil)
		form, err := url.ParseQuery(test.form)
		if err != nil {
			t.Fatal(err)
		}
		r.PostForm = form
		got := ""
		if err := Documented(r); err != nil {
			got = err.Error()
		}
		if (got == "") != (test.want == "") || !strings.Contains(got, test.want) {
			t.Errorf("%s %s %s: %q, want %q", test.method, test.path, test.form, got, test.want)
		}
	}
}

// Every resource of the double is Twilio's, with every method, or it is said why
// it cannot be looked up.
func TestResourcesAreTwilios(t *testing.T) {
	contract := readContract(contractText)
	for path, methods := range (&Double{}).resources() {
		name := strings.NewReplacer("{call}", "CA1.json", "{conference}", "CF1.json", "{participant}", "CA1.json", "{recording}", "RE1.json",
			"{number}", "PN1.json", "{application}", "AP1.json", "{key}", "SK1.json",
			"{conference}/", "CF1/", "{call}/", "CA1/").Replace(path)
		name = strings.ReplaceAll(strings.ReplaceAll(name, "CA1.json/", "CA1/"), "CF1.json/", "CF1/")
		for method := range methods {
			known := slices.ContainsFunc(contract, func(o operation) bool { return o.method == method && o.path.MatchString(name) })
			if _, said := uncovered(name); !known && !said {
				t.Errorf("%s %s is not in Twilio's document", method, path)
			}
		}
	}
}
