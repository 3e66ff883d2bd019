#!/usr/bin/env bash
# Runs every ```sh block of docs/database.md in its order, as a reader would: in an empty folder, with dits on the path. What
# stands in other blocks (```console) needs a container engine or a second server and is not run.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
binary=${DITS_BINARY:-$root/build/dits}
place=$(mktemp -d "${DITS_TEST_TMP:-/tmp}/docs.XXXXXX")
mkdir "$place/bin" "$place/folder"
ln -s "$binary" "$place/bin/dits"
ln -s "$root/scripts" "$place/folder/scripts"
awk '/^```/ { if (on) { on = 0 } else { on = ($0 == "```sh") } next } on' "$root/docs/database.md" >"$place/commands"
[[ $(wc -l <"$place/commands") -gt 30 ]] || { echo "docs/database.md has no commands"; exit 1; }

free_port() { /usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
export PATH=$place/bin:$PATH HOME=$place/folder PORT REDIS_PORT
PORT=$(free_port) REDIS_PORT=$(free_port)
unset DITS_DATA_DIR DATABASE_URL REDIS_URL XDG_DATA_HOME
cd "$place/folder"

# A PostgreSQL of one's own, with an empty database and a login that owns it and nothing else.
programs=${DITS_POSTGRES15_BIN:-/usr/lib/postgresql/15/bin}
as=() own_port=$(free_port)
mkdir "$place/own"
if [[ $(id -u) == 0 ]]; then
  as=(runuser -u nobody --)
  chmod 755 "$place"
  chown nobody "$place/own"
fi
"${as[@]}" "$programs/initdb" -D "$place/own/cluster" -U admin --auth=trust --no-sync --encoding=UTF8 --locale=C >"$place/own.log"
"${as[@]}" "$programs/postgres" -D "$place/own/cluster" -k "$place/own" -p "$own_port" -c listen_addresses=127.0.0.1 -c fsync=off >>"$place/own.log" 2>&1 &
own=$!
trap 'kill -QUIT $own 2>/dev/null || true' EXIT
for _ in $(seq 100); do "$programs/pg_isready" -q -h 127.0.0.1 -p "$own_port" && break; sleep 0.1; done
"$programs/psql" -q -h 127.0.0.1 -p "$own_port" -U admin postgres -c 'CREATE ROLE dits LOGIN' \
  -c "CREATE DATABASE dits OWNER dits TEMPLATE template0 ENCODING 'UTF8'"
export OWN=postgresql://dits@127.0.0.1:$own_port/dits

status=0
# -x shows which command it was; the page's own background server ends with the shell's job.
bash -euo pipefail -x "$place/commands" >"$place/output" 2>&1 </dev/null || status=$?
if [[ $status != 0 ]]; then
  tail -n 60 "$place/output"
  for pid in "$place"/folder/*.pid; do [[ ! -f $pid ]] || kill "$(cat "$pid")" 2>/dev/null || true; done
fi
exit $status
