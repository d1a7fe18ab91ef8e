package console

import (
	"context"
	"crypto/subtle"
	"net/http"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/edge"
	"warmdesk/outbox"
)

// gauges draws the desk's view for Prometheus at the moment of asking.
type gauges struct {
	desk     *desk.Desk
	outbox   *outbox.Outbox
	calls    *prometheus.Desc
	agents   *prometheus.Desc
	heard    *prometheus.Desc
	pending  *prometheus.Desc
	attempts *prometheus.Desc
	givenUp  *prometheus.Desc
	trouble  *prometheus.Desc
}

func metricsHandler(d *desk.Desk, o *outbox.Outbox) http.HandlerFunc {
	registry := prometheus.NewRegistry()
	registry.MustRegister(
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		&gauges{
			desk:     d,
			outbox:   o,
			pending:  prometheus.NewDesc("warmdesk_webhooks_pending", "Events not delivered yet, by receiver; counted up to 100000.", []string{"receiver"}, nil),
			attempts: prometheus.NewDesc("warmdesk_webhook_attempts_total", "Webhooks sent since the start, by receiver and result.", []string{"receiver", "result"}, nil),
			givenUp:  prometheus.NewDesc("warmdesk_webhooks_given_up_total", "Events given up since the start, by receiver.", []string{"receiver"}, nil),
			trouble:  prometheus.NewDesc("warmdesk_carrier_trouble_seconds", "For how long the carrier has failed every request; 0: it takes them.", nil, nil),
			calls:    prometheus.NewDesc("warmdesk_calls", "Live calls by stage.", []string{"stage"}, nil),
			agents:   prometheus.NewDesc("warmdesk_agents", "Agents by presence as colleagues see it.", []string{"presence"}, nil),
			heard:    prometheus.NewDesc("warmdesk_calls_heard", "Live calls by how well their agents' pages are heard.", []string{"quality"}, nil),
		},
	)
	return promhttp.HandlerFor(registry, promhttp.HandlerOpts{}).ServeHTTP
}

// metrics lets this computer see the figures, and whoever has the token.
func (c *Console) metrics(show http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		known := c.cfg.MetricsToken != "" && subtle.ConstantTimeCompare([]byte(token), []byte(c.cfg.MetricsToken)) == 1
		if !known && (!edge.Own(r) || edge.ForeignHost(r)) {
			c.fail(w, r, &apiError{Status: http.StatusForbidden, Code: "metrics_closed",
				Message: "The figures are shown on the desk's own computer, or to who has METRICS_TOKEN."})
			return
		}
		show(w, r)
	}
}

// Describe implements prometheus.Collector.
func (g *gauges) Describe(ch chan<- *prometheus.Desc) {
	ch <- g.calls
	ch <- g.agents
	ch <- g.heard
	ch <- g.pending
	ch <- g.attempts
	ch <- g.givenUp
	ch <- g.trouble
}

// Collect implements prometheus.Collector.
func (g *gauges) Collect(ch chan<- prometheus.Metric) {
	v := g.desk.View()
	stages, presences, heard := map[call.Stage]int{}, map[agent.Presence]int{}, map[desk.QualityWord]int{}
	for _, c := range v.Calls {
		stages[c.Stage]++
		if q, known := v.Quality(c); known {
			heard[q.Word]++
		}
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
	for word, n := range heard {
		ch <- prometheus.MustNewConstMetric(g.heard, prometheus.GaugeValue, float64(n), string(word))
	}
	failing := 0.0
	if !v.Trouble.Since.IsZero() {
		failing = v.At.Sub(v.Trouble.Since).Seconds()
	}
	ch <- prometheus.MustNewConstMetric(g.trouble, prometheus.GaugeValue, failing)
	g.collectWebhooks(ch)
}

func (g *gauges) collectWebhooks(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), collectTime)
	defer cancel()
	counts, err := g.outbox.Counts(ctx)
	if err != nil {
		return // what is absent is not known
	}
	for receiver, c := range counts {
		ch <- prometheus.MustNewConstMetric(g.pending, prometheus.GaugeValue, float64(c.Pending), receiver)
		ch <- prometheus.MustNewConstMetric(g.attempts, prometheus.CounterValue, float64(c.Delivered), receiver, "delivered")
		ch <- prometheus.MustNewConstMetric(g.attempts, prometheus.CounterValue, float64(c.Failed), receiver, "failed")
		ch <- prometheus.MustNewConstMetric(g.givenUp, prometheus.CounterValue, float64(c.GivenUp), receiver)
	}
}

// collectTime is how long counting may take.
const collectTime = 3 * time.Second
