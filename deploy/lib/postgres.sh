# shellcheck shell=bash
# One private Postgres in the state directory: made, started, stopped. It touches no cluster of the system.
# Sourced by `servers`, which provides $dir, $private (what the server user owns) and as_server.
# There is no unix socket: everybody comes over 127.0.0.1 with a password, and no path is ever too long.

postgres_data_version() { if [[ -f $private/postgres/PG_VERSION ]]; then cat "$private/postgres/PG_VERSION"; fi; }

postgres_exists() { as_server test -f "$private/postgres/PG_VERSION"; }

postgres_running() {
  postgres_exists && as_server "$postgres_bin/pg_ctl" -D "$private/postgres" status >/dev/null 2>&1 &&
    as_server "$postgres_bin/pg_isready" -q -h 127.0.0.1 -p "$postgres_port" >/dev/null 2>&1
}

# The superuser's password exists before the cluster does, so that an interrupted initdb can simply be repeated.
create_postgres() {
  [[ -s $dir/secrets/postgres ]] || new_secret | write_private "$dir/secrets/postgres"
  as_server rm -rf "$private/postgres" "$private/postgres.password"
  as_server sh -c 'umask 077 && cat >"$0"' "$private/postgres.password" <"$dir/secrets/postgres"
  if ! as_server "$postgres_bin/initdb" -D "$private/postgres" -U yewu_admin --pwfile="$private/postgres.password" \
    --auth=scram-sha-256 --data-checksums --encoding=UTF8 --locale=C.UTF-8 --no-instructions ${1:+--no-sync} \
    >"$dir/initdb.log" 2>&1; then
    as_server rm -rf "$private/postgres" "$private/postgres.password"
    tail_of "$dir/initdb.log"
    die "initdb failed" "is the disk full? df -h $dir" "whole output: $dir/initdb.log"
  fi
  as_server rm -f "$private/postgres.password"
  rm -f "$dir/initdb.log"
  echo "include '../postgres.conf'" | as_server tee -a "$private/postgres/postgresql.conf" >/dev/null
}

# Our few settings stand in one file beside the data, written anew at each start.
postgres_settings() {
  cat <<END
listen_addresses = '127.0.0.1'
port = $postgres_port
unix_socket_directories = ''
# Six services in one process take up to 90 sessions; tests run several such processes side by side.
max_connections = 1000
password_encryption = 'scram-sha-256'
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %q%u@%d %a '
log_lock_waits = on
jit = off
END
  # Without these a crash of the machine may eat the data: for tests only.
  [[ -z $1 ]] || printf '%s = off\n' fsync synchronous_commit full_page_writes
}

# start_postgres [unsafe]: a taken port is replaced, unless the caller's URLs must stay (keep_ports=1).
start_postgres() {
  local unsafe=${1:-} attempt
  postgres_exists || create_postgres "$unsafe"
  if postgres_running; then
    if [[ $(postgres_settings "$unsafe") != "$(as_server cat "$private/postgres.conf")" ]]; then
      write_postgres_settings "$unsafe"
      as_server "$postgres_bin/pg_ctl" -D "$private/postgres" reload >/dev/null
    fi
    return 0
  fi
  for attempt in 1 2 3; do
    settle_port postgres_port 1
    write_postgres_settings "$unsafe"
    boot_postgres && return 0
    grep -q 'Address already in use' "$private/log/postgres.log" && [[ -z ${keep_ports:-} ]] || break
    postgres_port=0
  done
  tail_of "$private/log/postgres.log"
  die "Postgres did not start on 127.0.0.1:$postgres_port (attempt $attempt)" "whole log: $private/log/postgres.log" \
    "port taken: ss -ltnp | grep $postgres_port; disk full: df -h $dir" \
    "a leftover process of this directory: ps -fu $(server_user) | grep $private/postgres"
}

boot_postgres() {
  as_server sh -c ': >"$0"' "$private/log/postgres.log"
  as_server "$postgres_bin/pg_ctl" -D "$private/postgres" -l "$private/log/postgres.log" -w -t 60 start \
    >/dev/null 2>&1 </dev/null
}

write_postgres_settings() { postgres_settings "$1" | as_server sh -c 'umask 077 && cat >"$0"' "$private/postgres.conf"; }

# stop_postgres MODE: fast (disconnects clients, flushes), immediate (as a crash), smart (waits for clients).
stop_postgres() {
  postgres_exists || return 0
  if ! as_server "$postgres_bin/pg_ctl" -D "$private/postgres" status >/dev/null 2>&1; then return 0; fi
  as_server "$postgres_bin/pg_ctl" -D "$private/postgres" -m "$1" -w -t 60 stop >/dev/null ||
    die "Postgres did not stop within 60 s" "see $private/log/postgres.log" "or stop it as a crash would: $0 postgres-stop $dir immediate"
}

run_psql() {
  PGPASSWORD=$(cat "$dir/secrets/postgres") LD_LIBRARY_PATH=$library_path \
    "$postgres_bin/psql" -X -h 127.0.0.1 -p "$postgres_port" -U yewu_admin -d postgres "$@"
}
