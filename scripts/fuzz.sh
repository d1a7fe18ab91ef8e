#!/usr/bin/env bash
# Runs every fuzz target for some minutes each and tells how many inputs it was
# given. Few tries go into making an input small: where answers take their time, that
# would be all the time there is. What makes one fail is kept beside its test, in testdata/fuzz, and so
# becomes a part of make test.
#   scripts/fuzz.sh MINUTES [NAME]    NAME: only the targets that match it
set -uo pipefail
cd "$(dirname "$0")/.."

minutes=$1 only=${2:-.} failed=0
while IFS=: read -r file name; do
	[[ $name =~ $only ]] || continue
	said=$(nice go test "./$(dirname "$file")" -run '^$' -fuzz "^$name\$" -fuzztime "$(awk "BEGIN { print int($minutes * 60) }")s" -fuzzminimizetime 10x -parallel 1 2>&1)
	code=$?
	inputs=$(grep -o 'execs: [0-9]*' <<<"$said" | tail -n 1)
	echo "$(dirname "$file") $name: ${inputs:-no inputs} in $minutes min$([ $code = 0 ] || echo ' FAILED')"
	if [ $code != 0 ]; then
		failed=1
		tail -n 40 <<<"$said"
	fi
done < <(git ls-files --cached --others --exclude-standard '*_test.go' | xargs grep -o '^func Fuzz[A-Za-z]*' | sed 's/func //')
exit $failed
