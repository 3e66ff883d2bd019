#!/usr/bin/env bash
# The recipes of scripts/deps.d against a small Debian archive of our own, with its own key: a candidate that is missing, cut short or
# not what is needed is passed over with a line, the next is taken, and only when none is left does the recipe stop and say what it tried.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
place=$(mktemp -d "${DITS_TEST_TMP:-/tmp}/sources.XXXXXX")
export GNUPGHOME=$place/keys
trap 'gpgconf --kill all 2>/dev/null || true; rm -rf "$place"' EXIT
mkdir -m 700 "$GNUPGHOME"
gpg --batch --quiet --passphrase '' --quick-generate-key 'Archive of a test <archive@example.org>' ed25519 sign never 2>/dev/null
gpg --batch --export >"$place/keyring.gpg"

failed() { echo "FAILED: $1"; cat "$place/output"; exit 1; }
expect() { grep -qE "$1" "$place/output" || failed "the output has no line like: $1"; }
expect_not() { ! grep -qE "$1" "$place/output" || failed "the output has a line like: $1"; }

# tarball VERSION CONTENT: an upstream tarball in the pool, path on standard output.
pool=$place/mirror/pool/main/m/md4c
tarball() {
  local tree=$place/tree/md4c-$1
  rm -rf "$tree"
  mkdir -p "$tree/src" "$pool"
  echo "$2" >"$tree/src/md4c.c"
  [[ $2 == 'not it' ]] && mv "$tree/src/md4c.c" "$tree/src/other.c"
  echo header >"$tree/src/md4c.h"
  echo licence >"$tree/LICENSE.md"
  tar -czf "$pool/md4c_$1.orig.tar.gz" -C "$place/tree" "md4c-$1"
}
# suite NAME VERSION: what the suite lists of md4c, signed.
suite() {
  local directory=$place/mirror/dists/$1 file=md4c_$2.orig.tar.gz sum size
  mkdir -p "$directory/main/source"
  sum=$(sha256sum "$pool/$file" | cut -d' ' -f1)
  size=$(stat -c %s "$pool/$file")
  cat >"$directory/main/source/Sources" <<TEXT
Package: md4c
Binary: libmd4c0
Version: $2-1
Maintainer: A test <archive@example.org>
Architecture: any
Format: 3.0 (quilt)
Directory: pool/main/m/md4c
Files:
 00000000000000000000000000000000 $size $file
Checksums-Sha256:
 $sum $size $file

TEXT
  (
    cd "$directory"
    printf 'Origin: Test\nSuite: %s\nCodename: %s\nDate: %s\nComponents: main\nArchitectures: source\nSHA256:\n %s %s main/source/Sources\n' "$1" "$1" \
      "$(date -Ru)" "$(sha256sum main/source/Sources | cut -d' ' -f1)" "$(stat -c %s main/source/Sources)" >Release
    gpg --batch --quiet --yes --clearsign -o InRelease Release
  )
}
# recipe NAME…: runs the recipe md4c as in_cache does, into $place/NAME; the cache is $place/cache unless CACHE says otherwise.
recipe() {
  local out=$place/$1
  rm -rf "$out" "$place/work"
  mkdir -p "$out" "$place/work" "${CACHE:-$place/cache}"
  (cd "$place/work" && DITS_CACHE=${CACHE:-$place/cache} DITS_LOG=$place/log DITS_SOURCES_TAKEN=$out/SOURCES DITS_SOURCES_TABLE=$place/sources.txt \
    DITS_SOURCES_LOCK=$place/sources.lock DITS_MIRROR=file://$place/mirror DITS_MIRROR_KEYRING=$place/keyring.gpg \
    "$root/scripts/deps.d/md4c" "$out") >"$place/output" 2>&1
}
grep '^md4c ' "$root/scripts/sources.txt" >"$place/sources.txt"
: >"$place/sources.lock"

