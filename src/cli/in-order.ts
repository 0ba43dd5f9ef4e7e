/**
 * Brings what arrives in any order into the order of the cases, so that the same run prints the
 * same lines whatever the number of workers.
 *
 * @param names - cases in the order wanted
 * @param emit - called with what a case has, as soon as all before it have come
 * @returns takes what a case has; it is held until its turn, so it had better be small
 */
export function inOrder<Item>(
  names: readonly string[],
  emit: (item: Item) => void,
): (name: string, item: Item) => void {
  const waiting = new Map<string, { readonly item: Item }>();
  let next = 0;
  return (name, item) => {
    waiting.set(name, { item });
    for (let ready = waiting.get(names[next] ?? ""); ready !== undefined; ready = waiting.get(names[next] ?? "")) {
      waiting.delete(names[next++] ?? "");
      emit(ready.item);
    }
  };
}
