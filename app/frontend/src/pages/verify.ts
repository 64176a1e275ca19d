/** A certificate's number, typed in from paper: it leads to what is told of it. */
import { byId } from "../core/dom";

const field = byId<HTMLInputElement>("verify-number");

byId("verify").addEventListener("submit", (event) => {
  event.preventDefault();
  const number = field.value.replace(/\s/g, "");
  if (number) location.assign(`/verify/${encodeURIComponent(number)}`);
});
// Until now the browser itself would have sent the form, and nothing would have come.
byId<HTMLButtonElement>("verify-button").disabled = false;
