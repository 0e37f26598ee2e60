# shellcheck shell=bash
# shellcheck disable=SC2154,SC2164 # the settings are cluster.sh's, and so is set -e
# Start, readiness and stop of each program. Sourced by eng/cluster.sh.

# PostgreSQL refuses to run as root. Then it runs as the user postgres of Debian's package.
as_owner=()
[ "$(id -u)" != 0 ] || as_owner=(setpriv --reuid=postgres --regid=postgres --init-groups)

postgres_program() {
  local folder=${BOXOFFICE_POSTGRES_BIN:-}
  [ -n "$folder" ] || folder=$(find /usr/lib/postgresql/*/bin -maxdepth 0 | sort -V | tail -n 1)
  echo "$folder/$1"
}

# Creates the folder of PostgreSQL, owned by the user that it runs as. That user may be unable to pass the folders above
# it, such as /root: then the folder is in /var/lib, with a link to it.
make_postgres_home() {
  if [ ! -e "$directory/postgres" ]; then
    if "${as_owner[@]}" test -x "$directory"; then install -d -m 700 "$directory/postgres"
    else ln -s "$(mktemp -d /var/lib/boxoffice-cluster-XXXXXX)" "$directory/postgres"; fi
    [ "$(id -u)" != 0 ] || chown postgres: "$(postgres_home)"
  fi
  "${as_owner[@]}" test -w "$(postgres_home)" \
    || fail "PostgreSQL's user, $("${as_owner[@]}" id -un), cannot write to $(postgres_home)"
}

postgres_home() { readlink -f "$directory/postgres"; }

make_database() {
  local home
  home=$(postgres_home)
  ! "${as_owner[@]}" test -f "$home/data/PG_VERSION" || return 0
  keep_secret database-password
  cd "$home"
  secret database-password | "${as_owner[@]}" sh -c 'umask 077 && cat > password'
  "${as_owner[@]}" "$(postgres_program initdb)" -D "$home/data" -U boxoffice --auth=scram-sha-256 --pwfile=password \
    -E UTF8 --locale=C --data-checksums > "$directory/log/initdb.log" 2>&1 \
    || fail "initdb failed: see $directory/log/initdb.log"
  "${as_owner[@]}" rm password
  cd "$root"
}

# Durable as in production: fsync, full_page_writes and synchronous_commit are on by default.
launch_postgres() {
  make_database
  cd "$(postgres_home)" # PostgreSQL fails in a working folder that it may not enter
  # 8 silos take at most 25 connections each, 8 front-ends 5.
  launch postgres "${as_owner[@]}" "$(postgres_program postgres)" -D "$(postgres_home)/data" -p "$(port_of postgres)" \
    -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=250
  cd "$root"
  wait_until_ready postgres
  ask_postgres postgres "SELECT FROM pg_database WHERE datname = 'boxoffice'" | grep -q '(1 row)' \
    || ask_postgres postgres 'CREATE DATABASE boxoffice' > /dev/null
}

ask_postgres() {
  PGPASSWORD=$(secret database-password) "$(postgres_program psql)" \
    -h 127.0.0.1 -p "$(port_of postgres)" -U boxoffice -d "$1" -X -c "$2"
}

database() {
  [ -z "$connection_string" ] || { echo "$connection_string"; return; }
  local user="Username=boxoffice;Password=$(secret database-password)"
  echo "Host=127.0.0.1;Port=$(port_of postgres);$user;Database=boxoffice"
}

dll_of() { echo "$root/src/$1/bin/Release/net10.0/BoxOffice.$1.dll"; }

launch_silo() {
  ConnectionStrings__boxoffice=$(database) BoxOffice__AdvertisedAddress=127.0.0.1 \
    BoxOffice__SiloPort=$(port_of "$1") BoxOffice__GatewayPort=$(gateway_port_of "$1") \
    BoxOffice__MetricsPort=$(metrics_port_of "$1") \
    launch "$1" dotnet "$(dll_of Silo)"
}

launch_api() {
  ConnectionStrings__boxoffice=$(database) BoxOffice__TokenKey=$(secret token-key) \
    BoxOffice__OperatorPassword=$(secret operator-password) BoxOffice__TrustedProxies=127.0.0.1 \
    BoxOffice__LoadTest=${BoxOffice__LoadTest:-true} \
    BoxOffice__RehearsalUrl=${BoxOffice__RehearsalUrl:-$(url_of balancer)} \
    launch "$1" dotnet "$(dll_of Api)" --urls "$(url_of "$1")"
}

# All possible servers are configured, unused ones disabled, so that scaling needs no reload.
launch_balancer() {
  local i disabled
  {
    cat "$root/eng/cluster/haproxy.cfg"
    for ((i = 1; i <= count_max; i++)); do
      disabled=; [ "$i" -le "$front_ends" ] || disabled=disabled
      echo "  server api-$i 127.0.0.1:$(port_of "api-$i") $disabled"
    done
  } > "$directory/haproxy.cfg"
  # Each buyer needs two files, one on each side.
  local connections=$((($(ulimit -n) - 500) / 2))
  [ "$connections" -ge 9000 ] || echo "Too few open files for 9,000 concurrent buyers:" \
    "the balancer takes $connections connections. Set ulimit -n to 18500 or more."
  cd "$directory" # a relative path of the socket: a long one would not fit
  PORT=$port CONNECTIONS_MAX=$connections launch balancer haproxy -db -f haproxy.cfg
  cd "$root"
}

ask_balancer() { (cd "$directory" && echo "$1" | socat -t 5 stdio unix-connect:balancer.sock) 2> /dev/null; }

# A column of the balancer's statistics of a front-end: status, or scur, the current calls.
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
    case $name in
      api-*)
        ! is_alive balancer || wait_for 10 is_behind_balancer "$name" || fail "the balancer does not see $name"
        ;;
    esac
  done
}

has_ended() { ! is_alive "$1"; }

have_ended() {
  local pid
  for pid in $1; do [[ $(state_letter "$pid") == [ZX] || ! -e /proc/$pid ]] || return 1; done
}

has_no_calls() { [ "$(balancer_says "$1" scur)" = 0 ]; }

ask_to_end() {
  local pid
  pid=$(pid_of "$1") || return 0
  case $1 in postgres) signal INT "$pid" ;; *) signal TERM "$pid" ;; esac # INT: does not wait for clients
  signal CONT "$(family_of "$pid")"
}

await_end() {
  wait_for 45 has_ended "$1" || { echo "$1 does not end; it is killed."; kill_one "$1"; }
  rm -f "$directory/run/$1.pid"
}

kill_one() {
  local pid family
  pid=$(pid_of "$1") || return 0
  family=$(family_of "$pid")
  signal KILL "$family"
  wait_for 10 have_ended "$family" || fail "$1 (process $pid) does not end"
  # While the process is a zombie, a new PostgreSQL would take it for a running server.
  [ "$1" != postgres ] || rm -f "$(postgres_home)/data/postmaster.pid"
}

# A front-end first completes its calls, while the balancer sends new ones elsewhere.
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

# Names of all started processes, in the order of a stop.
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
