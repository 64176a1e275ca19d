/** A page with a list, of which one thing may be opened; the address says which. */
import { byId } from "./dom";

/** Where one thing of a list is shown. */
export interface Opened {
  open(id: string): Promise<void>;
  close(): void;
}

/**
 * Show what the address names under `name`, or the list; also on the way back.
 *
 * Returns what opens a thing, or with null the list, and writes it into the address.
 */
export function wireOpened(
  name: string,
  view: Opened,
  list: () => Promise<void>,
): (id: string | null) => void {
  const follow = (): void => {
    const id = new URLSearchParams(location.search).get(name);
    byId("start").hidden = id !== null;
    // Beside the one thing it is not seen, but still read out as what the page is.
    byId("page-title").classList.toggle("spoken", id !== null);
    if (id) {
      void view.open(id);
    } else {
      view.close();
      void list();
    }
  };
  addEventListener("popstate", follow);
  follow();
  return (id) => {
    const url = new URL(location.href);
    if (id) url.searchParams.set(name, id);
    else url.searchParams.delete(name);
    history.pushState(null, "", url);
    follow();
  };
}
