/** Which page saved a draft, and after how many changes: a page knows its own saves again by it, and their order. */
export function saveId(client: string, changes: number): string {
  return `${client}/${changes}`;
}

/** After how many changes of this page the save was; null when it was another page's, or nobody's. */
export function changesIn(id: unknown, client: string): number | null {
  if (typeof id !== "string" || !id.startsWith(`${client}/`)) return null;
  const changes = Number(id.slice(client.length + 1));
  return Number.isSafeInteger(changes) ? changes : null;
}

/** How many changes later `id` was saved than `other` by the same page; null when they are of different pages. */
export function changesAfter(id: unknown, other: string): number | null {
  const client = other.slice(0, Math.max(other.lastIndexOf("/"), 0));
  const [there, here] = [changesIn(id, client), changesIn(other, client)];
  return client === "" || there === null || here === null ? null : there - here;
}
