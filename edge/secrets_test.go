package edge

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
)

func TestSecrets(t *testing.T) {
	s := &Secrets{}
	s.Add("correct horse \"battery\"", "short", "", "Zm9v+YmFy/YmF6")
	var out bytes.Buffer
	log := slog.New(slog.NewTextHandler(s.Writer(&out), nil))
	for text, stays := range map[string]string{
		`dial https://AC00000000000000000000000000000001:0123456789abcdef0123456789abcdef@api.test/x`: "@api.test/x",
		`the password is correct horse "battery"`:                                                     "the password is",
		`asked /x?key=Zm9v%2BYmFy%2FYmF6&page=3`:                                                      "page=3",
		`Authorization: Basic QUMwMDAxOnRva2Vu`:                                                       "Authorization",
		`Cookie: warmdesk_ana=` + strings.Repeat("ab", 32):                                            "warmdesk_ana",
		`key ` + strings.Repeat("5e", 16):                                                             "key",
		`whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw`:                                                      "whsec_",
		`eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZ2VudDEifQ.c2lnbmF0dXJlMTIz`:                                "msg",
		`POST token=abcd1234&CallSid=CA00000000000000000000000000000009`:                              "CA00000000000000000000000000000009",
		`a short word`: "short",
	} {
		out.Reset()
		log.Error(text, "err", errors.New(text))
		for _, secret := range []string{"0123456789abcdef", "correct horse", "YmFy", "QUMw", "abababab", "5e5e", "MfKQ", "eyJ", "abcd1234"} {
			if strings.Contains(out.String(), secret) {
				t.Errorf("written: %s", &out)
			}
		}
		if !strings.Contains(out.String(), stays) {
			t.Errorf("lost %q: %s", stays, &out)
		}
	}
}
