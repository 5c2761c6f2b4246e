# shellcheck shell=bash
# What a restore must notice in an archive, and how it must say it. Each of these damages the archive of an installation that is
# down, tries to restore from it, and mends it again. Sourced by run.
# shellcheck disable=SC2154 # from whoever sources it

# flip FILE: one bit in the middle of a file of the archive; flipped twice it is as before.
flip() {
  # shellcheck disable=SC2016 # for perl
  in_archive perl -e 'my ($file) = @ARGV; my $mode = (stat $file)[2] & 07777; chmod 0644, $file; open my $handle, "+<", $file or die "$file: $!"; my $at = int((-s $file) / 2);
    seek $handle, $at, 0; read $handle, my $byte, 1; seek $handle, $at, 0; print $handle chr(ord($byte) ^ 1); close $handle; chmod $mode, $file' "$1"
}

# refused WORDS OPTIONS…: the restore fails and says these words.
refused() {
  local words=$1
  shift
  ! "$deploy/restore" "$@" 2>"$state/said" || die "it was restored, though $words"
  grep -qF "$words" "$state/said" || die "deploy/restore did not say '$words', but:" "$(cat "$state/said")"
  say "    | $(grep -F "$words" "$state/said" | head -n 1)"
}

damaged_base() {
  local file
  # The first of these brings the copy in.
  refused "no base is as old as" --archive "$state/archive" --to 2020-01-01T00:00:00Z
  file=$(newest_base_file)
  flip "$file"
  refused "base $(cut -d / -f 2 <<<"$file") is damaged" --to "$moment"
  flip "$file"
}

# The last segment before the moment, found by when it was kept; a restore needs it.
a_segment() { in_archive bash -c 'ls log | grep -E "^00000001[0-9A-F]{16}.gz.age$" | tail -n 2 | head -n 1'; }

damaged_log() {
  local segment
  segment=$(a_segment)
  flip "log/$segment"
  refused "log/$segment is damaged"
  flip "log/$segment"
}

missing_segment() {
  local segment
  segment=$(a_segment)
  in_archive mv "log/$segment" "log/hidden"
  # Known before anything is touched; and where a moment is wanted, when the server comes to it.
  refused "missing in the archive: log/${segment%.gz.age}"
  refused "log/${segment%.gz.age} is missing" --to "$(date -u -d '5 seconds ago' +%Y-%m-%dT%H:%M:%SZ)"
  in_archive mv "log/hidden" "log/$segment"
}

wrong_key() {
  local key=$deploy/generated/secrets/backup_identity
  cp -p "$key" "$state/right-key"
  docker run --rm --network none yewu-postgres:1 age-keygen 2>/dev/null >"$key.new"
  mv -f "$key.new" "$key"
  chmod 444 "$key"
  refused "was encrypted for another key than the one in generated/secrets/backup_identity" --to "$moment"
  mv -f "$state/right-key" "$key"
}

# Of a timeline that an earlier restore has begun, the beginning: without it the server would walk on along the older one, into what
# that restore had taken back. The installation runs; nothing but the plan is made.
lost_beginning() {
  local segment
  segment=$(in_archive bash -c 'ls log | grep -E "^00000002[0-9A-F]{16}.gz.age$" | sed -n 1p')
  in_archive mv "log/$segment" "log/hidden"
  ! compose run --rm -T --no-deps restore plan --to "$moment" </dev/null >"$state/said" 2>&1 || die "a timeline without its beginning was not noticed"
  in_archive mv "log/hidden" "log/$segment"
  grep -qF "log/${segment%.gz.age}, the beginning of timeline 2, is missing" "$state/said" || die "the plan said: $(cat "$state/said")"
}
