/**
 * Values by sequences of objects. A value stays for as long as every object of its sequence is referenced elsewhere, even
 * where the value itself references them.
 */
export class WeakTrie<Key extends object, Value> {
  readonly #root: Node<Key, Value> = {};

  /** The value of a sequence, which is made when it is not there. */
  get(keys: readonly Key[], make: () => Value): Value {
    let node = this.#root;
    for (const key of keys) node = childOf(node, key);
    node.value ??= make();
    return node.value;
  }
}

interface Node<Key extends object, Value> {
  value?: Value;
  children?: WeakMap<Key, Node<Key, Value>>;
}

function childOf<Key extends object, Value>(node: Node<Key, Value>, key: Key): Node<Key, Value> {
  node.children ??= new WeakMap();
  const known = node.children.get(key);
  if (known !== undefined) return known;
  const child: Node<Key, Value> = {};
  node.children.set(key, child);
  return child;
}
