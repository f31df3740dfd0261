/** `pdex@2.1.0`: a guide at a version that its ledger knows. */
import type { Guide } from '../../guides/guide.ts'
import { guides } from '../../guides/index.ts'
import { majorMinor } from '../../harness/edition.ts'
import { HarnessError } from '../../harness/errors.ts'
import { nearest } from '../../harness/nearest.ts'

export interface Edition {
  readonly guide: Guide
  readonly version: string
}

/** Reads `pdex@2.1.0`, `pdex@2.1`, or, where the guide is known, `2.1.0`. Throws `bad-input` with what there is. */
export function editionOf(text: string, guideKey = 'pdex'): Edition {
  const [, key = guideKey, wanted = ''] = /^(?:([a-z-]+)@)?(\d.*)$/.exec(text.trim()) ?? []
  const all = guides.flatMap((guide) => guide.versions.map((version) => `${guide.key}@${version}`))
  if (!wanted)
    throw new HarnessError('bad-input', `"${text}" names no edition`, {
      remedy: `as in pdex@2.1.0; the nearest are ${nearest(text, all).join(', ')}`,
    })
  const guide = guides.find((one) => one.key === key)
  if (!guide)
    throw new HarnessError('bad-input', `there is no guide "${key}"`, {
      remedy: `one of: ${guides.map((one) => one.key).join(', ')}`,
    })
  const version =
    guide.versions.find((one) => one === wanted) ?? sole(guide.versions.filter((one) => one.startsWith(wanted)))
  if (!version)
    throw new HarnessError('bad-input', `${key} has no edition ${wanted} in the ledger`, {
      remedy: `one of: ${guide.versions.map((one) => `${key}@${one}`).join(', ')}`,
    })
  return { guide, version }
}

const sole = (versions: readonly string[]): string | undefined =>
  new Set(versions.map(majorMinor)).size === 1 ? versions[0] : undefined
