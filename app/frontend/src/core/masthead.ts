/** The masthead's one action: sign out. */
import { call } from "./api";
import { notify } from "./feedback";
import { toProblem } from "./problem";

export function wireMasthead(): void {
  const button = document.getElementById("sign-out");
  button?.addEventListener("click", () => void signOut());
}

async function signOut(): Promise<void> {
  try {
    await call("/session", { method: "DELETE" });
    location.assign("/sign-in");
  } catch (error) {
    notify(toProblem(error).title);
  }
}
