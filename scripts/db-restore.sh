#!/usr/bin/env bash
# Without a file: lists the backups. With one: asks, then replaces all data by it; see "dits restore --help".
#   scripts/db-restore.sh [dits_backup_20251007_120000.sql.gz [--yes]]
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
dits=$root/build/dits
[[ -x $dits ]] || dits=$(command -v dits) || { echo "There is no dits here: run scripts/build first." >&2; exit 1; }
exec "$dits" restore "$@"
