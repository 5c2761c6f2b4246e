# shellcheck shell=bash
# The machine under the containers: engine, compose, disk, memory, clock. Sourced by deploy/doctor; looks only.
# `blind` ends the looking: without an engine, or without the right to read, nothing else can be seen.
# shellcheck disable=SC2034,SC2154 # for and from whoever sources it

check_engine_missing() {
  have docker && return
  found "no container engine is installed: there is no docker on the PATH" "未安装容器引擎：PATH 中找不到 docker" \
    "everything of this installation runs in containers" "本系统全部运行在容器中" \
    "apt-get install docker.io docker-compose"
  blind=1
}

check_engine_silent() {
  [[ -z $blind ]] || return
  local said mend='systemctl start docker'
  engine_root=$(ask 10 docker info --format '{{.DockerRootDir}}' 2>/dev/null)
  [[ $engine_root != /* ]] || return 0
  said=$(ask 10 docker info 2>&1 >/dev/null)
  said=${said##*$'\n'}
  # shellcheck disable=SC2016 # the reader's shell expands it
  [[ $said != *'permission denied'* ]] || mend='sudo usermod -aG docker "$USER" && newgrp docker'
  found "the container engine does not answer: ${said:-no word within 10 s}" "容器引擎无响应：${said:-10 秒内没有任何回应}" \
    "nothing can be started, stopped or looked at" "无法启动、停止或查看任何容器" "$mend"
  blind=1
}

check_secrets_unreadable() {
  [[ -z $blind && -d $secrets ]] || return
  [[ -r $secrets && -x $secrets ]] && return
  local owner
  owner=$(stat -c %U "$secrets")
  found "the secrets in $secrets belong to $owner, not to $(id -un)" "$secrets 中的密钥文件属于 $owner，而不是 $(id -un)" \
    "whoever may not read them cannot say whether they are right" "没有读取权限就无法判断它们是否正确" \
    "sudo -u $owner $(printf '%q' "$checkout/deploy/doctor")"
  blind=1
}

# Starting compose takes a second, hence it is asked one thing: to read its files. Who is too old for them cannot.
check_compose_missing() {
  compose_works='' compose_complaint=''
  if ask 10 docker compose version >/dev/null 2>&1; then compose_said='docker compose'; fi
  # shellcheck disable=SC2086 # one word or two
  if prepared && compose_complaint=$(cd "$checkout/deploy" && ask 20 $compose_said config -q 2>&1 </dev/null); then
    compose_works=1
  elif ! compose_version=$(ask 20 $compose_said version --short 2>/dev/null </dev/null); then
    found "neither docker-compose nor docker compose can be run" "docker-compose 与 docker compose 均无法运行" \
      "it starts and stops the containers in their order" "各容器需要由它按顺序启动和停止" \
      "apt-get install docker-compose"
    compose_works=1
  fi
}

check_compose_old() {
  [[ -z $compose_works ]] || return 0
  local oldest
  oldest=$(printf '%s\n1.29\n' "${compose_version#v}" | sort -V | head -n 1)
  [[ $oldest == 1.29 ]] && return
  found "docker-compose is $compose_version; 1.29 is the oldest that will do" "docker-compose 版本为 $compose_version，最低需要 1.29" \
    "older ones know neither profiles nor waiting for the migration to end" "更旧的版本不支持 profiles，也不会等待迁移完成" \
    "apt-get install docker-compose-v2"
}

check_compose_broken() {
  [[ -z $compose_works ]] && prepared && ! told compose-old || return 0
  found "docker-compose cannot read its files: ${compose_complaint:-no word within 20 s}" "docker-compose 无法读取其配置文件：${compose_complaint:-20 秒内没有任何回应}" \
    "no container can be started anew" "无法重新启动任何容器" \
    "git -C $(printf '%q' "$checkout") checkout -- deploy/compose.yaml deploy/compose.trial.yaml deploy/compose.issuer.yaml deploy/compose.store.yaml"
}

# What is left on the disk must hold a broker's memory written out (it refuses everything below 1 GB), a day of logs and of the
# database's log. YEWU_DOCTOR_FREE_MB is another bound: for small machines, and for the test.
free_bound_mb=${YEWU_DOCTOR_FREE_MB:-3000}

check_disk_full() {
  local place id
  for place in "$engine_root" "$checkout"; do
    [[ ! -d $place ]] || judge_disk "$(in_language 'this machine' 本机) $place" < <(ask 5 df -Pk "$place" && ask 5 df -Pi "$place")
  done
  for place in postgres:/var/lib/postgresql/data broker:/var/lib/rabbitmq "$(any_service_name):/var/lib/yewu/attachments"; do
    id=$(running "${place%%:*}") || continue
    # shellcheck disable=SC2016 # expanded inside
    judge_disk "${name_of[$id]} ${place#*:}" < <(inside "$id" 5 'df -Pk "$1" && df -Pi "$1"' "${place#*:}" </dev/null 2>/dev/null)
  done
}

any_service_name() { local id; id=$(any_service) && echo "${service_of[$id]}"; }

# judge_disk WHERE: stdin is what df says of its kilobytes and of its inodes. A disk that has been named is not named again.
judge_disk() {
  local where=$1 all free inodes
  read -r all free inodes < <(awk '$1 != "Filesystem" { if (!seen++) { all = $2; free = $4 } else inodes = $5 } END { print all, free, inodes }')
  [[ -n $free ]] || return 0
  free=$((free / 1024))
  ((free < free_bound_mb)) || [[ $inodes =~ ^(9[7-9]|100)% ]] || return 0
  [[ -z ${full_disks[$all]:-} ]] || return 0
  full_disks[$all]=1
  found "$where has $free MB left and $inodes of its inodes taken (bound: $free_bound_mb MB, 97%)" \
    "$where 仅剩 $free MB，inode 已用 $inodes（下限：$free_bound_mb MB、97%）" \
    "on a full disk the database stops and the broker accepts nothing" "磁盘写满后数据库会停止，消息代理会拒收消息" \
    "$(room_line)"
}

room_line() { echo "docker image prune   # $(in_language "what else takes room" 其他占用): docker system df -v"; }
declare -A full_disks=()

# A gigabyte for Postgres and three quarters for the broker, the services, and the machine itself. YEWU_DOCTOR_MEMORY_MB is
# another bound, for the test.
check_memory_low() {
  local all available bound=${YEWU_DOCTOR_MEMORY_MB:-3500}
  all=$(awk '/^MemTotal:/ { print int($2 / 1024) }' /proc/meminfo 2>/dev/null)
  available=$(awk '/^MemAvailable:/ { print int($2 / 1024) }' /proc/meminfo 2>/dev/null)
  [[ -n $all && -n $available ]] || { unseen "this system has no /proc/meminfo" "本系统没有 /proc/meminfo"; return; }
  ((all < bound || available < 300)) || return 0
  found "this machine has $all MB of memory, $available MB of it available (bounds: $bound and 300)" \
    "本机内存 $all MB，可用 $available MB（下限：$bound 与 300）" \
    "what does not fit is killed by the kernel: the database first, as it is the largest" "内存不足时内核会终止进程，占用最大的数据库首当其冲" \
    "ps -eo rss,comm --sort=-rss | head   # $(in_language "stop what need not run here, or give the machine 4 GB" "停掉不必要的程序，或将内存增至 4 GB")"
}

# Whether somebody keeps the clock right, whoever does it here says; what it is off by, only somebody outside could (clock-off).
check_clock_unkept() {
  local said=''
  if said=$(ask 5 timedatectl show --property=NTPSynchronized --value 2>/dev/null); then
    [[ $said != yes ]] || return 0
  elif said=$(ask 5 chronyc -n tracking 2>/dev/null); then
    ! grep -q '^Leap status *: Normal' <<<"$said" || return 0
  else
    unseen "neither systemd nor chrony says whether the clock is kept" "systemd 与 chrony 均未报告时钟是否同步"
    return
  fi
  found "nobody keeps the clock of this machine right" "本机时钟未与任何时间源同步" \
    "tokens, deadlines and the audit log go by it" "令牌、期限和审计日志都以它为准" "timedatectl set-ntp true"
}
