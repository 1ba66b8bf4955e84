import assert from "node:assert/strict";
import { FrameLoop, Redraw } from "../../chart/frame_loop.ts";

function loopWithFrames() {
  const drawn: number[] = [];
  const asked: ((time: number) => void)[] = [];
  let cancelled = 0;
  const loop = new FrameLoop(
    (level) => drawn.push(level),
    (callback) => asked.push(callback),
    () => cancelled++,
  );
  return { loop, drawn, asked, cancelled: () => cancelled };
}

Deno.test("FrameLoop merges requests into one frame of the highest level", () => {
  const { loop, drawn, asked } = loopWithFrames();
  loop.invalidate(Redraw.overlay);
  loop.invalidate(Redraw.all);
  loop.invalidate(Redraw.overlay);
  assert.equal(asked.length, 1);
  asked[0](0);
  assert.deepEqual(drawn, [Redraw.all]);
});

Deno.test("FrameLoop asks for no frame while nothing changed", () => {
  const { loop, drawn, asked } = loopWithFrames();
  loop.invalidate(Redraw.overlay);
  asked[0](0);
  assert.equal(asked.length, 1);
  loop.invalidate(Redraw.overlay);
  asked[1](16);
  assert.deepEqual(drawn, [Redraw.overlay, Redraw.overlay]);
});

Deno.test("FrameLoop.stop() cancels the frame that was asked for", () => {
  const { loop, cancelled } = loopWithFrames();
  loop.invalidate(Redraw.all);
  loop.stop();
  assert.equal(cancelled(), 1);
});
