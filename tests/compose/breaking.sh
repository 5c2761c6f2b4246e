# shellcheck shell=bash
# Ways to break an installation while people are at work, and what must be true afterwards: it is healthy again without anybody's
# help, and nothing that was acknowledged is gone. Sourced by `run`.
# shellcheck disable=SC2154 # from whoever sources it

# As the kernel kills it when memory is short. (`docker kill` would count as somebody's wish, and the engine obeys wishes.)
die_hard() { kill -KILL "$(docker inspect --format '{{.State.Pid}}' "$1")"; }

# survives_death SERVICE
survives_death() {
  local container before after
  container=$(containers "$1")
  before=$(docker inspect --format '{{.RestartCount}}' "$container")
  start_load --patient
  die_hard "$container"
  sleep 2
  healthy_soon 120
  after=$(docker inspect --format '{{.RestartCount}}' "$container")
  ((after > before)) || die "$1 was not started anew ($before starts before, $after after)"
  end_load
}

# survives_cut SERVICE SECONDS: its host loses the network and gets it back. Others find out by silence, not by a refusal.
survives_cut() {
  local container network=${project}_back
  container=$(containers "$1")
  start_load --patient
  docker network disconnect "$network" "$container"
  sleep "$2"
  docker network connect --alias "$1" "$network" "$container"
  healthy_soon 180
  end_load
  verifies
}
