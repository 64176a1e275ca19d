/** The page of one plot: record, lists, papers, what happened and what may come next. */
import { call } from "../core/api";
import { loadCatalogue, t } from "../core/catalogue";
import { byId, drawIcons, fill, h } from "../core/dom";
import { showProblem, waiting } from "../core/feedback";
import { wireMasthead } from "../core/masthead";
import { moreButton, type Fetch, type Page } from "../core/more";
import { correctionsCard } from "../plots/corrections";
import { inventoriesCard } from "../plots/inventories";
import {
  card,
  factsCard,
  listsCard,
  papersCard,
  partiesCard,
  plotHead,
  pollutantsCard,
} from "../plots/record";
import { stepsCard } from "../plots/steps";
import { surroundingsCard, type Surroundings } from "../plots/surroundings";
import { timelineCard } from "../plots/timeline";
import type {
  Correction,
  Dossier,
  Inventories,
  NextSteps,
  Party,
  Plot,
  PlotEvent,
} from "../plots/types";
import { taskCard } from "../tasks/card";
import type { Task } from "../tasks/types";

const place = byId("plot");
const code = encodeURIComponent(place.dataset["code"] ?? "");
const role = place.dataset["role"] ?? "";
const bureaus = new Set((place.dataset["bureaus"] ?? "").split(" "));
const division = new URLSearchParams(location.search).get("division");
const query = division ? `?${new URLSearchParams({ division })}` : "";

await loadCatalogue();
wireMasthead();
drawIcons();
fill(place, waiting());
await show();

async function show(): Promise<void> {
  try {
    const plot = await call<Plot>(`/plots/${code}${query}`);
    const [dossier, events, next, parties, corrections, touched, tasks, clear] = await Promise.all([
      call<Dossier>(`/plots/${code}/dossier${query}`),
      call<Page<PlotEvent>>(`/plots/${code}/events${query}`),
      call<NextSteps>(`/plots/${code}/next-steps${query}`),
      readParties(),
      call<Page<Correction>>(`/plots/${code}/corrections${query}`),
      call<Surroundings>(`/plots/${code}/surroundings${query}`),
      call<Page<Task>>(`/tasks?${taskQuery(plot)}`),
      call<Inventories>(`/plots/${code}/inventories${query}`),
    ]);
    const recording = {
      path: `/plots/${code}/events${query}`,
      mayRecord: ["registrar", "admin"].includes(role),
      papers: dossier.documents,
      division: plot.division_code,
      // The form that was sent is gone: who reads with the keys goes on at the head.
      recorded: () => void show().then(() => place.querySelector("h1")?.focus()),
    };
    fill(
      place,
      plotHead(plot, next),
      correctionsCard(corrections, next, events.items, pageOf(`/plots/${code}/corrections`)),
      stepsCard(next, recording),
      tasksCard(tasks, pageOf("/tasks", taskQuery(plot))),
      inventoriesCard(clear),
      factsCard(plot),
      parties && partiesCard(parties),
      listsCard(dossier),
      pollutantsCard(dossier.pollutants),
      papersCard(dossier.documents),
      surroundingsCard(touched, pageOf(`/plots/${code}/surroundings`)),
      timelineCard(events.items),
    );
  } catch (error) {
    showProblem(place, error);
  }
}

/** Parties are asked for only by roles that may read them. */
async function readParties(): Promise<Party[] | null> {
  if (!["registrar", "auditor", "admin"].includes(role)) return null;
  return (await call<Page<Party>>(`/plots/${code}/parties${query}`)).items;
}

function taskQuery(plot: Plot): URLSearchParams {
  return new URLSearchParams({
    theme: "plot",
    code: plot.plot_code,
    division: plot.division_code,
  });
}

/** Fetch further pages of a list that the page has shown the first of. */
function pageOf<T>(path: string, filters = new URLSearchParams(query)): Fetch<T> {
  return (after) => {
    const wanted = new URLSearchParams(filters);
    wanted.set("after", after);
    return call<Page<T>>(`${path}?${wanted}`);
  };
}

/** Deadlines and tasks of the plot, late ones marked; each opens to its steps. */
function tasksCard(page: Page<Task>, fetch: Fetch<Task>): HTMLElement {
  const cardOf = (task: Task): HTMLElement => taskCard(task, bureaus, () => {});
  const empty = h("p", { class: "second" }, t("plots.no_tasks"));
  const list = h("ol", { class: "task-list" }, ...page.items.map(cardOf));
  const more = moreButton(page, fetch, (tasks) => list.append(...tasks.map(cardOf)));
  return card(t("plots.tasks"), page.items.length > 0 ? list : empty, more);
}
