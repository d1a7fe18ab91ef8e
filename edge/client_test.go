package edge

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
)

func testEdge(t *testing.T, log *bytes.Buffer, proxies ...string) *Edge {
	t.Helper()
	p, err := ParseProxies(proxies)
	if err != nil {
		t.Fatal(err)
	}
	return New(Config{
		Public: &url.URL{Scheme: "https", Host: "desk.example.com"}, Proxies: p, Logger: slog.New(slog.NewTextHandler(log, nil)),
	})
}

func TestClient(t *testing.T) {
	for name, c := range map[string]struct {
		proxies []string
		peer    string
		headers []string // name: value
		client  string
		key     string
	}{
		"alone":                        {nil, "203.0.113.7:1234", nil, "203.0.113.7", "203.0.113.7"},
		"an untrusted word":            {nil, "203.0.113.7:1234", []string{"X-Forwarded-For: 10.0.0.1"}, "203.0.113.7", "203.0.113.7"},
		"a trusted proxy":              {[]string{"loopback"}, "127.0.0.1:1", []string{"X-Forwarded-For: 203.0.113.7"}, "203.0.113.7", "203.0.113.7"},
		"spoofed before the proxy":     {[]string{"loopback"}, "127.0.0.1:1", []string{"X-Forwarded-For: 127.0.0.1, 203.0.113.7"}, "203.0.113.7", "203.0.113.7"},
		"in two headers":               {[]string{"loopback"}, "127.0.0.1:1", []string{"X-Forwarded-For: 127.0.0.1", "X-Forwarded-For: 203.0.113.7"}, "203.0.113.7", "203.0.113.7"},
		"two proxies":                  {[]string{"10.0.0.0/8", "192.0.2.1"}, "10.1.2.3:1", []string{"X-Forwarded-For: 198.51.100.1, 203.0.113.7, 192.0.2.1"}, "203.0.113.7", "203.0.113.7"},
		"proxies only":                 {[]string{"10.0.0.0/8"}, "10.1.2.3:1", []string{"X-Forwarded-For: 10.0.0.1, 10.0.0.2"}, "10.0.0.1", "10.0.0.1"},
		"rubbish before the proxy":     {[]string{"10.0.0.0/8"}, "10.1.2.3:1", []string{"X-Forwarded-For: '; drop, 10.0.0.2"}, "10.0.0.2", "10.0.0.2"},
		"rubbish":                      {[]string{"10.0.0.0/8"}, "10.1.2.3:1", []string{"X-Forwarded-For: unknown"}, "10.1.2.3", "10.1.2.3"},
		"with a port":                  {[]string{"10.0.0.0/8"}, "10.1.2.3:1", []string{"X-Forwarded-For: 203.0.113.7:4711"}, "203.0.113.7", "203.0.113.7"},
		"IPv6 in brackets":             {[]string{"::1"}, "[::1]:1", []string{"X-Forwarded-For: [2001:db8:1:2:3:4:5:6]"}, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"},
		"IPv6":                         {nil, "[2001:db8:1:2:3:4:5:6]:99", nil, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"},
		"IPv4 as IPv6":                 {[]string{"127.0.0.1"}, "[::ffff:127.0.0.1]:1", []string{"X-Forwarded-For: ::ffff:203.0.113.7"}, "203.0.113.7", "203.0.113.7"},
		"Forwarded is never believed":  {[]string{"loopback"}, "127.0.0.1:1", []string{"Forwarded: for=198.51.100.1"}, "127.0.0.1", "127.0.0.1"},
		"nor is X-Real-IP":             {[]string{"loopback"}, "127.0.0.1:1", []string{"X-Real-Ip: 198.51.100.1"}, "127.0.0.1", "127.0.0.1"},
		"a zone is not another client": {nil, "[fe80::1%eth0]:1", nil, "fe80::1", "fe80::/64"},
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.RemoteAddr = c.peer
			for _, h := range c.headers {
				name, value, _ := strings.Cut(h, ": ")
				r.Header.Add(name, value)
			}
			var log bytes.Buffer
			testEdge(t, &log, c.proxies...).Handler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				if got := Client(r); got != netip.MustParseAddr(c.client) {
					t.Errorf("the client is %v", got)
				}
				if got := Key(r); got != c.key {
					t.Errorf("its key is %s", got)
				}
				if got := Forwarded(r); got != (c.headers != nil) {
					t.Errorf("forwarded: %v", got)
				}
				for name := range r.Header {
					t.Errorf("%s is still there", name)
				}
			})).ServeHTTP(httptest.NewRecorder(), r)
		})
	}
}

