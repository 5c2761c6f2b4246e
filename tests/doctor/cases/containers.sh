# shellcheck shell=bash
# Containers that do not run, or not as they ought to. Sourced by tests/doctor/run.
# shellcheck disable=SC2034,SC2154 # for and from whoever sources it

case_port_taken() {
  local place
  breaks "another container on the edge's port"
  place=$(in_environment YEWU_PUBLISH)
  of_stack rm -sf edge
  docker run -d --name "$project-squatter" --entrypoint sleep -p "$place:8080" "$(in_environment YEWU_EDGE_IMAGE)" 600 >/dev/null
  expect port-taken
  [[ $(found_rows what) == *"$project-squatter"* ]] || die "it does not name who has the port" "$report"
  mend
  docker rm -fv "$project-squatter" >/dev/null
}

case_container_paused() {
  breaks "docker pause of crm"
  docker pause "$(the crm)" >/dev/null
  expect container-paused
  mend
}

case_out_of_memory() {
  breaks "docs with a tenth of its memory"
  override 'services: { docs: { mem_limit: 8m } }' up -d --no-deps docs
  expect out-of-memory
  mend
}

case_migration_failed() {
  breaks "the table of migrations renamed"
  in_database 'ALTER TABLE crm.__diesel_schema_migrations RENAME TO away'
  of_stack up -d --force-recreate --no-deps migrate
  expect migration-failed
  in_database 'DROP TABLE IF EXISTS crm.__diesel_schema_migrations; ALTER TABLE crm.away RENAME TO __diesel_schema_migrations' 2>/dev/null
  mend
}

case_container_down() {
  local one
  for one in crm broker postgres; do
    breaks "docker stop of $one"
    docker stop -t 20 "$(the "$one")" >/dev/null
    expect container-down
    mend
    well
  done
  breaks "docker kill of all services"
  for one in "${services[@]}"; do docker kill "$(the "$one")" >/dev/null; done
  expect container-down
  mend
}

case_versions_mixed() {
  breaks "crm of another image"
  docker build -q -t yewu:doctor-test-other - >/dev/null 2>&1 <<<"FROM $(in_environment YEWU_IMAGE)
LABEL other=1"
  (export YEWU_IMAGE=yewu:doctor-test-other && of_stack up -d --no-deps crm)
  expect versions-mixed
  mend
}

case_restart_loop() {
  breaks "docs with a command that it does not know"
  override 'services: { docs: { command: [nonsense] } }' up -d --no-deps docs
  expect restart-loop
  mend
}

case_unhealthy() {
  breaks "docs stopped in its tracks"
  # shellcheck disable=SC2016 # expanded inside
  docker exec "$(the docs)" bash -c 'for one in /proc/[0-9]*; do [[ $(<"$one/comm") != yewu ]] || kill -STOP "${one#/proc/}"; done'
  expect unhealthy
  mend
  well
  breaks "crm may open no connection at the database"
  in_database "ALTER ROLE crm CONNECTION LIMIT 0; SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'crm'" >/dev/null
  expect unhealthy
  [[ $(found_rows what) == *'"database":false'* ]] || die "it does not say what /readyz says" "$report"
  in_database 'ALTER ROLE crm CONNECTION LIMIT -1'
  mended+=" (docs), by hand (crm)"
}

case_restart_due() {
  breaks "a secret and the broker's settings replaced"
  { cat "$secrets/database_crm" && echo; } | put "$secrets/database_crm"
  { cat "$stack/deploy/broker/rabbitmq.conf" && echo '# another line'; } | put "$stack/deploy/broker/rabbitmq.conf"
  expect restart-due
  mend
}

case_container_weak() {
  breaks "docs with a writable root and every capability"
  override 'services: { docs: { read_only: false, cap_add: [NET_ADMIN] } }' up -d --no-deps docs
  expect container-weak
  mend
}

case_tmp_full() {
  breaks "60 MB into the edge's /tmp"
  docker exec "$(the edge)" bash -c 'head -c 62000000 /dev/zero >/tmp/filler'
  expect tmp-full
  mend
}
