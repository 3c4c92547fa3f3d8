/** What must not be left behind when the campaign ends, however it ends. */
const leaving = new Set<() => void>();

/** Returns how to take it back, for what was put away in the usual way. */
export function onLeave(act: () => void): () => void {
  leaving.add(act);
  return () => leaving.delete(act);
}

export function leave(): void {
  for (const act of leaving) act();
  leaving.clear();
}
