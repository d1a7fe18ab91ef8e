package console

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/desk"
)

// gauges draws the desk's view for Prometheus at the moment of asking.
type gauges struct {
	desk   *desk.Desk
	calls  *prometheus.Desc
	agents *prometheus.Desc
}

func metricsHandler(d *desk.Desk) http.HandlerFunc {
	registry := prometheus.NewRegistry()
	registry.MustRegister(
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		&gauges{
			desk:   d,
			calls:  prometheus.NewDesc("warmdesk_calls", "Live calls by stage.", []string{"stage"}, nil),
			agents: prometheus.NewDesc("warmdesk_agents", "Agents by presence as colleagues see it.", []string{"presence"}, nil),
		},
	)
	return promhttp.HandlerFor(registry, promhttp.HandlerOpts{}).ServeHTTP
}

// Describe implements prometheus.Collector.
func (g *gauges) Describe(ch chan<- *prometheus.Desc) {
	ch <- g.calls
	ch <- g.agents
}

// Collect implements prometheus.Collector.
func (g *gauges) Collect(ch chan<- prometheus.Metric) {
	v := g.desk.View()
	stages, presences := map[call.Stage]int{}, map[agent.Presence]int{}
	for _, c := range v.Calls {
		stages[c.Stage]++
	}
	for _, e := range v.Roster {
		presences[e.Seen()]++
	}
	for stage, n := range stages {
		ch <- prometheus.MustNewConstMetric(g.calls, prometheus.GaugeValue, float64(n), string(stage))
	}
	for p, n := range presences {
		ch <- prometheus.MustNewConstMetric(g.agents, prometheus.GaugeValue, float64(n), string(p))
	}
}
