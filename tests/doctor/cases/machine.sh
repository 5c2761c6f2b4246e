# shellcheck shell=bash
# The machine under the containers. Sourced by tests/doctor/run.
# shellcheck disable=SC2034,SC2154 # for and from whoever sources it

# Every command that there is, without those of these names.
path_without() {
  local folder name
  mkdir -p "$state/fakes/$code"
  for folder in ${PATH//:/ }; do cp -sn "$folder"/* "$state/fakes/$code/" 2>/dev/null || true; done
  for name in "$@"; do rm -f "$state/fakes/$code/$name"; done
  look_with=("PATH=$state/fakes/$code")
  mended='and gone with it'
}

case_engine_missing() {
  breaks "a PATH without docker"
  path_without docker
  expect engine-missing
}

case_engine_silent() {
  breaks "a socket that nobody has" && look_with=(DOCKER_HOST=unix:///nowhere)
  expect engine-silent
  breaks "fake docker that never answers" && fake docker 'sleep 600'
  expect engine-silent
}

case_secrets_unreadable() {
  local group
  ((EUID == 0)) || { breaks "not shown: takes root" && return; }
  breaks "looked at by somebody else"
  group=$(stat -c %g /var/run/docker.sock)
  mkdir -p "$state/fakes/$code"
  chmod 755 "$state" "$stack"
  local real=$doctor
  printf '#!/bin/bash\nexec setpriv --reuid=65534 --regid=65534 --groups=%s env HOME=/ %q "$@"\n' "$group" "$real" >"$state/fakes/$code/doctor"
  chmod +x "$state/fakes/$code/doctor"
  doctor=$state/fakes/$code/doctor
  expect secrets-unreadable
  doctor=$real
  mended='and gone with it'
}

# A docker that knows no `compose`, whatever plugins there are.
without_plugin() { fake docker "[[ \$1 != compose ]] || exit 1; exec $(command -v docker) \"\$@\""; }

case_compose_missing() {
  breaks "fake docker-compose that cannot run"
  without_plugin
  fake docker-compose 'exit 127'
  expect compose-missing
}

case_compose_old() {
  breaks "fake docker-compose 1.25"
  without_plugin
  # shellcheck disable=SC2016 # its own argument
  fake docker-compose '[[ $1 == version ]] && echo 1.25.0 && exit; echo "unsupported" >&2; exit 1'
  expect compose-old
}

case_compose_broken() {
  breaks "a torn compose.yaml"
  cp "$stack/deploy/compose.yaml" "$state/compose.yaml"
  echo 'nonsense: [' >>"$stack/deploy/compose.yaml"
  expect compose-broken
  cp "$state/compose.yaml" "$stack/deploy/compose.yaml"
  by_hand "the copy has no git to check it out of"
}

# The volume of attachments is 4 GB large: with another hundred MB in it, it is below the bound of 4040.
case_disk_full() {
  breaks "100 MB into a volume just above the bound"
  look_for_good=(YEWU_DOCTOR_FREE_MB=4040) && look_with=("${look_for_good[@]}")
  in_attachments 'head -c 100000000 /dev/zero >/attachments/filler'
  expect disk-full
  in_attachments 'rm /attachments/filler'
  look_for_good=()
  by_hand "the file deleted"
}

in_attachments() { docker run --rm --network none --user 0 --entrypoint /bin/bash -v "${project}_attachments:/attachments" "$(in_environment YEWU_IMAGE)" -c "$1"; }

case_memory_low() {
  breaks "a bound above what this machine has" && look_with=(YEWU_DOCTOR_MEMORY_MB=99999999)
  expect memory-low
  mended='and gone with it'
}

case_clock_unkept() {
  breaks "fake timedatectl that says no" && fake timedatectl 'echo no'
  expect clock-unkept
  rm "$state/fakes/$code/timedatectl"
  breaks "fake chronyc that is not synchronised" && fake timedatectl 'exit 1' && fake chronyc 'echo "Leap status     : Not synchronised"'
  expect clock-unkept
}
