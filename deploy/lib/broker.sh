# shellcheck shell=bash
# One private RabbitMQ node in the state directory, with its own epmd: made, started, killed, stopped.
# It refuses every address but 127.0.0.1 and every default port, and reads nothing under /etc/rabbitmq.
# Sourced by `servers`, which provides $dir, $private (what the server user owns) and as_server.

# The node's whole environment. The node is yewu@localhost, and the inetrc file says what localhost is: that works where
# the machine's own name does not resolve, or no name at all.
broker_environment() {
  local loopback='-kernel inet_dist_use_interface {127,0,0,1}'
  broker_variables=(
    HOME="$private/broker" LANG=C.UTF-8 PATH="$erlang_bin:/usr/bin:/bin" LD_LIBRARY_PATH="$library_path"
    ERL_INETRC="$private/broker/inetrc" ERL_CRASH_DUMP="$private/log/erl_crash.dump"
    ERL_EPMD_PORT="$epmd_port" ERL_EPMD_ADDRESS=127.0.0.1
    RABBITMQ_NODENAME=yewu@localhost RABBITMQ_DIST_PORT="$distribution_port"
    RABBITMQ_CTL_DIST_PORT_MIN=$((distribution_port + 1)) RABBITMQ_CTL_DIST_PORT_MAX=$((distribution_port + 10))
    RABBITMQ_CONF_ENV_FILE="$private/broker/rabbitmq-env.conf" RABBITMQ_CONFIG_FILE="$private/broker/rabbitmq.conf"
    RABBITMQ_ADVANCED_CONFIG_FILE="$private/broker/advanced.config"
    RABBITMQ_ENABLED_PLUGINS_FILE="$private/broker/enabled_plugins"
    RABBITMQ_MNESIA_BASE="$private/broker/data" RABBITMQ_LOG_BASE="$private/log"
    RABBITMQ_LOGS="$private/log/broker.log"
    # Two schedulers are plenty; busy waiting would eat a small machine.
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="+S 2:2 +sbwt none $loopback" RABBITMQ_CTL_ERL_ARGS="$loopback"
    YEWU_BROKER="$private/broker"
  )
}

broker_exists() { [[ -s $dir/secrets/amqp ]]; }

# Prints the process id of the node's virtual machine, if it lives.
broker_pid() { live_pid broker.pid; }
epmd_pid() { live_pid epmd.pid; }

live_pid() {
  local pid
  pid=$(cat "$dir/$1" 2>/dev/null) || return 1
  process_has "$pid" "YEWU_BROKER=$private/broker" && [[ $(process_state "$pid") != Z ]] && echo "$pid"
}

# The broker's first frame after our protocol header is a method frame, type 1: it speaks AMQP.
broker_answers() {
  local first=''
  {
    exec 3<>"/dev/tcp/127.0.0.1/$amqp_port" && printf 'AMQP\x00\x00\x09\x01' >&3 && IFS= read -r -N 1 -t 2 -u 3 first
    exec 3>&-
  } 2>/dev/null || return 1
  [[ $first == $'\x01' ]]
}

create_broker() {
  [[ -s $dir/secrets/amqp ]] || new_secret | write_private "$dir/secrets/amqp"
  as_server mkdir -p "$private/broker/data"
  new_secret | as_server sh -c 'umask 077 && rm -f "$0" && cat >"$0"' "$private/broker/.erlang.cookie"
}

# With a default user of ours, the node's first boot creates that one and never `guest`.
write_broker_settings() {
  as_server sh -c 'umask 077 && cat >"$0"' "$private/broker/rabbitmq.conf" <<END
listeners.tcp.1 = 127.0.0.1:$amqp_port
default_user = yewu
default_pass = $(cat "$dir/secrets/amqp")
disk_free_limit.absolute = 100MB
log.file.level = info
END
  # shellcheck disable=SC2016 # expanded by the inner shell
  as_server sh -c 'cd "$0"; echo "[]." >enabled_plugins; echo "[]." >advanced.config; : >rabbitmq-env.conf
    echo "{host, {127,0,0,1}, [\"localhost\"]}. {lookup, [file, native]}." >inetrc' "$private/broker"
}

