/** The page of one plot: record, lists, papers, what happened and what may come next. */
import { call } from "../core/api";
import { loadCatalogue } from "../core/catalogue";
import { byId, drawIcons, fill } from "../core/dom";
import { showProblem, waiting } from "../core/feedback";
import { wireMasthead } from "../core/masthead";
import { Problem } from "../core/problem";
import {
  factsCard,
  listsCard,
  papersCard,
  partiesCard,
  plotHead,
  pollutantsCard,
} from "../plots/record";
import { stepsCard } from "../plots/steps";
import { timelineCard } from "../plots/timeline";
import type { Dossier, NextSteps, Party, Plot, PlotEvent } from "../plots/types";

const place = byId("plot");
const code = encodeURIComponent(place.dataset["code"] ?? "");
const role = place.dataset["role"] ?? "";
const division = new URLSearchParams(location.search).get("division");
const query = division ? `?division=${division}` : "";

await loadCatalogue();
wireMasthead();
drawIcons();
fill(place, waiting());
await show();

async function show(): Promise<void> {
  try {
    const [plot, dossier, events, next, party] = await Promise.all([
      call<Plot>(`/plots/${code}${query}`),
      call<Dossier>(`/plots/${code}/dossier${query}`),
      call<{ items: PlotEvent[] }>(`/plots/${code}/events${query}`),
      call<NextSteps>(`/plots/${code}/next-steps${query}`),
      readParty(),
    ]);
    const recording = {
      path: `/plots/${code}/events${query}`,
      mayRecord: ["registrar", "admin"].includes(role),
      papers: dossier.documents,
      recorded: () => void show(),
    };
    fill(
      place,
      plotHead(plot, next),
      stepsCard(next, recording),
      factsCard(plot),
      party && partiesCard(party),
      listsCard(dossier),
      pollutantsCard(dossier.pollutants),
      papersCard(dossier.documents),
      timelineCard(events.items),
    );
  } catch (error) {
    showProblem(place, error);
  }
}

/** Parties are asked for only by roles that may read them; a plot may have none. */
async function readParty(): Promise<Party | null> {
  if (!["registrar", "auditor", "admin"].includes(role)) return null;
  try {
    return await call<Party>(`/plot-parties/${code}${query}`);
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return null;
    throw error;
  }
}
