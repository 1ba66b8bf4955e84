import assert from "node:assert/strict";
import type { ChartSource } from "../../chart/model.ts";
import { WallLayer } from "../../chart/wall_layer.ts";
import type { Wall } from "../../market/wall.ts";
import { planeOf, PRESENT, pulledAt, wallOf } from "./wall_fixture.ts";

/** A source of walls alone that counts how often they are looked through. */
function setUp(walls: Wall[]) {
  let looks = 0;
  const view = {
    rowTicks: 100,
    version: 1,
    get walls() {
      looks++;
      return walls;
    },
  };
  const source = { walls: view, heatEnd: PRESENT } as unknown as
    & { heatEnd: number | null }
    & ChartSource;
  return { layer: new WallLayer(), source, view, looks: () => looks };
}

Deno.test("WallLayer lays out again only when walls, view, present or fading have changed", () => {
  const { layer, source, view, looks } = setUp([wallOf(800, 1)]);
  const { scene } = planeOf();
  layer.layOut(scene, source, []);
  layer.layOut({ ...scene }, source, []);
  assert.equal(looks(), 1);
  source.heatEnd = PRESENT + 200;
  layer.layOut(scene, source, []);
  assert.equal(looks(), 1, "a third of a pixel");
  let expected = 1;
  const assertAgain = (change: string, changed = scene) => {
    layer.layOut(changed, source, []);
    assert.equal(looks(), ++expected, change);
    layer.layOut(changed, source, []);
    assert.equal(looks(), expected, `${change}, once`);
  };
  source.heatEnd = PRESENT + 600;
  assertAgain("a pixel");
  view.version++;
  assertAgain("walls");
  const moved = { ...scene, view: { ...scene.view, priceTop: 2010 } };
  assertAgain("view", moved);
  assertAgain("time", { ...moved, now: PRESENT + 5_000 });
});

Deno.test("WallLayer shows nothing once it is hidden, and all again afterwards", () => {
  const { layer, source } = setUp([wallOf(800, 1), wallOf(900, 1e5, pulledAt(2e5))]);
  const { scene } = planeOf();
  layer.layOut(scene, source, []);
  const pointed = { time: 3e5, priceTicks: 850 };
  assert.equal(layer.at(pointed)?.row, 800);
  assert.deepEqual([layer.visible.resting.length, layer.visible.ended.length], [1, 1]);
  assert.equal(layer.labels, 1);
  layer.hide();
  assert.equal(layer.at(pointed), null);
  assert.deepEqual([layer.visible.resting.length, layer.visible.ended.length], [0, 0]);
  assert.equal(layer.labels, 0);
  layer.layOut(scene, source, []);
  assert.equal(layer.labels, 1);
});

Deno.test("WallLayer takes the end of the heatmap for the present", () => {
  const { layer, source } = setUp([wallOf(800, 1)]);
  const { scene } = planeOf();
  layer.layOut({ ...scene, now: PRESENT + 60_000 }, source, []);
  assert.equal(layer.plane?.presentTime, PRESENT, "a lost link carries nothing further");
  source.heatEnd = null;
  layer.layOut(scene, source, []);
  assert.equal(layer.plane?.presentTime, PRESENT);
});
