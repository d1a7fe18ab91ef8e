package twiliotest

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
)

// documented are the attributes that Twilio's documentation names of the verbs
// and nouns that the double runs.
func documented() map[string]string {
	const callbacks = " recordingStatusCallback recordingStatusCallbackMethod recordingStatusCallbackEvent"
	return map[string]string{
		"Response": "",
		"Say":      "voice language loop",
		"Play":     "loop digits",
		"Pause":    "length",
		"Redirect": "method",
		"Hangup":   "",
		"Reject":   "reason",
		"Gather": "action method input numDigits finishOnKey timeout actionOnEmptyResult language hints bargeIn debug enhanced " +
			"partialResultCallback partialResultCallbackMethod profanityFilter speechModel speechTimeout",
		"Record": "action method timeout finishOnKey maxLength playBeep trim transcribe transcribeCallback" + callbacks,
		"Dial": "action method timeout timeLimit hangupOnStar callerId answerOnBridge record trim referUrl referMethod ringTone " +
			"sequential recordingTrack" + callbacks,
		"Conference": "muted beep startConferenceOnEnter endConferenceOnExit participantLabel jitterBufferSize maxParticipants " +
			"waitUrl waitMethod record trim region coach statusCallback statusCallbackMethod statusCallbackEvent eventCallbackUrl " +
			"recordingConfigurationId" + callbacks,
	}
}

// strangers tells of the attributes of a document that no documentation names.
// Twilio runs the document without them and writes a warning.
func strangers(body []byte) (found []string) {
	known := documented()
	for decoder := xml.NewDecoder(bytes.NewReader(body)); ; {
		token, err := decoder.Token()
		if err != nil {
			return found // its end: it has been parsed before
		}
		element, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		for _, attribute := range element.Attr {
			if !slices.Contains(strings.Fields(known[element.Name.Local]), attribute.Name.Local) {
				found = append(found, fmt.Sprintf("<%s> has no attribute %s", element.Name.Local, attribute.Name.Local))
			}
		}
	}
}
