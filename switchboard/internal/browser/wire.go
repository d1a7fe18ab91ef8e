package browser

import (
	"encoding/json"
	"fmt"
	"net/url"
)

// The protocol is the one @twilio/voice-sdk 2.18.5 speaks ("PStream"): text
// frames, each a JSON object with a type and a payload. Twilio does not publish
// it; what is here was read in the SDK and proven against it.

// maxMessage is the size of the longest frame we take, in bytes. A session
// description has a few KB; a user's message at most 10 KB.
const maxMessage = 256 << 10

// maxListen is the same for a browser that has not shown a valid token yet: a
// listen has a token and a word on the browser.
const maxListen = 16 << 10

// heartbeat is a frame of its own, which the browser echoes.
const heartbeat = "\n"

// The error codes the SDK knows, as far as we send them.
const (
	codeRefused         = 31002 // the call is not taken
	codeTimeout         = 31003
	codeBadRequest      = 31400
	codeBusy            = 31486
	codeUnauthenticated = 31201
	codeTokenInvalid    = 31204
	codeTokenExpired    = 31205
	codeNoReconnect     = 31209 // the call to reconnect to is unknown
)

// received is a frame from a browser: the union of all payloads.
type received struct {
	Type    string
	Payload payload
}

type payload struct {
	CallSID   string `json:"callsid"`
	SDP       string `json:"sdp"`
	Token     string `json:"token"`
	Reconnect string `json:"reconnect"`
	DTMF      string `json:"dtmf"`
	EventSID  string `json:"voiceeventsid"`
	Media     struct {
		Audio bool `json:"audio"`
	} `json:"media"`
	Twilio struct {
		Params string `json:"params"`
	} `json:"twilio"`
}

// parse reads a frame. Fields and types it does not know are no error: another
// version of the SDK may send more.
func parse(frame []byte) (received, error) {
	var r received
	if err := json.Unmarshal(frame, &r); err != nil {
		return received{}, fmt.Errorf("parse frame: %w", err)
	}
	if r.Type == "" {
		return received{}, fmt.Errorf("parse frame: no type")
	}
	return r, nil
}

// params are the parameters a browser gives a call it places.
func (p payload) params() (url.Values, error) {
	values, err := url.ParseQuery(p.Twilio.Params)
	if err != nil {
		return nil, fmt.Errorf("parse call parameters: %w", err)
	}
	return values, nil
}

// fields is the payload of a frame to a browser.
type fields map[string]any

// encode makes a frame.
func encode(kind string, f fields) []byte {
	if f == nil {
		f = fields{}
	}
	frame, err := json.Marshal(map[string]any{"type": kind, "version": "1.6", "payload": f})
	if err != nil {
		panic(fmt.Sprintf("browser: encode %s: %v", kind, err)) // strings, numbers and maps of them always encode
	}
	return frame
}

// failure is the error object of error and hangup frames.
func failure(code int, message string) fields {
	return fields{"code": code, "message": message}
}

// hangup makes the frame that ends an open call; code 0 is the normal end.
func hangup(callSID string, code int, message string) []byte {
	f := fields{"callsid": callSID}
	if code != 0 {
		f["error"] = failure(code, message)
	}
	return encode("hangup", f)
}
