/** The masthead: switch the language of this very view, and sign out. */
import { call } from "./api";
import { notify } from "./feedback";
import { toProblem } from "./problem";

/** Answered when the identity provider has a session of its own to end. */
interface SignedOut {
  continue_at: string;
}

export function wireMasthead(): void {
  const button = document.getElementById("sign-out");
  button?.addEventListener("click", () => void signOut());
  const link = document.querySelector<HTMLAnchorElement>("a.language");
  link?.addEventListener("click", () => keepView(link));
}

/** The address may have changed since the page was made: keep what it shows now. */
function keepView(link: HTMLAnchorElement): void {
  const wanted = new URL(link.href).searchParams.get("lang");
  const here = new URL(location.href);
  if (wanted) here.searchParams.set("lang", wanted);
  link.href = here.href;
}

async function signOut(): Promise<void> {
  try {
    const left = await call<SignedOut | null>("/session", { method: "DELETE" });
    location.assign(left?.continue_at ?? "/sign-in");
  } catch (error) {
    notify(toProblem(error).title);
  }
}
