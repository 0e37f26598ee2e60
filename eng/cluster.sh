#!/usr/bin/env bash
# A whole cluster on this machine: PostgreSQL, silos, front-ends and a balancer (haproxy), on loopback.
#
#   eng/cluster.sh up [--no-build]  build unless something runs, start what is missing, wait until ready
#   eng/cluster.sh status           every process: pid, state, port, ready or not
#   eng/cluster.sh kill NAME        SIGKILL a process; NAME is postgres, silo-1, api-1, balancer, ...
#   eng/cluster.sh stop NAME        stop a process gracefully, and wait for its end
#   eng/cluster.sh start NAME       start it again, and wait until it is ready
#   eng/cluster.sh freeze NAME      SIGSTOP a process, as a long pause of the machine; thaw NAME: SIGCONT
#   eng/cluster.sh scale N [M]      run N silos and M front-ends, 8 at most of each
#   eng/cluster.sh down [--purge]   end everything; --purge also removes the database, the logs and the secrets
#
# Environment, read by the first `up` and kept until `down`:
#   BOXOFFICE_CLUSTER_PORT      the balancer's port P, 8080. Front-ends have P+1 to P+8, silos P+11 to P+18, their
#                               gateways P+21 to P+28, PostgreSQL P+30; with BoxOffice__Metrics=true silos are scraped
#                               at P+31 to P+38.
#   BOXOFFICE_CLUSTER_SILOS, BOXOFFICE_CLUSTER_FRONT_ENDS  how many of each, 3 and 2
#   ConnectionStrings__boxoffice  a PostgreSQL to use instead of a new one
#   BoxOffice__OperatorPassword, BoxOffice__TokenKey  generated when they are not set
#   BoxOffice__LoadTest         true: the operator can make members and tokens for load tests
# Other settings of the programs (BoxOffice__...) are passed on when they start.
# BOXOFFICE_CLUSTER_DIR is the folder of all files: ./cluster-data. As root, PostgreSQL runs as the user postgres: when
# that user cannot reach the folder, the database is in /var/lib/boxoffice-cluster-... and the folder has a link to it.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/eng/install.sh"
. "$root/eng/cluster/processes.sh"
. "$root/eng/cluster/programs.sh"

