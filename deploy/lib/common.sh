# shellcheck shell=bash
# Words that every script under deploy/ and tests/ shares: speaking, failing, ports, secrets, places.
# Sourced, never run; it starts nothing and changes nothing but what its callers ask for.

# Folders must let the servers' user pass, whatever the caller's habit; secrets are written by write_private.
umask 022

checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)

# Progress goes to stderr: stdout is for answers that another program may read.
say() { printf '%s\n' "$*" >&2; }

# The first argument is what went wrong, each further one a line on what to do about it.
die() {
  printf 'FAILED  %s\n' "$1" >&2
  shift
  local hint
  for hint in "$@"; do printf '        %s\n' "$hint" >&2; done
  exit 1
}

# The last lines of a log, indented, for a failure's report.
tail_of() { [[ -r $1 ]] && tail -n "${2:-15}" "$1" | sed 's/^/    | /' >&2; return 0; }

# `step TEXT COMMAND…` runs a command, prints what it was and its seconds, and passes its exit code on. (No `||` after
# the command: that would switch `set -e` off inside it.)
step() {
  local text=$1 began ended code
  shift
  began=${EPOCHREALTIME//[!0-9]/}
  "$@"
  code=$?
  ended=${EPOCHREALTIME//[!0-9]/}
  printf '%-46s %5s s\n' "$text" "$(tenths $(((ended - began) / 100000)))" >&2
  return $code
}

tenths() { printf '%d.%d' $(($1 / 10)) $(($1 % 10)); }

have() { command -v "$1" >/dev/null 2>&1; }

# Where state lives when nobody says otherwise: one folder for each checkout, outside it, because a
# checkout under /root cannot be entered by the unprivileged user that the servers run as.
state_root() {
  if ((EUID == 0)); then
    echo /var/lib/yewu
  else
    echo "${XDG_STATE_HOME:-${HOME:?HOME is not set: set it, or name a folder in YEWU_HOME}/.local/state}/yewu"
  fi
}

instance_name() {
  local name digest
  name=$(basename "$checkout" | tr -c 'A-Za-z0-9\n' '-')
  digest=$(printf '%s' "$checkout" | sha256sum)
  echo "$name-${digest:0:8}"
}

# 48 hexadecimal digits, 192 bits: needs no escaping in a URL, a TOML file or SQL.
new_secret() { head -c 24 /dev/urandom | od -An -v -tx1 | tr -d ' \n'; }

# Writes stdin to a file that only its owner can read, never readable in between.
write_private() { (umask 077 && cat >"$1.new" && mv -f "$1.new" "$1"); }

# True when nothing listens on the port of the loopback address.
port_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Prints the first of COUNT free neighbouring ports. 20000–24999 lies below the kernel's ephemeral range and
# holds no default port of Postgres, RabbitMQ or Erlang.
pick_port() {
  local count=$1 attempt first port
  for ((attempt = 0; attempt < 100; attempt++)); do
    first=$((20000 + (RANDOM * 32768 + RANDOM) % (5000 - count)))
    for ((port = first; port < first + count; port++)); do
      port_free "$port" || continue 2
    done
    echo "$first"
    return 0
  done
  die "no free port between 20000 and 24999 on 127.0.0.1" "see what listens there: ss -ltn"
}

# True when the process exists and was started with the given NAME=VALUE: a recycled id never matches.
process_has() { [[ -n $1 && -r /proc/$1/environ ]] && grep -zqxF -- "$2" "/proc/$1/environ" 2>/dev/null; }

# Waits until a process is gone; false after the given seconds.
wait_gone() {
  local waited
  for ((waited = 0; waited < $2 * 10; waited++)); do
    [[ -d /proc/$1 && $(process_state "$1") != Z ]] || return 0
    sleep 0.1
  done
  return 1
}

process_state() { sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "/proc/$1/status" 2>/dev/null || true; }
