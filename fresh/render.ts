import { type ComponentChildren, Fragment, h, type VNode } from "preact";
import { setBuildId } from "./build_id.ts";
import { type Context, internalsOf } from "./context.ts";
import { createPass, type Pass, renderInPass } from "./island_slots.ts";
import { PAGE_STATE_ID, toScriptJson } from "./page_state.ts";
import { clientPath, type Snapshot } from "./snapshot.ts";
import type { PageComponent, PageProps, RenderConfig } from "./types.ts";

/** Renders `content` inside the route's layouts and the app wrapper. */
export async function renderPage<State>(
  ctx: Context<State>,
  content: ComponentChildren,
  init: ResponseInit,
  config: RenderConfig = {},
): Promise<Response> {
  const { view, snapshot } = internalsOf(ctx);
  const around = config.skipInheritedLayouts ? [] : view.layouts.toReversed();
  if (view.appWrapper !== undefined && !config.skipAppWrapper) around.push(view.appWrapper);
  let page = content;
  for (const component of around) {
    const inner = page;
    const wrapped = await runComponent(component, ctx, () => h(Fragment, null, inner));
    if (wrapped instanceof Response) return wrapped;
    page = wrapped;
  }
  setBuildId(snapshot?.buildId ?? "");
  const headers = new Headers(init.headers);
  if (!headers.has("content-type")) headers.set("content-type", "text/html; charset=utf-8");
  return new Response(toHtml(page, snapshot, ctx.config.basePath), { ...init, headers });
}

/** An async component is awaited here, because rendering to a string is synchronous. */
export async function runComponent<State>(
  component: PageComponent<unknown, unknown>,
  ctx: Context<State>,
  Component: () => VNode = () => h(Fragment, null),
): Promise<ComponentChildren | Response> {
  const { config, data, error, info, isPartial, params, req, route, state, url } = ctx;
  const props: PageProps<unknown, unknown> = {
    ...{ Component, config, data, error, info, isPartial, params, req, route, state, url },
  };
  if (component.constructor.name === "AsyncFunction") return await component(props);
  return h(component as (props: PageProps) => ComponentChildren, props);
}

function toHtml(page: ComponentChildren, snapshot: Snapshot | undefined, base: string): string {
  const pass = createPass(snapshot?.islands ?? []);
  let html = renderInPass(pass, h(Fragment, null, page));
  const head = pass.head.length === 0 ? "" : renderInPass(pass, h(Fragment, null, ...pass.head));
  const scripts = snapshot === undefined ? "" : scriptTags(pass, snapshot, base);
  const state = snapshot === undefined || scripts === "" ? "" : stateTag(pass, snapshot, base);

  if (/<title[\s>]/.test(head)) html = withoutTitle(html);
  html = insertBefore(html, html.indexOf("</head>"), head + scripts, "start");
  html = insertBefore(html, html.lastIndexOf("</body>"), state, "end");
  return `<!DOCTYPE html>${html}`;
}

function scriptTags(pass: Pass, snapshot: Snapshot, base: string): string {
  if (pass.uses.length === 0 && !snapshot.alwaysBoot) return "";
  const [boot] = snapshot.boot;
  const files = new Set([...snapshot.boot, ...pass.uses.flatMap(({ island }) => island.files)]);
  const preloads = [...files].filter((file) => file !== boot).map((file) =>
    `<link rel="modulepreload" href="${base}${clientPath(snapshot, file)}">`
  );
  const entry = `<script type="module" src="${base}${clientPath(snapshot, boot)}"></script>`;
  return entry + preloads.join("");
}

function stateTag(pass: Pass, snapshot: Snapshot, base: string): string {
  const json = toScriptJson({
    buildId: snapshot.buildId,
    islands: pass.uses.map(({ island, props }) => ({
      module: base + clientPath(snapshot, island.files[0]),
      props,
    })),
    signals: pass.encoder.signals,
  });
  return `<script type="application/json" id="${PAGE_STATE_ID}">${json}</script>`;
}

function withoutTitle(html: string): string {
  const end = html.indexOf("</head>");
  const head = html.slice(0, Math.max(end, 0));
  return head.replace(/<title[^>]*>[^<]*<\/title>/, "") + html.slice(head.length);
}

function insertBefore(html: string, at: number, text: string, otherwise: "start" | "end"): string {
  if (at >= 0) return html.slice(0, at) + text + html.slice(at);
  return otherwise === "start" ? text + html : html + text;
}
