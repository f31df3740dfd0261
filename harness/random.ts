/** Seeded chance: the same seed tells the same story on every machine (xmur3 hash into sfc32). */

export interface Random {
  /** In [0, 1). */
  next(): number
  /** A whole number in [low, high]. */
  between(low: number, high: number): number
  /** One of them. Throws RangeError on an empty list. */
  pick<T>(from: readonly T[]): T
  /** True with that probability. */
  chance(probability: number): boolean
  /** RFC 4122 shaped, version 4. */
  uuid(): string
  /** A stream of its own, independent of how far this one was read. */
  fork(name: string): Random
}

const digits = '0123456789abcdef'

export function random(seed: string): Random {
  let h = 1779033703 ^ seed.length
  for (let i = 0; i < seed.length; i++) {
    h = Math.imul(h ^ seed.charCodeAt(i), 3432918353)
    h = (h << 13) | (h >>> 19)
  }
  const mix = (): number => {
    h = Math.imul(h ^ (h >>> 16), 2246822507)
    h = Math.imul(h ^ (h >>> 13), 3266489909)
    h ^= h >>> 16
    return h >>> 0
  }
  let a = mix()
  let b = mix()
  let c = mix()
  let d = mix()
  const next = (): number => {
    const t = (a + b + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + t) | 0
    return (t >>> 0) / 4294967296
  }
  for (let i = 0; i < 12; i++) next()
  const between = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1))
  return {
    next,
    between,
    pick: (from) => {
      if (from.length === 0) throw new RangeError('nothing to pick from')
      return from[between(0, from.length - 1)] as (typeof from)[number]
    },
    chance: (probability) => next() < probability,
    uuid: () => {
      let text = ''
      for (let i = 0; i < 32; i++) {
        const drawn = between(0, 15)
        if (i === 8 || i === 12 || i === 16 || i === 20) text += '-'
        text += digits[i === 12 ? 4 : i === 16 ? 8 + (drawn % 4) : drawn]
      }
      return text
    },
    fork: (name) => random(`${seed}/${name}`),
  }
}
