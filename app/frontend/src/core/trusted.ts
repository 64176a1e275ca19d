/**
 * The page's one trusted-types policy. The content policy of the pages lets no text
 * become markup or script; the map library's worker is the single script that is
 * started by address, and only from our own built files.
 */

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): unknown;
}

/** Allow workers from our own static files; browsers without trusted types do nothing. */
export function allowOwnWorkers(): void {
  const types = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes;
  types?.createPolicy("default", {
    createScriptURL(url) {
      const { origin, pathname } = new URL(url, location.href);
      if (origin === location.origin && pathname.startsWith("/static/")) return url;
      throw new TypeError(`No script may be started from ${url}.`);
    },
  });
}
