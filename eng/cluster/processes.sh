# shellcheck shell=bash
# shellcheck disable=SC2154,SC2164 # the settings are cluster.sh's, and so is set -e
# Processes: by name, id and signal. Sourced by eng/cluster.sh.

# The fields of /proc/PID/stat after the name, which may have any characters: state first, the start time is the 20th.
stat_of() { local line; line=$(cat "/proc/$1/stat" 2> /dev/null) || return 1; echo "${line##*) }"; }

state_letter() { stat_of "$1" | cut -d ' ' -f 1; }

start_time() { stat_of "$1" | cut -d ' ' -f 20; }

# The process id of NAME, if it is alive. The start time distinguishes it from a later process with the same id.
pid_of() {
  local pid started
  [ -f "$directory/run/$1.pid" ] || return 1
  read -r pid started < "$directory/run/$1.pid"
  [ -n "$started" ] && [ "$(start_time "$pid")" = "$started" ] && [ "$(state_letter "$pid")" != Z ] || return 1
  echo "$pid"
}

is_alive() { pid_of "$1" > /dev/null; }

# A process and all its descendants: PostgreSQL has one for each connection.
family_of() {
  local child
  echo "$1"
  for child in $(cat "/proc/$1/task/"*/children 2> /dev/null); do family_of "$child"; done
}

signal() {
  local pid
  for pid in $2; do kill "-$1" "$pid" 2> /dev/null || true; done # it may have ended already
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

metrics_port_of() { echo $((port + 30 + $(number_of "$1"))); }

url_of() { echo "http://127.0.0.1:$(port_of "$1")"; }

# Names of all configured processes, in the order of a start.
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
    case $name in
      silo-*)
        require_free_port "$(gateway_port_of "$name")" "$name"
        [ "${BoxOffice__Metrics:-}" != true ] || require_free_port "$(metrics_port_of "$name")" "$name"
        ;;
    esac
  done
}

require_free_port() { ! is_open "$1" || fail "port $1, which $2 needs, is in use: set BOXOFFICE_CLUSTER_PORT"; }
