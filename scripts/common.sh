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

# sources_of RECIPE: the names of the sources that it takes.
sources_of() { sed -n 's/^take_source \([a-z0-9-]*\) .*/\1/p' "$DITS_ROOT/scripts/deps.d/$1"; }

# in_cache NAME [FILE...]: make sure that $DITS_CACHE/NAME-<key> exists, made by scripts/deps.d/NAME, and put its path into
# REPLY.  The key covers the recipe, what sources.txt and sources.lock say of its sources, the given files, this machine's
# distribution and compiler.  The recipe is called as
#   scripts/deps.d/NAME OUT    with an empty working directory; OUT appears under its real name only when all is done.
# OUT/SOURCES tells what it was made from ("NAME VERSION locked|other WHERE"), OUT/SECONDS how long that took.
in_cache() {
  local name=$1 recipe=$DITS_ROOT/scripts/deps.d/$1 key temporary began=$SECONDS
  shift
  key=$(
    {
      cat "$recipe" "$@"
      for source in $(sources_of "$name"); do grep -h "^$source " "$DITS_ROOT/scripts/sources.txt" "$DITS_ROOT/scripts/sources.lock"; done
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
    if (cd "$temporary/work" && DITS_LOG=$DITS_CACHE/logs/$name.log DITS_SOURCES_TAKEN=$temporary/out/SOURCES "$recipe" "$temporary/out"); then
      chmod 755 "$temporary/out"
      echo $((SECONDS - began)) >"$temporary/out/SECONDS"
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
