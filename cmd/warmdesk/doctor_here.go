package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"

	"warmdesk/console"
	"warmdesk/store"
)

// listenPort is the port of ADDR; 0 for any, or if it cannot be read.
func (d *doctor) listenPort() int {
	_, port, err := net.SplitHostPort(d.s.Addr)
	if err != nil {
		return 0
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		return 0
	}
	return n
}

// databaseTime bounds the look at every page of the database.
const databaseTime = time.Minute

func (d *doctor) database(ctx context.Context) {
	const check = "database"
	ctx, cancel := context.WithTimeout(ctx, databaseTime)
	defer cancel()
	found, err := store.Inspect(ctx, d.s.DatabaseURL)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		d.warning(check, "run it again while the desk has little to do", "looking at %s takes longer than %v", d.s.DatabaseURL, databaseTime)
	case err != nil:
		d.wrong(check, "set DATABASE_URL to a file that this user may write; a damaged one: stop the desk, keep a copy, put the last backup there", "%v", err)
	case found.Version > found.Newest:
		d.wrong(check, "use the newer program, or the backup from before it", "%s has tables of a newer program (%d, this one makes %d)", d.s.DatabaseURL, found.Version, found.Newest)
	case !found.Exists:
		d.ok(check, "%s is made at the start", d.s.DatabaseURL)
	case found.Version < found.Newest:
		d.ok(check, "%s, %s; its tables are brought up to date at the start", d.s.DatabaseURL, size(uint64(found.Size)))
	default:
		d.ok(check, "%s can be read and written and is whole, %s", d.s.DatabaseURL, size(uint64(found.Size)))
	}
}

// Free space below which a desk should not begin a day, and below which it may
// stop in the middle of one: a call writes some 20 kB, a message to the built-in
// switchboard 1 MB a minute.
const (
	littleSpace = 1 << 30
	noSpace     = 100 << 20
)

func (d *doctor) disk() {
	const check = "disk"
	folder := filepath.Dir(d.s.DatabaseURL)
	free, err := freeSpace(folder)
	switch {
	case errors.Is(err, errors.ErrUnsupported):
	case err != nil:
		d.warning(check, "see that DATABASE_URL is in a folder that exists", "the free space of %s is not known: %v", folder, err)
	case free < noSpace:
		d.wrong(check, "make room: what cannot be written down cannot be promised to a caller", "%s has %s left", folder, size(free))
	case free < littleSpace:
		d.warning(check, "make room", "%s has %s left", folder, size(free))
	default:
		d.ok(check, "%s has %s left", folder, size(free))
	}
}

func size(bytes uint64) string {
	switch {
	case bytes >= 1<<30:
		return fmt.Sprintf("%.1f GB", float64(bytes)/(1<<30))
	case bytes >= 1<<20:
		return fmt.Sprintf("%.1f MB", float64(bytes)/(1<<20))
	}
	return fmt.Sprintf("%d kB", bytes>>10)
}

// port looks who is at ADDR: nobody, our own desk, or another program. While
// nobody is, we are: so that what comes in by PUBLIC_URL can be told to arrive
// here. leave ends that.
func (d *doctor) port(ctx context.Context) (leave func()) {
	const check = "port"
	nothing := func() {}
	if d.listenPort() == 0 {
		d.ok(check, "ADDR=%s: any free one is taken at the start", d.s.Addr)
		return nothing
	}
	listener, err := net.Listen("tcp", d.s.Addr)
	switch {
	case err == nil:
		d.desk = newSID("doctor-")
		server := &http.Server{ReadHeaderTimeout: examineTime, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set(console.ProcessHeader, d.desk)
		})}
		var serving sync.WaitGroup
		serving.Go(func() { _ = server.Serve(listener) }) // until Close
		d.ok(check, "%s is free; no desk is running here", d.s.Addr)
		return func() {
			_ = server.Close() // nothing is lost with it
			serving.Wait()
		}
	case !errors.Is(err, syscall.EADDRINUSE):
		d.wrong(check, "set ADDR to an address of this machine, and to a port from 1024 up unless the program may use lower ones", "cannot listen at %s: %v", d.s.Addr, err)
		return nothing
	}
	if d.desk = d.deskAt(ctx); d.desk != "" {
		d.running = true
		d.ok(check, "a desk is running at %s", d.s.Addr)
		return nothing
	}
	d.wrong(check, "stop it, or set ADDR to another port", "another program is at %s", d.s.Addr)
	return nothing
}

// deskAt asks who listens at ADDR; "" is nobody of ours.
func (d *doctor) deskAt(ctx context.Context) string {
	host, port, err := net.SplitHostPort(d.s.Addr)
	if err != nil {
		return ""
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	// Its own certificate is for its public name; who it is says the header.
	unnamed := &http.Client{Timeout: examineTime, Transport: &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	for _, scheme := range []string{"http", "https"} {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, scheme+"://"+net.JoinHostPort(host, port)+"/healthz", nil)
		if err != nil {
			return ""
		}
		res, err := unnamed.Do(req)
		if err != nil {
			continue
		}
		res.Body.Close()
		if desk := res.Header.Get(console.ProcessHeader); desk != "" {
			return desk
		}
	}
	return ""
}
