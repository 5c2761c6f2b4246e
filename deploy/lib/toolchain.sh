# shellcheck shell=bash
# What building needs: Rust, and a C compiler and linker for it; what tests need besides. Root gets all but Rust from
# apt; Rust is never installed behind anybody's back. Sourced by deploy/up and tests/run after common.sh.

# require_toolchain LOG [TOOL…]: LOG takes what apt-get says; each TOOL is a command that a package of its name brings.
require_toolchain() {
  local log=$1 tool missing=()
  shift
  have cargo || die "Rust is not installed (no cargo on the PATH)" \
    "install it: curl https://sh.rustup.rs -sSf | sh   (version: rust-version in Cargo.toml, or newer)"
  have cc || missing+=(gcc libc6-dev)
  for tool in "$@"; do have "$tool" || missing+=("$tool"); done
  ((${#missing[@]})) || return 0
  if ((EUID != 0)) || ! have apt-get; then
    die "missing here: ${missing[*]} (Rust needs cc to link)" "ask an administrator for: apt-get install ${missing[*]}"
  fi
  say "installing ${missing[*]} (log: $log)"
  if ! { apt-get -y -q update && DEBIAN_FRONTEND=noninteractive \
    apt-get -y -q -o DPkg::Lock::Timeout=300 install --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 </dev/null; then
    tail_of "$log"
    die "apt-get could not install ${missing[*]}" "whole log: $log"
  fi
}
