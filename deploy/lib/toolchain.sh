# shellcheck shell=bash
# What building needs: Rust, and a C compiler and linker for it. Root gets the second from apt; Rust itself is never
# installed behind anybody's back. Sourced by deploy/up and tests/run after common.sh.

# require_toolchain LOG: LOG takes what apt-get says.
require_toolchain() {
  have cargo || die "Rust is not installed (no cargo on the PATH)" \
    "install it: curl https://sh.rustup.rs -sSf | sh   (version: rust-version in Cargo.toml, or newer)"
  have cc && return 0
  if ((EUID != 0)) || ! have apt-get; then
    die "no C compiler: Rust needs cc to link" "ask an administrator for: apt-get install gcc libc6-dev"
  fi
  say "installing a C compiler and linker: gcc, libc6-dev (log: $1)"
  if ! { apt-get -y -q update && DEBIAN_FRONTEND=noninteractive \
    apt-get -y -q -o DPkg::Lock::Timeout=300 install --no-install-recommends gcc libc6-dev; } >"$1" 2>&1 </dev/null; then
    tail_of "$1"
    die "apt-get could not install gcc and libc6-dev" "whole log: $1"
  fi
}
