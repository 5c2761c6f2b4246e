# shellcheck shell=bash
# Do the containers run that ought to? Sourced by deploy/doctor after the causes that lie before any container; looks only.
# shellcheck disable=SC2034,SC2154 # for and from whoever sources it

expected=(postgres broker "${services[@]}" docs edge)
# Of profiles: whoever has ever started one of these wants it.
optional=(backup restore-check prometheus grafana)

check_network_open() {
  prepared || return 0
  local internal
  internal=$(ask 5 docker network inspect --format '{{.Internal}}' "${project}_back" 2>/dev/null)
  [[ $internal == false ]] || return 0
  found "network ${project}_back reaches the outside" "网络 ${project}_back 可以访问外部" \
    "database and broker can be talked into calling out, and a hole in the edge leads further" "数据库与消息代理可能被诱导向外连接，入口一旦失守影响更大" \
    "$(compose_line down) && $(compose_line up -d)"
}

check_not_started() {
  prepared || return 0
  local name
  for name in "${expected[@]}"; do [[ -z $(copies "$name") ]] || [[ $(states_of "$name") =~ ^(exited|created|\ )*$ ]] || return 0; done
  found "nothing of $project runs" "$project 没有任何容器在运行" "nobody is served" "系统无法提供服务" "$(compose_line up -d)"
  explains "${expected[@]}" migrate
}

states_of() { local id; for id in $(copies "$1"); do printf '%s ' "${status_of[$id]}"; done; }

# The edge cannot listen where somebody else does. (Where it runs, it is itself who listens.)
check_port_taken() {
  prepared && ! runs edge || return 0
  local place address port who
  for place in "$(in_environment YEWU_PUBLISH)" "$(in_environment YEWU_PUBLISH_OBSERVABILITY)"; do
    [[ -n $place ]] || continue
    port=${place##*:} address=$(reachable "${place%:*}")
    # shellcheck disable=SC2016 # expanded by the inner shell
    ask 3 bash -c 'exec 3<>"/dev/tcp/$1/$2"' - "$address" "$port" 2>/dev/null || continue
    who=$(ask 5 docker ps --filter "publish=$port" --format '{{.Names}}' | head -n 1)
    who=${who:-$(ask 5 ss -Hltnp "sport = :$port" 2>/dev/null | sed -n 's/.*users:(("\([^"]*\)",pid=\([0-9]*\).*/\1 (\2)/p' | head -n 1)}
    found "$place is taken by ${who:-another program}" "$place 已被 ${who:-其他程序} 占用" \
      "the edge cannot listen there, so nobody reaches the suite" "入口无法在此监听，用户无法访问系统" \
      "$(init_line "$(other_place "$place")") && $(compose_line up -d)"
    explains edge
  done
}

# Where an address that means "all" is reached from this machine.
reachable() { case $1 in 0.0.0.0) echo 127.0.0.1 ;; '[::]') echo ::1 ;; *) echo "$1" | tr -d '[]' ;; esac; }

# other_place ADDRESS:PORT: the options that move the edge to a free pair of ports.
other_place() {
  local port=$((${1##*:} + 1)) address
  address=$(in_environment YEWU_PUBLISH)
  while ((port < 65534)) && ! { port_free "$port" && port_free "$((port + 1))"; }; do ((port++)); done
  echo "--publish ${address%:*}:$port --observability 127.0.0.1:$((port + 1))"
}

check_container_paused() {
  local id names=()
  for id in "${containers[@]}"; do
    [[ ${status_of[$id]} == paused ]] || continue
    names+=("${service_of[$id]}")
  done
  ((${#names[@]})) || return 0
  found "frozen by somebody: $(together "${names[@]}")" "已被人为暂停：$(together "${names[@]}")" \
    "it neither answers nor ends; whoever calls it waits" "它既不响应也不退出，调用方只能等待" "$(compose_line unpause "${names[*]}")"
  explains "${names[@]}"
}

check_out_of_memory() {
  local id names=()
  for id in "${containers[@]}"; do [[ ${starved[$id]} != true ]] || names+=("${service_of[$id]}"); done
  ((${#names[@]})) || return 0
  found "killed for want of memory at its last end: $(together "${names[@]}")" "上次退出是因内存不足被终止：$(together "${names[@]}")" \
    "its mem_limit is smaller than what it needs, so it will be killed again" "其 mem_limit 小于实际需要，还会再次被终止" \
    "$(compose_line up -d --force-recreate "${names[*]}")   # $(in_language "with the limits of compose.yaml; raise mem_limit there" "按 compose.yaml 的限额；需要时在其中调高 mem_limit")"
  explains "${names[@]}"
}

check_migration_failed() {
  local id
  for id in $(copies migrate); do
    [[ ${status_of[$id]} == exited && ${exit_of[$id]} != 0 ]] || continue
    found "the migration failed (exit code ${exit_of[$id]}): $(last_words "$id")" "数据库迁移失败（退出码 ${exit_of[$id]}）：$(last_words "$id")" \
      "services wait for it and do not start, or run on an old schema" "各服务会一直等待而不启动，或者运行在旧的表结构上" "$(compose_line up -d)"
    explains migrate
    local name
    for name in "${services[@]}" edge; do runs "$name" || explains "$name"; done
  done
}

check_container_down() {
  prepared || return 0
  local name id how=() names=()
  for name in "${expected[@]}" "${optional[@]}"; do
    [[ " ${optional[*]} " != *" $name "* || -n $(copies "$name") ]] || continue
    [[ -z ${explained[$name]:-} && ! $(states_of "$name") =~ running|restarting|paused ]] || continue
    id=$(copies "$name" | tail -n 1)
    names+=("$name")
    if [[ -z $id ]]; then
      how+=("$name ($(in_language 'there is none' 不存在))")
    else
      how+=("$name (${status_of[$id]} ${exit_of[$id]}${error_of[$id]:+: ${error_of[$id]}})")
    fi
  done
  ((${#names[@]})) || return 0
  found "not running: $(together "${how[@]}")" "未运行：$(together "${how[@]}")" \
    "what it does is not done; facts for it wait, nothing is lost" "其职责无人承担；发给它的消息会等待，不会丢失" "$(compose_line up -d "${names[*]}")"
  explains "${names[@]}"
}

# All copies of the program are one version, the one that .env names. (The migration's container may be older: deploy/rollout
# runs it apart.)
check_versions_mixed() {
  prepared || return 0
  local wanted id names=()
  wanted=$(ask 5 docker image inspect --format '{{.Id}}' "$(in_environment YEWU_IMAGE)" 2>/dev/null) || return 0
  for id in "${containers[@]}"; do
    [[ " ${services[*]} docs " == *" ${service_of[$id]} "* && ${status_of[$id]} == running && ${image_of[$id]} != "$wanted" ]] || continue
    names+=("${service_of[$id]}")
  done
  ((${#names[@]})) || return 0
  found "another image than $(in_environment YEWU_IMAGE) runs in: $(together "${names[@]}")" \
    "以下服务运行的镜像不是 $(in_environment YEWU_IMAGE)：$(together "${names[@]}")" \
    "two versions stand each other for the time of a rollout, not for ever" "两个版本只应在滚动升级期间并存" \
    "$(printf '%q' "$checkout/deploy/rollout") $(in_environment YEWU_IMAGE) --only ${names[*]}"
}
