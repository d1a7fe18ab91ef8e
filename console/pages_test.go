package console_test

import (
	"strconv"
	"testing"
)

// What the build has packed is sent so to whoever takes it, and kept apart by caches.
func TestAssetsTravelPacked(t *testing.T) {
	w := newWorld(t, nil)
	_, _, plain := w.send("GET", "/assets/app.js", "", "Accept-Encoding", "identity")
	for _, c := range []struct {
		name, path      string
		headers         []string
		want, encoding  string
		varies, partial bool
	}{
		{"plain only", "/assets/app.js", []string{"Accept-Encoding", "identity"}, "plain", "", true, false},
		{"a browser", "/assets/app.js", []string{"Accept-Encoding", "gzip, deflate, br, zstd"}, "br", "br", true, false},
		{"without TLS", "/assets/app.js", []string{"Accept-Encoding", "gzip, deflate"}, "gz", "gzip", true, false},
		{"weighed", "/assets/app.js", []string{"Accept-Encoding", "br;q=0, GZIP; q=0.5"}, "gz", "gzip", true, false},
		{"refused", "/assets/app.js", []string{"Accept-Encoding", "br;q=0.000, gzip;q=x"}, "plain", "", true, false},
		{"a part", "/assets/app.js", []string{"Accept-Encoding", "br", "Range", "bytes=1-2"}, "la", "", true, true},
		{"what another form was", "/assets/app.js", []string{"Accept-Encoding", "br", "If-None-Match", plain.Get("ETag")}, "br", "br", true, false},
		{"a sound", "/assets/ring.wav", []string{"Accept-Encoding", "br"}, "sound", "", false, false},
	} {
		status, body, head := w.send("GET", c.path, "", c.headers...)
		if body != c.want || head.Get("Content-Encoding") != c.encoding || (head.Get("Vary") == "Accept-Encoding") != c.varies || (status == 206) != c.partial {
			t.Errorf("%s: %d %q %v", c.name, status, body, head)
		}
		if head.Get("Content-Length") != strconv.Itoa(len(c.want)) {
			t.Errorf("%s: Content-Length %q", c.name, head.Get("Content-Length"))
		}
		headers := append([]string{"If-None-Match", head.Get("ETag")}, c.headers...)
		if status, body, _ := w.send("GET", c.path, "", headers...); c.name != "what another form was" && (status != 304 || body != "") {
			t.Errorf("%s, asked again: %d %q", c.name, status, body)
		}
	}
	if status, _, _ := w.send("GET", "/assets/app.js.br", ""); status != 404 {
		t.Errorf("the packed file by its own name: %d", status)
	}
}
