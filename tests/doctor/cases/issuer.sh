# shellcheck shell=bash
# An identity provider that is asked for its keys over the network. Sourced by tests/doctor/run as the last: from here on
# the composition is a production's. The provider is a container of the test's, with a few lines of Perl.
# shellcheck disable=SC2034,SC2154 # for and from whoever sources it

# With a key of its own again: the provider's took the place of its public half.
back_to_trial() {
  rm -f "$secrets/development_key" "$secrets/jwks"
  init --trial --publish "$(in_environment YEWU_PUBLISH)" --observability "$(in_environment YEWU_PUBLISH_OBSERVABILITY)"
  of_stack up -d
  of_stack restart "${services[@]}"
  docker rm -fv "$project-issuer" >/dev/null 2>&1 || true
}

# issuer_at URL: the services ask there for the keys from now on. (A development profile, as this one speaks no TLS.)
issuer_at() {
  sed "s|^jwks_file = .*|jwks_url = \"$1\"|" "$stack/deploy/generated/yewu.toml" | put "$stack/deploy/generated/yewu.toml"
  of_stack restart "${services[@]}"
}

# issuer COMMAND…: a container in the services' network, called issuer.
issuer() {
  docker rm -fv "$project-issuer" >/dev/null 2>&1 || true
  docker run -d --name "$project-issuer" --network "${project}_back" --network-alias issuer --tmpfs /tmp -v "$secrets/jwks:/jwks:ro" \
    --entrypoint "$1" "$(in_environment YEWU_IMAGE)" "${@:2}" >/dev/null
}

# A server that gives /jwks to whoever asks, and says a time that is so many seconds off.
keys_of_time() {
  # shellcheck disable=SC2016 # Perl's own names
  issuer perl -MIO::Socket::INET -MPOSIX -e 'my $listening = IO::Socket::INET->new(LocalPort => 8000, Listen => 50, ReuseAddr => 1) or die;
    while (my $caller = $listening->accept) { while (defined(my $line = <$caller>)) { last if $line =~ /^\r?\n$/ }
      open my $file, "<", "/jwks"; my $keys = join "", <$file>;
      print $caller "HTTP/1.1 200 OK\r\nDate: ", strftime("%a, %d %b %Y %H:%M:%S GMT", gmtime(time + $ARGV[0])),
        "\r\nContent-Length: ", length $keys, "\r\nConnection: close\r\n\r\n", $keys; close $caller }' "$1"
}

case_issuer_unreachable() {
  breaks "a name that nobody knows"
  init --issuer https://identity.invalid --jwks https://identity.invalid/keys --publish "$(in_environment YEWU_PUBLISH)" \
    --observability "$(in_environment YEWU_PUBLISH_OBSERVABILITY)"
  of_stack up -d
  expect issuer-unreachable
  back_to_trial
  breaks "a certificate that nobody trusts"
  issuer bash -c 'cd /tmp && openssl req -x509 -newkey rsa:2048 -nodes -keyout key -out certificate -days 2 -subj /CN=issuer 2>/dev/null &&
    exec openssl s_server -accept 8443 -key key -cert certificate -www'
  issuer_at https://issuer:8443/keys
  expect issuer-unreachable
  back_to_trial
  by_hand "back to a trial"
}

case_clock_off() {
  breaks "an issuer whose clock is ten minutes ahead"
  keys_of_time 600
  issuer_at http://issuer:8000/jwks
  expect clock-off
  breaks "and one that is right"
  keys_of_time 0
  well
  back_to_trial
  by_hand "another issuer, then back to a trial"
}
