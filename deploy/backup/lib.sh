# shellcheck shell=bash
# What the scripts of the backup share inside their containers: where things lie, how a file is kept and opened again, how work
# goes on beside the loop that starts it. Sourced, never run; it refuses to hold a password or to know what a file means.
#
# The archive, readable without the key but for what the files hold:
#   enabled                            the database's identifier; while it is there, the database keeps its log here
#   log/SEGMENT.gz.age                 the database's log (WAL), a file a segment, and the histories of its timelines
#   base/STAMP/{base.tar.gz.age,about,sums}   a copy of the whole database; STAMP is when it was begun
#   files/SERVICE/AB/SHA256.gz.age     an uploaded file
#   elsewhere                          is there where attachments lie in a store: what of them rows name is none of the backup's
#   sealing.key.gz.age                 under which numbers of identity papers are sealed in the rows
# Beside each kept file stands FILE.sum: the SHA-256 of the file as it lies there, and of what it holds.
set -euo pipefail
umask 022
export LC_ALL=C TZ=UTC

archive=/var/lib/yewu/archive
status=/var/lib/yewu/status
attachments=/var/lib/yewu/attachments
recipient=/run/secrets/backup_recipient
identity=/run/secrets/backup_identity
here=/etc/yewu/backup
# What age said last.
said=/tmp/age.said

say() { printf '%s\n' "$*" >&2; }

# The first argument is what went wrong, each further one a line on what to do about it.
fail() {
  printf 'FAILED  %s\n' "$1" >&2
  shift
  local hint
  for hint in "$@"; do printf '        %s\n' "$hint" >&2; done
  exit 1
}

sum_of() {
  local line
  line=$(sha256sum <"$1") && printf '%s' "${line%% *}"
}

# keep FILE TARGET: compressed, encrypted, and in its place only when it is whole and on the disk. Its sum comes first, so that
# no file ever stands there without one.
keep() {
  local file=$1 target=$2 folder=${2%/*} plain sum
  mkdir -p "$folder" &&
    plain=$(sum_of "$file") &&
    sum=$(gzip -nc <"$file" | age -R "$recipient" | tee "$target.new" | sha256sum) &&
    printf '%s  %s\n# plain %s\n' "${sum%% *}" "${target##*/}" "$plain" >"$target.sum.new" &&
    sync "$target.new" "$target.sum.new" &&
    mv -f "$target.sum.new" "$target.sum" &&
    mv -f "$target.new" "$target" &&
    sync "$folder" "${folder%/*}"
}

# What a kept file holds, by its SHA-256.
plain_sum() { sed -n 's/^# plain //p' "$1.sum"; }

# Is the file as it was written?
is_whole() { (cd "${1%/*}" && sha256sum --check --status "${1##*/}.sum") 2>/dev/null; }

# What a kept file holds, on stdout. Fails where the key does not fit or a bit has changed; why_closed tells which.
open_kept() { age --decrypt -i "$identity" "$1" 2>"$said" | gzip -dc 2>>"$said"; }

why_closed() {
  if grep -q 'no identity matched' "$said"; then
    echo "${1#"$archive"/} was encrypted for another key than the one in generated/secrets/backup_identity"
  else
    echo "${1#"$archive"/} is damaged ($(head -n 1 "$said"))"
  fi
}

# The bases that are finished, oldest first.
bases() {
  local folder
  for folder in "$archive"/base/*Z; do
    [[ ! -e $folder/about ]] || printf '%s\n' "${folder##*/}"
  done
}

newest_base() { bases | tail -n 1; }

# about STAMP KEY: what a base says of itself.
about() { sed -n "s/^$2=//p" "$archive/base/$1/about"; }

seconds_of() { date -d "$1" +%s; }
moment_of() { date -d "@$1" +%Y-%m-%dT%H:%M:%SZ; }

# Seconds since the file was written; a very long time where there is none.
age_of() { echo $(($(date +%s) - $(stat -c %Y "$1" 2>/dev/null || echo 0))); }

# The segments of the log that are kept, in their order.
segments() { { find "$archive/log" -maxdepth 1 -name '*.gz.age' -printf '%f\n' 2>/dev/null || true; } | sed -n 's/^\([0-9A-F]\{24\}\)\.gz\.age$/\1/p' | sort; }

# segment_of TIMELINE POSITION [SHIFT]: the segment that holds a position, or one so many before or after it. Segments are of
# 16 MiB, as initdb makes them.
segment_of() { segment_named "$1" $(((16#${2%/*} << 8) + (16#${2#*/} >> 24) + ${3:-0})); }

segment_named() { printf '%08X%08X%08X' "$1" $(($2 >> 8)) $(($2 & 255)); }

# The place of a segment in the log, whatever its timeline.
place_of() { echo $(((16#${1:8:8} << 8) + 16#${1:16:8})); }

# ---- work beside the loop ----------------------------------------------------------------------------------------

declare -A jobs=()

# aside NAME COMMAND…: in a process group of its own, so that all of it can be told to leave.
aside() {
  local name=$1
  shift
  setsid "$@" &
  jobs[$name]=$!
}

is_running() { [[ -n ${jobs[$1]:-} ]] && kill -0 "${jobs[$1]}" 2>/dev/null; }

# The loop of a service: awake once every so many seconds. `healthy` looks at how old /tmp/alive is.
live() {
  local seconds=$1 wake=$2
  trap leave TERM INT
  while :; do
    touch /tmp/alive
    "$wake" || true
    sleep "$seconds" &
    wait $! || true
  done
}

leave() {
  local pid
  for pid in "${jobs[@]}"; do kill -TERM -- "-$pid" 2>/dev/null || true; done
  for pid in "${jobs[@]}"; do wait "$pid" 2>/dev/null || true; done
  exit 0
}
