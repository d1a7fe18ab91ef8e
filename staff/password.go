package staff

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"time"

	"golang.org/x/crypto/argon2"
)

// parameters of argon2id.
type parameters struct {
	memory  uint32 // KiB
	rounds  uint32
	threads uint8
}

// present are the OWASP cheat sheet's for argon2id (19 MiB, 2 rounds, 1 thread).
// A hash made with weaker ones is made anew at the next sign-in.
var present = parameters{memory: 19 << 10, rounds: 2, threads: 1}

const (
	saltBytes = 16
	keyBytes  = 32
)

// Ceilings for what a stored hash may ask for: a damaged row must not take the
// memory that calls need.
const (
	mostMemory = 256 << 10 // KiB
	mostRounds = 16
)

var errHash = errors.New("the stored password hash cannot be read")

// ErrBusy: too many sign in at this moment. It is worth trying again.
var ErrBusy = errors.New("too many people sign in at this moment")

// hashWait is how long a password waits for its turn.
const hashWait = 5 * time.Second

// hasher makes and checks password hashes, few at a time: each takes 19 MiB and
// some 30 ms of a processor, which calls need too.
type hasher struct{ turns chan struct{} }

func newHasher() *hasher {
	return &hasher{turns: make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/4))}
}

func (h *hasher) turn(ctx context.Context) (done func(), err error) {
	timer := time.NewTimer(hashWait)
	defer timer.Stop()
	select {
	case h.turns <- struct{}{}:
		return func() { <-h.turns }, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	case <-timer.C:
		return nil, ErrBusy
	}
}

// make hashes a password with the present parameters and a salt of its own.
func (h *hasher) make(ctx context.Context, password string) (string, error) {
	done, err := h.turn(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	salt := make([]byte, saltBytes)
	rand.Read(salt) // never fails: crypto/rand
	p := present
	key := argon2.IDKey([]byte(password), salt, p.rounds, p.memory, p.threads, keyBytes)
	return encodePHC(p, salt, key), nil
}

// check reports whether a password fits a hash, and whether the hash is weaker
// than what would be made today. An empty hash fits nothing and takes as long.
func (h *hasher) check(ctx context.Context, password, phc string) (fits, weak bool, err error) {
	p, salt, key := present, make([]byte, saltBytes), make([]byte, keyBytes)
	if phc != "" {
		if p, salt, key, err = decodePHC(phc); err != nil {
			return false, false, err
		}
	}
	done, err := h.turn(ctx)
	if err != nil {
		return false, false, err
	}
	defer done()
	got := argon2.IDKey([]byte(password), salt, p.rounds, p.memory, p.threads, uint32(len(key)))
	fits = subtle.ConstantTimeCompare(got, key) == 1 && phc != ""
	weak = p.memory < present.memory || p.rounds < present.rounds || len(key) < keyBytes
	return fits, weak, nil
}

// encodePHC writes a hash in the PHC string format, as other libraries read it.
func encodePHC(p parameters, salt, key []byte) string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, p.memory, p.rounds, p.threads, b64.EncodeToString(salt), b64.EncodeToString(key))
}

func decodePHC(phc string) (p parameters, salt, key []byte, err error) {
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return p, nil, nil, errHash
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.memory, &p.rounds, &p.threads); err != nil {
		return p, nil, nil, errHash
	}
	salt, saltErr := base64.RawStdEncoding.DecodeString(parts[4])
	key, keyErr := base64.RawStdEncoding.DecodeString(parts[5])
	if saltErr != nil || keyErr != nil || len(salt) < 8 || len(key) < 16 || len(key) > 64 ||
		p.memory == 0 || p.memory > mostMemory || p.rounds == 0 || p.rounds > mostRounds || p.threads == 0 {
		return p, nil, nil, errHash
	}
	return p, salt, key, nil
}