# Not in ./data: that is the embedded store's folder, which only its owner may enter, and not PostgreSQL's user.
directory=${BOXOFFICE_CLUSTER_DIR:-$root/cluster-data}
case $directory in /*) ;; *) directory=$PWD/$directory ;; esac
count_max=8 # of silos, and of front-ends: limits ports and database connections

fail() { echo "cluster.sh: $*" >&2; exit 1; }

# Prints the comment at the top of this file.
help() { sed -n '2,/^set -/{/^set -/d;s/^# \{0,1\}//;p}' "$0"; }

# Stores the settings of the first start. Later commands use these, and not their environment.
save_settings() (
  umask 077 # the connection string may have a password
  printf 'port=%q\nsilos=%q\nfront_ends=%q\nconnection_string=%q\n' \
    "$port" "$silos" "$front_ends" "$connection_string" > "$directory/settings.new"
  mv "$directory/settings.new" "$directory/settings"
)

load_settings() {
  [ -f "$directory/settings" ] || fail "there is no cluster in $directory: run 'eng/cluster.sh up' first"
  # shellcheck source=/dev/null
  . "$directory/settings"
}

is_between() { [[ $2 =~ ^[0-9]{1,5}$ ]] && [ "$2" -ge "$1" ] && [ "$2" -le "$3" ]; }

# Linux uses ports above 32767 for outgoing connections.
choose_settings() {
  port=${BOXOFFICE_CLUSTER_PORT:-8080}
  is_between 1024 "$port" $((32767 - 38)) \
    || fail "BOXOFFICE_CLUSTER_PORT must be a number from 1024 to $((32767 - 38)), not '$port'"
  connection_string=${ConnectionStrings__boxoffice:-}
  silos=${BOXOFFICE_CLUSTER_SILOS:-3}
  front_ends=${BOXOFFICE_CLUSTER_FRONT_ENDS:-2}
  require_count "$silos"
  require_count "$front_ends"
}

make_directory() {
  mkdir -p "$directory"
  chmod 711 "$directory" # PostgreSQL's user must pass
  mkdir -p "$directory/log" "$directory/run"
  install -d -m 700 "$directory/secrets"
}

# Stores a secret in a file: from the environment, else the stored one, else a new one.
keep_secret() {
  local file=$directory/secrets/$1 given=${2:-}
  [ -f "$file" ] && [ -z "$given" ] && return
  (umask 077 && printf '%s\n' "${given:-$(head -c 36 /dev/urandom | base64 -w 0 | tr '+/' '-_')}" > "$file")
}

secret() { cat "$directory/secrets/$1"; }

# Serializes commands that change the cluster.
lock() {
  make_directory
  exec 9> "$directory/run/lock"
  flock -w 5 9 || fail "another cluster.sh works in $directory"
}

build() {
  local project
  for project in Silo Api; do
    echo "Building src/$project (the first time it restores packages, which takes one minute or more)"
    dotnet build "$root/src/$project" -c Release -v quiet --nologo --disable-build-servers 9>&-
  done
}

do_up() {
  local missing=() name fresh=no
  [ "${1:-}" = --no-build ] || [ $# = 0 ] || fail "up knows --no-build, not '$1'"
  install_haproxy
  lock
  if is_anything_alive; then load_settings; else choose_settings; fresh=yes; fi
  if [ -z "$connection_string" ]; then
    install_postgresql
    make_postgres_home
  fi
  for name in $(names); do is_alive "$name" || missing+=("$name"); done
  require_free_ports "${missing[@]}"
  # Not while programs run: a build would replace their files.
  [ "${1:-}" = --no-build ] || [ "$fresh" = no ] || build
  save_settings
  keep_secret token-key "${BoxOffice__TokenKey:-}"
  keep_secret operator-password "${BoxOffice__OperatorPassword:-}"
  [ ${#missing[@]} = 0 ] || echo "Starting ${missing[*]}"
  start_all "${missing[@]}"
  print_summary
}

print_summary() {
  local i
  echo
  echo "BoxOffice is open at $(url_of balancer)"
  echo "  buyers    $(url_of balancer)/"
  echo "  console   $(url_of balancer)/admin, operator / $(secret operator-password)"
  for ((i = 1; i <= front_ends; i++)); do echo "  api-$i     $(url_of "api-$i")"; done
  for ((i = 1; i <= silos; i++)); do
    echo "  silo-$i    127.0.0.1:$(port_of "silo-$i"), gateway $(gateway_port_of "silo-$i")"
  done
  if [ -n "$connection_string" ]; then echo "  database  as ConnectionStrings__boxoffice says"
  else
    echo "  database  postgresql://boxoffice@127.0.0.1:$(port_of postgres)/boxoffice," \
      "password in $directory/secrets/database-password"
  fi
  echo "  logs      $directory/log"
  echo "  pids      $directory/run"
  echo "  rehearse  in the console, at an event: a synthetic crowd buys from a copy of it"
  echo "  try       with k6 installed: k6 run -e BASE_URL=$(url_of balancer)" \
    "-e OPERATOR_PASSWORD=$(printf %q "$(secret operator-password)") k6/on-sale.js"
}

state_of() {
  local pid
  if ! pid=$(pid_of "$1"); then
    if [ -f "$directory/run/$1.pid" ]; then echo "- dead"; else echo "- stopped"; fi
  elif [ "$(state_letter "$pid")" = T ]; then echo "$pid frozen"
  else echo "$pid running"; fi
}

do_status() {
  local name pid state ready
  load_settings
  printf '%-10s %8s  %-8s %6s  %s\n' name pid state port ready
  for name in $(names); do
    read -r pid state <<< "$(state_of "$name")"
    ready=no; if is_ready "$name"; then ready=yes; fi
    printf '%-10s %8s  %-8s %6s  %s\n' "$name" "$pid" "$state" "$(port_of "$name")" "$ready"
  done
}

do_kill() {
  load_settings; require_name "${1:-}"
  is_alive "$1" || fail "$1 does not run"
  kill_one "$1"
  echo "$1 is killed"
}

do_freeze() { signal_living "${1:-}" STOP frozen; }

do_thaw() { signal_living "${1:-}" CONT running; }

signal_living() {
  load_settings; require_name "$1"
  local pid
  pid=$(pid_of "$1") || fail "$1 does not run"
  signal "$2" "$(family_of "$pid")"
  echo "$1 is $3"
}

do_stop() {
  lock; load_settings; require_name "${1:-}"
  stop_one "$1"
  echo "$1 is stopped"
}

do_start() {
  lock; load_settings; require_name "${1:-}"
  is_alive "$1" || require_free_ports "$1"
  start_all "$1"
  echo "$1 is ready"
}

require_count() { is_between 1 "$1" "$count_max" || fail "a number from 1 to $count_max is needed, not '$1'"; }

do_scale() {
  local before after name missing=()
  lock; load_settings
  require_count "${1:-}"
  require_count "${2:-$front_ends}"
  before=$(names)
  silos=$1 front_ends=${2:-$front_ends}
  after=$(names)
  for name in $after; do is_alive "$name" || missing+=("$name"); done
  require_free_ports "${missing[@]}"
  save_settings
  start_all "${missing[@]}"
  for name in $(comm -23 <(sort <<< "$before") <(sort <<< "$after") | sort -r); do stop_one "$name"; done
  do_status
}

do_down() {
  local name
  [ "${1:-}" = --purge ] || [ $# = 0 ] || fail "down knows --purge, not '$1'"
  [ -d "$directory/run" ] || { echo "There is no cluster in $directory."; return; }
  lock
  # In the order of their dependencies: balancer, front-ends, silos, PostgreSQL.
  local kind all
  all=$(started_names)
  for kind in balancer api silo postgres; do
    for name in $all; do [[ $name != "$kind"* ]] || ask_to_end "$name"; done
    for name in $all; do [[ $name != "$kind"* ]] || await_end "$name"; done
  done
  [ "${1:-}" != --purge ] || purge
  echo "Everything has ended."
}

# Only files of this script: the folder may have others.
purge() {
  [ ! -L "$directory/postgres" ] || rm -rf "$(readlink -f "$directory/postgres")"
  (cd "$directory" && rm -rf postgres log run secrets settings haproxy.cfg balancer.sock)
  rmdir --ignore-fail-on-non-empty "$directory"
}

ulimit -n "$(ulimit -Hn)"
command=${1:-help}
case $command in
  up | status | kill | stop | start | freeze | thaw | scale | down) shift; "do_$command" "$@" ;;
  help | --help | -h) help ;;
  *) fail "there is no command '$command': see eng/cluster.sh help" ;;
esac
