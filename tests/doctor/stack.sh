# shellcheck shell=bash
# The composition that is broken: a copy of deploy/ in the state directory, and how its parts are reached.
# Sourced by tests/doctor/run; everything in it carries the project's name, and goes with it.
# shellcheck disable=SC2034,SC2154 # for and from whoever sources it

state=${YEWU_DOCTOR_STATE:-$(state_root)/doctor-$(instance_name)}
stack=$state/checkout
doctor=$stack/deploy/doctor
project=yewu-doctor-test
secrets=$stack/deploy/generated/secrets
services=(crm quoting contracts orders procurement aftersales)

# What git knows or would take up, and nothing that was generated.
copy_checkout() {
  rm -rf "$stack" "$state/fakes"
  mkdir -p "$stack"
  (cd "$checkout" && git ls-files -z --cached --others --exclude-standard -- deploy Cargo.toml |
    tar -c --null --ignore-failed-read -T - 2>/dev/null) | tar -x -C "$stack"
  # Attachments get a disk of a known size, for disk-full.
  sed -i 's|^  attachments: {}|  attachments: { driver_opts: { type: tmpfs, device: tmpfs, o: "size=4g,uid=10001,gid=10001,mode=0755" } }|' "$stack/deploy/compose.yaml"
}

# compose of the copy, with its .env; what it says goes to a log.
of_stack() {
  local compose=(docker-compose)
  ! docker compose version >/dev/null 2>&1 || compose=(docker compose)
  (cd "$stack/deploy" && "${compose[@]}" "$@" >>"$state/compose.log" 2>&1 7>&-)
}

# override TEXT ARGUMENTS…: compose with one more file.
override() {
  printf '%s\n' "$1" >"$state/override.yaml"
  shift
  of_stack -f compose.yaml -f compose.trial.yaml -f "$state/override.yaml" "$@"
}

# the SERVICE: the id of its container.
the() { docker ps -aq --filter "label=com.docker.compose.project=$project" --filter "label=com.docker.compose.service=$1" --filter label=com.docker.compose.oneoff=False | head -n 1; }

in_broker() { docker exec "$(the broker)" rabbitmqctl -q "$@" >>"$state/compose.log"; }

# in_database SQL: as the administrator, who may write.
in_database() {
  # shellcheck disable=SC2016 # expanded inside
  docker exec -i "$(the postgres)" bash -c 'PGPASSWORD=$(</run/secrets/database_admin) exec psql -XAqt -v ON_ERROR_STOP=1 -h 127.0.0.1 -U yewu_admin -d yewu' <<<"$1"
}

in_environment() { sed -n "s/^$1=//p" "$stack/deploy/.env"; }

# set_environment NAME VALUE
set_environment() { sed -i "s|^$1=.*|$1=$2|" "$stack/deploy/.env"; }

# put FILE: stdin takes the place of the file, as deploy/init does it: another file under the same name.
put() { cat >"$1.new" && chmod 444 "$1.new" && mv -f "$1.new" "$1"; }

init() { "$stack/deploy/init" --project "$project" "$@" >>"$state/compose.log" 2>&1; }

# Nothing starts any more, and everything that starts has become what it will be.
wait_steady() {
  local waited states
  for ((waited = 0; waited < 150; waited++)); do
    states=$(docker ps -aq --filter "label=com.docker.compose.project=$project" | xargs -r docker inspect \
      --format '{{index .Config.Labels "com.docker.compose.service"}} {{.State.Status}} {{with index .State "Health"}}{{.Status}}{{end}}' 2>/dev/null)
    [[ -n $states ]] && ! grep -qvE ' running healthy$|^(migrate|tools) exited ' <<<"$states" && return
    sleep 1
  done
  die "the composition is not healthy after 150 s" "$states" "log: $state/compose.log"
}

remove_all() {
  local mine=(--filter "label=com.docker.compose.project=$project")
  docker ps -aq "${mine[@]}" | xargs -r docker rm -fv >/dev/null
  docker ps -aq --filter name="^$project" | xargs -r docker rm -fv >/dev/null
  docker network ls -q "${mine[@]}" | xargs -r docker network rm >/dev/null
  docker volume ls -q "${mine[@]}" | xargs -r docker volume rm >/dev/null
  docker volume ls -q --filter name="^${project}_" | xargs -r docker volume rm >/dev/null
  docker image rm yewu:doctor-test yewu:doctor-test-other yewu-backup:doctor-test >/dev/null 2>&1 || true
}

clean_up() {
  local ended=$?
  trap - EXIT INT TERM HUP
  jobs -p | xargs -r kill 2>/dev/null || true
  remove_all || say "could not remove everything of $project"
  rm -rf "$stack" "$state/fakes"
  exit "$ended"
}
