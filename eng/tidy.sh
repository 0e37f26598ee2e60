#!/usr/bin/env bash
# Counts what must stay small, prints each count beside its limit, and fails above one: the way of a call in source
# lines (blank lines, comments, usings and the namespace do not count), loose files at the roots of projects, the
# front door, and the bundles of the pages after a build. tests/Browser/weight.test.js measures what a page costs in a
# browser; TreeTests and ArchitectureTests of tests/Api.Tests hold widths, lengths, words and circles.
#
#   eng/tidy.sh
set -euo pipefail
cd "$(dirname "$0")/.."
status=0

# limit NAME COUNT MAX UNIT
limit() {
  local verdict=ok
  if [ "$2" -gt "$3" ]; then
    verdict='TOO MUCH'
    status=1
  fi
  printf '%-44s %7d of %7d %-10s %s\n' "$1" "$2" "$3" "$4" "$verdict"
}

source_lines() { cat "$@" | grep -v '^\s*$' | grep -v '^\s*//' | grep -vcE '^(using|namespace) '; }

delivery=(
  src/Api/Reserving/*.cs src/Api/Routing/*.cs
  src/Grains.Abstractions/IReserveBatchGrain.cs
  src/Grains/Events/ReserveBatchGrain.cs src/Grains/Events/PendingResults.cs
)
limit 'delivery, from endpoint to grain' "${#delivery[@]}" 12 files
limit 'delivery, from endpoint to grain' "$(source_lines "${delivery[@]}")" 600 lines

loose() { find "$1" -maxdepth 1 -name '*.cs' | wc -l; }
limit 'src/Api: Program and options at the root' "$(loose src/Api)" 2 files
limit 'src/Grains: options and one exception' "$(loose src/Grains)" 2 files

for readme in README.md README.ko.md; do limit "$readme" "$(wc -l < "$readme")" 120 lines; done

pages=src/Api/bin/Release/net10.0/Pages
if [ -d "$pages" ]; then
  for page in index:50 admin:150; do
    name=${page%:*}
    limit "$name, page and script, brotli" \
      "$(($(cat "$pages/$name.html.br" "$pages/$name.js.br" | wc -c) / 1024))" "${page#*:}" KB
  done
fi

exit $status