# start_broker: as start_postgres, a taken port is replaced unless keep_ports is set.
start_broker() {
  local attempt
  as_server test -s "$private/broker/.erlang.cookie" && broker_exists || create_broker
  if [[ -n $(broker_pid) ]] && broker_answers; then return 0; fi
  for attempt in 1 2 3; do
    stop_broker
    settle_port amqp_port 1
    settle_port epmd_port 1
    settle_port distribution_port 11
    broker_environment
    write_broker_settings
    boot_broker && return 0
    grep -qs eaddrinuse "$private/log/broker.log" "$private/log/broker.boot" && [[ -z ${keep_ports:-} ]] || break
    amqp_port=0 epmd_port=0 distribution_port=0
  done
  stop_broker
  tail_of "$private/log/broker.boot" 10
  tail_of "$private/log/broker.log"
  die "RabbitMQ did not start on 127.0.0.1:$amqp_port (attempt $attempt)" "whole logs: $private/log/broker.log and broker.boot" \
    "port taken: ss -ltnp | grep $amqp_port; disk full: df -h $dir" "to do without a broker: --no-broker"
}

# Both are started in sessions of their own: Ctrl-C in the caller's terminal must not reach them. Every step from
# here to the virtual machine is an exec (`detached` makes rabbitmq-server do the same), so $! is its process.
boot_broker() {
  local waited pid
  as_server sh -c ': >"$0"; : >"$1"' "$private/log/broker.boot" "$private/log/broker.log"
  if [[ -z $(epmd_pid) ]]; then
    launch epmd.pid "$erlang_bin/epmd" -port "$epmd_port" -address 127.0.0.1
    for ((waited = 0; waited < 50; waited++)); do port_free "$epmd_port" && sleep 0.1 || break; done
  fi
  launch broker.pid detached=true "$broker_bin/rabbitmq-server"
  pid=$(cat "$dir/broker.pid")
  for ((waited = 0; waited < 1200; waited++)); do
    broker_answers && return 0
    [[ -d /proc/$pid ]] || return 1
    sleep 0.1
  done
  say "RabbitMQ did not answer within 120 s"
  return 1
}

# launch PIDFILE [NAME=VALUE…] PROGRAM…: a daemon with the node's environment only, no inherited locks.
launch() {
  local file=$1
  shift
  as_server_exec setsid env -i "${broker_variables[@]}" "$@" </dev/null >>"$private/log/broker.boot" 2>&1 8>&- 9>&- &
  echo $! >"$dir/$file"
}

# SIGTERM makes the node close its queues in order; only a node that hangs is killed, and that is said.
stop_broker() {
  local pid
  if pid=$(broker_pid); then
    kill -TERM "$pid"
    wait_gone "$pid" 60 || { say "RabbitMQ did not stop within 60 s and was killed"; kill_broker; }
  fi
  if pid=$(epmd_pid); then
    kill -TERM "$pid"
    wait_gone "$pid" 5 || kill -KILL "$pid"
  fi
  rm -f "$dir/broker.pid" "$dir/epmd.pid"
}

# As a power cut: nothing is closed, nothing is flushed.
kill_broker() {
  local pid
  pid=$(broker_pid) || die "the broker is not running" "start it: $0 broker-start $dir"
  kill -KILL "$pid"
  wait_gone "$pid" 10 || die "process $pid did not die" "see: ps -fp $pid"
  # Its first thread is gone; on a busy machine others still hold the port for a moment.
  local waited
  for ((waited = 0; waited < 100; waited++)); do
    if port_free "$amqp_port"; then break; fi
    sleep 0.1
  done
}

# broker_tool ARGS…: rabbitmqctl, or another tool when the first argument names one (rabbitmq-diagnostics, …).
broker_tool() {
  local tool=rabbitmqctl
  if [[ ${1:-} == rabbitmq* && -x $broker_bin/${1:-} ]]; then
    tool=$1
    shift
  fi
  broker_environment
  as_server_exec env -i "${broker_variables[@]}" "$broker_bin/$tool" "$@"
}
