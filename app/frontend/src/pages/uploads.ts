/** The upload page: send survey files, read what is wrong, compare, commit, take back. */
import { loadCatalogue } from "../core/catalogue";
import { byId, drawIcons } from "../core/dom";
import { wireMasthead } from "../core/masthead";
import type { Bounds } from "../geo/polygon";
import { MapView } from "../map/view";
import { wireDrop } from "../uploads/drop";
import { wireList } from "../uploads/list";
import { Queue } from "../uploads/queue";
import { UploadView } from "../uploads/upload-view";

await loadCatalogue();
wireMasthead();
drawIcons();
const home = JSON.parse(byId("map").dataset["bounds"] ?? "[]") as Bounds;
const map = openMap();
const view = new UploadView(map, () => showStart());
const list = wireList((id) => openUpload(id));
const queue = new Queue((upload, alone) => {
  // One file alone is what the surveyor waits for; of several the list tells.
  if (alone && !byId("start").hidden) openUpload(upload.id);
  else void list();
});
wireDrop((files, declaration) => queue.add(files, declaration));
addEventListener("popstate", openFromAddress);
openFromAddress();

async function openMap(): Promise<MapView | null> {
  try {
    const opened = await MapView.open(byId("map"), home, () => {});
    byId("map-in").addEventListener("click", () => opened.zoomBy(1));
    byId("map-out").addEventListener("click", () => opened.zoomBy(-1));
    byId("map-home").addEventListener("click", () => opened.goHome());
    return opened;
  } catch {
    byId("map-missing").hidden = false;
    return null;
  }
}

function openFromAddress(): void {
  const id = new URLSearchParams(location.search).get("upload");
  byId("start").hidden = id !== null;
  if (id) {
    void view.open(id);
  } else {
    view.close();
    void list();
  }
}

function openUpload(id: string): void {
  const url = new URL(location.href);
  url.searchParams.set("upload", id);
  history.pushState(null, "", url);
  openFromAddress();
}

function showStart(): void {
  const url = new URL(location.href);
  url.searchParams.delete("upload");
  history.pushState(null, "", url);
  openFromAddress();
}
