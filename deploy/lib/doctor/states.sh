# shellcheck shell=bash
# Containers that run, and not well: in a loop, unhealthy, with old files, or with weaker walls than the composition's.
# Sourced by deploy/doctor after the causes (machine, secrets, servers), so that consequences are left out; looks only.
# shellcheck disable=SC2034,SC2154 # for and from whoever sources it

# Several that end with the same words have one cause: they are one finding.
check_restart_loop() {
  local id name words
  local -A loops=()
  for id in "${containers[@]}"; do
    name=${service_of[$id]}
    [[ ${status_of[$id]} == restarting || (${restarts_of[$id]} -ge 3 && ${health_of[$id]} != healthy) ]] || continue
    if [[ -n ${explained[$name]:-} ]] || follows_from_database "$name" || follows_from_preparation "$name"; then continue; fi
    words=$(last_words "$id")
    loops[${words:-?}]+="${loops[${words:-?}]:+ }$name"
  done
  for words in "${!loops[@]}"; do
    found "starts again and again: ${loops[$words]// /, }; its last words: $words" "反复重启：${loops[$words]// /、}；最后的日志：$words" \
      "it serves nobody, and does not mend itself" "它无法提供服务，也不会自行恢复" \
      "$(compose_line up -d --force-recreate --no-deps "${loops[$words]}")   # $(in_language "then, if it goes on" "若仍重启"): $compose_said logs --tail 50 ${loops[$words]}"
    # shellcheck disable=SC2086 # a name a word
    explains ${loops[$words]}
  done
}

# A service without its database cannot be well; the database has been named then.
follows_from_database() { is_service "$1" && { ! runs postgres || [[ -n ${explained[postgres]:-} ]]; }; }

# Nor can one that was started with settings, keys or a secret that are wrong.
follows_from_preparation() {
  is_service "$1" && { told settings-broken keys-none keys-development || [[ -n ${spoilt[database_$1]:-}${spoilt[broker_$1]:-} ]]; }
}

is_service() { [[ " ${services[*]} " == *" $1 "* ]]; }

