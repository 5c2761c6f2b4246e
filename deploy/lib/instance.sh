# shellcheck shell=bash
# One running Yewu of this checkout: where its state is, which process it is, how to reach and stop it.
# Sourced by up, down and yewu after common.sh; it builds nothing and knows nothing of Postgres or RabbitMQ.

instance=$(realpath -m -- "${YEWU_HOME:-$(state_root)/$(instance_name)}")
servers=$checkout/deploy/lib/servers
settings=$instance/yewu.toml
log=$instance/yewu.log

# Prints the suite's process id, if it lives; an id that now belongs to another program does not count.
suite_pid() {
  local pid
  pid=$(cat "$instance/yewu.pid" 2>/dev/null) || return 1
  process_has "$pid" "YEWU_STATE=$instance" && [[ $(process_state "$pid") != Z ]] && echo "$pid"
}

http_port() { cat "$instance/http_port"; }
base_url() { echo "http://127.0.0.1:$(http_port)"; }

# Prints the status code of GET PATH, without needing curl; nothing when nobody answers.
http_status() {
  local code=''
  {
    exec 3<>"/dev/tcp/127.0.0.1/$(http_port)" &&
      printf 'GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' "$1" >&3 &&
      read -r -t 10 -u 3 _ code _
    exec 3>&-
  } 2>/dev/null || true
  echo "$code"
}

# The program as it was last built by up, with this instance's settings.
yewu() {
  local program
  program=$(cat "$instance/program" 2>/dev/null) && [[ -x $program && -f $settings ]] ||
    die "there is no Yewu in $instance yet" "start it: $checkout/deploy/up"
  "$program" --settings "$settings" "$@"
}

# SIGTERM lets the suite finish what it has accepted; a suite that does not end is killed, and that is said. What it
# had not finished is in the database and goes on at the next start.
stop_suite() {
  local pid
  if pid=$(suite_pid); then
    kill -TERM "$pid"
    if ! wait_gone "$pid" 45; then
      say "the suite had not drained after 45 s and was killed (log: $log)"
      kill -KILL "$pid"
      wait_gone "$pid" 10 || die "process $pid did not die" "see: ps -fp $pid"
    fi
  fi
  rm -f "$instance/yewu.pid"
}

stop_servers() { [[ ! -d $instance/servers ]] || "$servers" stop "$instance" 7>&-; }
