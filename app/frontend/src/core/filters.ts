/** Filters of a list: fields that carry `data-filter`, kept in the page's address. */

type Field = HTMLInputElement | HTMLSelectElement;

function fieldsOf(form: HTMLFormElement): Field[] {
  return Array.from(form.querySelectorAll<Field>("[data-filter]"));
}

/** Read what is set; codes are sent without gaps, names keep theirs. */
export function readFilters(form: HTMLFormElement): URLSearchParams {
  const filters = new URLSearchParams();
  for (const field of fieldsOf(form)) {
    const isCode = field.classList.contains("code");
    const value = isCode ? field.value.replace(/\s/g, "") : field.value.trim();
    if (value) filters.set(field.dataset["filter"]!, value);
  }
  return filters;
}

/** Set the fields as an address says. */
export function fillFilters(form: HTMLFormElement, filters: URLSearchParams): void {
  for (const field of fieldsOf(form)) {
    field.value = filters.get(field.dataset["filter"]!) ?? "";
  }
}

/** The address of this page with these filters. */
export function addressOf(filters: URLSearchParams): string {
  const query = filters.toString();
  return query ? `${location.pathname}?${query}` : location.pathname;
}
