/** The upload page: send survey files, read what is wrong, compare, commit, take back. */
import { loadCatalogue } from "../core/catalogue";
import { byId, drawIcons } from "../core/dom";
import { wireMasthead } from "../core/masthead";
import { openMap } from "../map/open";
import { wireDrop } from "../uploads/drop";
import { wireList } from "../uploads/list";
import { Queue } from "../uploads/queue";
import { UploadView } from "../uploads/upload-view";

await loadCatalogue();
wireMasthead();
drawIcons();
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
