#!/usr/bin/env bash
# A whole cluster on this machine: PostgreSQL, silos, front-ends and a balancer (haproxy), on loopback.
#
#   eng/cluster.sh up [--no-build]  build, start what is missing (3 silos and 2 front-ends at first), wait until all is ready
#   eng/cluster.sh status           every process: pid, state, port, ready or not
#   eng/cluster.sh kill NAME        end a process as a crash would; NAME is postgres, silo-1, api-1, balancer, ...
#   eng/cluster.sh stop NAME        end a process as an operator would, and wait
#   eng/cluster.sh start NAME       start it again, and wait until it is ready
#   eng/cluster.sh freeze NAME      let it stand still, as a long pause of the machine would; thaw NAME lets it go on
#   eng/cluster.sh scale N [M]      run N silos and M front-ends, 8 at most of each
#   eng/cluster.sh down [--purge]   end everything; --purge also removes the database, the logs and the secrets
#
# Environment, read by the first `up` and kept until `down`:
#   BOXOFFICE_CLUSTER_PORT      the balancer's port P, 8080. Front-ends have P+1 to P+8, silos P+11 to P+18, their gateways
#                               P+21 to P+28, PostgreSQL P+30.
#   ConnectionStrings__boxoffice  a PostgreSQL to use instead of one of its own
#   BoxOffice__OperatorPassword, BoxOffice__TokenKey  made when they are not set
# Other settings of the programs (BoxOffice__...) are passed on when they start.
# BOXOFFICE_CLUSTER_DIR is where everything is kept: ./data/cluster.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/eng/install.sh"

directory=${BOXOFFICE_CLUSTER_DIR:-$root/data/cluster}
case $directory in /*) ;; *) directory=$PWD/$directory ;; esac
count_max=8 # silos, and front-ends: ports and database connections are laid out for that many

fail() { echo "cluster.sh: $*" >&2; exit 1; }

# Reads the comment at the top: it is the manual.
help() { sed -n '2,/^set -/{/^set -/d;s/^# \{0,1\}//;p}' "$0"; }

# ---- what is kept ----

# The settings that everything was started with. Later commands need the same, whatever their environment says.
save_settings() (
  umask 077 # the connection string may have a password
  printf 'port=%q\nsilos=%q\nfront_ends=%q\nconnection_string=%q\n' "$port" "$silos" "$front_ends" "$connection_string" > "$directory/settings.new"
  mv "$directory/settings.new" "$directory/settings"
)

load_settings() {
  [ -f "$directory/settings" ] || fail "there is no cluster in $directory: run 'eng/cluster.sh up' first"
  # shellcheck source=/dev/null
  . "$directory/settings"
}

is_between() { [[ $2 =~ ^[0-9]{1,5}$ ]] && [ "$2" -ge "$1" ] && [ "$2" -le "$3" ]; }

# Above 32767 Linux gives ports to whoever connects somewhere.
choose_settings() {
  port=${BOXOFFICE_CLUSTER_PORT:-8080}
  is_between 1024 "$port" $((32767 - 30)) \
    || fail "BOXOFFICE_CLUSTER_PORT must be a number from 1024 to $((32767 - 30)), not '$port'"
  connection_string=${ConnectionStrings__boxoffice:-}
  silos=3 front_ends=2
}

make_directory() {
  mkdir -p "$directory"
  chmod 711 "$directory" # PostgreSQL's user passes through
  mkdir -p "$directory/log" "$directory/run"
  install -d -m 700 "$directory/secrets"
}

# A secret in a file of its own: what the environment says, else what is there, else a new one.
keep_secret() {
  local file=$directory/secrets/$1 given=${2:-}
  [ -f "$file" ] && [ -z "$given" ] && return
  (umask 077 && printf '%s\n' "${given:-$(head -c 36 /dev/urandom | base64 -w 0 | tr '+/' '-_')}" > "$file")
}

secret() { cat "$directory/secrets/$1"; }

# Commands that change what runs come one after the other.
lock() {
  make_directory
  exec 9> "$directory/run/lock"
  flock -w 5 9 || fail "another cluster.sh is at work in $directory"
}

# ---- processes ----

# The fields of /proc/PID/stat after the name, which may contain anything: state first, the start time is the 20th.
stat_of() { local line; line=$(cat "/proc/$1/stat" 2> /dev/null) || return 1; echo "${line##*) }"; }

state_letter() { stat_of "$1" | cut -d ' ' -f 1; }

start_time() { stat_of "$1" | cut -d ' ' -f 20; }

# The process id of NAME, if it is alive. The start time tells it from a stranger that got the same id later.
pid_of() {
  local pid started
  [ -f "$directory/run/$1.pid" ] || return 1
  read -r pid started < "$directory/run/$1.pid"
  [ -n "$started" ] && [ "$(start_time "$pid")" = "$started" ] && [ "$(state_letter "$pid")" != Z ] || return 1
  echo "$pid"
}

is_alive() { pid_of "$1" > /dev/null; }

# A process and all that it started: PostgreSQL has one for each connection.
family_of() {
  local child
  echo "$1"
  cat "/proc/$1/task/"*/children 2> /dev/null | tr ' ' '\n' | while read -r child; do [ -z "$child" ] || family_of "$child"; done
}

