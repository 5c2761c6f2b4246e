# shellcheck shell=bash
# What deploy/init prepares: secrets, settings, signing keys, images. Sourced by deploy/doctor; it never shows a secret, and
# all that it starts is one container of the program's image, without network or secret, that ends with its answer.
# shellcheck disable=SC2034,SC2154 # for and from whoever sources it

check_not_prepared() {
  prepared && return
  found "deploy/init has not been run here" "尚未在此运行 deploy/init" \
    "there are no secrets, no settings and no .env, so nothing can start" "没有密钥、设置和 .env，任何服务都无法启动" \
    "$(printf '%q' "$checkout/deploy/init") --trial   # $(in_language "or, with the company's identity provider" "或使用公司的身份提供方"): --issuer URL --jwks URL|FILE"
}

check_secret_missing() {
  prepared || return 0
  local name missing=()
  for name in $(expected_secrets); do
    [[ -f $secrets/$name && -s $secrets/$name ]] && continue
    missing+=("$name") spoilt[$name]=1
  done
  ((${#missing[@]})) || return 0
  found "missing or empty in $secrets: $(together "${missing[@]}")" "$secrets 中缺少或为空：$(together "${missing[@]}")" \
    "no container that needs one of them starts" "需要它们的容器无法启动" "$(renew_line "${missing[@]}")"
}
# Secrets that are wrong in themselves: that a server does not believe them is no news.
declare -A spoilt=()

# What nobody chose, or anybody guesses. (The program refuses the first three.)
check_secret_default() {
  prepared || return 0
  local name weak=()
  for name in $(expected_secrets); do
    case $name in
      *_url | *_definitions | jwks | development_key) continue ;;
      store_secret) # nothing here can make it
        ! is_weak "$name" || weak_store_secret
        continue
        ;;
    esac
    is_weak "$name" || continue
    weak+=("$name") spoilt[$name]=1
  done
  ((${#weak[@]})) || return 0
  found "a default, or shorter than 16 characters: $(together "${weak[@]}")" "默认值或不足 16 个字符：$(together "${weak[@]}")" \
    "whoever reaches the server guesses it" "任何能连到服务器的人都能猜出" \
    "rm -f$(printf " $(printf '%q' "$secrets")/%s" "${weak[@]}") && $(renew_line "${weak[@]}")"
}

# is_weak NAME: a secret that is there and too easy.
is_weak() {
  local value
  [[ -s $secrets/$1 ]] || return 1
  value=$(<"$secrets/$1")
  case ${value,,} in
    changeme | password | secret | postgres | guest | admin | yewu | yewu_admin) ;;
    *) ((${#value} < 16)) ;;
  esac
}

# The store of attachments has its secret from its own administrator.
weak_store_secret() {
  spoilt[store_secret]=1
  found "a default, or shorter than 16 characters: store_secret" "默认值或不足 16 个字符：store_secret" \
    "whoever reaches the store of attachments reads and removes all files" "任何能连到附件存储的人都能读取和删除所有文件" \
    "$(init_line --store-secret FILE) && $(compose_line restart "${services[*]}")   # $(in_language "FILE: a new secret, once the store knows it" "FILE：存储端已启用的新密钥文件")"
}

# renew_line NAME…: makes secrets that are missing, and has the servers and the services learn them.
renew_line() {
  local name line import='' migrate='' restart=()
  for name in "$@"; do
    case $name in
      *_admin | *_url | *_definitions | jwks | development_key) ;;
      database_yewu_backup) ;;
      store_secret) restart+=("${services[@]}") ;; # FILE in the line: see init_line
      database_yewu_verify) migrate=1 ;;
      database_*) migrate=1 restart+=("${name#database_}") ;;
      broker_*) import=1 restart+=("${name#broker_}") ;;
    esac
  done
  line=$(init_line)
  [[ -z $import ]] || line+=" && $(import_line)"
  [[ -z $migrate ]] || line+=" && $(compose_line run --rm migrate)"
  ((!${#restart[@]})) || line+=" && $(compose_line restart "${restart[*]}")"
  echo "$line"
}

# The broker learns what the definitions say; whoever is connected stays so.
import_line() {
  local id
  id=$(running broker)
  printf 'docker exec -i %s rabbitmqctl import_definitions <%q' "${name_of[${id:-none}]:-${project}_broker_1}" "$secrets/broker_definitions"
}

check_secret_open() {
  prepared || return 0
  local mode
  mode=$(stat -c %a "$secrets")
  [[ $mode == [0-7]00 ]] && return
  found "others on this machine may enter $secrets (mode $mode)" "本机其他用户可以进入 $secrets（权限 $mode）" \
    "the files in it can be read by whoever enters; only the folder keeps others out" "其中的文件对能进入者可读，仅靠该目录阻挡他人" \
    "chmod 700 $(printf '%q' "$secrets")"
}

# The administrators' URLs hold their passwords a second time.
check_secret_stale() {
  prepared || return 0
  local name stale=()
  for name in database_admin broker_admin; do
    [[ -z ${spoilt[$name]:-}${spoilt[${name}_url]:-} && -s $secrets/$name && -s $secrets/${name}_url ]] || continue
    [[ $(<"$secrets/${name}_url") == *":$(<"$secrets/$name")@"* ]] || stale+=("${name}_url")
  done
  ((${#stale[@]})) || return 0
  found "$(together "${stale[@]}") holds another password than the file beside it" "$(together "${stale[@]}") 中的密码与对应文件不一致" \
    "the next migration is refused" "下一次迁移会被拒绝" "$(init_line)"
}

# Only the program knows which keys there are. Nobody answers where it is alone, and that it says so means that it could read them.
check_settings_broken() {
  prepared || return 0
  local image said
  image=$(in_environment YEWU_IMAGE)
  docker_has "$image" || { unseen "there is no image to ask" "没有可用于检查的镜像"; return; }
  said=$(ask 20 docker run --rm --network none --read-only --cap-drop ALL -v "$generated/yewu.toml:/etc/yewu/yewu.toml:ro" \
    "$image" --settings /etc/yewu/yewu.toml health 2>&1 </dev/null)
  case $said in
    *'nobody answers at'*) return ;;
    yewu:*) ;;
    *) unseen "the program did not say whether it can read the settings" "程序未说明能否读取设置"; return ;;
  esac
  found "the settings cannot be read: ${said#yewu: }" "设置文件无法读取：${said#yewu: }" \
    "no service starts with them; those that run still have the old ones" "任何服务都无法以此启动，正在运行的仍使用旧设置" \
    "$(init_line)"
}

docker_has() { ask 5 docker image inspect "$1" >/dev/null 2>&1; }

check_keys_none() {
  prepared && [[ -n $(setting jwks_file) && -s $secrets/jwks ]] || return 0
  ! grep -q '"kty" *:' "$secrets/jwks" || return 0
  spoilt[jwks]=1
  local mend
  if [[ $(in_environment COMPOSE_FILE) == *trial* ]]; then
    mend="rm -f $(printf '%q %q' "$secrets/jwks" "$secrets/development_key") && $(init_line) && $(compose_line restart "${services[*]}")"
  else
    mend="$(init_line --jwks FILE-OR-URL) && $(compose_line restart "${services[*]}")"
  fi
  found "the file of the issuer's keys holds no key" "签发方公钥文件中没有任何公钥" \
    "no token is believed; services that start now refuse to" "所有令牌都会被拒绝，此时启动的服务会直接退出" "$mend"
}

check_keys_development() {
  prepared && [[ $(setting profile) == production && -n $(setting jwks_file) ]] || return 0
  grep -q '"kid" *: *"development-' "$secrets/jwks" 2>/dev/null || return 0
  spoilt[jwks]=1
  found "the profile is production, and the issuer's keys are a development key" "当前为生产模式，但签发方公钥是开发密钥" \
    "whoever has its private half is everybody; the program refuses to start with it" "持有其私钥者可冒充任何人，程序会拒绝启动" \
    "$(init_line --issuer URL --jwks FILE-OR-URL)"
}

check_image_missing() {
  prepared || return 0
  local name image missing=()
  for name in YEWU_IMAGE YEWU_POSTGRES_IMAGE YEWU_BROKER_IMAGE YEWU_EDGE_IMAGE; do
    image=$(in_environment "$name")
    docker_has "$image" || missing+=("${image:-$name}")
  done
  ((${#missing[@]})) || return 0
  found "this engine has no image $(together "${missing[@]}")" "本机引擎中没有镜像 $(together "${missing[@]}")" \
    "its containers cannot be started anew" "相应容器无法重新启动" \
    "$(printf '%q' "$checkout/deploy/images") --tag $(in_environment YEWU_IMAGE | sed 's/.*://')"
}
