# shellcheck shell=bash
# What is wrong before anything was started; each step towards a healthy composition is what the doctor said.
# Sourced by tests/doctor/run, which begins with these.
# shellcheck disable=SC2034,SC2154 # for and from whoever sources it

case_not_prepared() {
  breaks "no deploy/init yet"
  expect not-prepared
  # What it says is for the usual project; the test wants its own name and ports.
  grep -q "^$stack/deploy/init --trial " <<<"$(found_rows mend)" || die "it does not name deploy/init"
  local port
  port=$(pick_port 2)
  init --trial --publish "127.0.0.1:$port" --observability "127.0.0.1:$((port + 1))"
  # A name of its own for the program's image: somebody may build another one meanwhile.
  docker tag "$(in_environment YEWU_IMAGE)" yewu:doctor-test
  set_environment YEWU_IMAGE yewu:doctor-test
  mended="mended by its own command, with another name and port"
}

case_not_started() {
  breaks "no docker-compose up yet"
  expect not-started
  mended="mended with the next one"
}

# A network of that name which is not internal.
case_network_open() {
  breaks "a network made by hand"
  docker network create --label "com.docker.compose.project=$project" --label com.docker.compose.network=back "${project}_back" >/dev/null
  expect network-open not-started
  mend
}
