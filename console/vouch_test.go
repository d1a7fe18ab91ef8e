package console

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"warmdesk/call"
)

const (
	embedKey = "0123456789abcdef0123456789abcdef"
	deskURL  = "https://desk.example.com"
)

// signed is a token of a site.
func signed(t testing.TB, method jwt.SigningMethod, key any, claims jwt.MapClaims) string {
	t.Helper()
	token, err := jwt.NewWithClaims(method, claims).SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestVouched(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	in := func(d time.Duration) int64 { return now.Add(d).Unix() }
	dana := func(change jwt.MapClaims) jwt.MapClaims {
		claims := jwt.MapClaims{"name": "Dana Reyes", "email": "dana@example.com", "phone": "+1 555 0100", "id": "42", "topic": "Invoice", "exp": in(time.Hour)}
		for name, value := range change {
			if claims[name] = value; value == nil {
				delete(claims, name)
			}
		}
		return claims
	}
	whole := call.Vouched{ID: "42", Name: "Dana Reyes", Phone: "+1 555 0100", Email: "dana@example.com", Topic: "Invoice"}
	hs256 := func(claims jwt.MapClaims) string { return signed(t, jwt.SigningMethodHS256, []byte(embedKey), claims) }
	good := hs256(dana(nil))
	for _, tt := range []struct {
		name, token string
		want        call.Vouched
		err         string
	}{
		{"all of it", good, whole, ""},
		{"for this desk", hs256(dana(jwt.MapClaims{"aud": deskURL + "/", "iss": "shop"})), whole, ""},
		{"for this desk among others", hs256(dana(jwt.MapClaims{"aud": []string{"https://other.example", deskURL}})), whole, ""},
		{"until the last second", hs256(dana(jwt.MapClaims{"exp": in(24 * time.Hour)})), whole, ""},
		{"only an id", hs256(jwt.MapClaims{"id": "42", "exp": in(time.Hour)}), call.Vouched{ID: "42"}, ""},
		{"for another desk", hs256(dana(jwt.MapClaims{"aud": "https://other.example"})), call.Vouched{}, "aud is another than this desk's address, PUBLIC_URL"},
		{"over", hs256(dana(jwt.MapClaims{"exp": in(0)})), call.Vouched{}, "exp is over"},
		{"no end", hs256(dana(jwt.MapClaims{"exp": nil})), call.Vouched{}, "exp is missing"},
		{"too long", hs256(dana(jwt.MapClaims{"exp": in(24*time.Hour + time.Second)})), call.Vouched{}, "exp is more than 24 hours ahead"},
		{"for ever", hs256(dana(jwt.MapClaims{"exp": 1e15})), call.Vouched{}, "exp is more than 24 hours ahead"},
		{"not yet", hs256(dana(jwt.MapClaims{"nbf": in(time.Minute)})), call.Vouched{}, "nbf is to come"},
		{"another key", signed(t, jwt.SigningMethodHS256, []byte("x"+embedKey), dana(nil)), call.Vouched{}, "not signed by HS256 with EMBED_KEY"},
		{"another method", signed(t, jwt.SigningMethodHS512, []byte(embedKey), dana(nil)), call.Vouched{}, "not signed by HS256 with EMBED_KEY"},
		{"no method", signed(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, dana(nil)), call.Vouched{}, "not signed by HS256 with EMBED_KEY"},
		{"cut", good[:len(good)-4], call.Vouched{}, "not signed by HS256 with EMBED_KEY"},
		{"without its signature", good[:strings.LastIndex(good, ".")+1], call.Vouched{}, "not signed by HS256 with EMBED_KEY"},
		{"no token", "dana", call.Vouched{}, "not a JWT"},
		{"a number for a name", hs256(dana(jwt.MapClaims{"name": 7})), call.Vouched{}, "not a JWT"},
		{"nobody", hs256(jwt.MapClaims{"topic": "Invoice", "exp": in(time.Hour)}), call.Vouched{}, "it has no id, name, phone or email"},
		{"blanks for a name", hs256(jwt.MapClaims{"name": "  ", "exp": in(time.Hour)}), call.Vouched{}, "it has no id, name, phone or email"},
		{"a long name", hs256(dana(jwt.MapClaims{"name": strings.Repeat("ä", 61)})), call.Vouched{}, "name is longer than 60 characters"},
		{"a name of two lines", hs256(dana(jwt.MapClaims{"name": "Dana\nReyes"})), call.Vouched{}, "name has characters that cannot be shown"},
		{"an address that is none", hs256(dana(jwt.MapClaims{"email": "dana"})), call.Vouched{}, "email is no address"},
		{"a flood", strings.Repeat("a", mostSigned+1), call.Vouched{}, "longer than 4096 bytes"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := vouched(tt.token, embedKey, deskURL, now)
			said := ""
			if err != nil {
				said = err.Error()
			}
			if diff := cmp.Diff(tt.want, got); diff != "" || said != tt.err {
				t.Errorf("%q\n%s", said, diff)
			}
		})
	}
	if _, err := vouched(signed(t, jwt.SigningMethodHS256, []byte{}, dana(nil)), "", deskURL, now); err == nil {
		t.Error("a desk without a key believes what is signed with none")
	}
}

