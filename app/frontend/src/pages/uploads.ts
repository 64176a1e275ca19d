/** The upload page: send survey files, read what is wrong, compare, commit, take back. */
import { loadCatalogue } from "../core/catalogue";
import { byId, drawIcons } from "../core/dom";
import { wireMasthead } from "../core/masthead";
import { wireOpened } from "../core/opened";
import { openMap } from "../map/open";
import { wireDrop } from "../uploads/drop";
import { wireList } from "../uploads/list";
import { Queue } from "../uploads/queue";
import { UploadView } from "../uploads/upload-view";

await loadCatalogue();
wireMasthead();
drawIcons();
const map = openMap();
const view = new UploadView(map, () => go(null));
const list = wireList((id) => go(id));
const queue = new Queue((upload, alone) => {
  // One file alone is what the surveyor waits for; of several the list tells.
  if (alone && !byId("start").hidden) go(upload.id);
  else void list();
});
wireDrop((files, declaration) => queue.add(files, declaration));
const go = wireOpened("upload", view, list);
