# shellcheck shell=bash
# The broker: does it answer, are its users the services', may each do what it must and no more, is there a place for every
# fact? Sourced by deploy/doctor. Passwords are compared by the broker's own hashes; none is shown or handed over.
# shellcheck disable=SC2034,SC2154 # for and from whoever sources it

broker_definitions='' broker_figures=''
# Who hears what (lines "service kind"), which permissions follow from it, and the migrations, as this version of the program says.
hearing='' permissions_wanted='' topics_wanted='' migrations_wanted='' hearing_asked=''
here=${BASH_SOURCE[0]%/*}

# rows LIST FIELDS: of a JSON text on stdin.
rows() { awk -v list="$1" -v wanted="$2" -f "$here/rows.awk"; }

# All definitions in one go, as each of the broker's own commands starts a virtual machine; figures from its metrics.
look_at_broker() {
  local id
  id=$(running broker) && [[ ${health_of[$id]} != starting ]] || return 0
  broker_definitions=$(inside "$id" 40 'rabbitmqctl -q --timeout 30 export_definitions - 2>/dev/null' </dev/null)
  [[ $broker_definitions == '{'*'}' ]] || broker_definitions=''
  # shellcheck disable=SC2016 # expanded inside
  broker_figures=$(inside "$id" 15 'for page in /metrics "/metrics/detailed?family=queue_coarse_metrics&family=queue_consumer_count"; do
      exec 3<>/dev/tcp/127.0.0.1/15692 && printf "GET %s HTTP/1.0\r\n\r\n" "$page" >&3 && timeout 5 cat <&3; done' </dev/null 2>/dev/null |
    tr -d '\r' | grep -E '^rabbitmq_(alarms_|detailed_queue_|disk_space_available)')
}

# What the program itself would define. A service's container has its own password alone, hence every user gets that one here;
# only what users may do is kept. Where no service runs, what deploy/init wrote down will do.
look_at_hearing() {
  [[ -z $hearing_asked ]] || return 0
  hearing_asked=1
  local id name said=''
  if id=$(any_service); then
    name=${service_of[$id]}
    said=$(ask 15 docker exec -e "YEWU__BUS__PASSWORD_FILE=/run/secrets/broker_$name" "$id" yewu --settings /etc/yewu/yewu.toml broker-users 2>/dev/null)
    migrations_wanted=$(ask 10 docker exec "$id" yewu migrations 2>/dev/null | sed -n 's/^\([a-z]*\)\t\([0-9]*\).*/migration|\1|\2/p')
  fi
  [[ -n $said ]] || said=$(cat "$secrets/broker_definitions" 2>/dev/null)
  permissions_wanted=$(rows permissions 'user vhost configure write read' <<<"$said")
  topics_wanted=$(rows topic_permissions 'user vhost exchange write read' <<<"$said")
  hearing=$(rows topic_permissions 'user read' <<<"$said" | awk -F '\t' '{
      gsub(/^\^\(|\)\$$/, "", $2); count = split($2, keys, "|")
      for (n = 1; n <= count; n++) { sub(/\\\.\[0-9\]$/, "", keys[n]); gsub(/\\/, "", keys[n]); print $1 " " keys[n] }
    }' | LC_ALL=C sort -u)
}

broker_seen() {
  [[ -n $broker_definitions ]] && return
  unseen "the broker cannot be asked" "无法查询消息代理"
  return 1
}

check_broker_silent() {
  local id
  id=$(running broker) && [[ ${health_of[$id]} != starting && -z $broker_definitions ]] || return 0
  found "the broker's container runs, and the broker does not answer" "消息代理的容器在运行，但代理本身没有响应" \
    "facts wait in the outboxes; nothing is lost, everything is late" "消息停留在各服务的发件箱中，不会丢失，但都会延迟" "$(compose_line restart broker)"
  explains broker
}

check_broker_guest() {
  broker_seen || return 0
  rows users name <<<"$broker_definitions" | grep -qx guest || return 0
  found "the broker has a user guest" "消息代理中存在 guest 用户" "everybody knows its password" "其密码人尽皆知" \
    "docker exec ${name_of[$(running broker)]} rabbitmqctl delete_user guest"
}

