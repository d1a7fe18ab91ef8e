package main

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"warmdesk/twilio"
)

// TestForeignSignatures has the desk take what the libraries sign, and the one
// library that reads XML read its documents.
func TestForeignSignatures(t *testing.T) {
	t.Parallel()
	_, p := twilioWorld(t)
	for name, start := range map[string]func(*testing.T) foreigner{"twilio-node": nodeLibrary, "python3-twilio": pythonLibrary} {
		t.Run(name, func(t *testing.T) {
			library := start(t)
			address := p.url + "/conference/connect/client"
			form := map[string]string{
				"AccountSid": testAccount, "CallSid": newSID("CA"), "CallStatus": "ringing", "Direction": "inbound",
				"From": "+15550001", "To": testNumber, "CallerName": "Dana & Söhne <1>",
			}
			signature, err := signed(library, testToken, address, form)
			if err != nil {
				t.Fatal(err)
			}
			status, document := postSigned(t, address, form, signature)
			if status != http.StatusOK || !strings.Contains(document, "<Conference") {
				t.Errorf("signed by the library: %d %s", status, document)
			}
			form["From"] = "+15550002"
			if status, _ := postSigned(t, address, form, signature); status != http.StatusForbidden {
				t.Errorf("with another number than the library signed: %d", status)
			}
			if name != "python3-twilio" {
				return
			}
			read, err := library.ask("read_document", arguments{"Document": document})
			if err != nil || read.Broken != "" || len(read.OK.List) < 3 {
				t.Errorf("the document %s is read as %+v, %v", document, read, err)
			}
		})
	}
}

func postSigned(t *testing.T, address string, form map[string]string, signature string) (int, string) {
	t.Helper()
	values := url.Values{}
	for name, value := range form {
		values.Set(name, value)
	}
	r, err := http.NewRequest(http.MethodPost, address, strings.NewReader(values.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set(twilio.SignatureHeader, signature)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}
