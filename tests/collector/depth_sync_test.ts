import assert from "node:assert/strict";
import fc from "fast-check";
import { type BookEvent, DepthSync } from "../../collector/depth_sync.ts";
import { OrderBook } from "../../market/order_book.ts";
import type { DepthDiff, DepthSnapshot } from "../../market/types.ts";

function diff(firstUpdateId: number, lastUpdateId: number): DepthDiff {
  // The level's quantity is its update id, so that a book tells which diff it has seen last.
  return {
    firstUpdateId,
    lastUpdateId,
    eventTime: lastUpdateId * 10,
    bids: [5, lastUpdateId],
    asks: [],
  };
}

function snapshot(lastUpdateId: number): DepthSnapshot {
  return { lastUpdateId, bids: [5, lastUpdateId], asks: [9, 1] };
}

function setUp() {
  const events: BookEvent[] = [];
  const requests: string[] = [];
  const sync = new DepthSync("BTCUSDT", {
    emit: (event) => events.push(event),
    requestSnapshot: (reason) => requests.push(reason),
  });
  return { events, requests, sync };
}

/** Events in short: s10 is a snapshot, d11-12 a diff, lost@120 a loss. */
function short(events: readonly BookEvent[]): string[] {
  return events.map((event) => {
    switch (event.type) {
      case "depthSnapshot":
        return `s${event.snapshot.lastUpdateId}@${event.eventTime}`;
      case "depthDiff":
        return `d${event.diff.firstUpdateId}-${event.diff.lastUpdateId}`;
      case "depthWidened":
        return `w${event.snapshot.lastUpdateId}`;
      case "bookLost":
        return `lost@${event.eventTime}`;
    }
  });
}

Deno.test("DepthSync starts where U is the snapshot's id + 1, which the documentation forgets", () => {
  const { events, sync } = setUp();
  sync.takeDiff(diff(8, 10));
  sync.takeDiff(diff(11, 12));
  sync.takeSnapshot(snapshot(10));
  assert.deepEqual(short(events), ["s10@120", "d11-12"]);
  assert.equal(sync.isSynced, true);
});

Deno.test("DepthSync starts in the middle of a diff", () => {
  const { events, sync } = setUp();
  sync.takeDiff(diff(8, 12));
  sync.takeSnapshot(snapshot(10));
  assert.deepEqual(short(events), ["s10@120", "d8-12"]);
});

Deno.test("DepthSync asks again when the snapshot is older than the stream", () => {
  const { events, requests, sync } = setUp();
  sync.takeDiff(diff(11, 12));
  sync.takeSnapshot(snapshot(9));
  assert.equal(requests.length, 2);
  assert.match(requests[1], /snapshot 9 is older than diff 11/);
  assert.deepEqual(events, []);
  sync.takeSnapshot(snapshot(11));
  assert.deepEqual(short(events), ["s11@120", "d11-12"]);
});

Deno.test("DepthSync waits for the first diff after a snapshot that is newer than the stream", () => {
  const { events, sync } = setUp();
  sync.takeDiff(diff(8, 10));
  sync.takeSnapshot(snapshot(20));
  assert.deepEqual(events, []);
  sync.takeDiff(diff(11, 20));
  assert.deepEqual(events, []);
  sync.takeDiff(diff(21, 25));
  assert.deepEqual(short(events), ["s20@250", "d21-25"]);
});

Deno.test("DepthSync tells a gap, from the last moment that was right, and begins anew", () => {
  const { events, requests, sync } = setUp();
  sync.takeDiff(diff(11, 12));
  sync.takeSnapshot(snapshot(10));
  sync.takeDiff(diff(14, 15));
  assert.deepEqual(short(events), ["s10@120", "d11-12", "lost@120"]);
  assert.equal(requests.length, 2);
  sync.takeSnapshot(snapshot(14));
  assert.deepEqual(short(events).slice(3), ["s14@150", "d14-15"]);
});

Deno.test("DepthSync leaves out repeated diffs", () => {
  const { events, sync } = setUp();
  sync.takeDiff(diff(11, 12));
  sync.takeSnapshot(snapshot(10));
  sync.takeDiff(diff(11, 12));
  assert.equal(sync.isSynced, true);
  assert.equal(events.length, 2);
});

Deno.test("DepthSync widens the book by a later snapshot, brought to the book's own id", () => {
  const { events, requests, sync } = setUp();
  sync.takeDiff(diff(11, 12));
  sync.takeSnapshot(snapshot(10));
  sync.refresh("the price nears the edge");
  assert.equal(requests.at(-1), "the price nears the edge");
  sync.takeDiff(diff(13, 14));
  sync.takeDiff({ ...diff(15, 16), bids: [3, 7], asks: [9, 0, 999, 5] });
  sync.takeSnapshot({ lastUpdateId: 14, bids: [5, 14, 2, 40], asks: [9, 1, 12, 6] });
  assert.deepEqual(events.at(-1), {
    type: "depthWidened",
    symbol: "BTCUSDT",
    eventTime: 160,
    snapshot: { lastUpdateId: 16, bids: [5, 14, 3, 7, 2, 40], asks: [12, 6, 999, 5] },
    // The ask at 999 came by a diff: the snapshot covers nothing beyond 12.
    range: [2, 12],
  });
  sync.takeDiff(diff(17, 18));
  assert.deepEqual(short(events).slice(-2), ["w16", "d17-18"], "the book goes on without a gap");
});

