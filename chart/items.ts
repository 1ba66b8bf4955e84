/** Rectangles to fill, in device pixels, in drawing order. Filled anew for each picture, never shrunk. */
export class RectItems {
  length = 0;
  x = new Float32Array(256);
  y = new Float32Array(256);
  width = new Float32Array(256);
  height = new Float32Array(256);
  /** Index into FILL_STYLES. */
  fill = new Uint16Array(256);

  clear(): void {
    this.length = 0;
  }

  add(x: number, y: number, width: number, height: number, fill: number): void {
    if (width <= 0 || height <= 0) return;
    const index = this.length;
    if (index === this.x.length) this.#grow();
    this.x[index] = x;
    this.y[index] = y;
    this.width[index] = width;
    this.height[index] = height;
    this.fill[index] = fill;
    this.length = index + 1;
  }

  /** The four sides of a frame that lies inside the rectangle. */
  addOutline(
    x: number,
    y: number,
    width: number,
    height: number,
    line: number,
    fill: number,
  ): void {
    this.add(x, y, width, line, fill);
    this.add(x, y + height - line, width, line, fill);
    this.add(x, y + line, line, height - 2 * line, fill);
    this.add(x + width - line, y + line, line, height - 2 * line, fill);
  }

  /** A dotted horizontal line. */
  addDots(x: number, y: number, width: number, line: number, gap: number, fill: number): void {
    for (let at = x; at < x + width; at += line * 2 + gap) {
      this.add(at, y, Math.min(line * 2, x + width - at), line, fill);
    }
  }

  /** A dotted vertical line. */
  addDotsDown(x: number, y: number, height: number, line: number, gap: number, fill: number): void {
    for (let at = y; at < y + height; at += line * 2 + gap) {
      this.add(x, at, line, Math.min(line * 2, y + height - at), fill);
    }
  }

  #grow(): void {
    const size = this.x.length * 2;
    this.x = enlarged(this.x, new Float32Array(size));
    this.y = enlarged(this.y, new Float32Array(size));
    this.width = enlarged(this.width, new Float32Array(size));
    this.height = enlarged(this.height, new Float32Array(size));
    this.fill = enlarged(this.fill, new Uint16Array(size));
  }
}

/** Texts to draw: anchor on the baseline in device pixels. */
export class TextItems {
  length = 0;
  x = new Float32Array(256);
  y = new Float32Array(256);
  /** Index into the text styles. */
  style = new Uint8Array(256);
  readonly text: string[] = [];

  clear(): void {
    this.length = 0;
  }

  add(x: number, y: number, text: string, style: number): void {
    const index = this.length;
    if (index === this.x.length) {
      this.x = enlarged(this.x, new Float32Array(index * 2));
      this.y = enlarged(this.y, new Float32Array(index * 2));
      this.style = enlarged(this.style, new Uint8Array(index * 2));
    }
    this.x[index] = x;
    this.y[index] = y;
    this.style[index] = style;
    this.text[index] = text;
    this.length = index + 1;
  }
}

function enlarged<T extends Float32Array | Uint16Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