check_unhealthy() {
  local id name said
  for id in "${containers[@]}"; do
    name=${service_of[$id]}
    [[ ${status_of[$id]} == running && ${health_of[$id]} == unhealthy && -z ${explained[$name]:-} ]] || continue
    if follows_from_database "$name" || follows_from_preparation "$name"; then continue; fi
    # Of what the last look said, that which /readyz said.
    said=$(facts '{{range .State.Health.Log}}{{"\x1e"}}{{.Output}}{{end}}' "$id")
    said=${said##*$'\x1e'}
    said=$(grep -m 1 '^{' <<<"$said" || echo "$said")
    found "${name_of[$id]} is not well: ${said:-its health check is not answered in time}" "${name_of[$id]} 状态异常：${said:-健康检查超时未响应}" \
      "it may answer wrongly or not at all" "它可能给出错误的回应，或根本没有回应" "$(compose_line restart "$name")"
    explains "$name"
  done
}

# What a look from inside says of each container, one look for several checks: how full its /tmp is, and the sums of its mounted files.
declare -A mounts_of=() inside_of=()
look_inside() {
  local id line
  while IFS='|' read -r id line; do mounts_of[$id]=${line//|/$'\n'}; done < <(facts \
    '{{.Id}}|{{range .Mounts}}{{if eq .Type "bind"}}{{.Destination}}={{.Source}}|{{end}}{{end}}' "${containers[*]}")
  for id in "${containers[@]}"; do
    [[ ${status_of[$id]} == running && -z ${explained[${service_of[$id]}]:-} ]] || continue
    # shellcheck disable=SC2016 # expanded inside
    inside_of[$id]=$(cut -d = -f 1 <<<"${mounts_of[$id]:-}" | inside "$id" 10 'df -P /tmp | tail -n 1
      while read -r file; do [[ ! -f $file ]] || sha256sum "$file"; done' 2>/dev/null)
  done
}

# A file that was replaced outside is still the old one inside: a mount is of the file, not of its name.
check_restart_due() {
  local id name due=() others=() lines=()
  for id in "${containers[@]}"; do
    name=${service_of[$id]}
    [[ " ${due[*]} ${others[*]} " != *" $name "* ]] || continue
    is_stale "$id" || continue
    if [[ " ${services[*]} docs " == *" $name "* ]]; then due+=("$name"); else others+=("$name"); fi
  done
  ((${#due[@]} + ${#others[@]})) || return 0
  # The rollout needs the servers, hence their restart comes last.
  ((!${#due[@]})) || lines+=("$(printf '%q' "$checkout/deploy/rollout") --same --only ${due[*]}")
  ((!${#others[@]})) || lines+=("$(compose_line restart "${others[*]}")")
  found "secrets or settings were changed since the start of: $(together "${due[@]}" "${others[@]}")" \
    "以下容器启动之后，密钥或设置又有改动：$(together "${due[@]}" "${others[@]}")" \
    "they still have the old ones; what breaks then, breaks at the next start, when nobody expects it" "它们仍在使用旧内容；若有问题，会在下次启动时才意外暴露" \
    "$(chain "${lines[@]}")"
}

# is_stale ID: has one of its files another sum outside than inside?
is_stale() {
  local inner outer
  while IFS='=' read -r inner outer; do
    [[ -f $outer && -r $outer && -z ${spoilt[${outer##*/}]:-} && ${inside_of[$1]:-} == *"  $inner"* ]] || continue
    case ${outer##*/} in
      database_yewu_backup) continue ;; # the server reads it once, when the cluster is made
      broker_definitions) ! told broker-definitions || continue ;;
      *_url) ! told secret-stale || continue ;;
      yewu.toml) ! told settings-broken keys-development || continue ;;
    esac
    [[ ${inside_of[$1]} == *"$(sha256sum <"$outer" | cut -d ' ' -f 1)  $inner"* ]] || return 0
  done <<<"${mounts_of[$1]:-}"
  return 1
}

check_tmp_full() {
  local id used names=()
  for id in "${containers[@]}"; do
    used=$(awk 'NR == 1 { print int($5) }' <<<"${inside_of[$id]:-}")
    ((${used:-0} < 90)) || names+=("${service_of[$id]}")
  done
  ((${#names[@]})) || return 0
  found "less than a tenth of /tmp is left in: $(together "${names[@]}")" "以下容器的 /tmp 剩余不足十分之一：$(together "${names[@]}")" \
    "large answers and uploads break off" "较大的响应和上传会中断" "$(compose_line restart "${names[*]}")"
}

# The rules that compose.yaml keeps for every container, as the engine says them of what really runs.
check_container_weak() {
  local id name user only drop add privileged security memory processors tasks logs again ports weak
  # shellcheck disable=SC2016 # the engine's own names
  while IFS='|' read -r id user only drop add privileged security memory processors tasks logs again ports; do
    name=${service_of[$id]} weak=()
    [[ ${status_of[$id]} == running && $name != migrate ]] || continue
    [[ ${user%%:*} =~ ^[1-9][0-9]*$ ]] || weak+=("$(in_language 'it runs as root' '以 root 运行')")
    [[ $only == true ]] || weak+=("$(in_language 'its files can be written' 根文件系统可写)")
    [[ $drop == '[ALL]' && -z $add && $privileged == false ]] || weak+=("$(in_language 'it has capabilities' '拥有内核特权（capabilities）')")
    [[ $security == *no-new-privileges* ]] || weak+=("$(in_language 'it can gain privileges' 可以提升权限)")
    [[ $memory != 0 && $processors != 0 && $tasks =~ ^[1-9] ]] || weak+=("$(in_language 'memory, processors or processes are not limited' 内存、处理器或进程数未限制)")
    [[ -n $logs ]] || weak+=("$(in_language 'its log grows without end' 日志无限增长)")
    [[ $again == unless-stopped || $again == always ]] || weak+=("$(in_language 'nobody starts it again' 退出后不会自动重启)")
    [[ -z $ports || $name == edge ]] || weak+=("$(in_language 'it publishes a port' 对外发布了端口)")
    ((${#weak[@]})) || continue
    found "${name_of[$id]} has weaker walls than compose.yaml gives it: $(together "${weak[@]}")" "${name_of[$id]} 的隔离弱于 compose.yaml 的规定：$(together "${weak[@]}")" \
      "a hole in it leads further than into this one container" "一旦被攻破，影响会超出该容器本身" "$(compose_line up -d --force-recreate --no-deps "$name")"
  done < <(facts '{{.Id}}|{{.Config.User}}|{{.HostConfig.ReadonlyRootfs}}|{{.HostConfig.CapDrop}}|{{range .HostConfig.CapAdd}}{{.}} {{end}}|{{.HostConfig.Privileged}}|{{.HostConfig.SecurityOpt}}|{{.HostConfig.Memory}}|{{.HostConfig.NanoCpus}}|{{.HostConfig.PidsLimit}}|{{index .HostConfig.LogConfig.Config "max-size"}}|{{.HostConfig.RestartPolicy.Name}}|{{range $port, $where := .HostConfig.PortBindings}}{{$port}} {{end}}' \
    "${containers[*]}")
}
