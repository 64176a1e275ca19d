/** The catalogue of shared data: its table comes with the page. */
import { loadCatalogue } from "../core/catalogue";
import { drawIcons } from "../core/dom";
import { wireMasthead } from "../core/masthead";

await loadCatalogue();
wireMasthead();
drawIcons();
