# shellcheck shell=bash
# Are facts under way? Outboxes, queues, inboxes, and what waits for a person. Sourced by deploy/doctor after everything that
# could be the cause; it looks only, and a service whose trouble is explained is left out.
# shellcheck disable=SC2034,SC2154 # for and from whoever sources it

# figure NAME QUEUE: one of the broker's figures of a queue.
figure() { sed -n "s/^rabbitmq_detailed_queue_$1{.*queue=\"$2\".*} \([0-9]*\).*/\1/p" <<<"$broker_figures" | head -n 1; }

check_queue_unconsumed() {
  [[ -n $broker_figures ]] || { ! runs broker || unseen "the broker shows no figures" "消息代理没有提供指标"; return; }
  local name shard queues=() names=()
  for name in "${services[@]}"; do
    if ! settled "$name" || excused "$name"; then continue; fi
    for shard in 0 1 2 3; do
      [[ $(figure consumers "$name.s$shard") == 0 ]] || continue
      queues+=("$name.s$shard")
      [[ " ${names[*]} " == *" $name "* ]] || names+=("$name")
    done
  done
  ((${#queues[@]})) || return 0
  found "nobody consumes from: $(together "${queues[@]}")" "以下队列没有消费者：$(together "${queues[@]}")" \
    "what arrives there has no effect; nothing is lost while it waits" "到达的消息不会被处理；等待期间不会丢失" "$(compose_line restart "${names[*]}")"
  explains "${names[@]/%/:messages}"
}

check_dead_letters() {
  local count
  count=$(figure messages yewu.dead)
  ((${count:-0} > 0)) || return 0
  found "$count messages in yewu.dead" "yewu.dead 中有 $count 条消息" \
    "they were no facts, or came back twenty times; nobody will ever handle them by themselves" "它们不是合法消息，或已被退回二十次，不会再被自动处理" \
    "docker exec ${name_of[$(running broker)]} rabbitmqctl purge_queue yewu.dead   # $(in_language "facts are kept in the outboxes: replay tells them again" "消息仍保存在发件箱中，可用 replay 补发")"
}

# stuck_outboxes: lines SERVICE|COUNT|SECONDS|KIND of facts that have waited for more than a minute for no reason named so far.
stuck_outboxes() {
  [[ -n $broker_definitions && -z ${explained[broker]:-} ]] || return 0
  local name count seconds kind
  while IFS='|' read -r _ name count seconds kind; do
    ! settled "$name" || excused "$name" || ((seconds <= 60)) || echo "$name|$count|$seconds|$kind"
  done < <(grep '^outbox|' <<<"$database_rows")
}

check_outbox_unroutable() {
  database_seen || return 0
  local name count kind id
  while IFS='|' read -r name count _ kind; do
    for id in $(copies "$name"); do
      ask 10 docker logs --since 1m "$id" 2>&1 </dev/null | grep -q 'no queue is bound for it' || continue
      found "$name: no queue is bound for $kind; $count facts wait behind it" "$name：没有队列绑定 $kind，有 $count 条消息在等待" \
        "later facts of the same deals wait, too" "同一业务的后续消息也会一直等待" \
        "$(chain "$(compose_line run --rm migrate)" "$(compose_line restart "$name")")"
      explains "$name:messages"
      break
    done
  done < <(stuck_outboxes)
}

check_outbox_stuck() {
  database_seen || return 0
  local name count seconds kind
  while IFS='|' read -r name count seconds kind; do
    found "$name: $count facts wait in its outbox, the oldest ($kind) for $seconds s" "$name：发件箱中有 $count 条消息在等待，最早的（$kind）已等待 $seconds 秒" \
      "other services do not learn what happened" "其他服务无法得知已发生的业务" \
      "$(compose_line restart "$name")   # $(in_language "then, if they still wait" "若仍在等待"): $compose_said logs --tail 50 $name"
    explains "$name:messages"
  done < <(stuck_outboxes)
}

check_messages_parked() {
  database_seen || return 0
  local name status count total=0 parts=()
  while IFS='|' read -r _ name status count _; do
    [[ $status == parked ]] || continue
    parts+=("$name $count") total=$((total + count))
  done < <(grep '^inbox|' <<<"$database_rows")
  ((total > 0)) || return 0
  found "$total messages are parked: $(together "${parts[@]}")" "有 $total 条消息被搁置：$(together "${parts[@]}")" \
    "they were refused and wait for a person; later ones of the same deals wait behind them" "它们被拒绝处理，等待人工决定；同一业务的后续消息排在其后" \
    "$(compose_line run --rm tools parked list)   # $(in_language "then for each: parked retry EVENT, or parked discard EVENT --reason WHY" "然后逐条处理：parked retry EVENT，或 parked discard EVENT --reason 原因")"
}

# What waits for something that has not arrived: if nobody is about to send it, it was lost, and is told again.
check_inbox_waiting() {
  database_seen && ! told container-down messages-parked || return 0
  local name status count seconds since what
  while IFS='|' read -r _ name status count seconds since what; do
    if [[ $status != waiting ]] || ((seconds <= 60)) || ! settled "$name" || excused "$name"; then continue; fi
    found "$name: $count messages wait for what has not arrived, the oldest for $seconds s${what:+ ($what)}" \
      "$name：有 $count 条消息在等待尚未到达的数据，最早的已等待 $seconds 秒${what:+（$what）}" \
      "they have had no effect so far" "它们至今没有生效" "$(compose_line run --rm tools replay --since "$since")"
  done < <(grep '^inbox|' <<<"$database_rows")
}
