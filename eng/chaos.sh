#!/usr/bin/env bash
# Night after night of faults on one cluster, one to three at once: silos and front-ends are killed, frozen, restarted
# and cut off (as root), the database crashes, connections end, replies are lost, clocks are set. After each night all
# answers are audited against the journal. Stops at the first broken promise: the last lines name it, the folder of the
# evidence, and the seed with which this night comes first.
#
#   eng/chaos.sh [--seed N] [--minutes M]     seed 1, 10 minutes
#   eng/chaos.sh --clock …                    each night with a step of a clock, and up to two other faults
#   eng/chaos.sh --standby …                  on a primary with a synchronous standby, which is cut off and takes over
set -euo pipefail
cd "$(dirname "$0")/.."
. eng/install.sh

seed=1 minutes=10 clock=0 test=of_chaos
while [ $# -gt 0 ]; do
  case $1 in
    --seed) seed=${2:?a number} ;;
    --minutes) minutes=${2:?a number} ;;
    --clock) clock=1; shift; continue ;;
    --standby) test=of_chaos_with_a_standby; shift; continue ;;
    *) sed -n '2,/^set -/{/^set -/d;s/^# \{0,1\}//;p}' "$0"; exit 2 ;;
  esac
  shift 2
done

install_postgresql
install_faketime
dotnet build tests/Cluster.Tests -c Release -v quiet --nologo
# Every night has its own timeouts; this one is for unforeseen hangs.
limit=$(awk "BEGIN { print int(($minutes + 10) * 60) }")
export BOXOFFICE_SEED=$seed BOXOFFICE_CHAOS_MINUTES=$minutes BOXOFFICE_CHAOS_CLOCK=$clock
exec timeout --kill-after=30 "$limit" tests/Cluster.Tests/bin/Release/net10.0/BoxOffice.Cluster.Tests \
  -noLogo -noColor -explicit only -method "*_night_after_night_$test"
