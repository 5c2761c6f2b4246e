# shellcheck shell=bash
# What `deploy/init` makes for the containers, and how the other scripts read it: secrets, settings, `.env`.
# Sourced after common.sh; it makes nothing by itself.
# shellcheck disable=SC2034,SC2154 # for and from whoever sources it

generated=$checkout/deploy/generated
secrets=$generated/secrets
services=(crm quoting contracts orders procurement aftersales)

# Prints a secret.
secret() { cat "$secrets/$1"; }

# write_secret NAME COMMAND…: what the command prints becomes the secret. Readable for whoever can enter the folder: outside only
# its owner, inside a container the one user it has. A file that is there is written in its place: a running container sees
# this very file, not its name.
write_secret() {
  local name=$1 text
  shift
  text=$("$@") || die "secret $name could not be made" "command: $1"
  if [[ -f $secrets/$name ]]; then chmod 644 "$secrets/$name"; fi
  (umask 077 && printf '%s\n' "$text" >"$secrets/$name" && chmod 444 "$secrets/$name")
}

# keep NAME COMMAND…: the same, unless it is there.
keep() { [[ -s $secrets/$1 ]] || write_secret "$@"; }

# Prints what `.env` says of a name; nothing where there is none.
in_environment() { sed -n "s/^$1=//p" "$checkout/deploy/.env" 2>/dev/null || true; }

# The suite's version, which its image is tagged with.
version_of() { sed -n '/^\[workspace.package\]/,/^\[/s/^version *= *"\(.*\)"/\1/p' "$checkout/Cargo.toml"; }

# The broker's users as the program describes them, with the passwords of now.
broker_definitions() {
  docker run --rm --network none --user "$(id -u):$(id -g)" -v "$secrets:/run/secrets:ro" -v "$generated/yewu.toml:/etc/yewu.toml:ro" \
    -e YEWU__BUS__ADMIN_URL_FILE=/run/secrets/broker_admin_url "$1" --settings /etc/yewu.toml broker-users --administrator
}

# give_broker_users IMAGE: the broker gets all users anew, with the passwords of now and the rights that IMAGE's program needs.
# What is connected stays so; rights are asked at the next binding.
give_broker_users() {
  write_secret broker_definitions broker_definitions "$1"
  compose exec -T broker rabbitmqctl -q import_definitions <"$secrets/broker_definitions" >/dev/null
}

# The administrators' addresses, with the passwords of now.
write_admin_urls() {
  write_secret database_admin_url printf 'postgres://yewu_admin:%s@postgres:5432/postgres' "$(secret database_admin)"
  write_secret broker_admin_url printf 'amqp://yewu_admin:%s@broker:5672/%%2f' "$(secret broker_admin)"
}

# What stands at the head of printed quotes and proposals: the company's own words, in a folder with its logo, fonts and template.
# Made once; from then on it is the company's to write in, and deploy/init's only to read.
make_print_folder() {
  mkdir -p "$generated/print"
  [[ ! -e $generated/print/print.toml ]] || return 0
  cat >"$generated/print/print.toml" <<'END'
[print]
# What stands at the head of printed quotes and proposals. Take the # away, fill in, and then:
# deploy/init with the same options as before, and deploy/rollout --same.
# company_name = "上海晨光泵业有限公司"
# company_address = "上海市浦东新区金桥路 1 号"
# company_phone = "021-5555 0101"
# A PNG or JPEG file beside this one:
# logo = "logo.png"
# This folder as the services see it. A proposal.md here, with its fonts, takes the place of the shipped template (shared/print).
templates = "/etc/yewu/print"
END
}