check_broker_user() {
  broker_seen || return 0
  local name users missing=()
  users=$(rows users name <<<"$broker_definitions")
  for name in yewu_admin "${services[@]}"; do grep -qx "$name" <<<"$users" || missing+=("$name"); done
  ((${#missing[@]})) || return 0
  found "the broker has no user $(together "${missing[@]}")" "消息代理中没有用户 $(together "${missing[@]}")" \
    "its facts stay in the outbox, and it hears of nothing" "其消息停留在发件箱中，也收不到任何消息" \
    "$(chain "$(init_line)" "$(import_line)")"
  explains "${missing[@]/%/:messages}"
  without_rights+=("${missing[@]}")
}
without_rights=()

# The broker keeps base64(salt + SHA-256(salt + password)), with a salt of 4 bytes.
check_broker_password() {
  broker_seen || return 0
  local name hash method refused=() restart=()
  while IFS=$'\t' read -r name hash method; do
    [[ $name == yewu_admin || " ${services[*]} " == *" $name "* ]] || continue
    local file=$secrets/broker_${name#yewu_}
    [[ $method == rabbit_password_hashing_sha256 && -s $file && -z ${spoilt[${file##*/}]:-} ]] || continue
    believes "$hash" "$file" || refused+=("$name")
  done < <(rows users 'name password_hash hashing_algorithm' <<<"$broker_definitions")
  ((${#refused[@]})) || return 0
  for name in "${refused[@]}"; do
    [[ $name == yewu_admin ]] || restart+=("$name")
    explains "$name" "$name:messages"
  done
  found "the broker does not believe the secret of $(together "${refused[@]}")" "消息代理不接受以下用户的密码：$(together "${refused[@]}")" \
    "it cannot connect any more, at its next start at the latest" "最迟在下次启动时将无法连接" \
    "$(chain "$(init_line)" "$(import_line)")${restart[*]:+ && $(compose_line restart "${restart[*]}")}"
}

# believes HASH FILE
believes() {
  local bytes salt
  bytes=$(base64 -d <<<"$1" 2>/dev/null | od -An -v -tx1 | tr -d ' \n')
  salt="\\x${bytes:0:2}\\x${bytes:2:2}\\x${bytes:4:2}\\x${bytes:6:2}"
  [[ ${bytes:8} == "$({ printf '%b' "$salt" && tr -d ' \n' <"$2"; } | sha256sum | cut -c 1-64)" ]]
}

# The node reads this file at each start: with old passwords in it, old passwords come back.
check_broker_definitions() {
  prepared && [[ -s $secrets/broker_definitions && -z ${spoilt[broker_definitions]:-} ]] || return 0
  ! told broker-password || return 0
  local name password old=()
  while IFS=$'\t' read -r name password; do
    local file=$secrets/broker_${name#yewu_}
    [[ -s $file && -z ${spoilt[${file##*/}]:-} ]] || continue
    [[ $password == "$(tr -d ' \n' <"$file")" ]] || old+=("$name")
  done < <(rows users 'name password' <"$secrets/broker_definitions")
  ((${#old[@]})) || return 0
  found "broker_definitions holds another password than the secret of $(together "${old[@]}")" "broker_definitions 中以下用户的密码与密钥文件不一致：$(together "${old[@]}")" \
    "the broker takes it at its next start, and then refuses them" "消息代理下次启动时会采用它，届时将拒绝这些用户" "$(init_line)"
}

check_broker_permission() {
  broker_seen || return 0
  look_at_hearing
  local name wrong=()
  for name in "${services[@]}"; do
    [[ " ${without_rights[*]} " == *" $name "* ]] && continue
    [[ $(of_user "$name" <<<"$permissions_wanted") == "$(rows permissions 'user vhost configure write read' <<<"$broker_definitions" | of_user "$name")" &&
      $(of_user "$name" <<<"$topics_wanted") == "$(rows topic_permissions 'user vhost exchange write read' <<<"$broker_definitions" | of_user "$name")" ]] ||
      wrong+=("$name")
  done
  ((${#wrong[@]})) || return 0
  found "at the broker these may do more, or less, than this version needs: $(together "${wrong[@]}")" \
    "以下用户在消息代理上的权限与此版本的需要不符：$(together "${wrong[@]}")" \
    "less, and its facts are refused; more, and it can speak in another's name" "过少则消息被拒，过多则可冒充其他服务" \
    "$(chain "$(init_line)" "$(import_line)")"
  explains "${wrong[@]/%/:messages}"
}

of_user() { grep "^$1"$'\t' | sort; }

check_exchange_missing() {
  broker_seen || return 0
  local line missing=()
  for line in $'yewu.events\ttopic' $'yewu.dead\tfanout'; do
    rows exchanges 'name type' <<<"$broker_definitions" | grep -qxF "$line" || missing+=("${line%%$'\t'*}")
  done
  ((${#missing[@]})) || return 0
  found "exchanges missing at the broker: $(together "${missing[@]}")" "消息代理中缺少交换机：$(together "${missing[@]}")" \
    "no fact goes from one service to another" "服务之间无法传递任何消息" "$(compose_line run --rm migrate)"
  explains "${services[@]/%/:messages}"
}

check_queue_missing() {
  broker_seen || return 0
  local name queues missing=() owners=()
  queues=$(rows queues 'name type' <<<"$broker_definitions")
  for name in yewu.dead $(printf '%s ' "${services[@]/%/.s0}" "${services[@]/%/.s1}" "${services[@]/%/.s2}" "${services[@]/%/.s3}"); do
    grep -qx "$name"$'\tquorum' <<<"$queues" || missing+=("$name") owners+=("${name%%.*}")
  done
  ((${#missing[@]})) || return 0
  found "queues missing at the broker, or not quorum queues: $(together "${missing[@]}")" "消息代理中缺少以下队列（或不是仲裁队列）：$(together "${missing[@]}")" \
    "facts for it find no place; what was in it is sent again by the replay" "发给它的消息无处可去；其中原有的消息可通过重放补发" \
    "$(compose_line run --rm tools replay --since "$(date -u -d '1 day ago' +%Y-%m-%dT%H:%M:%SZ)")   # $(in_language "from before the loss on; it declares them, too" "起点须早于丢失时刻；会同时重建队列")"
  explains "${owners[@]/%/:messages}"
  missing_queues=" ${missing[*]} "
}
missing_queues=''

check_binding_missing() {
  broker_seen && ! told exchange-missing || return 0
  look_at_hearing
  local absent first
  absent=$(comm -23 <(awk '{ for (n = 0; n < 4; n++) print $1 ".s" n "\t" $2 "." n }' <<<"$hearing" | LC_ALL=C sort) \
    <(rows bindings 'destination routing_key source' <<<"$broker_definitions" | sed -n 's/\tyewu\.events$//p' | LC_ALL=C sort) |
    awk -F '\t' -v gone="$missing_queues" 'index(gone, " " $1 " ") == 0')
  [[ -n $absent ]] || return 0
  first=${absent%%$'\n'*}
  found "$(wc -l <<<"$absent") bindings missing at the broker; one is ${first/$'\t'/ for }" "消息代理中缺少 $(wc -l <<<"$absent") 个绑定，例如 ${first/$'\t'/ ← }" \
    "facts that its service must hear pass it by, or wait in their outbox" "该服务应收到的消息会错过它，或停留在发件箱中" "$(compose_line run --rm migrate)"
}

check_broker_alarm() {
  [[ -n $broker_figures ]] || { ! runs broker || unseen "the broker shows no figures" "消息代理没有提供指标"; return; }
  local kind name mend
  for kind in memory_used_watermark free_disk_space_watermark file_descriptor_limit; do
    grep -qx "rabbitmq_alarms_$kind 1" <<<"$broker_figures" || continue
    case $kind in
      memory*) name=$(in_language memory 内存) mend=$(compose_line restart broker) ;;
      free*) name=$(in_language disk 磁盘) mend="$(room_line)" ;;
      *) name=$(in_language 'file handles' 文件句柄) mend=$(compose_line restart broker) ;;
    esac
    found "the broker has raised an alarm: $name" "消息代理发出告警：$name" \
      "it accepts no fact until that is over; they wait in the outboxes" "在此期间它不接收任何消息，消息停留在发件箱中" "$mend"
    explains "${services[@]/%/:messages}"
  done
}
