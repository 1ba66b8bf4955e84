import {
  type ComponentChildren,
  type ComponentType,
  createContext,
  Fragment,
  h,
  options,
  type VNode,
} from "preact";
import { useContext } from "preact/hooks";
import { renderToString } from "preact-render-to-string";
import { type Encoded, PropsEncoder } from "./props_encode.ts";
import { Head } from "./runtime.ts";
import type { Island } from "./snapshot.ts";

type Props = Record<string, unknown>;

/** What one rendering collected on its way. */
export interface Pass {
  readonly islands: ReadonlyMap<unknown, Island>;
  readonly uses: { readonly island: Island; readonly props: Encoded }[];
  readonly encoder: PropsEncoder;
  readonly head: ComponentChildren[];
  readonly unwrapped: WeakSet<VNode>;
}

export function createPass(islands: readonly Island[]): Pass {
  return {
    islands: new Map(islands.map((island) => [island.component, island])),
    uses: [],
    encoder: new PropsEncoder(),
    head: [],
    unwrapped: new WeakSet(),
  };
}

// Rendering to a string is synchronous, so one pass at a time is under way.
let current: Pass | null = null;

export function renderInPass(pass: Pass, content: VNode): string {
  current = pass;
  try {
    return renderToString(content);
  } finally {
    current = null;
  }
}

// Preact's diff hook (its mangled name is stable): it sees each element before it is rendered.
const hooks = options as { __b?: (vnode: VNode) => void };
const previous = hooks.__b;
hooks.__b = (vnode) => {
  if (current !== null) wrap(current, vnode as VNode<Props>);
  previous?.(vnode);
};

function wrap(pass: Pass, vnode: VNode<Props>): void {
  if (vnode.type === Head) {
    vnode.type = HeadSlot as ComponentType<Props>;
    return;
  }
  const island = pass.islands.get(vnode.type);
  if (island === undefined || pass.unwrapped.has(vnode)) return;
  const slot = h(IslandSlot, { island, props: vnode.props });
  Object.assign(vnode, { type: slot.type, props: slot.props });
}

function HeadSlot({ children }: { children?: ComponentChildren }): null {
  current?.head.push(children);
  return null;
}

const InsideIsland = createContext(false);

/** An island inside another is hydrated with it, so only the outermost one is marked and sent. */
function IslandSlot({ island, props }: { island: Island; props: Props }): VNode | null {
  const nested = useContext(InsideIsland);
  if (current === null) return null;
  const element = h(island.component, props);
  current.unwrapped.add(element);
  if (nested) return element;
  const id = current.uses.length;
  current.uses.push({ island, props: current.encoder.encode(island.name, props) });
  return h(
    Fragment,
    null,
    comment(`fresh:${id}`),
    h(InsideIsland.Provider, { value: true }, element),
    comment(`/fresh:${id}`),
  );
}

/** Comments delimit an island, because an element around it would take part in the page's layout. */
function comment(text: string): VNode {
  const props: Props = { UNSTABLE_comment: text };
  return h(Fragment, props);
}
