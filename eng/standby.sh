#!/usr/bin/env bash
# Nights with a primary and its standby that are too long for eng/test.sh. First one night, repeated: the synchronous
# standby is cut off, appends are cancelled after the default 10 s, PostgreSQL keeps their rows on the primary, and the
# primary is lost. Nothing acknowledged may be lost, and every event must sell, also after a restart of all silos. Then
# one night each of an asynchronous standby that takes over, a backup that is restored under running silos, and an old
# primary that returns. Two minutes a night. Stops at the first broken promise.
#
#   eng/standby.sh [--seed N] [--nights N]     seed 1, 20 nights
set -euo pipefail
cd "$(dirname "$0")/.."
. eng/install.sh

seed=1 nights=20
while [ $# -gt 0 ]; do
  case $1 in
    --seed) seed=${2:?a number} ;;
    --nights) nights=${2:?a number} ;;
    *) sed -n '2,/^set -/{/^set -/d;s/^# \{0,1\}//;p}' "$0"; exit 2 ;;
  esac
  shift 2
done

install_postgresql
dotnet build tests/Cluster.Tests -c Release -v quiet --nologo
# Every night has its own timeouts; this one is for unforeseen hangs.
export BOXOFFICE_SEED=$seed BOXOFFICE_STANDBY_NIGHTS=$nights
exec timeout --kill-after=30 $(((nights + 10) * 300)) \
  tests/Cluster.Tests/bin/Release/net10.0/BoxOffice.Cluster.Tests \
  -noLogo -noColor -stopOnFail -explicit only -class "*.LongStandbyTests"
