#!/usr/bin/env bash
# Counts files and source lines of code that must stay short, and fails above the limits. Blank lines, comments, usings
# and the namespace do not count.
#
#   eng/tidy.sh          prints each count beside its limits
set -euo pipefail
cd "$(dirname "$0")/.."
status=0

# check NAME FILES-MAX LINES-MAX FILE...
check() {
  local name=$1 files_max=$2 lines_max=$3 lines verdict=ok
  shift 3
  lines=$(cat "$@" | grep -v '^\s*$' | grep -v '^\s*//' | grep -vcE '^(using|namespace) ')
  if [ $# -gt "$files_max" ] || [ "$lines" -gt "$lines_max" ]; then
    verdict='TOO LONG'
    status=1
  fi
  printf '%-40s %3d of %3d files  %5d of %5d lines  %s\n' "$name" $# "$files_max" "$lines" "$lines_max" "$verdict"
}

check 'delivery, from endpoint to grain' 12 600 \
  src/Api/Reserving/*.cs src/Api/Routing/*.cs \
  src/Grains.Abstractions/IReserveBatchGrain.cs \
  src/Grains/Events/ReserveBatchGrain.cs src/Grains/Events/PendingResults.cs

exit $status
