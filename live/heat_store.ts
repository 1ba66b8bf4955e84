import type { LiquidityFrame } from "../bus/messages.ts";
import type { Instrument } from "../market/instrument.ts";
import { unitsText } from "../market/scale.ts";
import { ApiError, type ApiGet, type ApiHeatmap } from "./api.ts";
import { boundText } from "./candle_history.ts";
import {
  addBin,
  createTile,
  type LiveTile,
  TILE_COLUMNS,
  tileEnd,
  writeAnswer,
} from "./heat_tile.ts";
import { LiquidityRing } from "./liquidity_ring.ts";
import { RequestQueue } from "./request_queue.ts";

export interface TileRequest {
  readonly from: number;
  readonly to: number;
  readonly stepMs: number;
  readonly group: number;
  readonly low: number;
  readonly high: number;
}

const MOST_TILES = 64;
/** Prices fetched beyond the asked range on each side, as a share of it. */
const PAD_SHARE = 0.4;
const RETRY_MS = 5_000;
/** The steps in which liquidity is recorded. */
const RECORDED_STEPS_MS = [1000, 60_000];

/** The heatmap's tiles: older columns fetched, newer ones written from the stream. */
export class HeatStore {
  readonly #ring = new LiquidityRing();
  /** By step, row size and place in time; the most recently asked for last. */
  readonly #tiles = new Map<string, LiveTile>();
  /** New price windows of tiles that are shown as they are until these are ready. */
  readonly #coming = new Map<string, LiveTile>();
  #lastLevel = "";
  #previousLevel = "";
  readonly #symbol: string;
  readonly #get: ApiGet;
  readonly #changed: () => void;
  readonly #signal: AbortSignal;
  readonly #queue = new RequestQueue(3, 40);

  constructor(symbol: string, get: ApiGet, changed: () => void, signal: AbortSignal) {
    this.#symbol = symbol;
    this.#get = get;
    this.#changed = changed;
    this.#signal = signal;
  }

  /** End of the newest column, or null before the first. */
  get end(): number | null {
    return this.#ring.end;
  }

