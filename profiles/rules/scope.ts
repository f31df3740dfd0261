/** What surrounds a resource: the resource that contains it, the Bundle it travels in, and how a reference finds its target there. */
export type Json = Readonly<Record<string, unknown>>

/** Finds resources outside of what is validated; given by the caller. */
export type Resolve = (reference: string) => unknown

const isResource = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && typeof (value as Json).resourceType === 'string'

/** `[base]/Type/id[/_history/version]`, told apart. */
export interface ReferenceParts {
  readonly base: string
  readonly type: string
  readonly id: string
  readonly version: string | undefined
}
const restful = /^(https?:\/\/.*?\/)?([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/([A-Za-z0-9\-.]{1,64}))?$/

const read = new Map<string, ReferenceParts | null>()

/** The parts of a RESTful reference; the same ones come again and again, so they are kept for a while. */
export function partsOfReference(reference: string): ReferenceParts | undefined {
  const known = read.get(reference)
  if (known !== undefined) return known ?? undefined
  const parts = readParts(reference)
  if (read.size > 5000) read.clear()
  if (reference.length < 300) read.set(reference, parts ?? null)
  return parts
}

function readParts(reference: string): ReferenceParts | undefined {
  const found = restful.exec(reference)
  return found
    ? { base: found[1] ?? '', type: found[2] as string, id: found[3] as string, version: found[4] }
    : undefined
}

/** The entries of a Bundle by fullUrl, made when first asked. */
class BundleIndex {
  readonly bundle: Json
  #byUrl: Map<string, Json[]> | undefined
  readonly #urls = new Map<Json, string>()

  constructor(bundle: Json) {
    this.bundle = bundle
  }

  get byUrl(): ReadonlyMap<string, Json[]> {
    if (this.#byUrl) return this.#byUrl
    const map = new Map<string, Json[]>()
    const add = (url: string, resource: Json): void => {
      const known = map.get(url)
      if (known) known.push(resource)
      else map.set(url, [resource])
    }
    for (const entry of Array.isArray(this.bundle.entry) ? (this.bundle.entry as unknown[]) : []) {
      if (typeof entry !== 'object' || entry === null) continue
      const { fullUrl, resource } = entry as Json
      if (!isResource(resource)) continue
      if (typeof fullUrl !== 'string') continue
      add(fullUrl, resource)
      this.#urls.set(resource, fullUrl)
    }
    this.#byUrl = map
    return map
  }

  urlOf(resource: Json): string | undefined {
    return this.byUrl && this.#urls.get(resource)
  }
}

export class Scope {
  readonly resource: Json
  /** The container of a contained resource, else the resource itself. */
  readonly root: Json
  readonly parent: Scope | undefined
  readonly resolveOutside: Resolve | undefined
  /** How many references outward may still be followed: from a target on to its own targets, and no farther. */
  readonly reach: number
  /** fullUrl of the entry that the resource sits in. */
  readonly fullUrl: string | undefined
  #ids: Set<string> | undefined
  #bundle: BundleIndex | undefined

  constructor(
    resource: Json,
    options: {
      container?: Scope
      parent?: Scope
      fullUrl?: string
      resolve?: Resolve | undefined
      reach?: number
    } = {},
  ) {
    this.resource = resource
    this.root = options.container ? options.container.root : resource
    this.parent = options.container ?? options.parent
    this.fullUrl = options.fullUrl ?? options.container?.fullUrl
    this.resolveOutside = options.resolve ?? this.parent?.resolveOutside
    this.reach = options.reach ?? this.parent?.reach ?? 2
  }

  /** Ids of elements met so far. */
  get ids(): Set<string> {
    this.#ids ??= new Set()
    return this.#ids
  }

  get isContained(): boolean {
    return this.root !== this.resource
  }

  /** The nearest Bundle around (or the resource itself, where it is one). */
  get bundle(): BundleIndex | undefined {
    if (this.resource.resourceType === 'Bundle') {
      this.#bundle ??= new BundleIndex(this.resource)
      return this.#bundle
    }
    return this.parent?.bundle
  }

  /** The Bundle around, never the resource itself. */
  get around(): BundleIndex | undefined {
    return this.parent?.bundle
  }

  /** The scope of a resource that lies inside of this one. */
  within(inner: Json): Scope {
    const { contained } = this.resource
    if (Array.isArray(contained) && contained.includes(inner)) return new Scope(inner, { container: this })
    const fullUrl = this.resource.resourceType === 'Bundle' ? this.bundle?.urlOf(inner) : undefined
    return new Scope(inner, { parent: this, ...(fullUrl !== undefined && { fullUrl }) })
  }

  /** The resource that a reference points to, and the scope to read it in. */
  resolve(reference: string): Scope | undefined {
    if (reference.startsWith('#')) {
      const id = reference.slice(1)
      if (id === '') return this.isContained ? this.parent : this
      const contained = this.root.contained
      const found = Array.isArray(contained) ? contained.find((each) => isResource(each) && each.id === id) : undefined
      return found && new Scope(found as Json, { container: this.isContained ? (this.parent as Scope) : this })
    }
    const inside = this.resolveInBundle(reference)
    if (inside) return inside
    const outside = this.reach > 0 ? this.resolveOutside?.(reference) : undefined
    return isResource(outside) ? new Scope(outside, { resolve: this.resolveOutside, reach: this.reach - 1 }) : undefined
  }

  /** The target of a reference in a Bundle around. */
  resolveInBundle(reference: string): Scope | undefined {
    for (let scope: Scope | undefined = this; scope; scope = scope.parent) {
      const found = scope.resource.resourceType === 'Bundle' ? this.#within(scope, reference) : undefined
      if (found) return found
    }
    return undefined
  }

  #within(bundleScope: Scope, reference: string): Scope | undefined {
    const index = bundleScope.bundle
    if (!index) return undefined
    const plain = reference.includes('#') ? reference.slice(0, reference.indexOf('#')) : reference
    const url = this.#absolute(plain)
    const parts = partsOfReference(url)
    const withoutVersion = parts?.version === undefined ? url : url.slice(0, url.indexOf('/_history/'))
    const found = index.byUrl.get(url) ?? index.byUrl.get(withoutVersion)
    let resource = found?.[0]
    if (found && found.length > 1 && parts?.version !== undefined) {
      resource = found.find((each) => (each.meta as Json | undefined)?.versionId === parts.version) ?? resource
    }
    return resource && new Scope(resource, { parent: bundleScope, fullUrl: withoutVersion })
  }

  /** A relative reference is read against the base of the entry's own fullUrl. */
  #absolute(reference: string): string {
    if (/^[a-z][a-z0-9+.-]*:/i.test(reference)) return reference
    const own = this.fullUrl === undefined ? undefined : partsOfReference(this.fullUrl)
    return own ? own.base + reference : reference
  }
}
