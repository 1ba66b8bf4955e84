import assert from "node:assert/strict";
import { StreamWatch } from "../../collector/stream_watch.ts";

function setUp() {
  const watch = new StreamWatch(["BTCUSDT", "ETHUSDT"]);
  watch.opened(0);
  return watch;
}

/** A frame of each other stream every second from `from` to `to`; the times of the renewals. */
function silence(watch: StreamWatch, from: number, to: number): number[] {
  const renewals: number[] = [];
  for (let time = from; time <= to; time += 1000) {
    watch.took("ETHUSDT", time);
    watch.took(null, time);
    if (watch.reasonAt(time) !== null) renewals.push(time);
  }
  return renewals;
}

Deno.test("StreamWatch names a depth stream that is silent for 30 s while others speak", () => {
  const watch = setUp();
  watch.took("BTCUSDT", 500);
  watch.took(null, 600);
  watch.took("ETHUSDT", 30_000);
  assert.equal(watch.reasonAt(30_499), null);
  assert.equal(
    watch.reasonAt(30_500),
    "no order book data of BTCUSDT for 30 s while other data came",
  );
  assert.equal(watch.reasonAt(30_501), null, "asking counts as taken up");
});

Deno.test("StreamWatch names a depth stream that never spoke since the connection was opened", () => {
  const watch = setUp();
  watch.opened(5000);
  watch.took("ETHUSDT", 34_000);
  assert.equal(watch.reasonAt(34_999), null);
  assert.match(watch.reasonAt(35_000) ?? "", /BTCUSDT for 30 s/);
});

Deno.test("StreamWatch leaves a connection alone that is wholly silent", () => {
  const watch = setUp();
  assert.equal(watch.reasonAt(100_000), null);
  watch.took("BTCUSDT", 100_000);
  watch.took("ETHUSDT", 100_001);
  assert.match(watch.reasonAt(200_000) ?? "", /BTCUSDT/, "ETHUSDT spoke after it");
  assert.equal(watch.reasonAt(300_000), null, "nothing came since the renewal");
});

Deno.test("StreamWatch doubts a stream that stays silent ever more seldom, up to 30 minutes", () => {
  const watch = setUp();
  watch.took("BTCUSDT", 0);
  const waits = silence(watch, 1000, 3 * 3_600_000).map((time, i, all) => time - (all[i - 1] ?? 0));
  const minutes = waits.map((ms) => ms / 60_000);
  assert.deepEqual(minutes, [0.5, 1, 2, 4, 8, 16, 30, 30, 30, 30]);
});

Deno.test("StreamWatch does not renew again and again for a stream that is slow by nature", () => {
  const watch = setUp();
  let renewals = 0;
  for (let time = 0; time < 3_600_000; time += 40_000) {
    watch.took("BTCUSDT", time);
    renewals += silence(watch, time + 1000, time + 39_000).length;
  }
  assert.equal(renewals, 1);
});

Deno.test("StreamWatch is as quick as at first once a stream has spoken fast again", () => {
  const watch = setUp();
  assert.deepEqual(silence(watch, 0, 100_000), [30_000, 90_000]);
  watch.took("BTCUSDT", 101_000);
  watch.took("BTCUSDT", 101_100);
  assert.deepEqual(silence(watch, 102_000, 132_000), [132_000]);
});
