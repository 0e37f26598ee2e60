# shellcheck shell=bash
# Installs missing programs that the scripts need (Debian). Sourced, not run.

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

install_packages() {
  echo "Installing $*"
  if ! command -v apt-get > /dev/null; then
    echo "Please install $*: this machine has no apt-get." >&2
    return 1
  fi
  as_root apt-get update -q
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q "$@"
}

install_postgresql() {
  ls /usr/lib/postgresql/*/bin/initdb > /dev/null 2>&1 && return
  [ -n "${BOXOFFICE_POSTGRES_BIN:-}" ] && return
  # The package would start a server, which is not needed here.
  as_root mkdir -p /etc/postgresql-common
  local settings=/etc/postgresql-common/createcluster.conf
  [ -e "$settings" ] || echo "create_main_cluster = false" | as_root tee "$settings" > /dev/null
  install_packages postgresql
}

# The balancer, and socat for its socket. The package's service listens on no port by default.
install_haproxy() {
  type haproxy socat curl > /dev/null 2>&1 && return
  install_packages haproxy socat curl
}

# The packages would start servers on default ports, which are not needed here.
install_without_starting() {
  local policy=/usr/sbin/policy-rc.d
  [ -e "$policy" ] && { install_packages "$@"; return; } # this machine has its own policy
  printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" > /dev/null
  as_root chmod +x "$policy"
  install_packages "$@" || { as_root rm -f "$policy"; return 1; }
  as_root rm -f "$policy"
}

# A shared cache, for a test of what it may keep.
install_varnish() { [ -x /usr/sbin/varnishd ] || install_without_starting varnish; }

install_redis() { type redis-server > /dev/null 2>&1 || install_without_starting redis-server; }

# Sets the clock of a process, for tests.
install_faketime() {
  ls /usr/lib/*/faketime/libfaketime.so.1 > /dev/null 2>&1 && return
  install_packages faketime
}
# The connection pooler of the startup tests.
install_pgbouncer() { type pgbouncer > /dev/null 2>&1 || install_without_starting pgbouncer; }

# The checker of Prometheus' rules is in the server's package.
install_promtool() { type promtool > /dev/null 2>&1 || install_without_starting --no-install-recommends prometheus; }

# The browser of the pages' tests, and its fonts: Debian's browser has none for Korean.
install_chromium() {
  type chromium > /dev/null 2>&1 && return
  [ -n "${BOXOFFICE_CHROMIUM:-}" ] && return
  install_packages --no-install-recommends chromium fonts-noto-core fonts-nanum
}
