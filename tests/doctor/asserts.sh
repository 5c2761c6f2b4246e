# shellcheck shell=bash
# What is demanded of the doctor each time: exactly this code, in whole sentences of the reader's language, no secret, an end.
# Sourced by tests/doctor/run.
# shellcheck disable=SC2034,SC2154 # for and from whoever sources it

# Settings of the next looks (NAME=VALUE), and the language, which changes with each.
look_with=() language=C.UTF-8 report='' answered=0

# breaks TEXT, by_hand TEXT: what the tally says of this case.
breaks() { broken="${broken:+$broken, }$1"; }
by_hand() { mended="mended by hand: $1"; }

examine() {
  local began=$SECONDS
  answered=0
  if [[ $language == C.UTF-8 ]]; then language=zh_CN.UTF-8; else language=C.UTF-8; fi
  report=$(env "${look_with[@]}" LC_ALL=$language "$doctor" --json 2>"$state/doctor.log") || answered=$?
  ((SECONDS - began < 180)) || die "$code: the doctor took $((SECONDS - began)) s"
  keeps_secrets "$report"
  keeps_secrets "$(cat "$state/doctor.log")"
}

# found_rows FIELDS: of the findings, a line each.
found_rows() { awk -v list=findings -v wanted="$1" -f "$stack/deploy/lib/doctor/rows.awk" <<<"$report"; }

keeps_secrets() {
  local file value
  for file in "$secrets"/*; do
    [[ -f $file && $(stat -c %s "$file") -le 200 ]] || continue
    value=$(<"$file")
    ((${#value} < 12)) || [[ $1 != *"$value"* ]] || die "$code: the doctor shows ${file##*/}"
  done
}

# expect CODE [CONSEQUENCE…]: waits until it is found; then nothing but it, and what is named beside it, may be.
expect() {
  local until=$((SECONDS + 180)) codes other wanted=1
  until
    examine
    codes=$(found_rows code)
    grep -qx "$1" <<<"$codes"
  do
    ((SECONDS < until)) || die "$code: $1 was not found" "it said: $report" "and: $(cat "$state/doctor.log")"
    sleep 2
  done
  for other in $codes; do
    [[ " $* " == *" $other "* ]] || die "$code: beside $1 it found $other" "it said: $report"
  done
  case $1 in engine-* | secrets-unreadable) wanted=2 ;; esac
  [[ $answered == "$wanted" ]] || die "$code: exit code $answered instead of $wanted"
  whole_sentences
}

# Each finding says what, why and how; in Chinese to Chinese readers, in nothing but English to others.
whole_sentences() {
  local what why mend
  while IFS=$'\t' read -r what why mend; do
    [[ -n $what && -n $why && -n $mend ]] || die "$code: a finding says too little: $what | $why | $mend"
    if [[ $language == zh* ]]; then
      [[ $what == *[^[:ascii:]]* && $why == *[^[:ascii:]]* ]] || die "$code: no Chinese: $what | $why"
    else
      [[ $why != *[^[:ascii:]]* ]] || die "$code: no English: $why"
    fi
  done < <(found_rows 'what why mend')
}

# mend [CODE]: does what the doctor said, from another folder.
mend() {
  local command
  command=$(found_rows 'code mend' | sed -n "s/^${1:-$code}\t//p" | head -n 1)
  [[ -n $command ]] || die "$code: nothing is said that would mend ${1:-it}"
  say "      $command"
  (cd / && bash -c "$command") >>"$state/compose.log" 2>&1 7>&- || die "$code: what it said does not work: $command" "log: $state/compose.log"
  mended="mended by its own command"
}

# Everything runs and the doctor finds nothing; it may take a moment (figures of queues are some seconds old).
well() {
  local until=$((SECONDS + 150))
  look_with=("${look_for_good[@]}")
  wait_steady
  until
    examine
    ((answered == 0))
  do
    ((SECONDS < until)) || die "$code: mended, and yet it finds" "$report"
    sleep 3
  done
}
look_for_good=()

# fake NAME SCRIPT: a command of that name for the next looks, before the real one.
fake() {
  mkdir -p "$state/fakes/$code"
  printf '#!/bin/bash\n%s\n' "$2" >"$state/fakes/$code/$1"
  chmod +x "$state/fakes/$code/$1"
  look_with=("PATH=$state/fakes/$code:$PATH")
  mended='and gone with it'
}

# What a healthy one says: nothing, with everything looked at that can be, without changing anything.
healthy_at_first() {
  code=healthy
  well
  local before after said
  before=$(look_of_the_stack)
  examine
  after=$(look_of_the_stack)
  [[ $before == "$after" ]] || die "looking has changed something" "$(diff <(echo "$before") <(echo "$after"))"
  said=$(awk -v list=unseen -v wanted=codes -f "$stack/deploy/lib/doctor/rows.awk" <<<"$report" | tr ' ' '\n' | grep -vxE 'clock-unkept|schema-old' || true)
  [[ -z $said ]] || die "not looked at: $said" "$report"
  said=$(cd / && LC_ALL=C "$doctor" 2>&1) || die "it finds something" "$said"
  say "      ${said##*$'\n'}"
}

look_of_the_stack() {
  docker ps -a --no-trunc --filter "label=com.docker.compose.project=$project" --format '{{.ID}} {{.Names}} {{.Image}}' | sort
  docker volume ls -q --filter "label=com.docker.compose.project=$project" | sort
  docker network ls -q --filter "label=com.docker.compose.project=$project" | sort
  (cd "$stack" && find . -type f -exec sha256sum {} + | sort)
}
