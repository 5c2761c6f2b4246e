# shellcheck shell=bash
# The container engine and its compose, as this machine has them: found, never started behind anybody's back.
# Sourced after common.sh, which says where the checkout is.
# shellcheck disable=SC2154

# Fails with advice unless an engine answers.
require_engine() {
  have docker || die "no container engine is installed (no docker on the PATH)" \
    "Debian and Ubuntu: apt-get install docker.io docker-compose"
  local said
  said=$(docker info 2>&1 >/dev/null) || die "the container engine does not answer: ${said##*$'\n'}" \
    "start it (systemctl start docker; without systemd: dockerd &)" \
    "or it is another user's: docker info says which, group docker may use it"
}

# compose ARGS…: of this checkout, with whichever of the two composes there is. In the folder, since `.env` there names the
# files that belong together.
compose() {
  if docker compose version >/dev/null 2>&1; then
    (cd "$checkout/deploy" && docker compose "$@")
  elif have docker-compose; then
    (cd "$checkout/deploy" && docker-compose "$@")
  else
    die "there is an engine but no compose" "apt-get install docker-compose (1.29), or the plugin docker-compose-v2"
  fi
}

# backup_image IMAGE: what the image is called that makes and restores backups with the program of IMAGE.
backup_image() { echo "yewu-backup:${1##*:}"; }

# make_backup_image IMAGE: makes it. Seconds; nothing if it is there.
make_backup_image() {
  docker build -q -t "$(backup_image "$1")" --build-arg BASE=yewu-postgres:1 --build-arg "PROGRAM=$1" - \
    <"$checkout/deploy/build/backup.Dockerfile" >/dev/null 2>&1 ||
    die "$(backup_image "$1") did not build" "see: docker build - <deploy/build/backup.Dockerfile"
}

# require_packages NAME…: commands that a package of the same name brings; root gets them from apt-get.
require_packages() {
  local name missing=()
  for name in "$@"; do have "$name" || missing+=("$name"); done
  ((${#missing[@]})) || return 0
  if ((EUID != 0)) || ! have apt-get; then die "missing here: ${missing[*]}" "as root: apt-get install ${missing[*]}"; fi
  DEBIAN_FRONTEND=noninteractive apt-get -y -q -o DPkg::Lock::Timeout=300 install --no-install-recommends \
    "${missing[@]}" >/dev/null 2>&1 </dev/null || die "apt-get could not install ${missing[*]}"
}
