# shellcheck shell=bash
# Finds the programs of Postgres and RabbitMQ, or brings them: as root with apt-get install, otherwise by unpacking
# the distribution's packages into a folder of ours. It never starts, stops or configures anything of the system.
# Sourced by `servers`; uses common.sh. YEWU_IGNORE_SYSTEM=1 acts as if the system had neither program and no root.

# Answers: folder of initdb, pg_ctl and psql; of rabbitmq-server and rabbitmqctl; of erl; libraries for unpacked ones.
postgres_bin='' broker_bin='' erlang_bin='' library_path=''

packages_root() { echo "${YEWU_PACKAGES:-$(state_root)/packages}"; }

# locate_postgres [MAJOR]: with data already there only its own major version can read it.
locate_postgres() {
  local wanted=${1:-} candidate
  postgres_bin=''
  while IFS= read -r candidate; do
    if [[ -z $wanted || $candidate == */"$wanted"/bin ]]; then
      postgres_bin=$candidate
      return 0
    fi
  done < <(program_folders "usr/lib/postgresql/*/bin" initdb)
  return 1
}

locate_broker() {
  local candidate
  broker_bin='' erlang_bin=''
  while IFS= read -r candidate; do
    broker_bin=$candidate
    erlang_bin=${candidate%/usr/lib/rabbitmq/*}/usr/lib/erlang/bin
    [[ -x $erlang_bin/erl ]] && return 0
  done < <(program_folders "usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin" rabbitmq-server)
  return 1
}

# Folders that match a pattern and hold an executable: those of the system, then unpacked ones, newest version first.
program_folders() {
  local pattern=$1 program=$2 base folder
  for base in "${YEWU_IGNORE_SYSTEM:+/nonexistent}/" "$(packages_root)/"; do
    for folder in "$base"$pattern; do
      if [[ -x $folder/$program ]]; then printf '%s\n' "$folder"; fi
    done | sort -rV
  done
}

# Makes the asked servers available: bring_packages postgres|broker…
bring_packages() {
  local kind names=()
  for kind in "$@"; do
    case $kind in
      postgres) locate_postgres || names+=(postgresql) ;;
      broker) locate_broker || names+=(rabbitmq-server) ;;
    esac
  done
  if ((${#names[@]})); then
    have apt-get || die "this system has no apt-get, and ${names[*]} is not installed" \
      "install PostgreSQL (14 or newer) and RabbitMQ (3.9 or newer) with the system's own tools, then try again"
    if ((EUID == 0)) && [[ -z ${YEWU_IGNORE_SYSTEM:-} ]]; then
      install_packages "${names[@]}"
    else
      unpack_packages "${names[@]}"
    fi
  fi
  for kind in "$@"; do
    case $kind in
      postgres)
        locate_postgres "$(postgres_data_version)" ||
          die "no PostgreSQL $(postgres_data_version) was found here" \
            "the data in $dir was made by that version: install postgresql-$(postgres_data_version)," \
            "or drop the data: $0 purge $dir"
        ;;
      broker) locate_broker || die "rabbitmq-server is installed, but its programs are not under /usr/lib/rabbitmq" ;;
    esac
  done
  find_libraries
}

# Unpacked programs need the libraries unpacked beside them; system programs must not see those.
find_libraries() {
  local folder
  library_path=''
  [[ $postgres_bin:$broker_bin == *"$(packages_root)"* ]] || return 0
  for folder in "$(packages_root)"/usr/lib/*-linux-gnu* "$(packages_root)"/lib/*-linux-gnu*; do
    [[ -d $folder ]] && library_path+=${library_path:+:}$folder
  done
  return 0
}

apt_failed() {
  tail_of "$1" 20
  die "apt-get could not bring: $2" \
    "network or proxy trouble: try 'apt-get update' by hand and read what it says (whole log: $1)" \
    "another apt-get running: wait for it; disk full: df -h /var" \
    "without the system's package database: YEWU_IGNORE_SYSTEM=1 unpacks into $(packages_root) instead" \
    "without a broker at all: --no-broker"
}

# ---- as root -----------------------------------------------------------------------------------------------------

# What is put aside for the length of an installation, restored by restore_system even when it fails.
policy=/usr/sbin/policy-rc.d cluster_settings=/etc/postgresql-common/createcluster.conf
policy_mark='For the length of one installation by deploy/lib/packages.sh'

install_packages() {
  local log=$dir/apt.log package
  say "installing $* with apt-get (log: $log)"
  : >"$log"
  trap restore_system EXIT
  forbid_service_starts
  if [[ -z $(apt-cache policy "$1" 2>/dev/null | sed -n '/Candidate: [^(]/p') ]]; then
    quiet_apt update >>"$log" 2>&1 || apt_failed "$log" "the lists of packages"
  fi
  for package in "$@"; do
    if [[ $package == postgresql ]]; then
      quiet_install "$log" postgresql-common
      forbid_main_cluster
    fi
    quiet_install "$log" "$package"
  done
  restore_system
  trap - EXIT
  disable_services "$@" >>"$log" 2>&1
}

quiet_apt() {
  DEBIAN_FRONTEND=noninteractive apt-get -y -q -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold "$@" \
    </dev/null
}

# Lists may be stale (packages moved on since): one update, one more try.
quiet_install() {
  local log=$1 package=$2
  quiet_apt install --no-install-recommends "$package" >>"$log" 2>&1 && return 0
  { quiet_apt update && quiet_apt install --no-install-recommends "$package"; } >>"$log" 2>&1 || apt_failed "$log" "$package"
}

# Debian asks this program before a package starts its service; 101 means no.
forbid_service_starts() {
  if grep -qs "$policy_mark" "$policy"; then restore_system; fi # left by a killed run
  if [[ -e $policy ]]; then mv "$policy" "$policy.before-yewu"; fi
  printf '#!/bin/sh\n# %s.\nexit 101\n' "$policy_mark" >"$policy"
  chmod 755 "$policy"
}

forbid_main_cluster() {
  cp -p "$cluster_settings" "$cluster_settings.before-yewu"
  printf 'create_main_cluster = false\n' >>"$cluster_settings"
}

restore_system() {
  rm -f "$policy"
  if [[ -e $policy.before-yewu ]]; then mv "$policy.before-yewu" "$policy"; fi
  if [[ -e $cluster_settings.before-yewu ]]; then mv "$cluster_settings.before-yewu" "$cluster_settings"; fi
}

# The services of packages that came with us do not start at the next boot either.
disable_services() {
  local package
  for package in "$@"; do
    update-rc.d "$package" disable || true
    if [[ $package == rabbitmq-server ]] && have systemctl; then
      systemctl disable epmd.socket epmd.service || true
    fi
  done
}

# ---- without root ------------------------------------------------------------------------------------------------

# Dependencies that the servers do not need to run: service scripts, Perl wrappers, just-in-time compilation.
not_needed='^(libllvm|libz3|perl|libperl|lib.*-perl$|postgresql-common|postgresql-client-common|ssl-cert|logrotate|cron'
not_needed+='|adduser|openssl$|socat|ucf|lsb-|init-|systemd|sysstat|locales|tzdata|sensible-|netbase|usrmerge|libgdbm|libwrap)'
# What is always taken from the archive, even where the system has it: the servers and what is only theirs.
servers_packages='^(postgresql|libpq5|rabbitmq|erlang|libsctp)'

unpack_packages() {
  local root log names
  root=$(packages_root)
  mkdir -p "$root" || die "cannot create $root" "name a folder of yours in YEWU_PACKAGES"
  exec 8>"$root.lock"
  flock 8
  log=$root/unpack.log
  say "unpacking $* of the distribution into $root (no root needed; log: $log)"
  : >"$log"
  mkdir -p "$root/apt/debs" "$root/apt/state/lists/partial" "$root/apt/cache/archives/partial"
  : >"$root/apt/status"
  names=$(needed_packages "$root" "$log" "$@")
  # shellcheck disable=SC2086 # one word a package
  (cd "$root/apt/debs" && private_apt "$root" download $names) >>"$log" 2>&1 || apt_failed "$log" "$names"
  local package
  for package in "$root"/apt/debs/*.deb; do
    dpkg -x "$package" "$root" >>"$log" 2>&1 || die "cannot unpack $package" "is the disk full? df -h $root"
  done
  rm -rf "$root/apt"
  relocate_erlang "$root"
  exec 8>&-
}

# The packages missing on this system for the asked ones, one a line. Asked with an empty package database, apt
# names everything down to the C library; what the system has is then left out.
needed_packages() {
  local root=$1 log=$2 plan=$1/apt/plan
  shift 2
  if ! private_apt "$root" -s install --no-install-recommends "$@" >"$plan" 2>>"$log"; then
    # No lists, as in a slim container: fetch a private copy of them.
    printf 'Dir::State::Lists "%s";\n' "$root/apt/state/lists" >"$root/apt/own.conf"
    private_apt "$root" update >>"$log" 2>&1 || apt_failed "$log" "the lists of packages"
    private_apt "$root" -s install --no-install-recommends "$@" >"$plan" 2>>"$log" || apt_failed "$log" "$*"
  fi
  dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' | awk '$1 == "ii" { print $2 }' >"$root/apt/installed"
  awk -v servers="$servers_packages" -v skip="$not_needed" '
    NR == FNR { installed[$1] = 1; next }
    $1 == "Inst" && $2 !~ skip && (!($2 in installed) || $2 ~ servers) { print $2 }' "$root/apt/installed" "$plan"
}

private_apt() {
  local root=$1
  shift
  APT_CONFIG=$([[ -f $root/apt/own.conf ]] && echo "$root/apt/own.conf") \
    apt-get -q -o Debug::NoLocking=1 -o Dir::State::status="$root/apt/status" -o Dir::Cache="$root/apt/cache" "$@" </dev/null
}

# Erlang's launchers carry the absolute path of their package.
relocate_erlang() {
  local launcher
  for launcher in "$1"/usr/lib/erlang/bin/{erl,start} "$1"/usr/lib/erlang/erts-*/bin/{erl,start}; do
    if [[ -f $launcher && ! -L $launcher ]]; then
      sed -i "s|=/usr/lib/erlang|=$1/usr/lib/erlang|" "$launcher"
    fi
  done
}
