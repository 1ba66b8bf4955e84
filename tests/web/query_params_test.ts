import assert from "node:assert/strict";
import { queryParams } from "../../web/query_params.ts";

const params = (query: string) => queryParams(new URL(`http://127.0.0.1/api/x?${query}`));

Deno.test("queryParams() reads texts, integers, ranges and choices", () => {
  const read = params("symbol=BTCUSDT&from=1000&to=2000&levels=5&measure=close");
  assert.equal(read.text("symbol"), "BTCUSDT");
  assert.equal(read.optionalText("group"), null);
  assert.equal(read.integer("levels", 9), 5);
  assert.equal(read.integer("step", 9), 9);
  assert.deepEqual(read.range(), { from: 1000, to: 2000 });
  assert.equal(read.oneOf("measure", ["mean", "close"], "mean"), "close");
  assert.equal(read.oneOf("side", ["bid"], "bid"), "bid");
});

Deno.test("queryParams() names the parameter and the value that is wrong", () => {
  assert.throws(() => params("").text("symbol"), /the parameter symbol is missing/);
  assert.throws(() => params("symbol=").text("symbol"), /the parameter symbol is missing/);
  assert.throws(() => params("a=1&a=2").integer("a", 0), /a is given 2 times/);
  assert.throws(() => params("from=soon").range(), /from must be a whole number .* "soon"/);
  assert.throws(() => params("from=1.5").range(), /received "1\.5"/);
  assert.throws(() => params("from=-5").range(), /received "-5"/);
  assert.throws(() => params("from=99999999999999999999").range(), /received "9{20}"/);
  assert.throws(
    () => params("from=5&to=5").range(),
    /from must be before to, received from 5 and to 5/,
  );
  assert.throws(() => params("levels=0").integer("levels", 1, 1, 10), /from 1 to 10, received "0"/);
  assert.throws(() => params("m=x").oneOf("m", ["a", "b"], "a"), /one of a, b, received "x"/);
});
