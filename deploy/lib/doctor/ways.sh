# shellcheck shell=bash
# The ways in and out: the edge from outside and towards each service, the folder of attachments, small disks, the backup.
# Sourced by deploy/doctor as the last; looks only.
# shellcheck disable=SC2034,SC2154 # for and from whoever sources it

# http ADDRESS PORT PATH: the answer, its head included; nothing when nobody answers within 5 s.
# shellcheck disable=SC2016 # expanded by the inner shell
http_script='exec 3<>"/dev/tcp/$1/$2" && printf "GET %s HTTP/1.0\r\nHost: doctor\r\n\r\n" "$3" >&3 && timeout 5 cat <&3'

check_edge_unreachable() {
  settled edge || return 0
  local place said
  place=$(in_environment YEWU_PUBLISH)
  said=$(ask 6 bash -c "$http_script" - "$(reachable "${place%:*}")" "${place##*:}" /edge-health 2>/dev/null | head -n 1)
  [[ $said != *' 200 '* ]] || return 0
  found "the edge runs, but at $place this machine gets: ${said:-no answer}" "入口容器在运行，但在 $place 得到的回应是：${said:-无回应}" \
    "nobody reaches the suite" "用户无法访问系统" "$(compose_line up -d --force-recreate --no-deps edge)"
  explains edge
}

