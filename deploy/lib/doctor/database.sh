# shellcheck shell=bash
# The database: does it answer, whom does it believe, has it the schemas of this version? Sourced by deploy/doctor.
# Its sessions are read-only, short, and the administrator's, from inside the database's own container.
# shellcheck disable=SC2034,SC2154 # for and from whoever sources it

database_rows=''

# sql QUERIES: rows with | between the fields, of database yewu; what fails is left out, the reason goes to stderr.
sql() {
  local id
  id=$(running postgres) || return 1
  # shellcheck disable=SC2016 # expanded inside
  inside "$id" 20 'export PGPASSWORD PGCONNECT_TIMEOUT=5 PGAPPNAME=doctor
    PGOPTIONS="-c default_transaction_read_only=on -c statement_timeout=8000 -c lock_timeout=2000" && export PGOPTIONS
    PGPASSWORD=$(</run/secrets/database_admin) && exec psql -XAqtw -h 127.0.0.1 -U yewu_admin -d "$1" -f -' "${2:-yewu}" <<<"$1"
}

# database_line SQL: how somebody tells the administrator's session a statement that holds no secret.
database_line() {
  local id
  id=$(running postgres)
  # shellcheck disable=SC2016 # expanded inside
  printf 'docker exec -i %s bash -c '\''PGPASSWORD=$(</run/secrets/database_admin) psql -qt -h 127.0.0.1 -U yewu_admin -d postgres'\'' <<<"%s"' \
    "${name_of[$id]}" "$1"
}