// The examples of docs/embedding.md sign what the desk believes: those in languages
// that the build needs, and the others where they are installed.
func TestSigningExamples(t *testing.T) {
	page, err := os.ReadFile("../docs/embedding.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		language, file string
		command        []string
		needed         bool
	}{
		{"go", "sign.go", []string{"go", "run"}, true},
		{"js", "sign.js", []string{"node"}, true},
		{"python", "sign.py", []string{"python3"}, false},
		{"ruby", "sign.rb", []string{"ruby"}, false},
	} {
		t.Run(tt.language, func(t *testing.T) {
			_, rest, ok := strings.Cut(string(page), "```"+tt.language+"\n")
			code, _, end := strings.Cut(rest, "\n```")
			if !ok || !end {
				t.Fatal("there is no example")
			}
			if _, err := exec.LookPath(tt.command[0]); err != nil && !tt.needed {
				t.Skipf("%s is not installed", tt.command[0])
			}
			file := filepath.Join(t.TempDir(), tt.file)
			if err := os.WriteFile(file, []byte(code), 0o600); err != nil {
				t.Fatal(err)
			}
			cmd := exec.CommandContext(t.Context(), tt.command[0], append(tt.command[1:], file)...)
			cmd.Env = append(os.Environ(), "EMBED_KEY="+embedKey)
			cmd.Stderr = t.Output()
			out, err := cmd.Output()
			if err != nil {
				t.Fatal(err)
			}
			got, err := vouched(strings.TrimSpace(string(out)), embedKey, deskURL, time.Now())
			if diff := cmp.Diff(call.Vouched{ID: "42", Name: "Dana Reyes", Email: "dana@example.com"}, got); err != nil || diff != "" {
				t.Errorf("%v\n%s", err, diff)
			}
		})
	}
}

// FuzzVouched: whatever is sent, only what is signed is believed, and no refusal has
// a part of the token.
func FuzzVouched(f *testing.F) {
	now := time.Unix(1_800_000_000, 0)
	good := signed(f, jwt.SigningMethodHS256, []byte(embedKey), jwt.MapClaims{"name": "Dana", "exp": now.Add(time.Hour).Unix()})
	head, rest, _ := strings.Cut(good, ".")
	for _, seed := range []string{good, "", "..", "a.b.c", head + "." + head + "." + head, "eyJhbGciOiJub25lIn0." + rest, good + ".", strings.Repeat(".", 9)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		v, err := vouched(token, embedKey, deskURL, now)
		switch {
		case err == nil && token != good:
			t.Fatalf("%q is believed: %+v", token, v)
		case err != nil && v != (call.Vouched{}):
			t.Fatalf("refused, and yet %+v", v)
		case err != nil && len(token) > 12 && strings.Contains(err.Error(), token):
			t.Fatalf("the refusal has the token: %v", err)
		}
	})
}
