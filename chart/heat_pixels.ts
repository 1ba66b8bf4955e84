import { colourCells, colourTable } from "./heat_palette.ts";
import type { HeatScale } from "./heat_scale.ts";
import type { HeatTile } from "./model.ts";

/** A tile as a picture of one pixel per cell. */
interface TilePicture {
  readonly canvas: OffscreenCanvas;
  readonly context: OffscreenCanvasRenderingContext2D;
  readonly image: ImageData;
  version: number;
  generation: number;
}

/** Pictures of tiles, coloured again when their values or the scale changed. */
export class HeatPixels {
  readonly #pictures = new WeakMap<Float32Array, TilePicture>();
  #table = new Uint32Array(0);
  #generation = -1;

  pictureOf(tile: HeatTile, scale: HeatScale): OffscreenCanvas {
    if (this.#generation !== scale.generation) {
      this.#table = colourTable(scale.low, scale.high);
      this.#generation = scale.generation;
    }
    let picture = this.#pictures.get(tile.values);
    if (picture === undefined) {
      picture = createPicture(tile);
      this.#pictures.set(tile.values, picture);
    }
    if (picture.version !== tile.version || picture.generation !== scale.generation) {
      this.#colour(tile, picture);
      picture.version = tile.version;
      picture.generation = scale.generation;
    }
    return picture.canvas;
  }

  #colour(tile: HeatTile, picture: TilePicture): void {
    const { values } = tile;
    const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
    const pixels = new Uint32Array(picture.image.data.buffer);
    colourCells(bits, 0, values.length, this.#table, pixels, 0);
    picture.context.putImageData(picture.image, 0, 0);
  }
}

function createPicture(tile: HeatTile): TilePicture {
  const canvas = new OffscreenCanvas(tile.columns, tile.rows);
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("This browser has no 2D canvas");
  const image = new ImageData(tile.columns, tile.rows);
  return { canvas, context, image, version: -1, generation: -1 };
}