# Everything that checks of the database and of the messages ask, in one session.
look_at_database() {
  local name queries
  queries="SELECT 'schema', nspname FROM pg_namespace;
SELECT 'idle', pid, usename, round(extract(epoch FROM now() - state_change)) FROM pg_stat_activity
  WHERE state LIKE 'idle in transaction%' AND state_change < now() - interval '30 seconds' AND usename <> 'yewu_backup';"
  for name in "${services[@]}"; do
    queries+="SELECT 'outbox', '$name', count(*), round(extract(epoch FROM now() - min(at))), (array_agg(kind ORDER BY seq))[1]
      FROM $name.outbox WHERE published_at IS NULL HAVING count(*) > 0;
SELECT 'inbox', '$name', status, count(*), round(extract(epoch FROM now() - min(arrived_at))),
      to_char(min(arrived_at) - interval '1 hour', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), min(waiting_for)
      FROM $name.inbox WHERE status IN ('waiting', 'parked') GROUP BY status;
SELECT 'heard', '$name', md5(string_agg(line, '' ORDER BY line COLLATE \"C\"))
      FROM (SELECT DISTINCT service || ' ' || kind || chr(10) AS line FROM $name.heard) AS lines;
SELECT 'migration', '$name', version FROM $name.__diesel_schema_migrations;"
  done
  database_rows=$(sql "$queries" 2>/dev/null)
}

# database_seen: is there anything to judge? Says that there is not.
database_seen() {
  [[ -n $database_rows ]] && return
  unseen "the database cannot be asked" "无法查询数据库"
  return 1
}

check_database_silent() {
  local id said
  id=$(running postgres) || return 0
  [[ ${health_of[$id]} != starting ]] || return 0
  said=$(sql 'SELECT 1' postgres 2>&1)
  said=${said##*$'\n'}
  [[ $said != 1 && $said != *'authentication failed'* ]] || return 0
  found "the database runs and does not answer: ${said:-no word within 10 s}" "数据库在运行但没有响应：${said:-10 秒内没有任何回应}" \
    "nothing can be read or written" "无法读写任何数据" "$(compose_line restart postgres)"
  explains postgres migrate "${services[@]}"
}

# Each secret at the database itself. Roles that the first migration makes are left out before it.
check_database_password() {
  local id role refused=() repairs=() restart=() migrate='' lines=''
  if ! id=$(running postgres) || told database-silent || [[ ${health_of[$id]} == starting ]]; then
    unseen "the database cannot be asked" "无法查询数据库"
    return
  fi
  for role in yewu_admin yewu_backup $(migrated && echo yewu_verify "${services[@]}"); do
    [[ -z ${spoilt[$(database_secret "$role")]:-} && -s $secrets/$(database_secret "$role") ]] || continue
    lines+="$role $(tr -d ' \n' <"$secrets/$(database_secret "$role")")"$'\n'
  done
  # shellcheck disable=SC2016 # expanded inside
  mapfile -t refused < <(inside "$id" 30 'export PGPASSWORD PGCONNECT_TIMEOUT=5 PGAPPNAME=doctor
    while read -r role PGPASSWORD; do
      database=postgres query="SELECT 1"
      [[ $role != yewu_backup ]] || database="dbname=postgres replication=true" query=IDENTIFY_SYSTEM
      said=$(psql -XAqtw -h 127.0.0.1 -U "$role" -d "$database" -c "$query" 2>&1 </dev/null) ||
        [[ ! $said =~ authentication\ failed|not\ permitted ]] || echo "$role"
    done' <<<"${lines%$'\n'}" 2>/dev/null)
  ((${#refused[@]})) || return 0
  for role in "${refused[@]}"; do
    case $role in
      yewu_admin) repairs+=("$(administrator_line)") ;;
      yewu_backup) repairs+=("$(database_line "ALTER ROLE $role PASSWORD '\$(cat $(printf '%q' "$secrets/database_$role"))'")") ;;
      yewu_verify) migrate=1 ;;
      *) migrate=1 restart+=("$role") ;;
    esac
    explains "$role"
  done
  [[ -z $migrate ]] || repairs+=("$(compose_line run --rm migrate)")
  ((!${#restart[@]})) || repairs+=("$(compose_line restart "${restart[*]}")")
  [[ " ${refused[*]} " != *' yewu_admin '* ]] || explains postgres
  found "the database does not believe the secret of $(together "${refused[@]}")" "数据库不接受以下角色的密码：$(together "${refused[@]}")" \
    "it cannot connect any more, at its next start at the latest" "最迟在下次启动时将无法连接" "$(chain "${repairs[@]}")"
}

# Nobody may come in with the old password: the server itself takes the new one, while it serves nobody.
administrator_line() {
  # shellcheck disable=SC2016 # expanded inside
  printf '%s && %s run --rm --no-deps -T --entrypoint /bin/bash postgres -c '\''%s'\'' && %s start postgres' "$(compose_line stop postgres)" "$compose_said" \
    'printf "ALTER ROLE yewu_admin PASSWORD \$\$%s\$\$\n" "$(cat /run/secrets/database_admin)" | postgres --single -D /var/lib/postgresql/data -c password_encryption=scram-sha-256 postgres >/dev/null' \
    "$compose_said"
}

database_secret() { case $1 in yewu_admin) echo database_admin ;; *) echo "database_$1" ;; esac; }

# Has a migration ever come to its end here?
migrated() {
  local id
  for id in $(copies migrate); do [[ ${status_of[$id]} != exited || ${exit_of[$id]} != 0 ]] || return 0; done
  return 1
}

check_schema_missing() {
  [[ -n $database_rows ]] || ! runs postgres || told database-silent database-password migration-failed || migration_runs || {
    # The cluster answers, the database is not there.
    found "there is no database yewu in this cluster" "该集群中没有数据库 yewu" \
      "no service can start" "任何服务都无法启动" "$(compose_line run --rm migrate)"
    return
  }
  database_seen && ! told migration-failed && ! migration_runs || return 0
  local name missing=()
  for name in "${services[@]}"; do grep -qx "schema|$name" <<<"$database_rows" || missing+=("$name"); done
  ((${#missing[@]})) || return 0
  found "schemas missing in the database: $(together "${missing[@]}")" "数据库中缺少模式：$(together "${missing[@]}")" \
    "their services fail with each request" "相应服务的所有请求都会失败" "$(compose_line run --rm migrate)"
  explains "${missing[@]}"
}

migration_runs() { local id; for id in $(copies migrate); do [[ ${status_of[$id]} != running && ${status_of[$id]} != created ]] || return 0; done; return 1; }

# Was the database last migrated by this version of the program? The program says which migrations it has, where it can, and who
# hears what, which each migration writes down.
check_schema_old() {
  ! told schema-missing migration-failed && ! migration_runs && database_seen || return 0
  local id name wanted old=()
  id=$(any_service) || { unseen "no service runs that could be asked" "没有正在运行的服务可供查询"; return; }
  look_at_hearing
  for name in "${services[@]}"; do
    wanted=$(grep "^migration|$name|" <<<"$migrations_wanted" | sort)
    [[ -z $(comm -23 <(printf '%s' "$wanted") <(grep "^migration|$name|" <<<"$database_rows" | sort)) ]] &&
      [[ -z $hearing || $database_rows == *"heard|$name|$(md5sum <<<"$hearing" | cut -c 1-32)"* ]] || old+=("$name")
  done
  [[ -n $migrations_wanted ]] || unseen "this version of the program cannot say which migrations it has" "此版本的程序无法列出其迁移"
  ((${#old[@]})) || return 0
  found "the schemas are another version's than the program: $(together "${old[@]}")" "表结构版本与程序不一致：$(together "${old[@]}")" \
    "requests fail where they need what is not there yet; facts may find no hearer" "用到缺失结构的请求会失败，消息可能没有接收者" \
    "$(compose_line run --rm migrate)"
}

check_transaction_idle() {
  database_seen || return 0
  local pid user seconds
  while IFS='|' read -r _ pid user seconds; do
    found "session $pid of $user has held a transaction open for $seconds s without doing anything" "$user 的会话 $pid 已空占事务 $seconds 秒" \
      "what it has locked nobody else can change, and old rows cannot be cleared away" "它锁住的数据无人能改，旧数据也无法清理" \
      "$(database_line "SELECT pg_terminate_backend($pid)")"
  done < <(grep '^idle|' <<<"$database_rows")
}
