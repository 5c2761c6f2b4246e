# shellcheck shell=bash
# Facts that do not get on. Sourced by tests/doctor/run.
# shellcheck disable=SC2034,SC2154 # for and from whoever sources it

case_queue_unconsumed() {
  breaks "crm may open no connection at the broker"
  in_broker set_user_limits crm '{"max-connections": 0}'
  in_broker close_all_user_connections crm doctor
  expect queue-unconsumed
  in_broker clear_user_limits crm all
  mend
}

case_dead_letters() {
  breaks "a message into yewu.dead"
  in_broker eval 'rabbit_basic:publish(rabbit_misc:r(<<"/">>, exchange, <<"yewu.dead">>), <<>>, [], <<"no fact">>).'
  expect dead-letters
  mend
}

# fact KIND: one that crm told two minutes ago and that nobody has carried since.
fact() {
  in_database "INSERT INTO crm.outbox (id, kind, subject, partition_key, shard, envelope, at)
    VALUES (gen_random_uuid(), '$1', gen_random_uuid(), gen_random_uuid(), 0, '{}', now() - interval '2 minutes')"
}

# Somebody hears it, crm believes, and there is no queue for it. (schema-old: who hears what is no more what the program says.)
case_outbox_unroutable() {
  breaks "a fact that is heard, and has no queue"
  in_database "INSERT INTO crm.heard (kind, service, handler) VALUES ('crm.doctor.asked.v1', 'crm', 'doctor')"
  of_stack restart crm
  wait_steady
  fact crm.doctor.asked.v1
  expect outbox-unroutable schema-old
  mend
}

# The relay's lease is somebody's who never renews it; after five seconds its holder knows that it is not his.
case_outbox_stuck() {
  breaks "the relay's lease given away for ever"
  in_database "UPDATE crm.relay_lease SET holder = gen_random_uuid(), expires_at = 'infinity'"
  sleep 8
  fact crm.doctor.asked.v1
  expect outbox-stuck
  in_database "UPDATE crm.relay_lease SET expires_at = '-infinity'"
  by_hand "the lease given back"
}

# message STATUS EVENT: one at crm that arrived ten minutes ago.
message() {
  in_database "INSERT INTO crm.inbox (handler, event_id, partition_key, kind, status, attempts, next_attempt_at, waiting_for, error, envelope, arrived_at)
    VALUES ('doctor', '$2', gen_random_uuid(), 'crm.doctor.asked.v1', '$1', 1, now() + interval '1 day', 'doctor', 'for the test', '{}', now() - interval '10 minutes')"
}

case_messages_parked() {
  local event=00000000-0000-4000-8000-00000000d0c1
  breaks "a parked message"
  message parked "$event"
  expect messages-parked
  mend
  of_stack run --rm tools parked discard "$event" --reason 'for the test'
  mended="mended by its own commands (list, then discard)"
}

case_inbox_waiting() {
  local event=00000000-0000-4000-8000-00000000d0c2
  breaks "a message that waits for what never comes"
  message waiting "$event"
  expect inbox-waiting
  mend
  in_database "DELETE FROM crm.inbox WHERE event_id = '$event'"
  by_hand "after its own command, as nobody ever told what it waits for"
}
