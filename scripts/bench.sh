#!/bin/sh
# Benchmarks: the program as a whole, then its hot paths. docs/performance.md
# tells what was measured last and what is aimed at.
set -eu
cd "$(dirname "$0")/.."
go build -o bin/bench ./cmd/bench
bin/bench -binary bin/warmdesk
go test -run '^$' -bench . -benchmem ./switchboard/internal/conference ./switchboard/internal/browser ./store ./call ./agent ./desk ./phone ./console
