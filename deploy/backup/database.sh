# shellcheck shell=bash
# How the service `backup` comes to the database: as the one who may copy the cluster and ask who it is, and nothing else.
# Sourced after lib.sh. It refuses to put a password where another process could read it.

export PGPASSFILE=/tmp/pgpass PGCONNECT_TIMEOUT=10

open_database() {
  (umask 077 && {
    printf 'postgres:5432:*:yewu_backup:%s\n' "$(</run/secrets/database_yewu_backup)"
    printf 'postgres:5432:*:yewu_verify:%s\n' "$(</run/secrets/database_yewu_verify)"
  } >"$PGPASSFILE.new.$$" && mv -f "$PGPASSFILE.new.$$" "$PGPASSFILE")
}

# A command of the replication protocol.
replication() { psql -X -q -A -t -w "host=postgres user=yewu_backup dbname=postgres replication=true" -c "$1"; }

# A question to the suite's database, read-only, as the one who may look.
ask() { psql -X -q -A -t -w "host=postgres user=yewu_verify dbname=yewu options='-c default_transaction_read_only=on'" -c "$1"; }

# Which database is it, on which timeline, and how far is its log?
identify() {
  local answer
  answer=$(replication IDENTIFY_SYSTEM) || return
  IFS='|' read -r system timeline position _ <<<"$answer"
  [[ -n $system && -n $timeline && -n $position ]]
}
