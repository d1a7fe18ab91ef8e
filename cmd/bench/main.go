// Command bench measures the program as its users meet it: the CPU of a webhook
// beside a bare net/http server that answers the same bytes, how soon a
// colleague's phone rings after the press, how soon the program is up and how
// much memory it idles in. It prints one table. It reads /proc, so Linux only.
//
//	go run ./cmd/bench -binary bin/warmdesk
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"time"
)

func main() {
	binary := flag.String("binary", "bin/warmdesk", "the program to measure")
	rounds := flag.Int("rounds", 3, "how often each figure is taken; the median is told")
	requests := flag.Int("requests", 3000, "webhooks a round")
	floor := flag.Bool("floor", false, "be the bare server beside which webhooks are measured")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var err error
	if *floor {
		err = serveFloor(ctx)
	} else {
		err = run(ctx, *binary, *rounds, *requests)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, binary string, rounds, requests int) error {
	var starts, idle, connect, wait, floorConnect, floorWait []float64
	var rings []time.Duration
	for range rounds {
		// In turn, so that a slow minute of the machine falls on both alike.
		desk, err := start(ctx, binary)
		if err != nil {
			return err
		}
		starts, idle = append(starts, desk.upAfter.Seconds()*1000), append(idle, desk.memory())
		c, w, err := webhooks(ctx, desk, requests)
		desk.stop()
		if err != nil {
			return err
		}
		bare, err := startFloor(ctx)
		if err != nil {
			return err
		}
		fc, fw, err := webhooks(ctx, bare, requests)
		bare.stop()
		if err != nil {
			return err
		}
		connect, wait = append(connect, c), append(wait, w)
		floorConnect, floorWait = append(floorConnect, fc), append(floorWait, fw)
		r, err := ringTimes(ctx, binary, 20)
		if err != nil {
			return err
		}
		rings = append(rings, r...)
	}
	slices.Sort(rings)
	fmt.Println("| what | median | least – most |")
	fmt.Println("| --- | --- | --- |")
	row("connect webhook, CPU ms per request", "%.3f", connect)
	row("the same bytes from bare net/http", "%.3f", floorConnect)
	row("wait webhook, CPU ms per request", "%.3f", wait)
	row("the same bytes from bare net/http", "%.3f", floorWait)
	row("start to ready, ms", "%.0f", starts)
	row("idle memory (RSS), MiB", "%.0f", idle)
	fmt.Printf("| press to agent 2's phone rings, ms (%d presses) | %.1f | p99 %.1f |\n",
		len(rings), ms(rings[len(rings)/2]), ms(rings[len(rings)*99/100]))
	return nil
}

func row(what, format string, figures []float64) {
	slices.Sort(figures)
	fmt.Printf("| %s | "+format+" | "+format+" – "+format+" |\n", what, figures[len(figures)/2], figures[0], figures[len(figures)-1])
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
