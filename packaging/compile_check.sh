#!/usr/bin/env bash
# Compiles the program with the runtime base that lies beside the repository, and starts the result
# in an empty folder: an executable must hold its workers and its page.
set -euo pipefail
cd "$(dirname "$0")/.."
base=$(echo "$PWD"/../shared/denort/denort-*-x86_64-unknown-linux-gnu.xz)
if [ ! -f "$base" ]; then
  echo "NOTICE: the compile check is skipped: there is no runtime base at ../shared/denort"
  exit 0
fi
work=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null || true; rm -rf "$work"' EXIT
xz -dc "$base" >"$work/denort"
chmod +x "$work/denort"

[ -f _fresh/server.js ] || npx -y deno@2.9.6 task build
DENORT_BIN="$work/denort" DENO_TLS_CA_STORE=system npx -y deno@2.6.8 compile --quiet -A \
  --include _fresh --include static --include collector/worker.ts --include processor/worker.ts \
  --include collector/archive/worker.ts --include simulator/worker.ts --output "$work/footprint" main.ts

mkdir "$work/empty"
cd "$work/empty"
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
echo "The executable ($(du -m "$work/footprint" | cut -f1) MB) starts, serves the page and stops"
