/** Sign-in: the key goes to the server once and is kept nowhere in the page. */
import { call } from "../core/api";
import { loadCatalogue } from "../core/catalogue";
import { byId } from "../core/dom";
import { showProblem, whileBusy } from "../core/feedback";

const catalogue = loadCatalogue();

const form = byId<HTMLFormElement>("sign-in");
const field = byId<HTMLInputElement>("key");
const button = byId<HTMLButtonElement>("sign-in-button");

form.addEventListener("submit", (event) => {
  event.preventDefault();
  void whileBusy(button, signIn);
});
// Until now the browser itself would have sent the form, and nothing would have come.
button.disabled = false;

async function signIn(): Promise<void> {
  try {
    await catalogue;
    const body = { key: field.value.trim() };
    await call("/session", { method: "POST", body });
  } catch (error) {
    field.setAttribute("aria-invalid", "true");
    showProblem(byId("sign-in-problem"), error);
    return;
  }
  field.value = "";
  // With a session the service leads from here to the page that was asked for before.
  location.reload();
}
