#!/usr/bin/env bash
# Runs every check and test, and installs what they need first (Debian: PostgreSQL, haproxy, pgbouncer, Redis, faketime,
# Varnish, promtool, Chromium). The tests start their own PostgreSQL servers in temporary folders, as a user that is not
# root, and remove them. The last line counts the results of the tests.
#
#   eng/test.sh            everything
#   eng/test.sh --quick    the tests without database and processes, in seconds
set -euo pipefail
cd "$(dirname "$0")/.."
. eng/install.sh

projects=(Grains.Tests Measure.Tests Clients.Tests Api.Tests Cluster.Tests)
[ "${1:-}" = --quick ] && projects=(Grains.Tests)
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
failed_checks=0

step() { printf '\n== %s\n' "$1"; }

# A check that fails does not hide the ones after it.
check() {
  local name=$1; shift
  step "$name"
  if "$@"; then echo "ok"; else failed_checks=$((failed_checks + 1)); echo "FAILED: $name"; fi
}

check_k6_scripts() { (cd k6 && npm ci --silent && npm run --silent check); }

# In its folder: the tests name the rules by a path.
check_alerts() (
  cd eng/monitoring
  promtool check rules alerts.yml \
    && promtool check config --syntax-only prometheus.yml \
    && promtool test rules alerts.test.yml
)

check_pages() { (cd tests/Browser && npm ci --silent && npm run --silent check); }

run_tests() {
  "tests/$1/bin/Release/net10.0/BoxOffice.$1" -noLogo -noColor -result-trx "$results/$1.trx"
}

# In a real browser, on real processes. One report is for count_tap, the other for the reader.
run_browser_tests() {
  (cd tests/Browser && timeout 600 node --test --test-concurrency=2 --test-timeout=240000 \
    --test-reporter=spec --test-reporter-destination=stdout \
    --test-reporter=tap --test-reporter-destination="$results/browser.tap" ./*.test.js)
}

# Sums an attribute of the result files' counters. Missing files count 0.
count() {
  { cat "$results"/*.trx 2> /dev/null || true; } \
    | { grep -o '<Counters [^>]*' || true; } \
    | { grep -o " $1=\"[0-9]*" || true; } \
    | awk -F '"' '{ sum += $2 } END { print sum + 0 }'
}

# Sums a counter of Node's results, whose last lines are "# pass 40", "# fail 0", "# cancelled 0".
count_tap() {
  { cat "$results"/*.tap 2> /dev/null || true; } \
    | awk -v name="$1" '$1 == "#" && $2 == name { sum += $3 } END { print sum + 0 }'
}

if [ "${1:-}" != --quick ]; then
  step "Installing what is missing"
  install_postgresql
  install_haproxy
  install_pgbouncer
  install_redis
  install_faketime
  install_varnish
  install_promtool
  install_chromium
fi
step "Building"
# Hundreds of processes live for seconds: code instrumented for profiles took a fifth of the processor time.
export DOTNET_TieredPGO=0
dotnet build BoxOffice.slnx -c Release -v quiet --nologo
if [ "${1:-}" != --quick ]; then
  check "Formatting" dotnet format BoxOffice.slnx --verify-no-changes --no-restore
  check "Sizes" eng/tidy.sh
  check "k6 scripts" check_k6_scripts
  check "Alerts" check_alerts
  check "Scripts of the pages" check_pages
fi
for project in "${projects[@]}"; do check "$project" run_tests "$project"; done
if [ "${1:-}" != --quick ]; then check "Browser" run_browser_tests; fi

passed=$(($(count passed) + $(count_tap pass)))
failed=$(($(count failed) + $(count error) + $(count_tap fail) + $(count_tap cancelled)))
# A failed check, or a test program that crashed, is a failure even without a failed test.
if [ "$failed" = 0 ]; then failed=$failed_checks; fi
printf '\n%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
