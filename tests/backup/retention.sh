# shellcheck shell=bash
# What is still kept of 400 days with a base each, the log of each, and uploaded files that have gone: `retain` itself, on an archive of
# empty files. Sourced by run.
# shellcheck disable=SC2154 # from whoever sources it

# Says what stays: bases, segments and files, a line each.
retained() {
  docker run --rm -i --network none --user 999:999 -v "$deploy/backup:/etc/yewu/backup:ro" \
    "$(sed -n 's/^YEWU_BACKUP_IMAGE=//p' "$deploy/.env")" bash -euo pipefail -s <<'END'
cd /var/lib/yewu/archive
mkdir -p base log files/crm/ab
for day in {0..399}; do
  began=$(date -u -d "$day days ago 02:00" +%Y-%m-%dT%H:%M:%SZ)
  place=$((10000 - day * 10))
  segment=$(printf '00000001%08X%08X' $((place >> 8)) $((place & 255)))
  mkdir "base/${began//[-:]/}"
  printf 'began=%s\nfirst_segment=%s\n' "$began" "$segment" >"base/${began//[-:]/}/about"
  touch "log/$segment.gz.age" "log/$segment.gz.age.sum"
done
touch log/00000002.history.gz.age files/crm/ab/{young,old}.gz.age{,.sum}
touch -d '30 days ago' files/crm/ab/young.gone
touch -d '500 days ago' files/crm/ab/old.gone
bash /etc/yewu/backup/retain 2>/dev/null
ls base
ls log | grep -v sum
ls files/crm/ab | grep -v -e sum -e gone
END
}

# stamp WORDS…: as of a base that was begun at two o'clock that day.
stamp() { date -u -d "$* 02:00" +%Y%m%dT%H%M%SZ; }

retention() {
  local kept number days=7 month first
  kept=$(retained)
  # Before two o'clock the base of a week ago has not had its week.
  (($(date -u +%-H) >= 2)) || days=8
  number=$(grep -c 'T020000Z$' <<<"$kept")
  # A week's newest may be a day's or a month's, too.
  ((number >= days + 11 && number <= days + 4 + 12)) || die "$number bases are kept: $kept"
  grep -q "$(stamp '6 days ago')" <<<"$kept" || die "the base of six days ago is gone: $kept"
  ! grep -q "$(stamp '399 days ago')" <<<"$kept" || die "the base of 399 days ago is kept: $kept"
  first=$(date -u +%Y-%m-01)
  for ((month = 0; month < 11; month++)); do
    grep -q "$(stamp "$(date -u -d "$first $month months ago" +%Y-%m-%d) yesterday")" <<<"$kept" ||
      die "the last base of $((month + 1)) months ago is gone: $kept"
  done
  (($(grep -c '^00000001' <<<"$kept") == days)) || die "kept log: $kept"
  grep -q '^00000002.history' <<<"$kept" || die "the history of a timeline is gone"
  if ! grep -q '^young' <<<"$kept" || grep -q '^old' <<<"$kept"; then die "uploaded files that have gone: $kept"; fi
}
