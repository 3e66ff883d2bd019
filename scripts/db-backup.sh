#!/usr/bin/env bash
# Writes a backup, verified, and keeps the last 7 days; see "dits backup --help".
#   scripts/db-backup.sh [--list | --check]
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
dits=$root/build/dits
[[ -x $dits ]] || dits=$(command -v dits) || { echo "There is no dits here: run scripts/build first." >&2; exit 1; }
exec "$dits" backup "$@"