Deno.test("DepthSync keeps a wider snapshot that is ahead until the book has caught up", () => {
  const { events, sync } = setUp();
  sync.takeDiff(diff(11, 12));
  sync.takeSnapshot(snapshot(10));
  sync.refresh("old");
  sync.takeSnapshot(snapshot(15));
  assert.equal(events.length, 2);
  sync.takeDiff(diff(13, 14));
  sync.takeDiff(diff(15, 16));
  assert.deepEqual(short(events).slice(2), ["d13-14", "d15-16", "w16"]);
});

Deno.test("DepthSync follows USD-M by the id of the diff before", () => {
  const usdm = (previousUpdateId: number, firstUpdateId: number, lastUpdateId: number) => ({
    ...diff(firstUpdateId, lastUpdateId),
    previousUpdateId,
  });
  const spanning = setUp();
  spanning.sync.takeDiff(usdm(5, 8, 12));
  spanning.sync.takeDiff(usdm(12, 20, 25));
  spanning.sync.takeSnapshot(snapshot(10));
  assert.deepEqual(short(spanning.events), ["s10@120", "d8-12", "d20-25"]);
  spanning.sync.takeDiff(usdm(26, 27, 30));
  assert.deepEqual(short(spanning.events).slice(3), ["lost@250"]);

  // u == lastUpdateId: what lies inside the snapshot is in it, but levels beyond need not be.
  const equal = setUp();
  equal.sync.takeDiff(usdm(5, 8, 10));
  equal.sync.takeDiff(usdm(10, 14, 16));
  equal.sync.takeSnapshot(snapshot(10));
  assert.deepEqual(short(equal.events), ["s10@100", "d8-10", "d14-16"]);

  const old = setUp();
  old.sync.takeDiff(usdm(11, 14, 16));
  old.sync.takeSnapshot(snapshot(10));
  assert.deepEqual(old.events, []);
  assert.equal(old.requests.length, 2, "the snapshot is older than the stream");
});

Deno.test("DepthSync does not ask twice for the same snapshot", () => {
  const { requests, sync } = setUp();
  sync.takeDiff(diff(11, 12));
  sync.takeDiff(diff(13, 14));
  assert.equal(requests.length, 1);
});

Deno.test("DepthSync asks again when too many diffs wait", () => {
  const { requests, sync } = setUp();
  for (let id = 1; id <= 10_001; id++) sync.takeDiff(diff(id, id));
  assert.equal(requests.length, 2);
  assert.match(requests[1], /10000 depth diffs/);
});

Deno.test("DepthSync never lets a wrong book through, whatever is lost, doubled or swapped", () => {
  const fault = fc.constantFrom("keep", "keep", "keep", "keep", "drop", "double", "swap", "cut");
  fc.assert(fc.property(fc.array(fault, { minLength: 20, maxLength: 120 }), (faults) => {
    const { events, requests, sync } = setUp();
    let sent = 100;
    let answered = 0;
    let held: DepthDiff | null = null;
    for (const one of faults) {
      const next = diff(sent + 1, sent + 2);
      sent += 2;
      if (one === "cut") sync.lose("the connection was cut");
      if (one === "swap" && held === null) held = next;
      else if (one !== "drop") sync.takeDiff(next);
      if (one === "double") sync.takeDiff(next);
      if (held !== null && one !== "swap") {
        sync.takeDiff(held);
        held = null;
      }
      if (requests.length > answered) {
        answered = requests.length;
        sync.takeSnapshot(snapshot(sent - 1));
      }
    }
    // A book built from what came out has seen every id: it throws at any gap.
    const book = new OrderBook();
    for (const event of events) {
      if (event.type === "depthSnapshot") book.applySnapshot(event.snapshot, event.eventTime);
      else if (event.type === "bookLost") book.drop();
      else if (event.type === "depthDiff") {
        assert.ok(book.applyDiff(event.diff), "a diff that changes nothing came through");
        assert.equal(book.bids.lotsAt(5), event.diff.lastUpdateId);
      }
    }
    assert.equal(book.known !== null, sync.isSynced);
  }));
});

Deno.test("DepthSync begins anew when diffs go on, but their ids have begun at 1 again", () => {
  const { events, requests, sync } = setUp();
  sync.takeDiff(diff(1001, 1002));
  sync.takeSnapshot(snapshot(1000));
  // Over the seconds of a renewal the same may come again, or a moment later from another server.
  sync.takeDiff({ ...diff(1001, 1002), eventTime: 10_070 });
  sync.takeDiff({ ...diff(1, 2), eventTime: 15_000 });
  assert.equal(sync.isSynced, true);
  sync.takeDiff({ ...diff(3, 4), eventTime: 15_020 });
  assert.equal(sync.isSynced, false);
  sync.takeSnapshot(snapshot(3));
  assert.equal(requests.length, 2);
  assert.deepEqual(short(events), ["s1000@10020", "d1001-1002", "lost@10020", "s3@15020", "d3-4"]);
});
