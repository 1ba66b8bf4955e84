import { HttpError } from "fresh";
import { define } from "../utils.ts";

export default define.page(({ error }) => {
  const status = error instanceof HttpError ? error.status : 500;
  const missing = status === 404;
  return (
    <main class="error-page">
      <h1>{missing ? "There is no such page" : "This page could not be made"}</h1>
      <p>
        {error instanceof HttpError && error.message !== ""
          ? error.message
          : missing
          ? "The address leads nowhere."
          : "The program's log says why."}
      </p>
      <p>
        <a href="/">To the chart</a>
      </p>
    </main>
  );
});