  applyFrame(frame: LiquidityFrame, instrument: Instrument): void {
    const endBefore = this.#ring.end;
    const added = this.#ring.applyFrame(frame);
    if (added.length === 0) return;
    // After a lost link the columns between are the server's to tell.
    const missed = endBefore !== null && frame.full && added[0].time > endBefore;
    for (const [key, tile] of [...this.#tiles, ...this.#coming]) {
      if (missed && tileEnd(tile) > endBefore) {
        this.#fetch(key, tile, instrument, endBefore, added[0].time);
      }
      for (const bin of added) {
        const unfinished = addBin(tile, bin, this.#ring.stepMs, this.#ring.baseGroup);
        if (unfinished === null) continue;
        this.#fetch(key, tile, instrument, unfinished, unfinished + tile.stepMs);
      }
    }
  }

  /** Tiles that overlap the request; while some are on their way, those of the last zoom under them. */
  tiles(request: TileRequest, instrument: Instrument): readonly LiveTile[] {
    const end = this.#ring.end;
    if (end === null) return [];
    const level = `${request.stepMs}/${request.group}/`;
    if (level !== this.#lastLevel) {
      this.#previousLevel = this.#lastLevel;
      this.#lastLevel = level;
    }
    const span = request.stepMs * TILE_COLUMNS;
    const shown: LiveTile[] = [];
    let waiting = false;
    const last = Math.floor(Math.min(request.to, end) / span);
    for (let index = Math.floor(request.from / span); index <= last; index++) {
      const tile = this.#tile(`${level}${index}`, index * span, request, instrument);
      shown.push(tile);
      if (!tile.ready) waiting = true;
    }
    this.#trim();
    return waiting ? [...this.#underlay(request), ...shown] : shown;
  }

  #tile(key: string, start: number, request: TileRequest, instrument: Instrument): LiveTile {
    const held = this.#tiles.get(key);
    if (held !== undefined) {
      // Asked for most recently: last in the map's order.
      this.#tiles.delete(key);
      this.#tiles.set(key, held);
      if (covers(held, request)) return held;
    }
    const coming = this.#coming.get(key);
    if (coming === undefined || !covers(coming, request)) {
      const { group, stepMs } = request;
      const pad = (request.high - request.low) * PAD_SHARE;
      const low = Math.floor((request.low - pad) / group) * group;
      const rows = Math.ceil((request.high + pad - low) / group);
      const tile = createTile(start, stepMs, group, low, rows);
      this.#begin(key, tile, instrument);
      if (held === undefined) this.#tiles.set(key, tile);
      else this.#coming.set(key, tile);
      return held ?? tile;
    }
    return held ?? coming;
  }

  /** Older columns are fetched; those since the last closed one come from the stream's memory. */
  #begin(key: string, tile: LiveTile, instrument: Instrument): void {
    const end = this.#ring.end ?? 0;
    const closed = Math.floor(end / tile.stepMs) * tile.stepMs;
    for (const bin of this.#ring.columns) {
      if (bin.time >= closed) addBin(tile, bin, this.#ring.stepMs, this.#ring.baseGroup);
    }
    const to = Math.min(tileEnd(tile), closed);
    if (to > tile.start) this.#fetch(key, tile, instrument, tile.start, to);
    else this.#finish(key, tile);
  }

  #fetch(key: string, tile: LiveTile, instrument: Instrument, from: number, to: number): void {
    const range = { from: Math.max(tile.start, from), to: Math.min(tileEnd(tile), to) };
    const request = async () => {
      try {
        writeAnswer(tile, await this.#ask(tile, instrument, range, tile.stepMs), instrument);
      } catch (error) {
        if (this.#signal.aborted) return;
        console.warn(`heatmap of ${this.#symbol} could not be fetched:`, error);
        setTimeout(() => this.#drop(key, tile), RETRY_MS);
      }
      this.#finish(key, tile);
      this.#changed();
    };
    this.#queue.add(request, () => this.#drop(key, tile));
  }

  /** What is recorded may be coarser than the tile's columns: then its own steps fill them. */
  async #ask(
    tile: LiveTile,
    instrument: Instrument,
    range: { readonly from: number; readonly to: number },
    step: number,
  ): Promise<ApiHeatmap> {
    try {
      return await this.#get<ApiHeatmap>("/api/heatmap", {
        symbol: this.#symbol,
        from: Math.floor(range.from / step) * step,
        to: Math.ceil(range.to / step) * step,
        step,
        group: unitsText(instrument.priceScale, tile.group),
        low: boundText(instrument, Math.max(0, tile.low)),
        high: boundText(instrument, tile.low + tile.rows * tile.group - 1),
      }, this.#signal);
    } catch (error) {
      const coarser = RECORDED_STEPS_MS.find((one) => one > step && one % step === 0);
      const isTooFine = error instanceof ApiError && error.code === "too_fine";
      if (!isTooFine || coarser === undefined) throw error;
      return await this.#ask(tile, instrument, range, coarser);
    }
  }

  #finish(key: string, tile: LiveTile): void {
    tile.ready = true;
    if (this.#coming.get(key) !== tile) return;
    this.#coming.delete(key);
    this.#tiles.set(key, tile);
  }

  #drop(key: string, tile: LiveTile): void {
    if (this.#tiles.get(key) === tile) this.#tiles.delete(key);
    if (this.#coming.get(key) === tile) this.#coming.delete(key);
  }

  #underlay(request: TileRequest): LiveTile[] {
    if (this.#previousLevel === "") return [];
    const under: LiveTile[] = [];
    for (const [key, tile] of this.#tiles) {
      const overlaps = tile.start < request.to && tileEnd(tile) > request.from;
      if (tile.ready && overlaps && key.startsWith(this.#previousLevel)) under.push(tile);
    }
    return under;
  }

  #trim(): void {
    for (const key of this.#tiles.keys()) {
      if (this.#tiles.size <= MOST_TILES) return;
      this.#tiles.delete(key);
    }
  }
}

function covers(tile: LiveTile, { low, high }: TileRequest): boolean {
  return tile.low <= Math.max(0, low) && tile.low + tile.rows * tile.group >= high;
}
