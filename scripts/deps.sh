#!/bin/sh
# Installs the system packages that the tests can use: two browsers, a C compiler
# for the race detector, and Twilio's library for Python. Debian and Ubuntu; needs root.
set -eu

packages=""
command -v chromium >/dev/null 2>&1 || packages="$packages chromium"
# Debian's; elsewhere FIREFOX names one.
if ! command -v firefox-esr >/dev/null 2>&1 && apt-cache show firefox-esr >/dev/null 2>&1; then packages="$packages firefox-esr"; fi
command -v gcc >/dev/null 2>&1 || packages="$packages gcc libc6-dev"
# Elsewhere than here, where twilio is a folder of ours; Debian's own Python too.
{ (cd / && python3 -c 'import twilio.rest') || (cd / && /usr/bin/python3 -c 'import twilio.rest'); } >/dev/null 2>&1 ||
	packages="$packages python3-twilio"
if [ -z "$packages" ]; then
	echo "deps: everything is there"
	exit 0
fi
if ! command -v apt-get >/dev/null 2>&1; then
	echo "deps: this system has no apt-get; please install:$packages"
	exit 1
fi
apt-get update -q
# shellcheck disable=SC2086 # a list of names
DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $packages
