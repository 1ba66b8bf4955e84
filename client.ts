// The browser's entry: islands bring everything else.
export {};
