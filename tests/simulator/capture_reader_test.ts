import assert from "node:assert/strict";
import { constants, deflateRawSync, gzipSync } from "node:zlib";
import { readCapture } from "../../simulator/capture_reader.ts";

async function read(bytes: Uint8Array) {
  const path = `${await Deno.makeTempDir()}/a.gz`;
  await Deno.writeFile(path, bytes);
  const problems: string[] = [];
  const frames: string[] = [];
  for await (const { frame } of readCapture([path], (message) => problems.push(message))) {
    frames.push(frame);
  }
  return { frames, problems };
}

const line = (frame: string) => `1723161255000000000 ${frame}\n`;

/** What a recorder that was killed leaves: a gzip header and flushed blocks, no end. */
function flushed(...texts: string[]): Uint8Array {
  const header = new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);
  const blocks = texts.map((text) => deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH }));
  return Uint8Array.from([header, ...blocks].flatMap((bytes) => [...bytes]));
}

Deno.test("a gzipped capture without its end gives every line up to the last flush", async () => {
  const { frames, problems } = await read(flushed(line("first"), line("second")));
  assert.deepEqual(frames, ["first", "second"]);
  assert.deepEqual(problems, ["a.gz ends early, after line 2: its recorder was killed"]);
});

Deno.test("half a line at the end of a capture that is cut off is no line", async () => {
  const { frames, problems } = await read(flushed(line("first"), "17231612550000"));
  assert.deepEqual(frames, ["first"]);
  assert.equal(problems.length, 1);
});

Deno.test("a capture that is cut off anywhere gives whole lines alone", async () => {
  const written = Array.from({ length: 3000 }, (_, i) => `frame ${i} ${(i * 7919) % 1009}`);
  const whole = new Uint8Array(gzipSync(written.map(line).join("")));
  for (const share of [0.3, 0.5, 0.9, 0.999]) {
    const { frames, problems } = await read(whole.subarray(0, Math.floor(whole.length * share)));
    assert.deepEqual(frames, written.slice(0, frames.length));
    assert.ok(frames.length > 0.1 * written.length * share, `${frames.length} at ${share}`);
    assert.equal(problems.length, 1);
  }
});

Deno.test("a capture that is broken in the middle is refused, not taken for one cut off", async () => {
  const whole = new Uint8Array(gzipSync(line("a").repeat(10)));
  whole[whole.length - 6] ^= 0xff; // The checksum.
  await assert.rejects(read(whole), /a\.gz cannot be read after line \d+: incorrect data check/);
});

Deno.test("gzipped parts that were joined into one file are read to the end", async () => {
  const parts = [...gzipSync(line("first")), ...gzipSync(line("second"))];
  assert.deepEqual(await read(Uint8Array.from(parts)), {
    frames: ["first", "second"],
    problems: [],
  });
});

Deno.test("a line separator inside of a JSON text does not end the line", async () => {
  const { frames } = await read(new TextEncoder().encode(line('{"x":"\u2028"}')));
  assert.deepEqual(frames, ['{"x":"\u2028"}']);
});
