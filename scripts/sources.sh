# Third-party sources: finds, fetches, verifies and unpacks them.  Sourced after common.sh, by the recipes in scripts/deps.d.
#
# sources.txt lists where a source can come from, sources.lock names the file with which the suite was last green:
#   NAME VERSION SHA256 PLACE      PLACE: a path in Debian's archive, npm:PACKAGE@VERSION or git:COMMIT
# Looked at in this order: the folder DITS_SOURCES, the cache ($DITS_CACHE/sources, by checksum), the place that the lock names, what
# this machine took the last time, then the candidates.  The machine's own apt configuration and Debian's keyring are used in a private
# directory, its sources stay untouched, and apt's signatures vouch for what is not vouched for by the lock.
#
# DITS_SOURCES=DIR             files here are taken first: no network is needed for what it holds (scripts/deps --fetch fills it)
# DITS_MIRROR=URI              another archive than the machine's own (file:///… too); DITS_MIRROR_KEYRING=FILE its keys
# DITS_LATEST=1                the newest candidate, whatever the lock names (scripts/deps --latest)
# DITS_SOURCES_ONLY=1          recipes stop after fetching (scripts/deps --fetch, --latest)

sources_table=${DITS_SOURCES_TABLE:-$DITS_ROOT/scripts/sources.txt}
sources_lock=${DITS_SOURCES_LOCK:-$DITS_ROOT/scripts/sources.lock}
sources_kept=$DITS_CACHE/sources
fetch_limit=${DITS_FETCH_TIMEOUT:-300}   # seconds for one file or one list, so that none can hang the build

# lock_line FILE NAME: "VERSION SHA256 PLACE FILE" of the source in a lock file, or nothing.
lock_line() { awk -v name="$2" '$1 == name { print $2, $3, $4, $5; exit }' "$1" 2>/dev/null || true; }

# set_lock_line FILE NAME VERSION SHA256 PLACE FILENAME: the line of NAME is replaced or added; the file stays sorted under its comments.
set_lock_line() {
  local file=$1 lines
  mkdir -p "$(dirname "$file")"
  [[ -f $file ]] || printf '# source version sha256 place file\n' >"$file"
  lines=$({ grep -v '^#' "$file" | awk -v name="$2" 'NF && $1 != name'; printf '%s %s %s %s %s\n' "$2" "$3" "$4" "$5" "$6"; } | sort)
  { grep '^#' "$file"; awk '{ printf "%-16s %-12s %s %s %s\n", $1, $2, $3, $4, $5 }' <<<"$lines"; } >"$file.new"
  mv "$file.new" "$file"
}

checksum() { sha256sum "$1" | cut -d' ' -f1; }

# in_log CMD…: run with its output in the recipe's log, bounded in time, without a word here; the exit code is the command's.
in_log() {
  printf '\n$ %s\n' "$*" >>"${DITS_LOG:-/dev/null}"
  timeout --kill-after=5 "$fetch_limit" "$@" </dev/null >>"${DITS_LOG:-/dev/null}" 2>&1
}

archive_uri() {
  local uri=${DITS_MIRROR:-}
  [[ -n $uri ]] || uri=$(apt-get indextargets --format '$(REPO_URI)|$(COMPONENT)|$(LABEL)' 'Created-By: Packages' |
    awk -F'|' '$2 == "main" && $3 == "Debian" { print $1; exit }')
  [[ -n $uri ]] || die "apt knows no Debian archive on this machine" "run 'apt-get update' once as root, and check /etc/apt/sources.list*; or set DITS_SOURCES"
  echo "${uri%/}"
}

apt_options=(-o Debug::NoLocking=1 -o APT::Sandbox::User=root -o Acquire::Retries=2 -o Acquire::http::Timeout=30 -o Acquire::https::Timeout=30
  -o Acquire::Languages=none -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::preferencesparts=/dev/null)

