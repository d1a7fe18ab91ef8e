// Package switchboard is a voice service in a box that speaks Twilio's contract:
// its REST API, TwiML, webhooks and the signalling of the unmodified
// @twilio/voice-sdk 2.x. It runs on a laptop and in a test, needs no account and
// no internet, and knows nothing of what its application does with calls.
//
// The subset spoken:
//
//   - REST below /2010-04-01/Accounts/{AccountSid}: Calls (create, fetch, list,
//     redirect, complete, cancel), Conferences (fetch, list, complete),
//     Participants (create, fetch, list, mute, hold, coach, endConferenceOnExit,
//     delete), Recordings (fetch, list, delete, WAV), Keys (create, list). Errors, paging and dates are Twilio's.
//     Callees are browsers ("client:name?k=v") and test telephones (Config.Telephones);
//     other numbers and SIP addresses are refused with 21214. MachineDetection=Enable
//     listens who has answered.
//   - TwiML: Say, Play, Pause, Gather (of keys), Record, Redirect, Hangup, Reject,
//     and Dial with Conference. Wait and hold documents have Say, Play, Pause and Redirect.
//     Beep, region, record and announcements have no effect or are
//     refused, see internal/exchange/choices.go.
//   - Webhooks: signed; 15 s in all, one retry when no connection could be made,
//     then the fallback URL, then a spoken apology; "#rc=2&rp=5xx,ct,rt" and tt
//     in a URL's fragment are obeyed. Callbacks of calls (initiated, ringing,
//     answered, completed) and conferences (start, end, join, leave, mute, hold,
//     modify), in order per call and per conference.
//   - Browser legs: access tokens, registration, calls both ways, reconnection,
//     µ-law. A browser that disappears is noticed within seconds.
//
// Calls end with the process, recordings do not.
package switchboard
