/**
 * What Cucumber keeps the world of a step in: the bundle (sources.mjs) gives it this for Node's AsyncLocalStorage, which follows
 * every promise of the process for as long as one is in use. Scenarios are played one at a time, so there is nothing to follow.
 */
export class AsyncLocalStorage<Store> {
  #store: Store | undefined

  /** The store is `store` until what the callback promises has come. */
  async run<T>(store: Store, callback: () => T | Promise<T>): Promise<T> {
    const before = this.#store
    this.#store = store
    try {
      return await callback()
    } finally {
      this.#store = before
    }
  }

  getStore(): Store | undefined {
    return this.#store
  }
}
