# shellcheck shell=bash
# Installs what the scripts here need and the machine does not have (Debian). Sourced, not run.

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
  # The package would start a server of its own, which nobody here needs.
  as_root mkdir -p /etc/postgresql-common
  [ -e /etc/postgresql-common/createcluster.conf ] || echo "create_main_cluster = false" | as_root tee /etc/postgresql-common/createcluster.conf > /dev/null
  install_packages postgresql
}

# The balancer, and what talks to its socket. The package's own service listens on no port until somebody configures it.
install_haproxy() {
  type haproxy socat curl > /dev/null 2>&1 && return
  install_packages haproxy socat curl
}

# The packages would start servers of their own on usual ports, which nobody here needs.
install_without_starting() {
  local policy=/usr/sbin/policy-rc.d
  [ -e "$policy" ] && { install_packages "$@"; return; } # this machine decides by itself what starts
  printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" > /dev/null
  as_root chmod +x "$policy"
  install_packages "$@" || { as_root rm -f "$policy"; return 1; }
  as_root rm -f "$policy"
}

install_redis() { type redis-server > /dev/null 2>&1 || install_without_starting redis-server; }

# Lets a test set the clock of a process.
install_faketime() {
  ls /usr/lib/*/faketime/libfaketime.so.1 > /dev/null 2>&1 && return
  install_packages faketime
}
# The pooler that the start-up tests put between the programs and their database.
install_pgbouncer() { type pgbouncer > /dev/null 2>&1 || install_without_starting pgbouncer; }

# The checker of Prometheus' rules comes with the server.
install_promtool() { type promtool > /dev/null 2>&1 || install_without_starting --no-install-recommends prometheus; }

# The browser of the pages' tests, and letters for what they show: Debian's browser comes with none for Korean.
install_chromium() {
  type chromium > /dev/null 2>&1 && return
  [ -n "${BOXOFFICE_CHROMIUM:-}" ] && return
  install_packages --no-install-recommends chromium fonts-noto-core fonts-nanum
}
