/** Turn `{"project.type": x, "planned_use": y}` into `{project: {type: x}, planned_use: y}`. */
export function nest(flat: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const nested: Record<string, unknown> = {};
  for (const [path, value] of Object.entries(flat)) {
    const [head, ...rest] = path.split(".");
    if (rest.length === 0) {
      nested[head!] = value;
    } else {
      const section = (nested[head!] ??= {}) as Record<string, unknown>;
      section[rest.join(".")] = value;
    }
  }
  return nested;
}
