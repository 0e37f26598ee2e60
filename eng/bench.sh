#!/usr/bin/env bash
# Compares BoxOffice with others that sell the same ticket at the same route, side by side in one run, and installs what
# that needs first (Debian: wrk, h2load, Redis, PostgreSQL). Everything runs on loopback, in temporary folders, and is
# removed. The results are printed, and those of a whole run stored in bench/results.
#
#   eng/bench.sh --short                   the main figures, in about ten minutes
#   eng/bench.sh                           all of them, in about half an hour
#   eng/bench.sh --short --only U,P1       only these
#   eng/bench.sh --short --scenarios hot-256,offered-50   only these; hot-256 finds the maximum for others
#   eng/bench.sh --rounds 7 --seconds 8    the same for longer, for narrower ranges
#   eng/bench.sh --short --warm 30         with 30 s of sales before the first turn, until all code is compiled
set -euo pipefail
cd "$(dirname "$0")/.."
. eng/install.sh

install_postgresql
install_redis
type wrk h2load > /dev/null 2>&1 || install_packages wrk nghttp2-client
dotnet build bench/Measure -c Release -v quiet --nologo -p:RunAnalyzers=false # that is for eng/test.sh
exec dotnet bench/Measure/bin/Release/net10.0/BoxOffice.Measure.dll peers "$@"
