# What every script shares: messages with elapsed seconds, the places of things, and the build cache.
# Sourced, not run.  Bash, `set -euo pipefail` expected of the caller.

DITS_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
DITS_CACHE=${DITS_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/dits}
export DITS_ROOT DITS_CACHE
export DITS_STARTED=${DITS_STARTED:-$(date +%s)}

# A foreign LIBRARY_PATH or CPATH would slip into the executable; sort orders and messages must not depend on the user.
unset LIBRARY_PATH CPATH C_INCLUDE_PATH CPLUS_INCLUDE_PATH
export LC_ALL=C.UTF-8

say() { printf '[%4ds] %s\n' $(($(date +%s) - DITS_STARTED)) "$*"; }
warn() { printf '[%4ds] warning: %s\n' $(($(date +%s) - DITS_STARTED)) "$*" >&2; }
die() {
  printf '[%4ds] error: %s\n' $(($(date +%s) - DITS_STARTED)) "$1" >&2
  shift
  for line in "$@"; do printf '        %s\n' "$line" >&2; done
  exit 1
}

# quietly CMD...: run with its output kept in $DITS_LOG, and a sign of life every 20 seconds; when it fails, show the end of it.
quietly() {
  local log=${DITS_LOG:-/dev/null} status=0 heart
  printf '\n$ %s\n' "$*" >>"$log"
  heartbeat &
  heart=$!
  "$@" </dev/null >>"$log" 2>&1 || status=$?
  kill "$heart" 2>/dev/null || true
  wait "$heart" 2>/dev/null || true
  [[ $status == 0 ]] && return 0
  if [[ $log != /dev/null ]]; then tail -n 40 "$log" | sed 's/^/    | /' >&2; fi
  die "failed ($status): $*" "the whole output is in $log"
}

heartbeat() {
  local objects nap=
  trap '[[ -z $nap ]] || kill "$nap" 2>/dev/null; exit 0' TERM
  while true; do
    sleep 20 >/dev/null 2>&1 &
    nap=$!
    wait "$nap" || return 0
    objects=$(find . -name '*.o' 2>/dev/null | wc -l)
    if [[ $objects -gt 0 ]]; then say "  … $objects files compiled" >&2; else say "  … still at it" >&2; fi
  done
}

# jobs: how many compilers at once (in place of the shell builtin of that name, which scripts have no use for).
jobs() { echo "${DITS_JOBS:-$(nproc)}"; }

# compiler gcc: the command, through ccache where there is one.
compiler() { if command -v ccache >/dev/null; then echo "ccache $1"; else echo "$1"; fi; }

# need_space DIRECTORY MEGABYTES: a full disk is said before a compiler says it badly.
need_space() {
  local free
  free=$(df -Pm "$1" | awk 'NR == 2 { print $4 }')
  [[ $free -ge $2 ]] || die "only $free MB are free on the disk of $1, and $2 MB are needed" "free some space, or set DITS_CACHE to a directory on a larger disk"
}

# debian_orig SUITE PACKAGE INTO: download the newest source of PACKAGE in SUITE with a private apt configuration
# (the machine's own mirror and Debian's keyring, the machine's own sources untouched; apt's signatures vouch for what
# arrives) and print the path of its upstream tarball, PACKAGE_VERSION.orig.tar.*
debian_orig() {
  local suite=$1 package=$2 into=$3 uri state options
  uri=$(apt-get indextargets --format '$(REPO_URI)|$(COMPONENT)|$(LABEL)' 'Created-By: Packages' |
    awk -F'|' '$2 == "main" && $3 == "Debian" { print $1; exit }')
  [[ -n $uri ]] || die "apt knows no Debian archive on this machine" "run 'apt-get update' once as root, and check /etc/apt/sources.list*"
  state=$DITS_CACHE/apt/$suite
  mkdir -p "$state"/{lists/partial,cache/archives/partial,parts} "$into"
  printf 'Types: deb-src\nURIs: %s\nSuites: %s\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n' \
    "$uri" "$suite" >"$state/parts/source.sources"
  options=(-o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$state/parts" -o Dir::State::lists="$state/lists"
    -o Dir::Cache="$state/cache" -o Dir::Etc::preferencesparts=/dev/null -o Debug::NoLocking=1 -o APT::Sandbox::User=root
    -o Acquire::Retries=3 -o Acquire::Languages=none)
  (
    flock 9
    # One list serves all recipes of a run.
    if [[ -z $(find "$state/updated" -mmin -60 2>/dev/null) ]]; then
      if ! (quietly apt-get "${options[@]}" -qq -o APT::Update::Error-Mode=any update); then
        warn "the list of Debian's sources in $suite could not be read: check the network, the mirror in /etc/apt/sources.list* and the clock"
        exit 1
      fi
      touch "$state/updated"
    fi
  ) 9>"$state/lock" || exit 1
  (cd "$into" && quietly apt-get "${options[@]}" -qq source --download-only --tar-only --only-source "$package") || exit 1
  local tarball
  tarball=$(find "$into" -name '*.orig.tar.*' ! -name '*.asc' | head -1)
  [[ -n $tarball ]] || die "the Debian source of $package holds no upstream tarball"
  echo "$tarball"
}

# in_cache NAME [FILE...]: make sure that $DITS_CACHE/NAME-<key> exists, made by scripts/deps.d/NAME, and put its path into
# REPLY.  The key covers the recipe, the given files, this machine's distribution and compiler.  The recipe is called as
#   scripts/deps.d/NAME OUT    with an empty working directory; OUT appears under its real name only when all is done.
in_cache() {
  local name=$1 recipe=$DITS_ROOT/scripts/deps.d/$1 key temporary
  shift
  key=$(
    {
      cat "$recipe" "$@"
      . /etc/os-release
      echo "$ID ${VERSION_ID:-} $(uname -m) $(g++ -dumpfullversion 2>/dev/null || true)"
    } | sha256sum | cut -c1-12
  )
  REPLY=$DITS_CACHE/$name-$key
  if [[ -d $REPLY ]]; then
    touch -c "$REPLY"
    return 0
  fi
  mkdir -p "$DITS_CACHE/logs"
  exec {lock}>"$DITS_CACHE/$name.lock"
  if ! flock -n "$lock"; then
    say "$name: another build of it is running, waiting"
    flock "$lock"
  fi
  if [[ ! -d $REPLY ]]; then
    need_space "$DITS_CACHE" 1500
    # A fixed name (the lock is held): what a killed build left is cleared, and ccache meets the same paths again.
    temporary=$DITS_CACHE/.building-$name
    rm -rf "$temporary"
    mkdir -p "$temporary/out" "$temporary/work"
    : >"$DITS_CACHE/logs/$name.log"
    if (cd "$temporary/work" && DITS_LOG=$DITS_CACHE/logs/$name.log "$recipe" "$temporary/out"); then
      chmod 755 "$temporary/out"
      mv -T "$temporary/out" "$REPLY"
      rm -rf "$temporary"
      # What earlier recipes made, and nobody used for a month.
      find "$DITS_CACHE" -maxdepth 1 -type d -name "$name-????????????" -mtime +30 -exec rm -rf {} +
    else
      rm -rf "$temporary"
      die "$name was not built" "see $DITS_CACHE/logs/$name.log; run the same command again when the cause is gone"
    fi
  fi
  exec {lock}>&-
}
