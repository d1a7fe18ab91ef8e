#!/usr/bin/env bash
# Runs every test this machine can run, and ends with what did not run and how
# to run it. With CI set, a missing part is a failure.
set -uo pipefail
cd "$(dirname "$0")/.."

missing=()
kept=$(mktemp -d)
trap 'rm -rf "$kept"' EXIT

# part NAME COMMAND... runs one part and keeps its result.
part() {
	local name=$1 begun=$SECONDS
	shift
	echo "== $name"
	if "$@"; then
		echo "$name" >>"$kept/passed"
		echo "== $name: ok ($((SECONDS - begun)) s)"
	else
		echo "$name" >>"$kept/failed"
		echo "== $name: FAILED ($((SECONDS - begun)) s)"
	fi
}

# count NAME says how many parts passed, or failed.
count() { cat "$kept/$1" 2>/dev/null | wc -l; }

# without NAME REASON COMMAND notes a part that cannot run here.
without() { missing+=("$1: $2. To run it: $3"); }

formatted() {
	local bad
	bad=$(git ls-files '*.go' | xargs gofmt -l)
	[ -z "$bad" ] || { echo "not formatted: $bad"; return 1; }
	go vet ./...
}

# The program's tests mostly wait for processes; some calls on Twilio's double
# run with the race detector, and the rest without.
program=cmd/warmdesk plain='/(cmd/warmdesk|cmd/render|internal/speech|music)$' plainly='^(TestTable|TestPlanted|TestMemory)$' calls='^(TestTwilioWarmTransfer|TestTwilioHandingOverToANumber|TestKilled)'

race= chromium=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}
if [ "${RACE:-on}" = on ] && command -v gcc >/dev/null 2>&1; then
	race=on
else
	without "race detector" "there is no gcc on the PATH" "make deps && make test"
fi
[ -n "$chromium" ] ||
	without "browser tests" "there is no Chromium on the PATH" "make deps && make test, or CHROMIUM=/path/to/chrome make test"
[ -f ../shared/data/twilio-voice-openapi.json ] ||
	without "the REST API against Twilio's OpenAPI document" "it is not at ../shared/data/twilio-voice-openapi.json" \
		"put the voice part of twilio/twilio-oai's twilio_api_v2010.json there && make test"
{ (cd / && python3 -c 'import twilio.rest') || (cd / && /usr/bin/python3 -c 'import twilio.rest'); } >/dev/null 2>&1 ||
	without "Twilio's library for Python" "python3-twilio is not installed" "make deps && make test"

part "format and vet" formatted

# Two lanes: people at pages and processes that start mostly wait, the rest
# computes. What computes gives way, so that nobody's sound has gaps for it.
waiting() {
	[ -z "$race" ] || part "the program on Twilio, race detector on" env CGO_ENABLED=1 go test -race -parallel 8 -timeout 300s "./$program" -run "$calls"
	[ -z "$chromium" ] || part "browsers" env CHROMIUM="$chromium" npm --prefix web run --silent e2e
	part "the program" go test -parallel 8 -timeout 300s "./$program" ${race:+-skip "$calls"}
}
computing() {
	if [ -n "$race" ]; then
		# Synthesis is one goroutine of interpreted code, and slow enough without.
		part "go tests, race detector on" env CGO_ENABLED=1 go test -vet=off -race -timeout 300s -skip "$plainly" $(go list ./... | grep -Ev "$plain")
		part "go tests" go test -vet=off -timeout 300s $(go list ./... | grep -E "$plain" | grep -v "$program")
		# In a file the same has run with it.
		part "the store in memory" go test -vet=off -timeout 300s ./store -run 'TestMemory$'
	else
		part "go tests" go test -timeout 300s $(go list ./... | grep -v "$program")
	fi
	# Rulebook and carrier in one goroutine: the race detector would only be slow.
	part "crossings" go test -timeout 300s ./call -run TestCrossings
	# A run of the simulation is one goroutine: most of its seeds need no race detector.
	part "simulation" go test -timeout 300s ./simulation -run "TestSimulation\$|TestTable\$|TestPlanted\$" -seeds "${SEEDS:-10000}"
	part "page types" npm --prefix web run --silent check
	part "page tests" npm --prefix web run --silent test
	# Nobody waits for a sound there.
	[ -z "$chromium" ] || part "every state of every page" env CHROMIUM="$chromium" npm --prefix web run --silent gallery
}
waiting >"$kept/waiting" 2>&1 &
renice -n 10 $BASHPID >/dev/null
computing
wait
cat "$kept/waiting"

echo
for line in "${missing[@]:-}"; do
	[ -n "$line" ] && echo "did not run: $line"
done
if [ -n "${CI:-}" ] && [ ${#missing[@]} -gt 0 ]; then
	echo "CI is set, so what did not run counts as failed"
	printf '%s\n' "${missing[@]}" >>"$kept/failed"
fi
echo "$(count passed) passed, $(count failed) failed"
[ "$(count failed)" -eq 0 ]
