# shellcheck shell=bash
# How the doctor speaks: what was found, what could not be looked at, in the reader's language or as JSON, never a secret.
# Sourced by deploy/doctor; it looks at nothing and decides nothing.
# shellcheck disable=SC2034,SC2154 # for and from whoever sources it

# What was found, field by field; one place in each list is one finding.
found_codes=() found_levels=() found_whats=() found_whys=() found_mends=()
declare -A unseen_because=()
# Names of containers whose trouble has been explained already: whoever looks at consequences leaves them out.
declare -A explained=()
# The check that is at work; the runner sets it.
code=''

# The reader's language is the shell's: Chinese where it says so, English otherwise.
chinese=''
case ${LC_ALL:-${LC_MESSAGES:-${LANG:-}}} in zh*) chinese=1 ;; esac

# in_language ENGLISH CHINESE
in_language() { if [[ -n $chinese ]]; then printf '%s' "$2"; else printf '%s' "$1"; fi; }

# found WHAT_ENGLISH WHAT_CHINESE WHY_ENGLISH WHY_CHINESE COMMAND: one finding of the check that is at work.
found() { keep_finding problem "$@"; }

# warned …: the same for what works, but not as it should.
warned() { keep_finding warning "$@"; }

keep_finding() {
  found_codes+=("$code")
  found_levels+=("$1")
  found_whats+=("$(clean "$(in_language "$2" "$3")")")
  found_whys+=("$(clean "$(in_language "$4" "$5")")")
  found_mends+=("$(clean "$6")")
}

# explains NAME…: what is wrong with these containers follows from what was just found.
explains() { local name; for name in "$@"; do explained[$name]=$code; done; }

# told CODE…: was one of these found?
told() {
  local wanted each
  for wanted in "$@"; do
    for each in "${found_codes[@]}"; do [[ $each != "$wanted" ]] || return 0; done
  done
  return 1
}

# unseen REASON_ENGLISH REASON_CHINESE: this check could not look; nobody shall take that for "all is well".
unseen() {
  local reason
  reason=$(clean "$(in_language "$1" "$2")")
  unseen_because[$reason]+="${unseen_because[$reason]:+ }$code"
}

# One line without any secret: neither one of the files, nor a password inside a URL. (Texts of others go through here.)
clean() {
  local text=$1 file value
  text=${text//[$'\n\r\t']/ }
  for file in "$secrets"/*; do
    [[ -f $file && -r $file && $(stat -c %s "$file") -le 200 ]] || continue
    value=$(<"$file")
    [[ ${#value} -lt 8 ]] || text=${text//"$value"/***}
  done
  sed -E 's#(://[^:@/ ]+):[^@/ ]+@#\1:***@#g' <<<"$text"
}

tell_people() {
  local number reason
  for ((number = 0; number < ${#found_codes[@]}; number++)); do
    [[ ${found_levels[number]} != warning ]] || printf '%s ' "$(in_language warning 警告)"
    printf '%s: %s\n' "${found_codes[number]}" "${found_whats[number]}"
    printf '    %s  %s\n' "$(in_language 'why ' '影响')" "${found_whys[number]}"
    printf '    %s  %s\n' "$(in_language 'mend' '修复')" "${found_mends[number]}"
  done
  for reason in "${!unseen_because[@]}"; do
    say "$(in_language 'not looked at' '未检查'): ${unseen_because[$reason]} ($reason)"
  done
  if ((${#found_codes[@]})); then
    say "$(in_language "$looked checks, findings: ${#found_codes[@]}, $SECONDS s" "共检查 $looked 项，发现 ${#found_codes[@]} 处问题，用时 $SECONDS 秒")"
  else
    say "$(in_language "$looked checks, nothing is wrong, $SECONDS s" "共检查 $looked 项，未发现问题，用时 $SECONDS 秒")"
  fi
}

# One object; a finding and a reason a line, for programs that look line by line.
tell_programs() {
  local number reason comma=''
  printf '{"checks":%d,"seconds":%d,"findings":[' "$looked" "$SECONDS"
  for ((number = 0; number < ${#found_codes[@]}; number++)); do
    printf '%s\n{"code":%s,"level":%s,"what":%s,"why":%s,"mend":%s}' "$comma" "$(quoted "${found_codes[number]}")" \
      "$(quoted "${found_levels[number]}")" "$(quoted "${found_whats[number]}")" "$(quoted "${found_whys[number]}")" \
      "$(quoted "${found_mends[number]}")"
    comma=,
  done
  printf '],"unseen":['
  comma=''
  for reason in "${!unseen_because[@]}"; do
    printf '%s\n{"because":%s,"codes":%s}' "$comma" "$(quoted "$reason")" "$(quoted "${unseen_because[$reason]}")"
    comma=,
  done
  printf ']}\n'
}

# A text as JSON writes it. What else is no character for a line has been taken out by `clean`, but for a stray control.
quoted() {
  local text=${1//\\/\\\\}
  text=${text//\"/\\\"}
  printf '"%s"' "$(tr -d '\000-\037' <<<"$text")"
}
