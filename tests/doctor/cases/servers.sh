# shellcheck shell=bash
# Database and broker, broken from inside. Sourced by tests/doctor/run.
# shellcheck disable=SC2034,SC2154 # for and from whoever sources it

case_database_silent() {
  breaks "the postmaster stopped in its tracks"
  # shellcheck disable=SC2016 # expanded inside
  docker exec "$(the postgres)" bash -c 'read -r pid </var/lib/postgresql/data/postmaster.pid && kill -STOP "$pid"'
  expect database-silent
  mend
}

case_database_password() {
  breaks "crm's secret changed"
  new_secret | put "$secrets/database_crm"
  expect database-password
  breaks "and crm started with it"
  of_stack restart crm
  sleep 10
  expect database-password
  mend
  well
  breaks "the backup's secret changed"
  new_secret | put "$secrets/database_yewu_backup"
  expect database-password
  mend
  well
  breaks "the administrator's secret changed"
  new_secret | put "$secrets/database_admin"
  init --trial --publish "$(in_environment YEWU_PUBLISH)" --observability "$(in_environment YEWU_PUBLISH_OBSERVABILITY)"
  expect database-password
  mend
}

case_schema_missing() {
  breaks "a schema renamed"
  in_database 'ALTER SCHEMA procurement RENAME TO away'
  expect schema-missing
  in_database 'ALTER SCHEMA away RENAME TO procurement'
  by_hand "its command makes an empty one"
}

case_schema_old() {
  breaks "a line of who hears what deleted"
  in_database "DELETE FROM crm.heard WHERE (service, kind) IN (SELECT service, kind FROM crm.heard GROUP BY 1, 2 HAVING count(*) = 1 LIMIT 1)"
  expect schema-old
  mend
  well
  breaks "fake program that has one migration more"
  in_database "SELECT string_agg(format('orders%s%s_x', chr(9), version), chr(10)) FROM orders.__diesel_schema_migrations" >"$state/migrations"
  printf 'orders\t20990101000001_from_the_future\n' >>"$state/migrations"
  local mended_before=$mended
  fake docker "[[ \$* != *' yewu migrations' ]] || { cat $state/migrations; exit; }; exec $(command -v docker) \"\$@\""
  expect schema-old
  mended=$mended_before
}

case_transaction_idle() {
  breaks "a session left open for half a minute"
  # shellcheck disable=SC2016 # expanded inside
  docker exec -d "$(the postgres)" bash -c '{ echo "BEGIN; SELECT 1;" && sleep 240; } |
    PGPASSWORD=$(</run/secrets/database_admin) psql -Xqt -h 127.0.0.1 -U yewu_admin -d yewu'
  expect transaction-idle
  mend
}

case_broker_silent() {
  breaks "rabbitmqctl stop_app"
  in_broker stop_app
  expect broker-silent
  mend
}

case_broker_guest() {
  breaks "guest added"
  in_broker add_user guest guest
  expect broker-guest
  mend
}

case_broker_user() {
  breaks "user crm deleted"
  in_broker delete_user crm
  expect broker-user
  mend
}

case_broker_password() {
  breaks "quoting's secret changed"
  new_secret | put "$secrets/broker_quoting"
  expect broker-password
  mend
}

case_broker_definitions() {
  breaks "another password in the definitions"
  sed "s/$(<"$secrets/broker_crm")/$(new_secret)/" "$secrets/broker_definitions" | put "$secrets/broker_definitions"
  expect broker-definitions
  mend
}

case_broker_permission() {
  breaks "crm's topic permissions cleared"
  in_broker clear_topic_permissions crm
  expect broker-permission
  mend
  well
  breaks "everything allowed to crm"
  in_broker set_permissions crm '.*' '.*' '.*'
  expect broker-permission
  mend
}

case_exchange_missing() {
  breaks "yewu.events deleted"
  in_broker eval 'rabbit_exchange:delete(rabbit_misc:r(<<"/">>, exchange, <<"yewu.events">>), false, <<"doctor">>).'
  expect exchange-missing
  mend
}

case_queue_missing() {
  breaks "crm.s0 deleted"
  in_broker delete_queue crm.s0
  expect queue-missing
  mend
}

# The services state their bindings anew each minute: it must be looked at sooner, so it is deleted until it is seen.
case_binding_missing() {
  local attempt
  breaks "a binding of crm.s0 deleted"
  for attempt in 1 2 3 4 5; do
    in_broker eval '[rabbit_binding:remove(B, <<"doctor">>) || B <- rabbit_binding:list_for_destination(rabbit_misc:r(<<"/">>, queue, <<"crm.s0">>)),
      element(3, B) =:= <<"orders.order.completed.v1.0">> orelse element(3, B) =:= <<"crm.user.changed.v1.0">>].'
    examine
    [[ $(found_rows code) != binding-missing ]] || break
  done
  [[ $(found_rows code) == binding-missing ]] || die "it was not found" "$report"
  mend
}

case_broker_alarm() {
  breaks "a watermark below what it uses"
  in_broker set_vm_memory_high_watermark absolute 10MB
  expect broker-alarm
  mend
  well
  breaks "a disk limit above what there is"
  in_broker set_disk_free_limit 900000GB
  expect broker-alarm
  in_broker set_disk_free_limit 1GB
  mended+=" (memory), by hand (disk)"
}
