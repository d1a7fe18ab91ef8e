#!/bin/sh
# Says what to get when Go or Node is missing or too old. Changes nothing.
set -eu

want_go=1.26
want_node=20

fail=0
if ! command -v go >/dev/null 2>&1; then
	echo "Warmdesk needs Go $want_go or newer, and there is no 'go' on the PATH. Get it from https://go.dev/dl/"
	fail=1
else
	have=$(go env GOVERSION | sed 's/^go//; s/[^0-9.].*//')
	oldest=$(printf '%s\n%s\n' "$want_go" "$have" | sort -V | head -n 1)
	if [ "$oldest" != "$want_go" ]; then
		echo "Warmdesk needs Go $want_go or newer; this is $have. Get it from https://go.dev/dl/"
		fail=1
	fi
fi
if ! command -v node >/dev/null 2>&1 || ! command -v npm >/dev/null 2>&1; then
	echo "Warmdesk needs Node $want_node or newer with npm to build its pages. Get it from https://nodejs.org/"
	fail=1
elif [ "$(node -p 'process.versions.node.split(".")[0]')" -lt "$want_node" ]; then
	echo "Warmdesk needs Node $want_node or newer; this is $(node --version). Get it from https://nodejs.org/"
	fail=1
fi
exit $fail