check_edge_blind() {
  local id name wanted=() said
  settled edge && id=$(running edge) || return 0
  for name in "${services[@]}" docs; do ! settled "$name" || wanted+=("$name"); done
  ((${#wanted[@]})) || return 0
  # shellcheck disable=SC2016 # expanded inside
  said=$(inside "$id" 40 'for name; do
      getent hosts "$name" >/dev/null || { echo "$name"; continue; }
      timeout 4 bash -c "exec 3<>/dev/tcp/$name/8080 && printf \"GET /livez HTTP/1.0\r\n\r\n\" >&3 && head -n 1 <&3" 2>/dev/null | grep -q " 200 " || echo "$name"
    done' "${wanted[@]}" </dev/null 2>/dev/null)
  [[ -n $said ]] || return 0
  mapfile -t wanted <<<"$said"
  found "the edge does not reach: $(together "${wanted[@]}")" "入口无法连通：$(together "${wanted[@]}")" \
    "they run and are well, and whoever asks for them is told that they are away" "它们运行正常，但访问者只会得到「服务暂时不可用」" \
    "$(compose_line up -d --force-recreate --no-deps "${wanted[*]}")"
}

check_edge_exposed() {
  prepared || return 0
  local place open=()
  for place in "$(in_environment YEWU_PUBLISH)" "$(in_environment YEWU_PUBLISH_OBSERVABILITY)"; do
    case $place in 0.0.0.0:* | '[::]:'*) open+=("$place") ;; esac
  done
  ((${#open[@]})) || return 0
  warned "the edge is published to everybody: $(together "${open[@]}")" "入口对所有网络开放：$(together "${open[@]}")" \
    "the engine's own rules come before the host's firewall (ufw, firewalld), and it speaks no TLS" "引擎的规则先于主机防火墙（ufw、firewalld）生效，且入口不提供 TLS" \
    "$(init_line "--publish 127.0.0.1:$(port_of YEWU_PUBLISH) --observability 127.0.0.1:$(port_of YEWU_PUBLISH_OBSERVABILITY)") && $(compose_line up -d)   # $(in_language "or accept it: --accept edge-exposed" "或接受此项：--accept edge-exposed")"
}

port_of() { local place; place=$(in_environment "$1"); echo "${place##*:}"; }

check_attachments_unwritable() {
  local id name=''
  id=$(any_service) || { [[ ${#containers[@]} == 0 ]] || unseen "no service runs" "没有正在运行的服务"; return; }
  name=$(facts '{{range .Mounts}}{{if eq .Destination "/var/lib/yewu/attachments"}}{{.Name}}{{end}}{{end}}' "$id")
  inside "$id" 5 '[[ -d /var/lib/yewu/attachments && -w /var/lib/yewu/attachments ]]' </dev/null 2>/dev/null && return
  [[ $? == 1 ]] || { unseen "no service can be asked" "无法查询任何服务"; return; }
  found "the services (user 10001) may not write into volume ${name:-attachments}" "各服务（用户 10001）无法写入卷 ${name:-attachments}" \
    "no file can be uploaded" "无法上传任何附件" \
    "docker run --rm --network none --user 0 --entrypoint chown -v ${name:-${project}_attachments}:/attachments $(in_environment YEWU_IMAGE) -R 10001:10001 /attachments"
}

# Writes, reads and removes a trial object, as the services would: nothing else tells whether they can.
check_store_unusable() {
  [[ $(setting kind) == s3 ]] || return 0
  local id said
  id=$(any_service) || { [[ ${#containers[@]} == 0 ]] || unseen "no service runs" "没有正在运行的服务"; return; }
  said=$(ask 60 docker exec "$id" yewu --settings /etc/yewu/yewu.toml storage 2>&1 </dev/null) && return
  [[ $said == yewu:* ]] || { unseen "no service can be asked" "无法查询任何服务"; return; }
  said=$(sed -n 's/^yewu: //p' <<<"$said" | head -n 1 | cut -c 1-300)
  found "the store of attachments cannot be used: $said" "附件的对象存储无法使用：$said" \
    "no file can be uploaded or downloaded; all else goes on" "无法上传或下载任何附件，其他功能不受影响" \
    "$(compose_line run --rm tools storage)   # $(in_language "until it can; another store or secret" "直至可用；更换存储或密钥"): $(init_line "--store $(setting endpoint)") …"
}

check_backup_old() {
  local age
  age=$(since yewu_backup_last_success_timestamp_seconds backup) || return 0
  ((age > 26 * 3600)) || return 0
  found "no backup has succeeded for $((age / 3600)) hours" "已有 $((age / 3600)) 小时没有成功的备份" \
    "a loss of the disk now loses all that came since" "此时磁盘损坏将丢失其后的全部数据" "$(compose_line logs --tail 50 backup)"
}

check_backup_log_old() {
  local age
  age=$(since yewu_backup_log_kept_timestamp_seconds backup) || return 0
  ((age > 600)) || return 0
  found "the database's log has not been kept for $((age / 60)) minutes" "数据库日志已有 $((age / 60)) 分钟没有归档" \
    "a loss of the disk now loses these; one minute is promised" "此时磁盘损坏将丢失这段时间的数据；承诺为一分钟" "$(compose_line restart backup)"
}

check_restore_check_old() {
  local age
  age=$(since yewu_restore_check_last_success_timestamp_seconds restore-check) || return 0
  ((age > 26 * 3600)) || return 0
  found "no backup has been restored and verified for $((age / 3600)) hours" "已有 $((age / 3600)) 小时没有备份通过恢复校验" \
    "nobody knows whether the newest ones are any good" "无人知道最近的备份是否可用" "$(compose_line logs --tail 50 restore-check)"
}

check_invariant_violated() {
  runs backup || return 0
  look_at_backup
  local broken
  broken=$(sed -n 's/^yewu_invariant_violations{invariant="\([^"]*\)"} [1-9][0-9]*.*/\1/p' <<<"$backup_figures" | tr '\n' ' ')
  [[ -n $broken ]] || return 0
  found "the last verification found violated: ${broken% }" "上次校验发现违反：${broken% }" \
    "data are wrong, lost, or were changed by somebody" "数据有误、丢失或被篡改" "$(compose_line run --rm tools verify)"
}

# since FIGURE SERVICE: seconds since then; since the container was made, where nothing has been said yet. False where it does not run.
since() {
  local id last
  id=$(running "$2") && settled "$2" || return
  look_at_backup
  last=$(sed -n "s/^$1 \([0-9]*\).*/\1/p" <<<"$backup_figures")
  echo $(($(date +%s) - ${last:-$(date -d "$(facts '{{.Created}}' "$id")" +%s)}))
}

backup_figures='' backup_asked=''
look_at_backup() {
  [[ -z $backup_asked ]] || return 0
  backup_asked=1
  local id
  id=$(running edge) && backup_figures=$(inside "$id" 8 "$http_script" 127.0.0.1 9101 /backup/metrics </dev/null 2>/dev/null)
}
