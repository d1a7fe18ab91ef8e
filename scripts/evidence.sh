#!/usr/bin/env bash
# What the usual tests have no time for: the desk killed in every stage of a call,
# and everything that can happen to people's browsers in every stage, with real
# sound. Takes about ten minutes and writes what was measured to docs/recovery.md.
set -uo pipefail
cd "$(dirname "$0")/.."

measured=$(mktemp -d)
trap 'rm -rf "$measured"' EXIT
export EVIDENCE=$measured CHROMIUM=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}
failed=0
go test ./cmd/warmdesk -run TestKilledInEveryStage -count=1 || failed=1
npm --prefix web run --silent evidence || failed=1
if command -v "${FIREFOX:-firefox-esr}" >/dev/null; then
  npm --prefix web run --silent firefox || failed=1
else
  echo "evidence: no Firefox here (FIREFOX names one), so its story is left out"
fi

load=$(cut -d' ' -f1 /proc/loadavg 2>/dev/null || echo unknown)
cat >docs/recovery.md <<EOF
# How long it takes until the customer is heard again

Written by \`make evidence\`: the real program and real browsers, on $(nproc) cores (load average at the end: $load). What must come of it is
told by [transfer.md](transfer.md); [faults.md](faults.md) has the faults of the carrier, in virtual time.

## The desk is killed

\`kill -9\` in Twilio mode against the strict double, then started again, in each stage of a call. The customer's leg never ended by it, and until the desk was back the
customer heard what they heard before. *Ready*, *first request* and *right* count from the start of the new process: *right* is when everything is as it should be, people's
next press included. *Silence* is the longest time in the whole call for which the customer heard nothing.

$(cat "$measured/desk.md")

## Something happens to a browser

The unmodified SDK in Chromium, everybody with a tone of their own. Agent 1 (Ana) has the customer (Dana), agent 2 (Ben) is free or being brought in. A browser that is
killed is noticed when its packets have stopped for 5 s; where the customer was talking with nobody else, that is the gap, and then music plays. *Heard again*: from
what happened until Dana hears the last voice of the third column for good. Ben presses what there is to press as soon as it is there; 0 means without interruption.

| stage | what happens | who hears whom afterwards | Dana's longest gap | heard again |
| --- | --- | --- | ---: | ---: |
$(cat "$measured/browsers.md")

## Every half second of what the customer hears

Dana's quietest half second from what happened until everybody is where they belong; after a reload of her own page, from when her line is answered again. Silence is less
than -60 dBFS. *Back*: from the reload until the page shows the call, or the customer's page its *End*. 3 s are allowed for an agent, 5 s for the customer.

| stage | what happens | quietest half second | back |
| --- | --- | ---: | ---: |
$(cat "$measured/halves.md")

## The customer leaves

| stage | phones ring for | both agents' pages are free after |
| --- | ---: | ---: |
$(cat "$measured/leaving.md")
EOF
exit "$failed"
