# shellcheck shell=bash
# What several checks look at: commands with an end, the containers, the settings, and the lines that mend.
# Sourced by deploy/doctor after common.sh and generated.sh; it reads only, judges nothing, and nothing here waits without bound.
# shellcheck disable=SC2034,SC2154 # for and from whoever sources it

# All looks together; what comes later is not looked at any more, and that is said.
patience_seconds=${YEWU_DOCTOR_PATIENCE_SECONDS:-150}
project=$(in_environment COMPOSE_PROJECT_NAME)
project=${project:-yewu}
compose_said=docker-compose
containers=()
declare -A service_of=() name_of=() status_of=() exit_of=() restarts_of=() starved=() health_of=() image_of=() error_of=()

# ask SECONDS COMMAND…: the command, cut off after so long.
ask() {
  local left=$((patience_seconds - SECONDS)) seconds=$1
  shift
  ((left > 0)) || return 124
  timeout -k 2 "$((seconds < left ? seconds : left))" "$@"
}

# inside ID SECONDS SCRIPT [ARGUMENT…]: a bash script in a running container; its stdin is the caller's.
inside() {
  local id=$1 seconds=$2 script=$3
  shift 3
  ask "$seconds" docker exec -i "$id" /bin/bash -c "$script" - "$@"
}

# Is there what deploy/init makes?
prepared() { [[ -s $checkout/deploy/.env && -f $generated/yewu.toml && -d $secrets ]]; }

# The containers of this project, without those that somebody runs by hand (docker-compose run).
look_at_containers() {
  local ids line id
  ids=$(ask 10 docker ps -aq --no-trunc --filter "label=com.docker.compose.project=$project" --filter label=com.docker.compose.oneoff=False)
  [[ -n $ids ]] || return 0
  while IFS='|' read -r id line; do
    containers+=("$id")
    IFS='|' read -r "name_of[$id]" "service_of[$id]" "status_of[$id]" "exit_of[$id]" "restarts_of[$id]" "starved[$id]" "health_of[$id]" \
      "image_of[$id]" "error_of[$id]" <<<"$line"
    name_of[$id]=${name_of[$id]#/}
  done < <(facts '{{.Id}}|{{.Name}}|{{index .Config.Labels "com.docker.compose.service"}}|{{.State.Status}}|{{.State.ExitCode}}|{{.RestartCount}}|{{.State.OOMKilled}}|{{with index .State "Health"}}{{.Status}}{{else}}none{{end}}|{{.Image}}|{{.State.Error}}' "$ids")
  (($(wc -l <<<"$ids") == ${#containers[@]})) || unseen "the engine does not describe every container" "引擎未能描述全部容器"
}

# facts FORMAT IDS: what the engine knows of these containers.
facts() {
  # shellcheck disable=SC2086 # ids, a word each
  ask 15 docker inspect --format "$1" $2 2>/dev/null
}

# copies SERVICE: the ids of its containers, whatever they do.
copies() {
  local id
  for id in "${containers[@]}"; do [[ ${service_of[$id]} != "$1" ]] || echo "$id"; done
}

# running SERVICE: the id of one of its containers that run; false if none does.
running() {
  local id
  for id in $(copies "$1"); do
    [[ ${status_of[$id]} == running ]] && echo "$id" && return 0
  done
  return 1
}
runs() { running "$1" >/dev/null; }

# settled SERVICE: it runs, has had its time to start, and nothing is known to be wrong with it.
settled() {
  local id
  [[ -z ${explained[$1]:-} ]] && id=$(running "$1") && [[ ${health_of[$id]} == healthy || ${health_of[$id]} == none ]]
}

# excused NAME: what is wrong with its messages has been explained, by its container or by the broker.
excused() { [[ -n ${explained[$1]:-}${explained[$1:messages]:-} ]]; }

# The id of some service's container, to look through its eyes; false if none runs.
any_service() {
  local name
  for name in "${services[@]}"; do settled "$name" && running "$name" && return 0; done
  for name in "${services[@]}"; do running "$name" && return 0; done
  return 1
}

# The last thing that a container said, in short.
last_words() {
  ask 10 docker logs --tail 40 "$1" 2>&1 | grep -v '^[[:space:]]*$' | tail -n 1 |
    sed -E 's/^\{.*"message":"([^"]*)".*"error":"(([^"\\]|\\.)*)".*/\1: \2/; s/^\{.*"message":"(([^"\\]|\\.)*)".*/\1/' | cut -c 1-300
}

# The names of all secrets that the composition mounts, those of profiles included: deploy/init makes all.
expected_secrets() {
  local file files
  files=$(in_environment COMPOSE_FILE)
  for file in ${files//:/ }; do
    sed -n 's|.*file: *\./generated/secrets/\([a-z_]*\).*|\1|p' "$checkout/deploy/$file" 2>/dev/null
  done | sort -u
}

# setting KEY: what yewu.toml says of a key; the names are unique in it.
setting() { sed -n "s/^$1 *= *\"\(.*\)\".*/\1/p" "$generated/yewu.toml" 2>/dev/null | head -n 1; }

# init_line [OPTION VALUE]…: deploy/init with the options that this installation was prepared with, but for those said here.
init_line() {
  local line said=" $*" jwks kept=FILE
  line=$(printf '%q' "$checkout/deploy/init")
  if [[ $(in_environment COMPOSE_FILE) == *trial* && $said != *' --jwks '* ]]; then
    line+=' --trial'
  else
    jwks=$(setting jwks_url)
    [[ $said == *' --issuer '* ]] || line+=" --issuer $(setting issuer)"
    [[ $said == *' --jwks '* ]] || line+=" --jwks ${jwks:-$secrets/jwks}"
    [[ $(setting audience) == yewu ]] || line+=" --audience $(setting audience)"
  fi
  if [[ -n $(setting endpoint) && $said != *' --store '* ]]; then
    line+=" --store $(setting endpoint) --store-bucket $(setting bucket) --store-key-id $(setting access_key_id)"
    line+=" --store-region $(setting region)"
    # Nothing here makes it: where it is gone, only the operator can say which file holds it.
    [[ ! -s $secrets/store_secret ]] || kept=$(printf '%q' "$secrets/store_secret")
    [[ $said == *' --store-secret '* ]] || line+=" --store-secret $kept"
  fi
  line+=" --project $project"
  [[ $said == *' --publish '* ]] || line+=" --publish $(in_environment YEWU_PUBLISH)"
  [[ $said == *' --observability '* || -z $(in_environment YEWU_PUBLISH_OBSERVABILITY) ]] ||
    line+=" --observability $(in_environment YEWU_PUBLISH_OBSERVABILITY)"
  echo "$line${*:+ $*}"
}

# compose_line ARGUMENTS: docker-compose as it is called here, from any folder.
compose_line() { printf 'cd %q && %s %s' "$checkout/deploy" "$compose_said" "$*"; }

# together LIST…: "a, b, c"
together() {
  local joined
  printf -v joined '%s, ' "$@"
  echo "${joined%, }"
}

# chain COMMAND…: one line that goes on only as long as all is well.
chain() {
  local line=$1 next
  shift
  for next in "$@"; do line+=" && $next"; done
  echo "$line"
}
