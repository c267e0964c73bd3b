/** Maps a list through an asynchronous function, a few at a time, in the order of the list. */
export const mapAtOnce = async <In, Out>(
  list: readonly In[],
  atOnce: number,
  map: (one: In) => Promise<Out>,
): Promise<readonly Out[]> => {
  const results = new Map<number, Out>();
  const waiting = list.entries();
  const worker = async (): Promise<void> => {
    // All workers draw from one iterator, so each entry is taken once.
    for (const [i, one] of waiting) results.set(i, await map(one));
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return [...results].sort(([a], [b]) => a - b).map(([, result]) => result);
};
