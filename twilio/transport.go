package twilio

import (
	"net/http"
	"time"
)

// Times after which a connection that says nothing is asked whether it is alive,
// and given up. Without them requests over HTTP/2 would go on into a connection
// that a router on the way has forgotten, and fail for minutes.
const (
	quietTime = 5 * time.Second
	pingTime  = 2 * time.Second
)

// idleConns are kept to the service: as many as a desk has requests at a time.
const idleConns = 32

func newTransport(quiet, ping time.Duration) *http.Transport {
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		ForceAttemptHTTP2:   true,
		HTTP2:               &http.HTTP2Config{SendPingTimeout: quiet, PingTimeout: ping},
		MaxIdleConnsPerHost: idleConns,
		IdleConnTimeout:     90 * time.Second,
		TLSHandshakeTimeout: 5 * time.Second,
	}
}