# The first is listed and not there, the second is cut short, the third is not what is needed, the fourth is good.
for version in 0.9.4 0.9.3; do tarball $version good; done
tarball 0.9.2 'not it'
tarball 0.9.1 'good one'
suite sid 0.9.4
suite forky 0.9.3
suite trixie 0.9.2
suite bookworm 0.9.1
rm "$pool/md4c_0.9.4.orig.tar.gz"
truncate -s 40 "$pool/md4c_0.9.3.orig.tar.gz"
recipe first || failed "a good candidate was not taken"
expect 'md4c: sid md4c 0\.9\.4 was not taken: .*fetched'
expect 'md4c: forky md4c 0\.9\.3 was not taken'
expect 'md4c: trixie md4c 0\.9\.2 was not taken: it holds no src/md4c.c'
expect 'md4c: 0\.9\.1 from bookworm'
grep -q 'good one' "$place/first/md4c.c" || failed "another source was built"
[[ $(cat "$place/first/VERSION") == 0.9.1 ]] || failed "another version is named"

# A list whose file is there and damaged although its checksum is right.
head -c 100 /dev/urandom >"$pool/md4c_0.9.5.orig.tar.gz"
suite sid 0.9.5
CACHE=$place/cache2 recipe damaged || failed "a damaged tarball stops the build"
expect 'sid md4c 0\.9\.5 was not taken: its file can.t be unpacked'

# A suite whose key is not ours is not believed.
mkdir "$place/mirror/dists/evil"
cp -r "$place/mirror/dists/bookworm/." "$place/mirror/dists/evil"
sed -i 's/0\.9\.1/0.9.9/' "$place/mirror/dists/evil/main/source/Sources"
(cd "$place/mirror/dists/evil" && sed -i "s/Suite: bookworm/Suite: evil/" InRelease)
printf 'md4c deb-src evil md4c 0.*\n' >"$place/sources.txt"
if CACHE=$place/cache3 recipe evil; then failed "an archive with a broken signature was believed"; fi
expect 'the list of evil could not be read'
grep '^md4c ' "$root/scripts/sources.txt" >"$place/sources.txt"

# Another clean clone on this machine needs no network; the archive is gone.
mv "$place/mirror" "$place/away"
recipe second || failed "what was fetched once was not kept"
expect 'md4c: 0\.9\.1 from the cache'
# A damaged file in the cache is noticed.
for kept in "$place"/cache/sources/*/md4c_*; do echo garbage >"$kept"; done
if recipe spoilt; then failed "a damaged cache was believed"; fi
expect 'its checksum is not the one that is listed'

# Nothing can be had: every candidate is named, and what to do.
if CACHE=$place/cache4 recipe none; then failed "something was taken from nowhere"; fi
expect 'error: md4c: none of its sources can be had'
for name in sid forky trixie bookworm; do expect "^ +$name md4c: "; done
expect 'DITS_SOURCES'
mv "$place/away" "$place/mirror"

# The lock comes first; what it names is gone: another is taken, and said.
set_lock() { echo "md4c $1 $2 pool/main/m/md4c/md4c_$1.orig.tar.gz md4c_$1.orig.tar.gz" >"$place/sources.lock"; }
tarball 0.9.0 'the locked one'
set_lock 0.9.0 "$(sha256sum "$pool/md4c_0.9.0.orig.tar.gz" | cut -d' ' -f1)"
CACHE=$place/cache5 recipe locked || failed "the locked version was not taken"
expect 'md4c: 0\.9\.0 from pool'
expect_not 'reading the list'
grep -q ' locked ' "$place/locked/SOURCES" || failed "it is not noted as the locked one"
mv "$pool/md4c_0.9.0.orig.tar.gz" "$place/locked.tar.gz"
CACHE=$place/cache6 recipe unlocked || failed "without the locked version nothing was taken"
expect 'warning: md4c: taken is 0\.9\.1 .*because 0\.9\.0, with which the tests were last green'
grep -q ' other ' "$place/unlocked/SOURCES" || failed "it is not noted as another one"

# A folder of files comes before everything, and is verified.
mkdir "$place/folder"
cp "$place/locked.tar.gz" "$place/folder/md4c_0.9.0.orig.tar.gz"
mv "$place/mirror" "$place/away"
CACHE=$place/cache7 DITS_SOURCES=$place/folder recipe from_folder || failed "the folder was not taken"
expect 'md4c: 0\.9\.0 from the folder'
echo more >>"$place/folder/md4c_0.9.0.orig.tar.gz"
if CACHE=$place/cache8 DITS_SOURCES=$place/folder recipe tampered; then failed "a changed file was taken from the folder"; fi
expect 'md4c_0\.9\.0\.orig\.tar\.gz in .* was not taken: its checksum'
echo good
