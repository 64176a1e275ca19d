/** The page of one plot: record, lists, papers, what happened and what may come next. */
import { call } from "../core/api";
import { loadCatalogue, t } from "../core/catalogue";
import { byId, drawIcons, fill, h } from "../core/dom";
import { showProblem, waiting } from "../core/feedback";
import { wireMasthead } from "../core/masthead";
import { correctionsCard } from "../plots/corrections";
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
import { surroundingsCard } from "../plots/surroundings";
import { timelineCard } from "../plots/timeline";
import type {
  Correction,
  Dossier,
  NextSteps,
  Party,
  Plot,
  PlotEvent,
  Touched,
} from "../plots/types";
import { taskCard } from "../tasks/card";
import type { Task } from "../tasks/types";

interface Items<T> {
  items: T[];
}

const place = byId("plot");
const code = encodeURIComponent(place.dataset["code"] ?? "");
const role = place.dataset["role"] ?? "";
const bureaus = new Set((place.dataset["bureaus"] ?? "").split(" "));
const division = new URLSearchParams(location.search).get("division");
const query = division ? `?division=${division}` : "";

await loadCatalogue();
wireMasthead();
drawIcons();
fill(place, waiting());
await show();

async function show(): Promise<void> {
  try {
    const plot = await call<Plot>(`/plots/${code}${query}`);
    const [dossier, events, next, parties, corrections, touched, tasks] = await Promise.all([
      call<Dossier>(`/plots/${code}/dossier${query}`),
      call<Items<PlotEvent>>(`/plots/${code}/events${query}`),
      call<NextSteps>(`/plots/${code}/next-steps${query}`),
      readParties(),
      call<Items<Correction>>(`/plots/${code}/corrections${query}`),
      call<Items<Touched>>(`/plots/${code}/surroundings${query}`),
      call<Items<Task>>(`/tasks?${taskQuery(plot)}`),
    ]);
    const recording = {
      path: `/plots/${code}/events${query}`,
      mayRecord: ["registrar", "admin"].includes(role),
      papers: dossier.documents,
      division: plot.division_code,
      recorded: () => void show(),
    };
    fill(
      place,
      plotHead(plot, next),
      correctionsCard(corrections.items, next),
      stepsCard(next, recording),
      tasksCard(tasks.items),
      factsCard(plot),
      parties && partiesCard(parties),
      listsCard(dossier),
      pollutantsCard(dossier.pollutants),
      papersCard(dossier.documents),
      surroundingsCard(touched.items),
      timelineCard(events.items),
    );
  } catch (error) {
    showProblem(place, error);
  }
}

/** Parties are asked for only by roles that may read them. */
async function readParties(): Promise<Party[] | null> {
  if (!["registrar", "auditor", "admin"].includes(role)) return null;
  return (await call<Items<Party>>(`/plots/${code}/parties${query}`)).items;
}

function taskQuery(plot: Plot): URLSearchParams {
  return new URLSearchParams({
    theme: "plot",
    code: plot.plot_code,
    division: plot.division_code,
  });
}

/** Deadlines and tasks of the plot, late ones marked; each opens to its steps. */
function tasksCard(tasks: readonly Task[]): HTMLElement {
  const cards = tasks.map((task) => taskCard(task, bureaus, () => {}));
  const empty = h("p", { class: "second" }, t("plots.no_tasks"));
  const list = h("ol", { class: "task-list" }, ...cards);
  return card(t("plots.tasks"), cards.length > 0 ? list : empty);
}
