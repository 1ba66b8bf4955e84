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
      else {
        assert.ok(book.applyDiff(event.diff), "a diff that changes nothing came through");
        assert.equal(book.bids.lotsAt(5), event.diff.lastUpdateId);
      }
    }
    assert.equal(book.known !== null, sync.isSynced);
  }));
});
