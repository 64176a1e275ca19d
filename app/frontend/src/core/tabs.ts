/** Tabs after the ARIA pattern: arrow keys move, Home and End jump. */

/**
 * Wire the tabs of a `role=tablist`; return a function that selects one by id.
 * `chosen` is told each that is selected, by hand or by that function.
 */
export function wireTabs(
  list: HTMLElement,
  chosen: (id: string) => void = () => {},
): (id: string) => void {
  const tabs = Array.from(list.querySelectorAll<HTMLElement>('[role="tab"]'));
  const select = (id: string): void => {
    for (const tab of tabs) mark(tab, tab.id === id);
    chosen(id);
  };
  for (const tab of tabs) tab.addEventListener("click", () => select(tab.id));
  list.addEventListener("keydown", (event) => {
    const next = neighbour(tabs, event.key);
    if (!next) return;
    event.preventDefault();
    select(next.id);
    next.focus();
  });
  return select;
}

function mark(tab: HTMLElement, chosen: boolean): void {
  tab.setAttribute("aria-selected", String(chosen));
  tab.tabIndex = chosen ? 0 : -1;
  const panel = document.getElementById(tab.getAttribute("aria-controls") ?? "");
  if (panel) panel.hidden = !chosen;
}

function neighbour(tabs: HTMLElement[], key: string): HTMLElement | undefined {
  const at = tabs.indexOf(document.activeElement as HTMLElement);
  if (at < 0) return undefined;
  const last = tabs.length - 1;
  const places: Record<string, number> = {
    ArrowRight: at === last ? 0 : at + 1,
    ArrowLeft: at === 0 ? last : at - 1,
    Home: 0,
    End: last,
  };
  const place = places[key];
  return place === undefined ? undefined : tabs[place];
}
