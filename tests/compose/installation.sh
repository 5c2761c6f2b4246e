# shellcheck shell=bash
# An installation for a test: a copy of deploy/ in a state directory, under a project name and on ports of its own, so that no
# installation of the checkout is touched. Sourced after common.sh; whoever sources it takes it down again.
# shellcheck disable=SC2034,SC2154 # for and from whoever sources it

# prepare_installation STATE PROJECT: copies, makes what `deploy/init` makes, and defines $deploy, $base_url.
prepare_installation() {
  local state=$1 port
  project=$2
  mkdir -p "$state"
  remove_installation # what a killed run has left
  rm -rf "$state/checkout" "$state/token"
  mkdir -p "$state/checkout"
  (cd "$checkout" && git ls-files -z --cached --others --exclude-standard -- deploy Cargo.toml | tar -c --null -T -) |
    tar -x -C "$state/checkout"
  deploy=$state/checkout/deploy
  port=$(pick_port 2)
  base_url=http://127.0.0.1:$port
  "$deploy/init" --trial --project "$project" --publish "127.0.0.1:$port" >&2
}

# compose ARGS…: of the installation, with all of its profiles in sight.
compose() {
  local program=(docker-compose)
  have docker-compose || program=(docker compose)
  (cd "$deploy" && "${program[@]}" "$@")
}

# Runs the program once with every secret.
tool() { compose run --rm tools "$@"; }

# containers [SERVICE]: their ids; of the whole installation if none is named.
# shellcheck disable=SC2120
containers() {
  local of=()
  [[ -z ${1:-} ]] || of=(--filter "label=com.docker.compose.service=$1")
  docker ps -aq --filter "label=com.docker.compose.project=$project" "${of[@]}"
}

# wait_all_healthy SECONDS: nothing of the installation that is asked how it is may be anything but healthy.
wait_all_healthy() {
  local until=$((SECONDS + $1)) said
  while :; do
    # shellcheck disable=SC2119
    said=$(containers | xargs -r docker inspect --format \
      '{{index .Config.Labels "com.docker.compose.service"}} {{if .State.Health}}{{.State.Health.Status}}{{else}}none{{end}} {{.State.Status}}' |
      grep -v -e ' healthy running' -e ' none exited' -e '^$') || return 0
    ((SECONDS < until)) || { say "$said" && return 1; }
    sleep 0.5
  done
}

# Everything that bears the project's name goes, whatever state it is in.
remove_installation() {
  local label="label=com.docker.compose.project=$project"
  docker ps -aq --filter "$label" | xargs -r docker rm -f -v >/dev/null
  docker network ls -q --filter "$label" | xargs -r docker network rm >/dev/null
  docker volume ls -q --filter "$label" | xargs -r docker volume rm >/dev/null
}

# Is anything left of it? Says what.
remains() {
  local label="label=com.docker.compose.project=$project"
  docker ps -aq --filter "$label"
  docker network ls -q --filter "$label"
  docker volume ls -q --filter "$label"
}
