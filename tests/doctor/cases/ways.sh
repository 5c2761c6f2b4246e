# shellcheck shell=bash
# The ways in and out. Sourced by tests/doctor/run.
# shellcheck disable=SC2034,SC2154 # for and from whoever sources it

case_edge_unreachable() {
  breaks "another port in .env, and no up"
  set_environment YEWU_PUBLISH "127.0.0.1:$(pick_port 1)"
  expect edge-unreachable
  mend
}

case_edge_blind() {
  breaks "docs cut off from the inner network"
  docker network disconnect "${project}_back" "$(the docs)"
  expect edge-blind
  mend
}

case_edge_exposed() {
  local place
  breaks "0.0.0.0 in .env"
  place=$(in_environment YEWU_PUBLISH)
  set_environment YEWU_PUBLISH "0.0.0.0:${place##*:}"
  expect edge-exposed
  ! "$doctor" --accept edge-exposed 2>&1 | grep edge-exposed || die "it was accepted, and is said all the same"
  mend
}

case_attachments_unwritable() {
  breaks "the volume given to root"
  in_attachments 'chown 0:0 /attachments && chmod 755 /attachments'
  expect attachments-unwritable
  mend
}

says_where_the_secret_comes_from() {
  local line
  line=$(found_rows 'code mend' | grep '^secret-')
  [[ $line == *' --store-secret FILE'* && $line != *rm\ -f* && $line != *"$secrets/store_secret"* ]] || die "$code: it names no file that somebody has to bring" "$line"
}

case_store_unusable() {
  local place=(--publish "$(in_environment YEWU_PUBLISH)" --observability "$(in_environment YEWU_PUBLISH_OBSERVABILITY)")
  breaks "a store where nobody listens"
  echo "a secret of nobody's store" >"$state/store-secret"
  init --trial "${place[@]}" --store http://broker:9000 --store-bucket files --store-key-id yewu --store-secret "$state/store-secret"
  of_stack up -d
  wait_steady
  expect store-unusable
  breaks "its secret a default, then deleted: nobody here can make another"
  echo minioadmin | put "$secrets/store_secret"
  expect secret-default store-unusable
  says_where_the_secret_comes_from
  rm "$secrets/store_secret"
  expect secret-missing store-unusable
  says_where_the_secret_comes_from
  init --trial "${place[@]}"
  of_stack up -d
  by_hand "back to the volume"
}

# The backup writes its figures anew each time it wakes: they are falsified until that is seen.
falsified() {
  local attempt now
  now=$(date +%s)
  breaks "figures of the backup falsified"
  of_stack up -d backup restore-check
  wait_steady
  for attempt in 1 2 3 4 5; do
    { printf 'yewu_%s_timestamp_seconds '"$now"'\n' backup_last_success backup_log_kept restore_check_last_success && printf '%s\n' "$1"; } |
      docker run --rm -i --network none --user 0 --entrypoint /bin/bash -v "${project}_status:/status" "$(in_environment YEWU_IMAGE)" -c \
        'tac | awk "!seen[\$1]++" >/status/metrics'
    examine
    [[ $(found_rows code) != "$code" ]] || break
  done
  [[ $(found_rows code) == "$code" ]] || die "it was not found" "$report"
  whole_sentences
  of_stack rm -sf backup restore-check
  by_hand "the backup put away again"
}

case_backup_old() { falsified "yewu_backup_last_success_timestamp_seconds $(date -d '30 hours ago' +%s)"; }
case_backup_log_old() { falsified "yewu_backup_log_kept_timestamp_seconds $(date -d '20 minutes ago' +%s)"; }
case_restore_check_old() { falsified "yewu_restore_check_last_success_timestamp_seconds $(date -d '30 hours ago' +%s)"; }
case_invariant_violated() { falsified 'yewu_invariant_violations{invariant="no-event-lost"} 2'; }
