package main

import (
	"log/slog"
	"net/url"

	"warmdesk/edge"
)

// edgeOptions is what stands between the network and the desk.
type edgeOptions struct {
	TrustedProxies []string `env:"TRUSTED_PROXIES" help:"Proxies whose X-Forwarded-For, -Proto and -Host are believed: addresses, networks like 10.0.0.0/8, or loopback. Unset: nobody's."`
}

// edge is the first to see every request.
func (o *edgeOptions) edge(public *url.URL, log *slog.Logger) (*edge.Edge, error) {
	proxies, err := edge.ParseProxies(o.TrustedProxies)
	if err != nil {
		return nil, wrong("TRUSTED_PROXIES cannot be read: %v", err)
	}
	return edge.New(edge.Config{Public: public, Proxies: proxies, Logger: log}), nil
}
