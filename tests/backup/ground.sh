# shellcheck shell=bash
# What the backup test does to its installation and asks of it: deals, uploaded files, figures. Sourced by run, which has
# sourced common.sh and installation.sh. It judges nothing but what every step needs.
# shellcheck disable=SC2154 # from whoever sources it

up() {
  compose --profile backup up -d >"$state/up.log" 2>&1 || { tail_of "$state/up.log" 20 && die "the installation did not come up"; }
  wait_all_healthy 180 || die "not healthy within 180 s; what is not stands above"
}

# The project's own, and what a restore has put aside.
remove_everything() {
  remove_installation
  docker volume ls -q --filter "label=yewu.restored.over=$project" | xargs -r docker volume rm >/dev/null
}

in_backup() { compose exec -T backup "$@" </dev/null; }
in_postgres() { compose exec -T postgres "$@" </dev/null; }

# in_archive COMMAND…: in the volume of the archive, whatever runs.
in_archive() {
  docker run --rm --network none --user 999:999 -v "${project}_archive:/var/lib/yewu/archive" -w /var/lib/yewu/archive \
    "$(sed -n 's/^YEWU_BACKUP_IMAGE=//p' "$deploy/.env")" "$@"
}

# await SECONDS WHAT COMMAND…: asks every two seconds until it says yes.
await() {
  local until=$((SECONDS + $1)) what=$2
  shift 2
  until "$@"; do
    ((SECONDS < until)) || die "waited in vain for $what"
    sleep 2
  done
}

# Deals from the first lead to the satisfied customer, through the edge.
play() {
  local told
  told=$(tool demo --cases "$1" --base-url http://edge:8080 2>/dev/null | tail -n 1)
  [[ $told == "$1 of $1 satisfied" ]] || die "the demo said: $told"
}

sql() {
  docker exec -i -e "PGPASSWORD=$(cat "$deploy/generated/secrets/database_admin")" "$(containers postgres)" \
    psql -X -A -t -h 127.0.0.1 -U yewu_admin -d yewu -c "$1"
}

orders() { sql 'SELECT number FROM orders.orders ORDER BY number'; }

token() {
  [[ -s $state/token ]] || tool token --role sales_rep 2>/dev/null </dev/null >"$state/token"
  cat "$state/token"
}

# upload TEXT NAME: a file with this text; its id is noted under the name.
upload() {
  local answer
  answer=$(curl -sS --fail-with-body -X POST "$base_url/api/crm/v1/attachments?file_name=$2.txt&kind=document" -H "Authorization: Bearer $(token)" \
    -H "Idempotency-Key: $(new_secret)" -H 'Content-Type: text/plain' --data-binary "$1") || die "the upload was refused: $answer"
  sed 's/.*"id":"\([^"]*\)".*/\1/' <<<"$answer" >"$state/$2.id"
}

download() { curl -sf "$base_url/api/crm/v1/attachments/$(cat "$state/$1.id")/content" -H "Authorization: Bearer $(token)"; }

read_again() {
  local text
  text=$(download "$2") || die "the file $2 is gone"
  [[ $text == "$1" ]] || die "the file $2 is now: $text"
}

# figure NAME: as Prometheus would see it at the edge.
figure() {
  docker exec "$(containers edge)" bash -c \
    'exec 3<>/dev/tcp/127.0.0.1/9101 && printf "GET /backup/metrics HTTP/1.0\r\nHost: edge\r\n\r\n" >&3 && cat <&3' 2>/dev/null | sed -n "s/^$1 //p"
}

figure_after() {
  local value
  value=$(figure "$1")
  ((${value:-0} > $2))
}

kept_files() { (($(in_archive bash -c 'find files -name "*.gz.age" | wc -l') >= $1)); }

archived_by_server() { (($(sql 'SELECT archived_count FROM pg_stat_archiver') > 0)); }

nothing_to_hand() {
  [[ -z $(in_backup bash -c 'cd /var/lib/yewu/archive && comm -23 <(find . -type f ! -name "*.new" ! -name "*.gone" -printf "%P\n" | sort) <(sort -u /tmp/handed)') ]]
}

has_base_on() { in_archive grep -qsx "timeline=$1" -r base --include=about; }

newest_base_file() { in_archive bash -c 'ls -d base/*Z/base.tar.gz.age | tail -n 1'; }

checked_newest() { [[ $(in_backup cat /var/lib/yewu/status/checked) == "$(newest_base_file | cut -d / -f 2)" ]]; }

# A restore check at once; what it said is in $state/said.
check_now() { compose exec -T restore-check bash /etc/yewu/backup/check once </dev/null >"$state/said" 2>&1; }

# opens_only NUMBER: the newest base is opened by this key of the file, and by no other in it.
opens_only() {
  local number file opened=''
  file=$(newest_base_file)
  for number in 1 2; do
    grep '^AGE-SECRET-KEY' "$deploy/generated/secrets/backup_identity" | sed -n "${number}p" >"$state/one-key"
    # shellcheck disable=SC2016 # for the shell inside
    if docker run --rm -i --network none --user 999:999 -v "${project}_archive:/var/lib/yewu/archive:ro" yewu-postgres:1 \
      bash -c 'age --decrypt -i - "/var/lib/yewu/archive/$0" >/dev/null' "$file" <"$state/one-key" 2>/dev/null; then opened+=$number; fi
  done
  rm -f "$state/one-key"
  [[ $opened == "$1" ]]
}

# One of the uploaded files, as it is kept.
a_file() { in_archive bash -c 'find files/crm -name "*.gz.age" | sort | head -n 1'; }
