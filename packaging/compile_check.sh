#!/usr/bin/env bash
# Compiles the program with the runtime base that lies beside the repository, and starts the result
# in an empty folder without an environment: an executable must hold its workers, its page and
# DuckDB, and stay small.
set -euo pipefail
cd "$(dirname "$0")/.."
readonly MAX_MB=170
base=$(echo "$PWD"/../shared/denort/denort-*-x86_64-unknown-linux-gnu.xz)
if [ ! -f "$base" ]; then
  echo "NOTICE: the compile check is skipped: there is no runtime base at ../shared/denort"
  exit 0
fi
work=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null || true; rm -rf "$work"' EXIT

[ -f _fresh/server.js ] || npx -y deno@2.9.6 task build
npx -y deno@2.9.6 run -A packaging/compile.ts --output "$work/footprint" \
  --probe "$work/duckdb_probe"

# Nothing of the executable may be where other users could replace it.
nothing_left() {
  local left
  left=$(find "$work/tmp" "$work/empty" -mindepth 1)
  [ -z "$left" ] || { echo "The executable left behind: $left"; exit 1; }
}

mkdir "$work/empty" "$work/home" "$work/tmp"
cd "$work/empty"
# Without a home DuckDB's native files leave nothing behind; with one they stay there, ours alone.
env -i TMPDIR="$work/tmp" "$work/duckdb_probe" | grep -x "DuckDB answers 42"
nothing_left
for _ in 1 2; do
  env -i TMPDIR="$work/tmp" HOME="$work/home" "$work/duckdb_probe" | grep -qx "DuckDB answers 42"
done
nothing_left
[ "$(stat -c %a "$work/home/.cache/footprint")" = 700 ]
chmod 755 "$work/home/.cache/footprint"
if env -i HOME="$work/home" "$work/duckdb_probe" >"$work/log" 2>&1; then
  echo "DuckDB was loaded from a folder that is open to others"
  exit 1
fi
grep -q "with mode 700" "$work/log" || { cat "$work/log"; exit 1; }

"$work/footprint" --version
env -i PATH=/usr/bin:/bin "$work/footprint" --feed simulator --port 0 --data-dir "$work/data" \
  >"$work/log" 2>&1 &
pid=$!
url=
for _ in $(seq 100); do
  url=$(grep -oE 'http://[0-9.:]+' "$work/log" | head -n 1 || true)
  [ -n "$url" ] && curl -sf "$url/api/symbols" | grep -q BTCUSDT && break
  kill -0 "$pid" || { cat "$work/log"; exit 1; }
  sleep 0.1
done
curl -sf "$url/api/symbols" | grep -q BTCUSDT || { cat "$work/log"; exit 1; }
curl -sf "$url/chart/BTCUSDT" | grep -q '<title>' || { cat "$work/log"; exit 1; }
kill -INT "$pid"
wait "$pid"
pid=
size=$(du -m "$work/footprint" | cut -f1)
[ "$size" -lt "$MAX_MB" ] || { echo "The executable has $size MB, more than $MAX_MB"; exit 1; }
echo "The executable ($size MB) starts, serves the page, loads DuckDB and stops"
