# shellcheck shell=bash
# What deploy/init has prepared, spoilt. Sourced by tests/doctor/run.
# shellcheck disable=SC2034,SC2154 # for and from whoever sources it

case_secret_missing() {
  breaks "one deleted, one emptied"
  rm "$secrets/broker_admin_url"
  : | put "$secrets/database_admin_url"
  expect secret-missing
  mend
}

case_secret_default() {
  breaks "crm's at the database is changeme"
  echo changeme | put "$secrets/database_crm"
  expect secret-default
  mend
}

case_secret_open() {
  breaks "chmod 755"
  chmod 755 "$secrets"
  expect secret-open
  mend
}

case_secret_stale() {
  breaks "the administrator's URL with another password"
  sed 's|:[^:@]*@|:0123456789abcdef0123@|' "$secrets/database_admin_url" | put "$secrets/database_admin_url"
  expect secret-stale
  mend
}

case_settings_broken() {
  breaks "an unknown key"
  printf '\n[cache]\nsize = 3\n' >>"$stack/deploy/generated/yewu.toml"
  expect settings-broken
  [[ $(found_rows what) == *cache* ]] || die "it does not name the key" "$report"
  mend
}

case_keys_none() {
  breaks "an empty key set"
  echo '{"keys":[]}' | put "$secrets/jwks"
  expect keys-none
  breaks "and crm started with it"
  of_stack restart crm
  sleep 10
  expect keys-none
  mend
}

case_keys_development() {
  breaks "profile = production beside a trial's key"
  sed -i 's/^profile = .*/profile = "production"/' "$stack/deploy/generated/yewu.toml"
  expect keys-development
  init --trial --publish "$(in_environment YEWU_PUBLISH)" --observability "$(in_environment YEWU_PUBLISH_OBSERVABILITY)"
  by_hand "there is no company to name as the issuer"
}

case_image_missing() {
  breaks "another edge in .env"
  set_environment YEWU_EDGE_IMAGE yewu-edge:none
  expect image-missing
  set_environment YEWU_EDGE_IMAGE yewu-edge:1
  by_hand "making all images takes too long"
}
