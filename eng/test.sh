#!/usr/bin/env bash
# Runs every check and test, and installs what they need first (Debian: PostgreSQL, haproxy, Redis, promtool). The tests start
# PostgreSQL servers of their own, in temporary folders, as a user that is not root, and remove them. The last line counts the
# real results.
#
#   eng/test.sh            everything
#   eng/test.sh --quick    the tests without database and processes, in seconds
set -euo pipefail
cd "$(dirname "$0")/.."
. eng/install.sh

projects=(Grains.Tests Measure.Tests Api.Tests Cluster.Tests)
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

# In its folder, because the tests name the rules by a path.
check_alerts() (
  cd eng/monitoring
  promtool check rules alerts.yml && promtool check config --syntax-only prometheus.yml && promtool test rules alerts.test.yml
)

run_tests() {
  "tests/$1/bin/Release/net10.0/BoxOffice.$1" -noLogo -noColor -result-trx "$results/$1.trx"
}

# Sums an attribute of the result files' counters.
count() { cat "$results"/*.trx 2> /dev/null | grep -o '<Counters [^>]*' | grep -o " $1=\"[0-9]*\"" | grep -o '[0-9]*' | awk '{ sum += $1 } END { print sum + 0 }'; }

if [ "${1:-}" != --quick ]; then
  step "Installing what is missing"
  install_postgresql
  install_haproxy
  install_redis
  install_promtool
fi
step "Building"
dotnet build BoxOffice.slnx -c Release -v quiet --nologo
if [ "${1:-}" != --quick ]; then
  check "Formatting" dotnet format BoxOffice.slnx --verify-no-changes --no-restore
  check "k6 scripts" check_k6_scripts
  check "Alerts" check_alerts
fi
for project in "${projects[@]}"; do check "$project" run_tests "$project"; done

passed=$(count passed)
failed=$(($(count failed) + $(count error)))
# A check, or a test program that died, is a failure even if no test says so.
if [ "$failed" = 0 ]; then failed=$failed_checks; fi
printf '\n%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
