/**
 * Values keyed by sequences of objects, which it references weakly: a value is kept only while every object of its sequence
 * is referenced elsewhere, even if the value itself references the objects.
 */
export class WeakTrie<Key extends object, Value> {
  readonly #root: Node<Key, Value> = {};

  /** The value of a sequence; `make` creates it when there is none. */
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
