import { asset } from "fresh/runtime";
import { define } from "../utils.ts";

export default define.page(({ Component }) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="dark" />
      <meta name="theme-color" content="#0a0d12" />
      <title>Footprint</title>
      <link rel="icon" type="image/svg+xml" href={asset("/icon.svg")} />
      <link
        rel="preload"
        as="font"
        type="font/woff2"
        crossOrigin="anonymous"
        href="/fonts/jetbrains-mono-latin-wght-normal.woff2"
      />
      <link rel="stylesheet" href={asset("/styles.css")} />
    </head>
    <body>
      <Component />
    </body>
  </html>
));
