import assert from "node:assert/strict";
import { LOOPBACK_HOSTS, refusalOf } from "../../web/access.ts";

function refusal(headers: Record<string, string>, method = "GET"): string | null {
  return refusalOf(new Request("http://127.0.0.1:8000/", { headers, method }), LOOPBACK_HOSTS);
}

Deno.test("refusalOf() lets our own names in", () => {
  for (const host of ["127.0.0.1:8000", "localhost:8000", "LOCALHOST", "[::1]:8000"]) {
    assert.equal(refusal({ host }), null, host);
  }
});

Deno.test("refusalOf() refuses a foreign host name that leads to this machine", () => {
  assert.match(refusal({ host: "evil.example:8000" }) ?? "", /"evil\.example" is not a name/);
  assert.match(refusal({ host: "127.0.0.1.evil.example" }) ?? "", /is not a name/);
  assert.match(refusal({ host: "" }) ?? "", /is not a name/);
});

Deno.test("refusalOf() refuses websockets and writes from foreign pages", () => {
  const host = "127.0.0.1:8000";
  const upgrade = { host, upgrade: "websocket" };
  assert.equal(refusal({ ...upgrade, origin: "http://127.0.0.1:8000" }), null);
  assert.equal(refusal(upgrade), null, "a program sends no origin");
  assert.match(refusal({ ...upgrade, origin: "http://evil.example" }) ?? "", /evil\.example/);
  assert.match(refusal({ ...upgrade, origin: "http://127.0.0.1:9000" }) ?? "", /:9000/);
  assert.match(refusal({ ...upgrade, origin: "null" }) ?? "", /"null"/);
  assert.match(refusal({ host, origin: "http://evil.example" }, "PUT") ?? "", /evil\.example/);
  assert.equal(refusal({ host, origin: "http://evil.example" }), null, "reading is harmless");
});
