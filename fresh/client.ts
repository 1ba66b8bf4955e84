/** The browser's side: hydrates the islands that the server marked in the page. */
import { type ComponentType, h, hydrate } from "preact";
import { setBuildId } from "./build_id.ts";
import { PAGE_STATE_ID, type PageState } from "./page_state.ts";
import { createDecoder } from "./props_decode.ts";

interface Marked {
  readonly id: number;
  readonly start: Comment;
  readonly end: Comment;
}

/** One island that fails is reported and leaves the others working. */
export async function boot(): Promise<void> {
  const json = document.getElementById(PAGE_STATE_ID)?.textContent;
  if (json === undefined || json === null) return;
  const state: PageState = JSON.parse(json);
  setBuildId(state.buildId);
  const decode = createDecoder(state.signals);
  await Promise.all(
    findIslands().map(async ({ id, start, end }) => {
      const { module, props } = state.islands[id];
      try {
        const { default: component }: { default: ComponentType } = await import(module);
        hydrate(h(component, decode(props) as Record<string, unknown>), rootBetween(start, end));
      } catch (error) {
        reportError(error);
      }
    }),
  );
}

function findIslands(): Marked[] {
  const starts = new Map<string, Comment>();
  const found: Marked[] = [];
  const walker = document.createTreeWalker(document, NodeFilter.SHOW_COMMENT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const comment = node as Comment;
    if (comment.data.startsWith("fresh:")) starts.set(comment.data, comment);
    const start = starts.get(comment.data.slice(1));
    if (comment.data.startsWith("/fresh:") && start !== undefined) {
      found.push({ id: Number(comment.data.slice("/fresh:".length)), start, end: comment });
    }
  }
  return found;
}

/** Stands in for the parent that Preact wants, so that it owns the nodes between two comments only. */
function rootBetween(start: Comment, end: Comment): Element {
  const parent = start.parentNode as Element;
  const children = (): ChildNode[] => {
    const nodes: ChildNode[] = [];
    for (let node = start.nextSibling; node !== null && node !== end; node = node.nextSibling) {
      nodes.push(node);
    }
    return nodes;
  };
  const root = {
    nodeType: Node.ELEMENT_NODE,
    localName: parent.localName,
    namespaceURI: parent.namespaceURI,
    ownerDocument: parent.ownerDocument,
    get parentNode() {
      return parent.parentNode;
    },
    get childNodes() {
      return children();
    },
    get firstChild() {
      return children()[0] ?? null;
    },
    contains: (node: Node) => parent.contains(node),
    insertBefore: (node: Node, before: Node | null) => parent.insertBefore(node, before ?? end),
    appendChild: (node: Node) => parent.insertBefore(node, end),
    removeChild: (node: Node) => parent.removeChild(node),
  };
  return root as unknown as Element;
}
