# Configuring and compiling with progress, for build and test.  Sourced after common.sh.

# configure DIRECTORY [emcmake] [-D…]
configure() {
  local directory=$1 wrapper=()
  shift
  if [[ ${1:-} == emcmake ]]; then
    shift
    wrapper=(emcmake)
    # Debian's Emscripten finds its JavaScript modules only when told.
    export NODE_PATH=/usr/share/nodejs
  fi
  mkdir -p "$directory"
  if [[ -f $directory/build.ninja && $(cat "$directory/.configured" 2>/dev/null) == "$*" ]]; then return 0; fi
  say "configuring $directory"
  DITS_LOG=$directory/configure.log
  : >"$DITS_LOG"
  quietly "${wrapper[@]}" cmake -G Ninja -S . -B "$directory" -DDITS_STRICT=ON "$@"
  echo "$*" >"$directory/.configured"
}

# compile DIRECTORY WHAT TARGET…: ninja, with a line of progress every few seconds and the whole output when it fails.
compile() {
  local directory=$1 what=$2 status=0
  shift 2
  say "compiling: $what"
  NINJA_STATUS='[%f/%t] ' ninja -C "$directory" -j "$(jobs)" "$@" </dev/null 2>&1 | tee "$directory/compile.log" |
    awk -v started="$DITS_STARTED" '
      match($0, /^\[[0-9]+\/[0-9]+\] /) { "date +%s" | getline now; close("date +%s")
        if (now - shown >= 5) { shown = now; printf "[%4ds] %s\n", now - started, $0; fflush() } next }
      /^ninja: (Entering|no work)/ || /^-- / { next }
      { print; fflush() }' || status=$?
  [[ $status == 0 ]] || die "$what does not compile" "the whole output is in $directory/compile.log"
}

# verify_executable FILE: what is promised of it: libc alone, and at most 20 MB.
verify_executable() {
  local foreign size
  foreign=$(ldd "$1" | grep -vE 'linux-vdso|libc\.so|libm\.so|ld-linux|statically linked' || true)
  [[ -z $foreign ]] || die "$1 depends on more than libc:" "$foreign"
  size=$(stat -c %s "$1")
  [[ $size -le 20000000 ]] || die "$1 has $size bytes; 20 MB is the limit"
}
