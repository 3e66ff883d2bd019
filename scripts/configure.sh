# Configuring and compiling with progress, for build and test.  Sourced after common.sh.

# configure DIRECTORY [emcmake] [-D…]
configure() {
  local directory=$1 wrapper=() small
  shift
  if [[ ${1:-} == emcmake ]]; then
    shift
    wrapper=(emcmake)
    # Debian's Emscripten finds its JavaScript modules only when told.
    export NODE_PATH=/usr/share/nodejs
  fi
  # Sanitizers and counters choose their own optimisation.
  [[ $* == *-DDITS_* || ${#wrapper[@]} -gt 0 ]] && small=OFF || small=ON
  mkdir -p "$directory"
  set -- -DDITS_STRICT=ON -DDITS_SMALL=$small "$@"
  if [[ -f $directory/build.ninja && $(cat "$directory/.configured" 2>/dev/null) == "$*" ]]; then return 0; fi
  say "configuring $directory"
  DITS_LOG=$directory/configure.log
  : >"$DITS_LOG"
  quietly "${wrapper[@]}" cmake -G Ninja -S . -B "$directory" "$@"
  echo "$*" >"$directory/.configured"
}

# compile DIRECTORY WHAT TARGET…: ninja, with a line of progress every few seconds and the whole output when it fails.
compile() {
  local directory=$1 what=$2 status=0
  shift 2
  say "compiling: $what"
  NINJA_STATUS='[%f/%t] ' ninja -C "$directory" -j "$(jobs)" "$@" </dev/null 2>&1 | tee "$directory/compile.log" | ninja_progress || status=$?
  [[ $status == 0 ]] || die "$what does not compile" "the whole output is in $directory/compile.log"
}

# Of ninja's output: a line every five seconds, and whatever is not progress.
ninja_progress() {
  local line shown=$SECONDS
  while IFS= read -r line; do
    case $line in
      '['[0-9]*/*']'*)
        if ((SECONDS - shown >= 5)); then
          shown=$SECONDS
          say "$line"
        fi
        ;;
      'ninja: Entering'* | 'ninja: no work'* | '-- '*) ;;
      *) printf '%s\n' "$line" ;;
    esac
  done
}

# verify_executable FILE: what is promised of it: libc alone, and at most 20 MB.
verify_executable() {
  local foreign size
  foreign=$(ldd "$1" | grep -vE 'linux-vdso|libc\.so|libm\.so|ld-linux|statically linked' || true)
  [[ -z $foreign ]] || die "$1 depends on more than libc:" "$foreign"
  size=$(stat -c %s "$1")
  [[ $size -le 20000000 ]] || die "$1 has $size bytes; 20 MB is the limit"
}