func TestSchemeAndHost(t *testing.T) {
	for name, c := range map[string]struct {
		peer, host, proto, forwardedHost string
		secure, foreign, own             bool
	}{
		"ours":                       {"203.0.113.7:1", "desk.example.com", "", "", false, false, false},
		"ours, any case and port":    {"203.0.113.7:1", "Desk.Example.com.:8443", "", "", false, false, false},
		"loopback":                   {"127.0.0.1:1", "localhost:8080", "", "", false, false, true},
		"loopback by IPv6":           {"[::1]:1", "[::1]:8080", "", "", false, false, true},
		"rebinding":                  {"127.0.0.1:1", "evil.example:8080", "", "", false, true, true},
		"our name inside another":    {"203.0.113.7:1", "desk.example.com.evil.example", "", "", false, true, false},
		"no host at all":             {"203.0.113.7:1", "", "", "", false, true, false},
		"https at the proxy":         {"10.0.0.1:1", "desk:8080", "https", "desk.example.com", true, false, false},
		"http at the proxy":          {"10.0.0.1:1", "desk.example.com", "http", "", false, false, false},
		"a stranger's https":         {"203.0.113.7:1", "evil.example", "https", "desk.example.com", false, true, false},
		"a proxy nobody named, here": {"127.0.0.1:1", "desk.example.com", "https", "", false, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.RemoteAddr, r.Host = c.peer, c.host
			if c.proto != "" {
				r.Header.Set("X-Forwarded-Proto", c.proto)
			}
			if c.forwardedHost != "" {
				r.Header.Set("X-Forwarded-Host", c.forwardedHost)
			}
			var log bytes.Buffer
			testEdge(t, &log, "10.0.0.0/8").Handler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				if Secure(r) != c.secure || ForeignHost(r) != c.foreign || Own(r) != c.own {
					t.Errorf("secure %v, foreign %v, own %v", Secure(r), ForeignHost(r), Own(r))
				}
			})).ServeHTTP(httptest.NewRecorder(), r)
		})
	}
}

func TestUnnamedProxyIsToldOnce(t *testing.T) {
	var log bytes.Buffer
	h := testEdge(t, &log).Handler(http.NotFoundHandler())
	for range 3 {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("X-Forwarded-For", "203.0.113.7")
		h.ServeHTTP(httptest.NewRecorder(), r)
	}
	if got := strings.Count(log.String(), "TRUSTED_PROXIES"); got != 1 {
		t.Errorf("told %d times: %s", got, &log)
	}
}

func TestProxiesThatCannotBeRead(t *testing.T) {
	for _, text := range []string{"", "10.0.0.0/33", "proxy.example.com", "10.0.0"} {
		if _, err := ParseProxies([]string{"loopback", text}); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}

// A request nobody has looked at is judged by its connection.
func TestWithoutAnEdge(t *testing.T) {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.RemoteAddr = "203.0.113.7:1"
	r.Header.Set("X-Forwarded-For", "198.51.100.1")
	if Client(r) != netip.MustParseAddr("203.0.113.7") || ForeignHost(r) || Own(r) {
		t.Errorf("client %v, foreign %v, own %v", Client(r), ForeignHost(r), Own(r))
	}
}
