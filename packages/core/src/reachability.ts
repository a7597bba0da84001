/** Words of 32 bits that are handled at a time: memory stays small however many nodes there are. */
const BLOCK = 128;

/**
 * How many nodes each node of a directed graph reaches, itself left out. `edges[i]` are the targets of node i.
 * Cycles are condensed first, then sets are united from the leaves on, as bit sets of a block of nodes at a time:
 * O(edges × nodes / 32), and 512 bytes of memory a node.
 */
export function countReachable(edges: readonly (readonly number[])[]): Uint32Array {
  const size = edges.length;
  const { component, members } = condense(edges);
  const successors = members.map((nodes, own) => {
    const targets = new Set<number>();
    for (const node of nodes) for (const target of edges[node] ?? []) targets.add(component[target] ?? own);
    targets.delete(own);
    return [...targets];
  });
  const counts = new Uint32Array(members.length);
  const sets = new Uint32Array(members.length * BLOCK);
  for (let first = 0; first < size; first += BLOCK * 32) {
    sets.fill(0);
    for (let node = first; node < Math.min(size, first + BLOCK * 32); node += 1) {
      const bit = node - first;
      const word = (component[node] ?? 0) * BLOCK + (bit >>> 5);
      sets[word] = (sets[word] ?? 0) | (1 << (bit & 31));
    }
    // Components are numbered in the order Tarjan finishes them: a successor always comes first.
    for (let own = 0; own < members.length; own += 1) {
      const start = own * BLOCK;
      for (const target of successors[own] ?? []) {
        const other = target * BLOCK;
        for (let word = 0; word < BLOCK; word += 1)
          sets[start + word] = (sets[start + word] ?? 0) | (sets[other + word] ?? 0);
      }
      let bits = 0;
      for (let word = 0; word < BLOCK; word += 1) bits += bitCount(sets[start + word] ?? 0);
      counts[own] = (counts[own] ?? 0) + bits;
    }
  }
  return Uint32Array.from({ length: size }, (_, node) => (counts[component[node] ?? 0] ?? 1) - 1);
}

function bitCount(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Strongly connected components (Tarjan 1972), without recursion, since chains of imports may be long. */
function condense(edges: readonly (readonly number[])[]): { component: Int32Array; members: number[][] } {
  const size = edges.length;
  const component = new Int32Array(size).fill(-1);
  const order = new Int32Array(size).fill(-1);
  const low = new Int32Array(size);
  const next = new Int32Array(size);
  const members: number[][] = [];
  const stack: number[] = [];
  let counter = 0;
  for (let root = 0; root < size; root += 1) {
    if (order[root] !== -1) continue;
    const path = [root];
    for (let node = path.at(-1); node !== undefined; node = path.at(-1)) {
      if (order[node] === -1) {
        order[node] = low[node] = counter;
        counter += 1;
        stack.push(node);
      }
      const target = edges[node]?.[next[node] ?? 0];
      if (target !== undefined) {
        next[node] = (next[node] ?? 0) + 1;
        if (order[target] === -1) path.push(target);
        else if (component[target] === -1) low[node] = Math.min(low[node] ?? 0, order[target] ?? 0);
        continue;
      }
      path.pop();
      const parent = path.at(-1);
      if (parent !== undefined) low[parent] = Math.min(low[parent] ?? 0, low[node] ?? 0);
      if (low[node] !== order[node]) continue;
      const nodes: number[] = [];
      for (let member = stack.pop(); member !== undefined; member = stack.pop()) {
        component[member] = members.length;
        nodes.push(member);
        if (member === node) break;
      }
      members.push(nodes);
    }
  }
  return { component, members };
}
