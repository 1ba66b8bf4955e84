import {
  type CellColumn,
  type CellOptions,
  CONTENTS,
  DRAWINGS,
  FIRST_CELLS,
  FIRST_STUDIES,
  SCOPES,
  SHADES,
  type StudyOptions,
} from "./cell_options.ts";

/** The options that outlast the page. */
export interface KeptOptions {
  readonly cells: CellOptions;
  readonly studies: StudyOptions;
}

/**
 * Options from what was kept, whatever it is: a value that is missing, unknown or broken falls back
 * to the first one, and nothing else is taken over.
 */
export function keptOptions(kept: unknown): KeptOptions {
  const { cells, studies } = fieldsOf(kept);
  const { first, second, shade, scope } = fieldsOf(cells);
  return {
    cells: {
      first: columnOf(first) ?? FIRST_CELLS.first,
      second: columnOf(second),
      shade: oneOf(SHADES, shade) ?? FIRST_CELLS.shade,
      scope: oneOf(SCOPES, scope) ?? FIRST_CELLS.scope,
    },
    studies: studiesOf(fieldsOf(studies)),
  };
}

function studiesOf(kept: Readonly<Record<string, unknown>>): StudyOptions {
  const flag = (name: keyof StudyOptions) => {
    const value = kept[name];
    return typeof value === "boolean" ? value : FIRST_STUDIES[name];
  };
  return {
    valueArea: flag("valueArea"),
    stacked: flag("stacked"),
    unfinished: flag("unfinished"),
    nakedPoc: flag("nakedPoc"),
  };
}

function columnOf(kept: unknown): CellColumn | null {
  const column = fieldsOf(kept);
  const content = oneOf(CONTENTS, column.content);
  const drawing = oneOf(DRAWINGS, column.drawing);
  return content === null || drawing === null ? null : { content, drawing };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function oneOf<T>(known: readonly T[], value: unknown): T | null {
  return known.find((one) => one === value) ?? null;
}
