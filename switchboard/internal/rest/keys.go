package rest

import (
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"slices"
	"sync"
	"time"

	"warmdesk/twilio"
)

// Keyring holds the account's API keys: those it was configured with and those
// made by REST, which last as long as the process. It is safe for concurrent
// use.
type Keyring struct {
	mu   sync.Mutex
	keys []key // newest first
}

type key struct {
	sid, name, secret string
	created           time.Time
}

// NewKeyring returns a keyring with the given secrets, by key SID.
func NewKeyring(secrets map[string]string) *Keyring {
	k := &Keyring{}
	for sid, secret := range secrets {
		k.keys = append(k.keys, key{sid: sid, secret: secret, created: time.Now()})
	}
	slices.SortFunc(k.keys, func(a, b key) int {
		if a.sid < b.sid {
			return -1
		}
		return 1
	})
	return k
}

// Secret returns a key's secret and whether there is such a key.
func (k *Keyring) Secret(sid string) (string, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	i := slices.IndexFunc(k.keys, func(key key) bool { return key.sid == sid })
	if i < 0 {
		return "", false
	}
	return k.keys[i].secret, true
}

func (k *Keyring) add(name string) key {
	// A secret of 32 characters, as Twilio's are.
	made := key{sid: "SK" + randomHex(16), name: name, secret: randomHex(16), created: time.Now()}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.keys = slices.Insert(k.keys, 0, made)
	return made
}

func randomHex(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails, as its documentation says
	return hex.EncodeToString(b)
}

type keyJSON struct {
	SID          string      `json:"sid"`
	FriendlyName string      `json:"friendly_name"`
	DateCreated  twilio.Time `json:"date_created"`
	DateUpdated  twilio.Time `json:"date_updated"`
	Secret       string      `json:"secret,omitempty"` // told once
}

func (k key) json() keyJSON {
	return keyJSON{
		SID: k.sid, FriendlyName: k.name,
		DateCreated: twilio.Time{Time: k.created}, DateUpdated: twilio.Time{Time: k.created},
	}
}

func (h *Handler) createKey(r request) (answer, error) {
	name := r.form.Get("FriendlyName")
	if len(name) > 64 {
		return answer{}, badParameter("FriendlyName is longer than 64 characters")
	}
	made := h.cfg.Keys.add(name)
	body := made.json()
	body.Secret = made.secret
	return answer{http.StatusCreated, body}, nil
}

func (h *Handler) listKeys(r request) (answer, error) {
	h.cfg.Keys.mu.Lock()
	all := slices.Clone(h.cfg.Keys.keys)
	h.cfg.Keys.mu.Unlock()
	return list(r, "keys", all, func(k key) string { return k.sid }, func(k key) any { return k.json() })
}
