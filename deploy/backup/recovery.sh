# shellcheck shell=bash
# From the archive to a database: which base, the way from it to the wanted moment, and the server that walks it. For the restore
# and for its daily check, in containers that no network reaches. Sourced after lib.sh.
# It refuses to go on from anything damaged or incomplete, and names what is.

# What is wanted; nothing: the newest base and all of the log.
wanted_moment='' wanted_base='' wanted_timeline=''
# What was chosen.
base='' target_timeline='' all_forks=''
server=''

read_wishes() {
  while (($#)); do
    case $1 in
      --to) wanted_moment=$2 ;;
      --base) wanted_base=$2 ;;
      --timeline) wanted_timeline=$2 ;;
      *) fail "unknown option $1" ;;
    esac
    shift 2
  done
}

number_of() { echo $(((16#${1%/*} << 32) + 16#${1#*/})); }

# The newest timeline of which the archive knows.
newest_timeline() {
  local newest
  newest=$({ find "$archive/log" -name '*.history.gz.age' -printf '%f\n' 2>/dev/null || true; segments; } | cut -c 1-8 | sort | tail -n 1)
  echo $((16#${newest:-00000001}))
}

# Where the target timeline left those before it: "TIMELINE POSITION" a line.
forks() {
  local history
  history=$archive/log/$(printf '%08X' "$target_timeline").history.gz.age
  ((target_timeline > 1)) || return 0
  [[ -e $history ]] || fail "the archive knows no timeline $target_timeline" "the newest is $(newest_timeline)"
  open_kept "$history" >/tmp/history || fail "$(why_closed "$history")" "$(key_hint)"
  sed -n 's/^\([0-9]*\)[[:space:]]*\([0-9A-F]*\/[0-9A-F]*\).*/\1 \2/p' /tmp/history
}

# Does the way to the target timeline lead through this base?
leads_on() {
  local timeline fork
  timeline=$(about "$1" timeline)
  ((timeline != target_timeline)) || return 0
  fork=$(sed -n "s/^$timeline //p" <<<"$all_forks")
  [[ -n $fork ]] && (($(number_of "$(about "$1" end)") <= $(number_of "$fork")))
}

key_hint() { echo "the key that fits must stand in deploy/generated/secrets/backup_identity (a line beside other keys is enough)"; }

# The newest base that was finished by the wanted moment, on the way to the target timeline.
choose_base() {
  local stamp newest
  newest=$(newest_base)
  [[ -n $newest ]] || fail "there is no base in the archive" "is it the right one? deploy/restore --archive DIR brings one in"
  if [[ -n $wanted_base ]]; then
    [[ -e $archive/base/$wanted_base/about ]] || fail "there is no base $wanted_base" "there are:" "$(bases | tr '\n' ' ')"
    base=$wanted_base target_timeline=$(about "$base" timeline)
    return
  fi
  target_timeline=${wanted_timeline:-$(newest_timeline)}
  all_forks=$(forks)
  while IFS= read -r stamp; do
    if [[ -z $wanted_moment ]] || (($(seconds_of "$(about "$stamp" finished)") <= $(seconds_of "$wanted_moment"))); then
      if leads_on "$stamp"; then base=$stamp && return; fi
    fi
  done < <(bases | sort -r)
  fail "no base is as old as $wanted_moment and leads to timeline $target_timeline" "the oldest is $(bases | sed -n 1p)" \
    "deploy/restore --list shows what there is"
}

# Everything that can be known before anything is touched: the base is whole, the key fits, the log has no hole.
examine() {
  local folder=$archive/base/$base
  (cd "$folder" && sha256sum --check --quiet sums) >/tmp/sums 2>&1 || fail "base $base is damaged: $(head -n 1 /tmp/sums)" \
    "the one before it: $(bases | awk -v base="$base" '$0 < base' | tail -n 1), with more of the log to go through"
  # Nothing but its first bytes: a wrong key is told from them.
  head -c 65536 "$folder/base.tar.gz.age" | age --decrypt -i "$identity" >/dev/null 2>"$said" || true
  ! grep -q 'no identity matched' "$said" || fail "$(why_closed "$folder/base.tar.gz.age")" "$(key_hint)"
  [[ -n $wanted_base ]] || examine_log
}

# The log as it is listed once: meanwhile it grows.
listing=''

# The segments from the end of the base to the end of the target timeline. Where a timeline begins its own segment must be there:
# the server would take the older timeline's of the same place, and walk on into what an earlier restore has taken back.
examine_log() {
  local line timeline from place last holes=() before=''
  declare -A kept=()
  listing=$(segments)
  while IFS= read -r line; do kept[${line:-none}]=1; done <<<"$listing"
  place=$(($(place_of "$(segment_of 1 "$(about "$base" end)")") + 1))
  while read -r timeline from; do
    if [[ -n $before && -z ${kept[$(segment_named "$timeline" "$place")]:-} ]]; then
      fail "log/$(segment_named "$timeline" "$place"), the beginning of timeline $timeline, is missing" \
        "the restore that began it can be repeated: deploy/restore --timeline $before --to MOMENT"
    fi
    before=$timeline
    last=$(($(place_of "$from") - 1))
    for (( ; place <= last; place++)); do
      [[ -n ${kept[$(segment_named "$timeline" "$place")]:-} ]] || holes+=("log/$(segment_named "$timeline" "$place")")
    done
    # A later timeline begins in the segment that this one ended in.
    place=$((last + 1))
  done < <(way)
  ((${#holes[@]})) || return 0
  # A restore to a moment before the hole is well; the recovery itself finds out on which side the moment is.
  [[ -n $wanted_moment ]] || fail "missing in the archive: ${holes[*]:0:5}" "before that everything can be restored: deploy/restore --to MOMENT"
  say "missing in the archive: ${holes[*]:0:5}"
}

# The timelines that lead from the base to the target, each with the segment that is no longer its own.
way() {
  local timeline fork of_base last
  of_base=$(about "$base" timeline)
  if ((of_base != target_timeline)); then
    while read -r timeline fork; do
      ((timeline < of_base)) || echo "$timeline $(segment_of "$timeline" "$fork")"
    done <<<"$all_forks"
  fi
  last=$(grep "^$(printf '%08X' "$target_timeline")" <<<"$listing" | tail -n 1 || true)
  last=${last:-$(segment_of "$target_timeline" "$(about "$base" end)")}
  echo "$target_timeline $(segment_named "$target_timeline" $(($(place_of "$last") + 1)))"
}

# extract FOLDER
extract() {
  local kept=$archive/base/$base/base.tar.gz.age
  open_kept "$kept" | tar -x -C "$1" --no-same-owner || fail "$(why_closed "$kept")" "is there room? df -h $1"
  chmod 700 "$1"
}

# start_server DATA LISTEN ARCHIVING: it answers when it has arrived, and nobody but those in this container.
start_server() {
  local data=$1 target=()
  printf 'local all all trust\nhost all all 127.0.0.1/32 trust\n' >/tmp/hba
  rm -f /tmp/trouble
  : >/tmp/server.log
  if [[ -n $wanted_base ]]; then
    target=(-c recovery_target=immediate -c recovery_target_action=promote)
  elif [[ -n $wanted_moment ]]; then
    # In the one form that the server reads so early in its life.
    target=(-c "recovery_target_time=$(date -d "$wanted_moment" '+%Y-%m-%d %H:%M:%S.%6N+00')" -c recovery_target_action=promote)
  fi
  touch "$data/recovery.signal"
  # What is left to keep of the new timeline is kept by the database's own container: an empty command puts it off.
  postgres -D "$data" -c config_file=/etc/yewu/postgresql.conf -c hba_file=/tmp/hba -c "listen_addresses=$2" \
    -c unix_socket_directories=/tmp -c shared_buffers=128MB -c hot_standby=off -c recovery_prefetch=off \
    -c log_min_duration_statement=-1 \
    -c "archive_mode=$3" -c archive_command= -c "restore_command=/bin/bash $here/fetch-log %f %p" \
    -c "recovery_target_timeline=$target_timeline" "${target[@]}" >/tmp/server.log 2>&1 9>&- &
  server=$!
}

local_sql() { psql -X -q -A -t -h /tmp -U yewu_admin "$@"; }

# Until the server has arrived and is no longer a copy of something.
await_recovery() {
  local shown='' line
  until [[ $(local_sql -d postgres -c 'SELECT pg_is_in_recovery()' 2>/dev/null) == f ]]; do
    kill -0 "$server" 2>/dev/null || explain
    line=$(grep -o 'restored log file "[0-9A-F]*"' /tmp/server.log | tail -n 1 || true)
    if ((SECONDS % 15 == 0)) && [[ -n $line && $line != "$shown" ]]; then say "        $line" && shown=$line; fi
    sleep 1
  done
  restored_to=$(local_sql -d postgres -c "SELECT to_char(coalesce(pg_last_xact_replay_timestamp(), '$(about "$base" finished)')
    AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')")
}

# Why the server gave up.
explain() {
  local last
  [[ ! -s /tmp/trouble ]] || fail "$(</tmp/trouble)" "up to the moment before it everything can be restored: deploy/restore --to MOMENT"
  last=$(sed -n 's/.*last completed transaction was at log time //p' /tmp/server.log | tail -n 1)
  ! grep -q 'recovery ended before configured recovery target was reached' /tmp/server.log ||
    fail "the log that is kept ends before $wanted_moment" "its last transaction is of ${last:-before the end of base $base}" \
      "restore everything that is kept: deploy/restore without --to"
  tail -n 20 /tmp/server.log | sed 's/^/    | /' >&2
  fail "the server gave up (its last lines stand above)"
}

stop_server() {
  [[ -n $server ]] || return 0
  kill -INT "$server" 2>/dev/null || true
  wait "$server" 2>/dev/null || true
  server=''
}