signal() {
  local pid
  for pid in $2; do kill "-$1" "$pid" 2> /dev/null || true; done # it may have ended by itself
}

# launch NAME COMMAND...: in the background, with its output in a file, independent of this terminal.
launch() {
  local name=$1 log=$directory/log/$1.log; shift
  [ -f "$log" ] && mv "$log" "$log.previous"
  setsid "$@" > "$log" 2>&1 < /dev/null 9>&- &
  echo "$! $(start_time $!)" > "$directory/run/$name.pid"
}

number_of() { echo "${1##*-}"; }

port_of() {
  case $1 in
    balancer) echo "$port" ;;
    api-*) echo $((port + $(number_of "$1"))) ;;
    silo-*) echo $((port + 10 + $(number_of "$1"))) ;;
    postgres) echo $((port + 30)) ;;
  esac
}

gateway_port_of() { echo $((port + 20 + $(number_of "$1"))); }

url_of() { echo "http://127.0.0.1:$(port_of "$1")"; }

# Everything that should run, in the order in which it starts.
names() {
  local i
  [ -n "$connection_string" ] || echo postgres
  for ((i = 1; i <= silos; i++)); do echo "silo-$i"; done
  for ((i = 1; i <= front_ends; i++)); do echo "api-$i"; done
  echo balancer
}

require_name() {
  grep -qx -- "${1:-}" <(names) || fail "'${1:-}' is not one of: $(names | paste -s -d ' ')"
}

is_open() { (exec 3<> "/dev/tcp/127.0.0.1/$1") 2> /dev/null; }

require_free_ports() {
  local name
  for name in "$@"; do
    require_free_port "$(port_of "$name")" "$name"
    case $name in silo-*) require_free_port "$(gateway_port_of "$name")" "$name" ;; esac
  done
}

require_free_port() { ! is_open "$1" || fail "port $1, which $2 needs, is in use: set BOXOFFICE_CLUSTER_PORT"; }

# ---- the programs ----

# PostgreSQL refuses to run as root; then it runs as the user that Debian's package made.
as_owner=()
[ "$(id -u)" != 0 ] || as_owner=(setpriv --reuid=postgres --regid=postgres --init-groups)