# apt_lists KIND SUITE: reads the suite's list of sources (deb-src) or packages (deb) and puts apt's options for it into lists_options.
apt_lists() {
  local kind=$1 suite=$2 uri state
  uri=$(archive_uri) || return 1
  state=$DITS_CACHE/apt/$kind-$suite-$(printf '%s' "$uri" | sha256sum | cut -c1-8)
  lists_options=("${apt_options[@]}" -o Dir::Etc::sourceparts="$state/parts" -o Dir::State::lists="$state/lists" -o Dir::Cache="$state/cache")
  (
    mkdir -p "$state"/{lists/partial,cache/archives/partial,parts}
    printf 'Types: %s\nURIs: %s\nSuites: %s\nComponents: main\nSigned-By: %s\n' "$kind" "$uri" "$suite" \
      "${DITS_MIRROR_KEYRING:-/usr/share/keyrings/debian-archive-keyring.gpg}" >"$state/parts/source.sources"
    flock 9
    # One list serves all recipes of a run.
    [[ -z $(find "$state/updated" -mmin -60 2>/dev/null) ]] || exit 0
    say "  reading the list of Debian's $suite" >&2
    in_log apt-get "${lists_options[@]}" -qq -o APT::Update::Error-Mode=any update && touch "$state/updated"
  ) 9>"$DITS_CACHE/apt.lock"
}

# listed KIND SUITE PACKAGE PATTERN: lines "VERSION SHA256 PLACE", newest first, of what the suite lists.
listed() {
  local kind=$1 suite=$2 package=$3 pattern=$4 version rest lists_options=()
  apt_lists "$kind" "$suite" || { refused="the list of $suite could not be read"; return 1; }
  {
    if [[ $kind == deb-src ]]; then
      apt-cache "${lists_options[@]}" showsrc --only-source "$package" | awk '
        function tell() { if (file != "") print version, sum, directory "/" file; file = "" }
        /^Package: / { tell() }
        /^Version: / { version = $2; sub(/^[0-9]+:/, "", version); sub(/-[^-]*$/, "", version) }
        /^Directory: / { directory = $2 }
        /^[A-Z][A-Za-z0-9-]*:/ { in_sums = /^Checksums-Sha256:/ }
        in_sums && NF == 3 && $3 ~ /\.orig\.tar\.[a-z0-9]+$/ { sum = $1; file = $3 }
        END { tell() }'
    else
      apt-cache "${lists_options[@]}" show "$package" | awk '
        /^Version: / { version = $2; sub(/^[0-9]+:/, "", version) }
        /^SHA256: / { sum = $2 }
        /^Filename: / { file = $2 }
        /^$/ { if (file != "") print version, sum, file; file = "" }
        END { if (file != "") print version, sum, file }'
    fi
  } 2>>"${DITS_LOG:-/dev/null}" | sort -Vru | while read -r version rest; do
    # shellcheck disable=SC2053
    if [[ $version == $pattern ]]; then echo "$version $rest"; fi
  done
}

# What npm wrote last of why, from the log.
npm_reason() { { grep -oE 'code [A-Z][A-Z0-9_]+' "${DITS_LOG:-/dev/null}" || true; } | tail -1 | sed 's/^code \(.*\)/ (\1)/'; }

# download PLACE INTO: one file into the directory, its path in REPLY.  False: `refused` says why.
download() {
  local place=$1 into=$2
  mkdir -p "$into"
  case $place in
    npm:*)
      export npm_config_update_notifier=false npm_config_fund=false npm_config_audit=false npm_config_cache=$into/.npm
      (cd "$into" && in_log npm pack --loglevel=error --fetch-timeout=30000 --fetch-retries=1 "${place#npm:}") ||
        { refused="the npm registry does not give it$(npm_reason)"; return 1; }
      REPLY=$(find "$into" -maxdepth 1 -name '*.tgz' | head -1)
      ;;
    git:*) refused="the lock names a commit, not a file"; return 1 ;;
    *)
      REPLY=$into/${place##*/}
      in_log /usr/lib/apt/apt-helper "${apt_options[@]}" download-file "$(archive_uri)/$place" "$REPLY" || { refused="its file can't be fetched"; return 1; }
      ;;
  esac
  [[ -s $REPLY ]] || { refused="nothing arrived"; return 1; }
}

