import type { Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type {
  CellColumn,
  CellContent,
  CellDrawing,
  CellOptions,
  CellScope,
  CellShade,
  StudyOptions,
} from "../chart/cell_options.ts";
import type { ChartOptions, ChartReport } from "../chart/chart_state.ts";
import { keptOptions } from "../chart/kept_options.ts";
import { browserKeep, readKept, writeKept } from "../live/kept_value.ts";

interface FootprintMenuProps {
  readonly options: Signal<ChartOptions>;
  readonly report: Signal<ChartReport | null>;
}

type Change = { readonly cells?: CellOptions; readonly studies?: StudyOptions };

const KEPT_AS = "footprint.options";
const MENU_ID = "footprint-menu";
const EDGE_PX = 8;

const CONTENT_NAMES = {
  bidAsk: "Bid × ask",
  delta: "Delta",
  volume: "Volume",
  trades: "Trades",
} as const satisfies Record<CellContent, string>;
const DRAWING_NAMES = {
  numbers: "numbers",
  histogram: "histogram",
  profile: "profile",
} as const satisfies Record<CellDrawing, string>;
const SHADE_NAMES = {
  none: "none",
  volume: "by volume",
  delta: "by delta",
} as const satisfies Record<CellShade, string>;
const SCOPE_NAMES = {
  candle: "each candle",
  visible: "visible range",
} as const satisfies Record<CellScope, string>;
const STUDY_NAMES = {
  valueArea: ["Value area", "70 % of the candle's volume: a bracket from VAL to VAH"],
  stacked: [
    "Stacked imbalances",
    "3 or more diagonal imbalances (3x) in a row, as a zone until the price returns to it",
  ],
  unfinished: [
    "Unfinished auctions",
    "Both sides traded at the high or low row: a line until the price goes beyond",
  ],
  nakedPoc: ["Naked POCs", "Point of control of a candle, as a line until it trades again"],
} as const satisfies Record<keyof StudyOptions, readonly [name: string, hint: string]>;

/** What the candles show: a menu that closes by Escape and by a click beside it. */
export default function FootprintMenu({ options, report }: FootprintMenuProps) {
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  useEffect(() => {
    options.value = { ...options.value, ...keptOptions(readKept(browserKeep(), KEPT_AS)) };
  }, []);
  const set = (change: Change) => {
    options.value = { ...options.value, ...change };
    const { cells, studies } = options.value;
    writeKept(browserKeep(), KEPT_AS, { cells, studies });
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        class="chip toggle-Footprint"
        popovertarget={MENU_ID}
        aria-haspopup="dialog"
        title="What the candles show"
      >
        Footprint ▾
      </button>
      <div
        ref={menu}
        id={MENU_ID}
        class="menu"
        popover="auto"
        role="dialog"
        aria-label="Footprint"
        onToggle={({ newState }) => {
          if (newState === "open") placeUnder(button.current, menu.current);
        }}
      >
        <Cells cells={options.value.cells} shown={report.value?.columns ?? 1} set={set} />
        <Studies studies={options.value.studies} set={set} />
      </div>
    </>
  );
}

interface CellsProps {
  readonly cells: CellOptions;
  /** How many contents there is room for. */
  readonly shown: number;
  readonly set: (change: Change) => void;
}

function Cells({ cells, shown, set }: CellsProps) {
  const { first, second } = cells;
  const change = (part: Partial<CellOptions>) => set({ cells: { ...cells, ...part } });
  const contents = <Options names={CONTENT_NAMES} />;
  return (
    <>
      <MenuRow name="Rows show">
        <Choice
          name="Content"
          value={first.content}
          set={(content) => change({ first: { ...first, content: content as CellContent } })}
        >
          {contents}
        </Choice>
        <DrawingChoice column={first} set={(first) => change({ first })} name="Drawn as" />
      </MenuRow>
      <MenuRow name="Beside it" hint="where candles are wide enough">
        <Choice
          name="Second content"
          value={second?.content ?? ""}
          set={(content) => {
            const drawing = second?.drawing ?? "numbers";
            change({
              second: content === "" ? null : { content: content as CellContent, drawing },
            });
          }}
        >
          <option value="">nothing</option>
          {contents}
        </Choice>
        <DrawingChoice
          column={second}
          set={(second) => change({ second })}
          name="Second drawn as"
        />
      </MenuRow>
      {second !== null && shown < 2 && (
        <p class="menu-note" role="status">Candles are too narrow for both: zoom in.</p>
      )}
      <MenuRow name="Shading">
        <Choice
          name="Shading"
          value={cells.shade}
          set={(shade) => change({ shade: shade as CellShade })}
        >
          <Options names={SHADE_NAMES} />
        </Choice>
      </MenuRow>
      <MenuRow name="Relative to" hint="what the longest bar and the strongest shade stand for">
        <Choice
          name="Bars and shading relative to"
          value={cells.scope}
          set={(scope) => change({ scope: scope as CellScope })}
        >
          <Options names={SCOPE_NAMES} />
        </Choice>
      </MenuRow>
    </>
  );
}

function Studies({ studies, set }: { studies: StudyOptions; set: (change: Change) => void }) {
  return (
    <fieldset>
      <legend>Marks</legend>
      {(Object.keys(STUDY_NAMES) as (keyof StudyOptions)[]).map((study) => (
        <label key={study} class="check" title={STUDY_NAMES[study][1]}>
          <input
            type="checkbox"
            checked={studies[study]}
            onChange={({ currentTarget: { checked } }) =>
              set({ studies: { ...studies, [study]: checked } })}
          />
          {STUDY_NAMES[study][0]}
        </label>
      ))}
    </fieldset>
  );
}

interface DrawingChoiceProps {
  readonly column: CellColumn | null;
  readonly set: (column: CellColumn) => void;
  readonly name: string;
}

function DrawingChoice({ column, set, name }: DrawingChoiceProps) {
  return (
    <Choice
      name={name}
      value={column?.drawing ?? "numbers"}
      disabled={column === null}
      set={(drawing) => {
        if (column !== null) set({ ...column, drawing: drawing as CellDrawing });
      }}
    >
      <Options names={DRAWING_NAMES} />
    </Choice>
  );
}

interface MenuRowProps {
  readonly name: string;
  readonly hint?: string;
  readonly children: ComponentChildren;
}

function MenuRow({ name, hint, children }: MenuRowProps) {
  return (
    <div class="menu-row" title={hint}>
      <span>{name}</span>
      {children}
    </div>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly value: string;
  readonly set: (value: string) => void;
  readonly disabled?: boolean;
  readonly children: ComponentChildren;
}

function Choice({ name, value, set, disabled, children }: ChoiceProps) {
  return (
    <select
      aria-label={name}
      value={value}
      disabled={disabled}
      onChange={({ currentTarget }) => set(currentTarget.value)}
    >
      {children}
    </select>
  );
}

function Options({ names }: { names: Readonly<Record<string, string>> }) {
  return (
    <>
      {Object.entries(names).map(([value, name]) => (
        <option key={value} value={value}>{name}</option>
      ))}
    </>
  );
}

/** The menu lies above everything, so that the toolbar, which scrolls, does not cut it off. */
function placeUnder(button: HTMLElement | null, menu: HTMLElement | null): void {
  if (button === null || menu === null) return;
  const { left, bottom } = button.getBoundingClientRect();
  const most = innerWidth - menu.offsetWidth - EDGE_PX;
  menu.style.left = `${Math.max(EDGE_PX, Math.min(left, most))}px`;
  menu.style.top = `${bottom + 6}px`;
  menu.querySelector("select")?.focus();
}