postgres_program() {
  local folder=${BOXOFFICE_POSTGRES_BIN:-}
  [ -n "$folder" ] || folder=$(find /usr/lib/postgresql/*/bin -maxdepth 0 | sort -V | tail -n 1)
  echo "$folder/$1"
}

make_database() {
  local home=$directory/postgres
  [ ! -f "$home/data/PG_VERSION" ] || return 0
  keep_secret database-password
  install -d -m 700 "$home"
  [ "$(id -u)" != 0 ] || chown postgres: "$home"
  "${as_owner[@]}" test -w "$home" \
    || fail "PostgreSQL's user cannot reach $home: set BOXOFFICE_CLUSTER_DIR to a folder that everybody can pass"
  cd "$home"
  secret database-password | "${as_owner[@]}" sh -c 'umask 077 && cat > password'
  "${as_owner[@]}" "$(postgres_program initdb)" -D "$home/data" -U boxoffice --auth=scram-sha-256 --pwfile=password \
    -E UTF8 --locale=C > "$directory/log/initdb.log" 2>&1 || fail "initdb failed: see $directory/log/initdb.log"
  "${as_owner[@]}" rm password
  cd "$root"
}

# Durable as in production: fsync, full_page_writes and synchronous_commit are on unless somebody turns them off.
launch_postgres() {
  make_database
  # 8 silos take at most 22 connections each, 8 front-ends 4.
  launch postgres "${as_owner[@]}" "$(postgres_program postgres)" -D "$directory/postgres/data" -p "$(port_of postgres)" \
    -c listen_addresses=127.0.0.1 -c unix_socket_directories=. -c max_connections=250
  wait_until_ready postgres
  ask_postgres postgres "SELECT FROM pg_database WHERE datname = 'boxoffice'" | grep -q '(1 row)' \
    || ask_postgres postgres 'CREATE DATABASE boxoffice' > /dev/null
}

ask_postgres() {
  PGPASSWORD=$(secret database-password) "$(postgres_program psql)" -h 127.0.0.1 -p "$(port_of postgres)" -U boxoffice -d "$1" -X -c "$2"
}

database() {
  [ -z "$connection_string" ] || { echo "$connection_string"; return; }
  echo "Host=127.0.0.1;Port=$(port_of postgres);Username=boxoffice;Password=$(secret database-password);Database=boxoffice"
}

dll_of() { echo "$root/src/$1/bin/Release/net10.0/BoxOffice.$1.dll"; }

launch_silo() {
  ConnectionStrings__boxoffice=$(database) BoxOffice__AdvertisedAddress=127.0.0.1 \
    BoxOffice__SiloPort=$(port_of "$1") BoxOffice__GatewayPort=$(gateway_port_of "$1") \
    launch "$1" dotnet "$(dll_of Silo)"
}

launch_api() {
  ConnectionStrings__boxoffice=$(database) BoxOffice__TokenKey=$(secret token-key) \
    BoxOffice__OperatorPassword=$(secret operator-password) BoxOffice__TrustedProxies=127.0.0.1 \
    launch "$1" dotnet "$(dll_of Api)" --urls "$(url_of "$1")"
}

# The servers that should not run are known, and disabled, so that scaling needs no reload.
launch_balancer() {
  local i disabled
  {
    cat "$root/eng/haproxy.cfg"
    for ((i = 1; i <= count_max; i++)); do
      disabled=; [ "$i" -le "$front_ends" ] || disabled=disabled
      echo "  server api-$i 127.0.0.1:$(port_of "api-$i") $disabled"
    done
  } > "$directory/haproxy.cfg"
  # Each buyer needs two files, one on either side.
  local connections=$((($(ulimit -n) - 500) / 2))
  [ "$connections" -ge 9000 ] || echo "Too few open files for 9,000 buyers at once: the balancer takes $connections (ulimit -n 18500 or more)."
  cd "$directory" # the socket's path is relative, because a long one does not fit
  PORT=$port CONNECTIONS_MAX=$connections launch balancer haproxy -db -f haproxy.cfg
  cd "$root"
}

ask_balancer() { (cd "$directory" && echo "$1" | socat -t 5 stdio unix-connect:balancer.sock) 2> /dev/null; }

# A column of the balancer's own table about a front-end: status, or scur, the calls under way.
balancer_says() {
  ask_balancer "show stat" | awk -F , -v name="$1" -v column="$2" '
    NR == 1 { sub(/^# /, ""); for (i = 1; i <= NF; i++) if ($i == column) wanted = i }
    $1 == "api" && $2 == name { print $wanted }'
}

route_to() { if is_alive balancer; then ask_balancer "set server api/$1 state $2" > /dev/null || true; fi; }

start_one() {
  is_alive "$1" && return
  case $1 in
    postgres) launch_postgres ;;
    silo-*) launch_silo "$1" ;;
    api-*) launch_api "$1" ;;
    balancer) launch_balancer ;;
  esac
}

# ---- readiness ----

is_healthy() { curl -s -f -o /dev/null -m 5 "$1/health"; }

is_ready() {
  is_alive "$1" && [ "$(state_letter "$(pid_of "$1")")" != T ] || return 1
  case $1 in
    postgres) "$(postgres_program pg_isready)" -q -h 127.0.0.1 -p "$(port_of postgres)" ;;
    silo-*) grep -q "silo is ready" "$directory/log/$1.log" && is_open "$(gateway_port_of "$1")" ;;
    api-*) is_healthy "$(url_of "$1")" ;;
    balancer) is_healthy "$(url_of balancer)" ;;
  esac
}

is_behind_balancer() { [[ $(balancer_says "$1" status) == UP* ]]; }

# wait_for SECONDS COMMAND...
wait_for() {
  local deadline=$((SECONDS + $1)); shift
  until "$@"; do
    [ "$SECONDS" -lt "$deadline" ] || return 1
    sleep 0.1
  done
}

is_ready_or_dead() { is_ready "$1" || ! is_alive "$1"; }

wait_until_ready() {
  wait_for 90 is_ready_or_dead "$1" || fail "$1 runs, but is not ready after 90 s: see $directory/log/$1.log"
  is_alive "$1" || fail "$1 ended: $(tail -n 1 "$directory/log/$1.log")"
}

start_all() {
  local name
  for name in "$@"; do start_one "$name"; done
  for name in "$@"; do wait_until_ready "$name"; done
  for name in "$@"; do
    case $name in api-*) route_to "$name" ready ;; esac
  done
  for name in "$@"; do
    case $name in api-*) ! is_alive balancer || wait_for 10 is_behind_balancer "$name" || fail "the balancer does not see $name" ;; esac
  done
}

# ---- ending ----

has_ended() { ! is_alive "$1"; }

has_no_calls() { [ "$(balancer_says "$1" scur)" = 0 ]; }

ask_to_end() {
  local pid
  pid=$(pid_of "$1") || return 0
  case $1 in postgres) signal INT "$pid" ;; *) signal TERM "$pid" ;; esac # INT: does not wait until everybody has gone
  signal CONT "$(family_of "$pid")"
}

await_end() {
  wait_for 60 has_ended "$1" || { echo "$1 does not end; it is killed."; kill_one "$1"; }
  rm -f "$directory/run/$1.pid"
}

kill_one() {
  local pid
  pid=$(pid_of "$1") || return 0
  signal KILL "$(family_of "$pid")"
  wait_for 10 has_ended "$1" || fail "$1 (process $pid) does not end"
}

# A front-end first finishes what it has, while new calls go elsewhere.
stop_one() {
  case $1 in
    api-*)
      route_to "$1" drain
      is_alive balancer && { wait_for 10 has_no_calls "$1" || true; }
      ;;
  esac
  ask_to_end "$1"
  await_end "$1"
  case $1 in api-*) route_to "$1" maint ;; esac
}

# Names that have a process, whether it should run or not, last started first.
started_names() {
  local kind file
  for kind in balancer api silo postgres; do
    for file in "$directory/run/$kind"*.pid; do
      if [ -f "$file" ]; then basename "$file" .pid; fi
    done
  done
}

is_anything_alive() {
  local name
  for name in $(started_names); do if is_alive "$name"; then return; fi; done
  return 1
}

# ---- commands ----

build() {
  local project
  for project in Silo Api; do
    dotnet build "$root/src/$project" -c Release -v quiet --nologo --disable-build-servers 9>&-
  done
}

do_up() {
  local missing=() name
  [ "${1:-}" = --no-build ] || [ $# = 0 ] || fail "up knows --no-build, not '$1'"
  install_haproxy
  lock
  if is_anything_alive; then load_settings; else choose_settings; fi
  [ -n "$connection_string" ] || install_postgresql
  for name in $(names); do is_alive "$name" || missing+=("$name"); done
  require_free_ports "${missing[@]}"
  [ "${1:-}" = --no-build ] || build
  save_settings
  keep_secret token-key "${BoxOffice__TokenKey:-}"
  keep_secret operator-password "${BoxOffice__OperatorPassword:-}"
  start_all "${missing[@]}"
  print_summary
}

print_summary() {
  local i
  echo
  echo "BoxOffice is open at $(url_of balancer)"
  for ((i = 1; i <= front_ends; i++)); do echo "  api-$i     $(url_of "api-$i")"; done
  for ((i = 1; i <= silos; i++)); do echo "  silo-$i    127.0.0.1:$(port_of "silo-$i"), gateway $(gateway_port_of "silo-$i")"; done
  if [ -n "$connection_string" ]; then echo "  database  as ConnectionStrings__boxoffice says"
  else echo "  database  postgresql://boxoffice@127.0.0.1:$(port_of postgres)/boxoffice, password in $directory/secrets/database-password"; fi
  echo "  operator  operator / $(secret operator-password)"
  echo "  logs      $directory/log"
  echo "  pids      $directory/run"
  echo "  try       k6 run -e BASE_URL=$(url_of balancer) -e OPERATOR_PASSWORD='$(secret operator-password)' k6/on-sale.js"
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
  # In the order in which they need each other: balancer, front-ends, silos, PostgreSQL.
  local kind all
  all=$(started_names)
  for kind in balancer api silo postgres; do
    for name in $all; do [[ $name != "$kind"* ]] || ask_to_end "$name"; done
    for name in $all; do [[ $name != "$kind"* ]] || await_end "$name"; done
  done
  [ "${1:-}" != --purge ] || purge
  echo "Everything has ended."
}

# Only what this script made: the folder may be somebody's.
purge() {
  (cd "$directory" && rm -rf postgres log run secrets settings haproxy.cfg balancer.sock)
  rmdir --ignore-fail-on-non-empty "$directory"
}

ulimit -n "$(ulimit -Hn)"
command=${1:-help}
case $command in
  up | status | kill | stop | start | freeze | thaw | scale | down) shift; "do_$command" "$@" ;;
  help | --help | -h) help ;;
  *) help >&2; exit 2 ;;
esac
