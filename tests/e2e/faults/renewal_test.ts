import assert from "node:assert/strict";
import { BRIEF_OVERLAP, notice, TwoRecordings } from "./fixture.ts";
import { soon } from "./recorder.ts";

const SHUTDOWN = { e: "serverShutdown", E: 1_700_000_039_000 };
/** As raw streams and as combined ones spell it. */
const SPELLINGS = {
  raw: JSON.stringify(SHUTDOWN),
  combined: JSON.stringify({ stream: "!serverShutdown", data: SHUTDOWN }),
};

/** Publishes at the pace at which frames are taken, until the promise resolves. */
async function publishUntil(it: TwoRecordings, done: Promise<unknown>): Promise<void> {
  let isDone = false;
  const noted = soon(done, "the connection was not renewed").finally(() => isDone = true);
  noted.catch(() => {});
  while (!isDone) {
    await it.market.both(1);
    await it.calmHasTrade();
  }
  await noted;
}

/** Nothing was lost or doubled, and no connection was ever missing. */
async function nothingHappened(it: TwoRecordings): Promise<void> {
  await it.market.both(3);
  await it.becomeEqual();
  assert.deepEqual(await it.disturbed.gaps(), []);
  const connected = it.disturbed.events.flatMap((event) =>
    event.type === "symbolStatus" ? [event.connected] : []
  );
  assert.ok(connected.slice(connected.indexOf(true)).every((one) => one));
}

for (const [spelling, text] of Object.entries(SPELLINGS)) {
  Deno.test(`serverShutdown, ${spelling}: renewed with no event lost or doubled`, async () => {
    await using it = new TwoRecordings({ streamLimits: BRIEF_OVERLAP });
    await it.begin();
    const next = it.exchange.nextClient;
    const leaving = it.exchange.nextLeaving;
    it.exchange.sendRaw(text);
    await publishUntil(it, next);
    assert.equal(it.exchange.clients, 2, "the old connection goes on beside the new one");
    await publishUntil(it, leaving);
    assert.equal(it.exchange.clients, 1);
    await nothingHappened(it);
    await it.disturbed.told(notice(/The exchange announces a restart: connecting anew/));
  });
}

Deno.test("an old connection that is behind the new one has its say first", async () => {
  await using it = new TwoRecordings({ streamLimits: { ...BRIEF_OVERLAP, overlapMs: 300 } });
  await it.begin();
  const next = it.exchange.nextClient;
  const leaving = it.exchange.nextLeaving;
  it.exchange.sendRaw(SPELLINGS.raw);
  const letGo = it.exchange.holdBack();
  await publishUntil(it, next);
  // The new connection tells these before the old one has told what was before them.
  await it.market.both(3);
  await it.calmHasTrade();
  letGo();
  await publishUntil(it, leaving);
  await nothingHappened(it);
});

Deno.test("serverShutdown on the new connection too: that one is renewed as well", async () => {
  await using it = new TwoRecordings({ streamLimits: BRIEF_OVERLAP });
  await it.begin();
  const second = it.exchange.nextClient;
  it.exchange.sendRaw(SPELLINGS.combined);
  await publishUntil(it, second);
  const third = it.exchange.nextClient;
  it.exchange.sendRaw(SPELLINGS.combined);
  await publishUntil(it, third);
  await publishUntil(it, it.exchange.nextLeaving);
  await nothingHappened(it);
});

Deno.test("serverShutdown while no new connection is taken: it is tried until one is", async () => {
  await using it = new TwoRecordings({ streamLimits: BRIEF_OVERLAP });
  await it.begin();
  const refused = new Promise<void>((resolve) => it.faults.onRefusal = resolve);
  it.faults.refuseConnections = true;
  it.exchange.sendRaw(SPELLINGS.raw);
  await publishUntil(it, refused);
  const next = it.exchange.nextClient;
  it.faults.refuseConnections = false;
  await publishUntil(it, next);
  await publishUntil(it, it.exchange.nextLeaving);
  await nothingHappened(it);
});

Deno.test("a new connection that ends in the overlap: the old one goes on", async () => {
  await using it = new TwoRecordings({ streamLimits: { ...BRIEF_OVERLAP, overlapMs: 200 } });
  await it.begin();
  const next = it.exchange.nextClient;
  it.exchange.sendRaw(SPELLINGS.raw);
  await publishUntil(it, next);
  const [leaving, after] = [it.exchange.nextLeaving, it.exchange.nextClient];
  it.exchange.cutNewest();
  await publishUntil(it, leaving);
  await publishUntil(it, after);
  await publishUntil(it, it.exchange.nextLeaving);
  await nothingHappened(it);
});

Deno.test("a new connection that is silent while the old one speaks: the old one goes on", async () => {
  await using it = new TwoRecordings({ streamLimits: BRIEF_OVERLAP });
  await it.begin();
  it.faults.muteClients = 1;
  const silent = it.exchange.nextClient;
  it.exchange.sendRaw(SPELLINGS.raw);
  await publishUntil(it, silent);
  await publishUntil(it, it.exchange.nextLeaving);
  await publishUntil(it, it.exchange.nextClient);
  await publishUntil(it, it.exchange.nextLeaving);
  await nothingHappened(it);
});

Deno.test("renewal by age, three times: no gap, no loss, nothing twice", async () => {
  const streamLimits = { ...BRIEF_OVERLAP, maxAgeMs: 100 };
  await using it = new TwoRecordings({ streamLimits });
  await it.begin();
  for (let renewals = 0; renewals < 3; renewals++) {
    await publishUntil(it, it.exchange.nextClient);
    await publishUntil(it, it.exchange.nextLeaving);
  }
  await nothingHappened(it);
});
