# shellcheck shell=bash
# The identity provider, as the services see it: reached from inside one of their containers, since that is another network
# than this machine's. Sourced by deploy/doctor; it asks for the public keys once and sends nothing.
# shellcheck disable=SC2034,SC2154 # for and from whoever sources it

issuer_answer='' issuer_asked='' issuer_error=''

# The answer's head and body; what went wrong otherwise.
look_at_issuer() {
  local url=$1 id rest place host port path answer
  [[ -z $issuer_asked ]] || return 0
  id=$(any_service) || return 0
  issuer_asked=1
  rest=${url#*://} place=${rest%%/*} path=/
  [[ $rest != */* ]] || path=/${rest#*/}
  host=${place%:*} port=443
  [[ $url == https:* ]] || port=80
  [[ $place != *:* ]] || port=${place##*:}
  # shellcheck disable=SC2016 # expanded inside
  answer=$(inside "$id" 15 'host=$2 port=$3
    request() { printf "GET %s HTTP/1.0\r\nHost: %s\r\nConnection: close\r\n\r\n" "$1" "$host"; }
    getent hosts "$host" >/dev/null || { echo "error: the name $host is unknown in there"; exit; }
    if [[ $1 == https:* ]]; then
      command -v openssl >/dev/null || { echo "error: unseen"; exit; }
      { request "$4"; sleep 5; } | timeout 8 openssl s_client -quiet -verify_return_error -verify_hostname "$host" -servername "$host" -connect "$host:$port" 2>/tmp/doctor.$$ |
        head -c 200000
      said=$(grep -oE "verify error:.*|Connection refused|Network is unreachable|No route to host|timed out" /tmp/doctor.$$ | head -n 1)
      rm -f /tmp/doctor.$$
      [[ -z $said ]] || echo "error: $said"
    else
      exec 3<>"/dev/tcp/$host/$port" || { echo "error: nobody listens there"; exit; }
      request "$4" >&3 && timeout 5 head -c 200000 <&3
    fi' "$url" "$host" "$port" "$path" </dev/null 2>/dev/null | tr -d '\r')
  if [[ $answer == HTTP/* ]]; then
    issuer_answer=$answer
  else
    issuer_error=$(sed -n 's/^error: //p' <<<"$answer" | head -n 1)
    issuer_error=${issuer_error:-no answer within 8 s}
  fi
}

check_issuer_unreachable() {
  prepared && [[ -n $(setting jwks_url) ]] || return 0
  local url what=''
  url=$(setting jwks_url)
  look_at_issuer "$url"
  [[ -n $issuer_asked && $issuer_error != unseen ]] || { unseen "no service runs that could ask the issuer" "没有可用于访问签发方的服务"; return; }
  if [[ -n $issuer_error ]]; then
    what=$issuer_error
  elif [[ $issuer_answer != HTTP/*' 200 '* ]]; then
    what=${issuer_answer%%$'\n'*}
  elif ! grep -q '"kty" *:' <<<"$issuer_answer"; then
    what=$(in_language 'its answer holds no key' 其回应中没有公钥)
  fi
  [[ -n $what ]] || return 0
  found "the issuer's keys at $url cannot be had from the containers: $what" "容器内无法从 $url 获取签发方公钥：$what" \
    "within an hour no token is believed any more; services that start now are not ready" "一小时内所有令牌都将失效，此时启动的服务无法就绪" \
    "$(init_line --jwks FILE-OR-URL) && $(compose_line up -d)"
  explains "${services[@]}"
}

# The one clock that we can compare with is the issuer's: its tokens are judged by ours, with 60 s of leeway.
check_clock_off() {
  [[ -n $issuer_answer ]] || { [[ -z $(setting jwks_url) ]] || unseen "the issuer told no time" "签发方未提供时间"; return; }
  local stated seconds
  stated=$(sed -n '/^$/q; s/^[Dd]ate: //p' <<<"$issuer_answer" | head -n 1)
  seconds=$(date -d "${stated:-nothing}" +%s 2>/dev/null) || { unseen "the issuer told no time" "签发方未提供时间"; return; }
  seconds=$((seconds - $(date +%s)))
  ((seconds > 30 || seconds < -30)) || return 0
  found "this machine's clock and the issuer's differ by ${seconds#-} s" "本机时钟与签发方相差 ${seconds#-} 秒" \
    "from 60 s on fresh tokens count as not valid yet, or as expired" "超过 60 秒后，新签发的令牌会被视为尚未生效或已过期" "timedatectl set-ntp true"
}
