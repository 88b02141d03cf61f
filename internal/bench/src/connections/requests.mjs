/** Numbers the requests to a host and hands each answer, `{ id, result }` or `{ id, error }`, to who asked. */
export function requests(send) {
  const pending = new Map();
  let next = 0;
  return {
    call: (method, params) =>
      new Promise((resolve, reject) => {
        const id = next++;
        pending.set(id, { resolve, reject });
        send({ id, method, params });
      }),
    answer: ({ id, result, error }) => {
      const { resolve, reject } = pending.get(id);
      pending.delete(id);
      if (error === undefined) resolve(result);
      else reject(new Error(error));
    },
    failAll: (error) => {
      for (const { reject } of pending.values()) reject(error);
      pending.clear();
    },
  };
}