# unpack FILE TREE: false, with `refused`, for what is damaged.
unpack() {
  rm -rf "$2"
  mkdir "$2"
  case $1 in
    *.deb) in_log dpkg-deb -x "$1" "$2" ;;
    *) in_log tar -xf "$1" -C "$2" --strip-components=1 ;;
  esac || { refused="its file can't be unpacked"; return 1; }
}

# keep NAME VERSION SHA256 PLACE FILE: into the cache by its checksum.
keep() {
  local folder=$sources_kept/$3
  if [[ ! -f $folder/${5##*/} ]]; then
    mkdir -p "$sources_kept"
    rm -rf "$folder.new"
    mkdir "$folder.new"
    cp "$5" "$folder.new"
    rm -rf "$folder"
    mv -T "$folder.new" "$folder"
  fi
  set_lock_line "$sources_kept/taken.lock" "$1" "$2" "$3" "$4" "${5##*/}"
}

# take_source NAME TREE CHECK: unpacks the source into TREE (which is made) and runs the function CHECK there: false, with the reason in
# `refused`, sends on to the next candidate.  Dies, naming all that was tried, when none is left.  Sets source_version.
take_source() {
  local name=$1 tree=$2 check=$3 tried=() version sum place file pinned_sum=none pinned_version="" line kind from package pattern refused work
  work=$(mktemp -d "$PWD/source.XXXXXX")
  # accept WHERE VERSION SHA256 PLACE FILE: does this file hold what it should?  SHA256 "-": nothing vouches for it but its place.
  accept() {
    local actual
    actual=$(checksum "$5")
    if [[ $3 != - && $actual != "$3" ]]; then refused="its checksum is not the one that is listed"; return 1; fi
    unpack "$5" "$tree" || return 1
    refused="it is not what is needed"
    (cd "$tree" && "$check") >"$work/why" 2>&1 || { [[ ! -s $work/why ]] || refused=$(tail -1 "$work/why"); return 1; }
    taken "$1" "$2" "$actual" "$4" "$5"
  }
  taken() {
    source_version=$2
    keep "$name" "$2" "$3" "$4" "$5"
    if [[ -n $pinned_version && $3 != "$pinned_sum" && -z ${DITS_LATEST:-} ]]; then
      warn "$name: taken is $2 (from $1), because $pinned_version, with which the tests were last green, can't be had"
    else
      say "$name: $2 from $1"
    fi
    [[ -z ${DITS_SOURCES_TAKEN:-} ]] || echo "$name $2 $([[ $3 == "$pinned_sum" ]] && echo locked || echo other) $1" >>"$DITS_SOURCES_TAKEN"
    rm -rf "$work"
  }
  no() {
    tried+=("$1: $refused")
    say "$name: $1 was not taken: $refused"
  }

  read -r pinned_version pinned_sum line < <(lock_line "$sources_lock" "$name") || true
  pinned_sum=${pinned_sum:-none}
  if [[ -z ${DITS_LATEST:-} ]]; then
    if [[ -n ${DITS_SOURCES:-} ]]; then
      read -r version sum place file < <(lock_line "$DITS_SOURCES/sources.lock" "$name") || true
      if [[ -n ${file:-} && -f $DITS_SOURCES/$file ]]; then
        accept "the folder $DITS_SOURCES" "$version" "$sum" "$place" "$DITS_SOURCES/$file" && return 0
        no "$file in $DITS_SOURCES"
      elif file=$(find "$DITS_SOURCES" -maxdepth 1 -type f -name "$(lock_line "$sources_lock" "$name" | cut -d' ' -f4)" 2>/dev/null | head -1) && [[ -n $file ]]; then
        read -r version sum place line < <(lock_line "$sources_lock" "$name")
        accept "the folder $DITS_SOURCES" "$version" "$sum" "$place" "$file" && return 0
        no "${file##*/} in $DITS_SOURCES"
      else
        refused="it holds no file for $name"
        no "the folder $DITS_SOURCES"
      fi
    fi
    # What the lock names: from the cache, else from its place.
    if [[ $pinned_sum != none ]]; then
      read -r version sum place file < <(lock_line "$sources_lock" "$name")
      if [[ -f $sources_kept/$sum/$file ]]; then
        accept "the cache" "$version" "$sum" "$place" "$sources_kept/$sum/$file" && return 0
        no "the cached $file"
      fi
      if [[ $place != git:* ]]; then
        download "$place" "$work/locked" && accept "${place%%/*}" "$version" "$sum" "$place" "$REPLY" && return 0
        no "$version from $place"
      fi
    fi
    read -r version sum place file < <(lock_line "$sources_kept/taken.lock" "$name") || true
    if [[ -n ${file:-} && ${sum:-} != "$pinned_sum" && -f $sources_kept/$sum/$file ]]; then
      accept "the cache" "$version" "$sum" "$place" "$sources_kept/$sum/$file" && return 0
      no "the cached $file"
    fi
  fi

  while read -r line kind from package pattern; do
    [[ $line == "$name" ]] || continue
    try_candidate && return 0
  done <"$sources_table"
  die "$name: none of its sources can be had" "${tried[@]}" \
    "check the network, the mirror in /etc/apt/sources.list* and the clock; or bring the files of 'scripts/deps --fetch DIR' from another machine and set DITS_SOURCES=DIR"
}

# One line of sources.txt; the variables are take_source's.
try_candidate() {
  local count=0 commit
  case $kind in
    deb | deb-src)
      listed "$kind" "$from" "$package" "$pattern" >"$work/listed" || { no "$from $package"; return 1; }
      while read -r version sum place; do
        count=$((count + 1))
        # What was named by the lock has been tried.
        if [[ $sum == "$pinned_sum" && -z ${DITS_LATEST:-} ]]; then continue; fi
        if [[ -f $sources_kept/$sum/${place##*/} ]]; then
          accept "$from (cached)" "$version" "$sum" "$place" "$sources_kept/$sum/${place##*/}" && return 0
        else
          download "$place" "$work/$count-$from" && accept "$from" "$version" "$sum" "$place" "$REPLY" && return 0
        fi
        no "$from $package $version"
      done <"$work/listed"
      if [[ $count == 0 ]]; then
        refused="$from lists no version $pattern"
        no "$from $package"
      fi
      return 1
      ;;
    npm)
      version=$(timeout "$fetch_limit" npm view --fetch-timeout=30000 --fetch-retries=1 "$package@$pattern" version --json </dev/null 2>>"${DITS_LOG:-/dev/null}" |
        tr -d '[]" ,' | grep -E '^[0-9.]+$' | sort -V | tail -1) || true
      refused="the npm registry lists no version $pattern$(npm_reason)"
      if [[ -n $version ]]; then
        download "npm:$package@$version" "$work/npm-$version" && accept "npm" "$version" - "npm:$package@$version" "$REPLY" && return 0
      fi
      no "npm $package ${version:-$pattern}"
      return 1
      ;;
    git)
      commit=$pattern refused="the repository can't be read, or the tag names another commit"
      if in_log git clone --quiet --depth 1 --branch "$package" "$from" "$work/git" && [[ $(git -C "$work/git" rev-parse HEAD) == "$commit" ]]; then
        git -C "$work/git" archive --prefix="$name/" -o "$work/$name-$package.tar" HEAD
        accept "$from" "$package" - "git:$commit" "$work/$name-$package.tar" && return 0
      fi
      no "$from $package"
      return 1
      ;;
  esac
}
